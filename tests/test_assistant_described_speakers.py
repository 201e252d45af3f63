"""Speakers asked for by office, document or body, and topics that stand near a statement."""

from datetime import UTC, datetime

import pytest

from assistant.described_speakers import find_described
from assistant.nearness import IN_SENTENCE, look_around, read_topic, weigh_nearness
from assistant.statements import find_statements
from assistant.types import Question
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article, Quote

HARBOUR = """\
Anna Berg, the mayor of Northport, opened the bridge on Friday.

“The bridge is safe again,” Berg said.

Carl Olsen, the transport minister, disagreed. “The bridge will fail,” Olsen said.

Mia Lund, a spokeswoman for Brightwater, said the company would pay for repairs.

A report followed. The new lifts save an hour, it said.

Asked about Jonas Krog, Olsen said the engineer had been warned.

Olsen told Anna Berg that the ferry would stay."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("archive"), embedder=HashEmbedder()) as opened:
        published = datetime(2024, 5, 3, 9, tzinfo=UTC)
        opened.add([Article(id="harbour", text=HARBOUR, title="Harbour bridge", published=published)])
        yield opened


def words_of(quotes: list[Quote]) -> list[str]:
    return [quote.text for quote in quotes]


@pytest.mark.parametrize(
    ("description", "words"),
    [
        pytest.param("the mayor of Northport", ["The bridge is safe again"], id="office named elsewhere"),
        pytest.param("Northport's mayor", ["The bridge is safe again"], id="owner before the office"),
        pytest.param("Brightwater", ["the company would pay for repairs"], id="body through its spokeswoman"),
        pytest.param("the mayor of Hull", [], id="somebody else's office"),
        pytest.param("the bishop", [], id="nobody's office"),
        pytest.param("  ", [], id="blank"),
    ],
)
def test_finds_the_words_of_whom_a_description_means(archive, description, words):
    assert words_of(find_described(archive, description, ["harbour"])) == words


def test_a_body_whose_letters_are_a_word_of_grammar_is_not_everybody(archive):
    assert find_described(archive, "the WHO", ["harbour"]) == []


def test_an_office_that_only_stands_near_somebody_is_not_his(archive):
    """Olsen tells the mayor something; he is not the mayor for it."""
    found = find_described(archive, "the mayor", ["harbour"])
    assert {quote.speaker for quote in found} == {"Anna Berg"}


def statements(archive: Archive, text: str, speaker: str, about: str) -> list[str]:
    question = Question(text=text, kind="said_about", speaker=speaker, about=about)
    return words_of(list(find_statements(archive, question, 6).quotes))


def test_who_is_told_something_stands_in_its_sentence(archive):
    found = statements(archive, "What did Olsen tell Anna Berg?", "Olsen", "Anna Berg")
    assert found == ["the ferry would stay"]


def test_who_is_told_nothing_has_no_answer(archive):
    assert statements(archive, "What did Olsen tell Mia Lund?", "Olsen", "Mia Lund") == []


def test_a_person_named_in_the_credit_is_what_the_statement_is_about(archive):
    found = statements(archive, "What did Olsen say about Jonas Krog?", "Olsen", "Jonas Krog")
    assert found == ["the engineer had been warned"]


def test_a_person_of_whom_only_the_article_speaks_is_not(archive):
    assert statements(archive, "What did Berg say about Mia Lund?", "Berg", "Mia Lund") == []


ARTICLE = Article(text=HARBOUR, title="Harbour bridge")


def quote(words: str) -> Quote:
    start = HARBOUR.index(words)
    return Quote(
        article_id="", version=1, start=start, end=start + len(words), text=words, kind="indirect",
        speaker=None, speaker_start=None, speaker_end=None, cue=None, cue_start=None, cue_end=None,
        polarity="asserted", about=(), published=None, outlet=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "words", "weight"),
    [
        pytest.param("the bridge", "The bridge is safe again", 4.0, id="in the statement"),
        pytest.param("Brightwater", "the company would pay", 3.0, id="in its sentence"),
        pytest.param("Brightwater", "The bridge will fail", 0.0, id="a name elsewhere in the article"),
        pytest.param("the harbour lifts", "The new lifts save", 2.5, id="one here (4), one in the title (1)"),
        pytest.param("Jonas Krog", "the engineer had been", float(IN_SENTENCE), id="person in the credit"),
        pytest.param("Jonas Krog", "the ferry would stay", 0.0, id="person in the sentence before"),
        pytest.param("", "the ferry would stay", 0.0, id="no topic"),
    ],
)
def test_weighs_how_near_a_topic_stands(topic, words, weight):
    around = look_around(quote(words), ARTICLE)
    assert weigh_nearness(read_topic(topic), around, 0.5) == weight
