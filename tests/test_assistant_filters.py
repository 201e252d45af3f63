"""What a browser sends as filters, and what stands beside an answer."""

import json
from datetime import UTC, datetime

import pytest

from assistant import Assistant, Scope, Settings
from assistant.ui.article_view import LitSpan, text_fragment
from assistant.ui.beside import is_opinion, look_beside, note_source
from assistant.ui.filters import read_scope, render_filters
from index import Archive, Article
from index.testing import HashEmbedder

TEXT = "Ada Brandt, the harbour master, said that the crane broke on Monday. The quay was full of ships."


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "newsroom", embedder=HashEmbedder()) as opened:
        yield opened


def article(text=TEXT, **known):
    return Article(**{"id": "crane", "title": "Crane", "outlet": "Harbour Post"} | known, text=text)


def test_the_last_day_is_part_of_the_scope():
    written = {"outlets": ["Ledger"], "since": "2025-01-01", "until": "2025-01-31", "without": ["a", "a"]}
    assert read_scope(json.dumps(written)) == Scope(
        outlets=("Ledger",),
        since=datetime(2025, 1, 1, tzinfo=UTC),
        until=datetime(2025, 2, 1, tzinfo=UTC),
        without=("a",),
    )


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "null",
        '{"outlets": "Ledger", "without": {"a": 1}, "since": 3, "until": "31.1.2025"}',
        '{"outlets": [1, null, ""], "until": "9999-12-31"}',
        "[" * 5000,
    ],
)
def test_what_cannot_be_read_does_not_narrow(written):
    assert read_scope(written) == Scope()


def test_the_form_lists_the_outlets_escaped(archive):
    archive.add(article(outlet='"><script>x</script>'))
    assert "<script" not in render_filters(archive)
    assert "&lt;script&gt;" in render_filters(archive)


@pytest.mark.parametrize(
    ("known", "opinion"),
    [
        ({"title": "Opinion: The crane must go"}, True),
        ({"title": "Editorial | The crane"}, True),
        ({"url": "https://post.example/commentisfree/2025/crane"}, True),
        ({"url": "https://post.example/news/opinion"}, False),
        ({"title": "Opinions differ on the crane"}, False),
        ({"url": "https://["}, False),
    ],
)
def test_an_opinion_is_known_by_its_title_or_section(known, opinion):
    assert is_opinion(article(**known)) == opinion


def test_a_source_is_labelled_with_what_became_of_it(archive):
    archive.add(article())
    assert note_source(archive, "crane", 1).labels == ()
    archive.add([article(TEXT.replace("Monday", "Tuesday")), article(id="copy", outlet="Ledger")])
    assert note_source(archive, "crane", 1).labels == ("Corrected since",)
    assert note_source(archive, "crane", 2).labels == ("Corrected version",)
    assert note_source(archive, "crane", 2).carried_by == ("Ledger",)
    archive.remove("crane")
    assert note_source(archive, "crane", 1).labels == ("Removed from the archive since",)


def test_namesakes_are_offered_only_where_they_are_the_reason(archive):
    for number, name in enumerate(("Anna Keller", "Tom Keller")):
        archive.add(article(f"{name}, a sailor, said that ship {number} was late.", id=name, title=name))
    assistant = Assistant(archive, settings=Settings(model_url=None, _env_file=None))
    asked, other = (
        assistant.ask("What did Keller say?"),
        assistant.ask("What did Anna Keller say about opera?"),
    )
    assert sorted(look_beside(archive, asked).people) == ["Anna Keller", "Tom Keller"]
    assert other.abstained
    assert not look_beside(archive, other).people


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("said that the crane broke", ":~:text=said%20that%20the%20crane%20broke"),
        (TEXT, ":~:text=Ada%20Brandt%2C%20the%20harbour%20master%2C,quay%20was%20full%20of%20ships."),
        ("", ""),
    ],
    ids=["short", "long", "none"],
)
def test_the_address_of_a_lit_span_finds_it_at_the_publisher(words, fragment):
    start = TEXT.index(words)
    assert text_fragment(TEXT, [LitSpan(start=start, end=start + len(words), active=True)]) == fragment


def test_a_dash_is_encoded_since_it_parts_the_fields():
    assert (
        text_fragment("a well-known", [LitSpan(start=0, end=12, active=True)]) == ":~:text=a%20well%2Dknown"
    )
