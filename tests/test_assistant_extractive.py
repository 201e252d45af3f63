"""Answers in the articles' own words: which sentences, and how they are credited."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.extractive import choose_sentences, credit_outlet, word_facts, word_statement
from assistant.relevance import order_passages, rank_sentences
from assistant.sufficiency import find_answer_gap, find_caveat, find_gap
from assistant.types import Evidence
from index.quotes import extract_quotes
from index.types import Article, Passage

MAY = datetime(2024, 5, 3, 9, tzinfo=UTC)


def passage(name: str, text: str, *, title: str = "", day: int = 3, score: float = 1.0) -> Passage:
    published = datetime(2024, 5, day, 9, tzinfo=UTC)
    return Passage(
        article_id=name,
        version=1,
        start=0,
        end=len(text),
        text=text,
        title=title,
        outlet="River Post",
        url=None,
        published=published,
        score=score,
        rank=1,
        found_by=("keyword",),
    )


BRIDGE = passage(
    "bridge", "The bridge was closed in 2021. Repairs of the bridge cost 4.2 million euros and took a year."
)
FERRY = passage("ferry", "The ferry to Skerrin sails daily. Tickets for the ferry cost nine euros.")


def best(question: str, *passages: Passage, now: datetime = MAY) -> str:
    return rank_sentences(question, passages, now=now)[0].text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How much did the repairs of the bridge cost?", "4.2 million"),
        ("When was the bridge closed?", "2021"),
        ("What do tickets for the ferry cost?", "nine euros"),
    ],
)
def test_the_sentence_that_covers_the_question_comes_first(question, words):
    assert words in best(question, BRIDGE, FERRY)


def test_of_two_equal_sentences_the_one_nearer_to_the_asked_time_comes_first():
    old = passage("a", "The ferry carried 90 passengers on its last trip of the day.", day=3)
    new = passage("b", "The ferry carried 70 passengers on its last trip of the day.", day=28)
    question = "How many passengers did the ferry carry on its last trip?"
    assert "70" in best(question, old, new, now=datetime(2024, 5, 29, tzinfo=UTC))
    assert "90" in best(question, old, new, now=datetime(2024, 5, 3, tzinfo=UTC))


def test_ties_are_broken_by_article_and_place():
    twins = [passage(name, "The ferry sails daily from Northport.") for name in ("b", "a", "c")]
    ranked = rank_sentences("Where does the ferry sail from?", twins, now=MAY)
    assert [one.passage.article_id for one in ranked] == ["a", "b", "c"]


def test_passages_are_ordered_by_their_best_sentence():
    ranked = rank_sentences("What do tickets for the ferry cost?", [BRIDGE, FERRY], now=MAY)
    ordered = order_passages(ranked)
    assert [(one.article_id, one.rank) for one in ordered] == [("ferry", 1), ("bridge", 2)]


def test_an_answer_keeps_to_its_words_and_repeats_nothing():
    copies = [passage(name, FERRY.text) for name in ("a", "b", "c")]
    chosen = choose_sentences(rank_sentences("What do tickets for the ferry cost?", copies, now=MAY), 60)
    assert len({one.text for one in chosen}) == len(chosen)
    assert sum(len(one.text.split()) for one in chosen) <= 60


def evidence(text: str, **changes) -> Evidence:
    values = {
        "marker": 1, "article_id": "x", "version": 1, "start": 0, "end": len(text), "text": text, "title": "",
        "outlet": "River Post", "url": None, "published": MAY,
    }  # fmt: skip
    return Evidence(**{**values, **changes})


def test_facts_of_one_article_share_their_credit():
    first, second = evidence("One."), evidence("Two.", marker=2)
    assert word_facts([first, second]) == "River Post reported on 3 May 2024: One. [1] Two. [2]"


@pytest.mark.parametrize(
    ("outlet", "published", "credit"),
    [
        ("River Post", MAY, "River Post reported on 3 May 2024:"),
        ("River Post", None, "River Post reported:"),
        (None, MAY, "Reported on 3 May 2024:"),
        (None, None, ""),
    ],
)
def test_a_credit_says_as_much_as_is_known(outlet, published, credit):
    assert credit_outlet(outlet, published) == credit


def test_a_marker_in_an_article_is_no_marker_of_the_answer():
    assert word_facts([evidence("As shown in [7] it fell.")]).endswith("As shown in (7) it fell. [1]")


def word(text: str, **changes) -> str:
    quote = extract_quotes(Article(text=text))[0]
    return word_statement(quote, evidence(text, speaker=quote.speaker, **changes))


def test_direct_words_stand_in_quotation_marks_after_their_speaker():
    text = "“The bridge is safe,” Anna Berg said."
    assert word(text) == "Anna Berg said on 3 May 2024 (River Post): “The bridge is safe” [1]"
    assert word(text, outlet=None, published=None) == "Anna Berg said: “The bridge is safe” [1]"


def test_who_a_pronoun_means_stands_beside_it():
    text = "Anna Berg left. She denied that the bridge was safe."
    quote = extract_quotes(Article(text=text))[-1]
    start = text.index("She")
    told = evidence(text[start:], start=start, end=len(text), speaker=quote.speaker)
    assert word_statement(quote, told) == (
        "River Post reported on 3 May 2024: She (Anna Berg) denied that the bridge was safe. [1]"
    )


def test_a_half_of_a_word_or_two_is_shown_with_the_sentence_that_interrupts_it():
    text = "“We have one enemy here,” Anna Berg said. “Rust.”"
    assert word(text).endswith("“We have one enemy here,” Anna Berg said. [1] “Rust.” [1]")


def test_a_reporters_words_are_never_put_in_quotation_marks():
    text = "Anna Berg said that the bridge would reopen in June."
    assert word(text) == f"River Post reported on 3 May 2024: {text} [1]"


@pytest.mark.parametrize(
    ("question", "gap"),
    [
        ("How much did the repairs of the bridge cost?", None),
        ("How much did the repairs of the bridge in Utrecht cost?", "do not mention “Utrecht”"),
        ("Why was the bridge closed in 1994?", "do not mention “1994”"),
        ("Who trains the dolphins at the aquarium?", "covers what the question asks"),
    ],
)
def test_evidence_is_too_thin_where_names_numbers_or_terms_are_missing(question, gap):
    found = find_gap(question, [BRIDGE, FERRY])
    assert found is None if gap is None else gap in found


def test_an_outlets_own_name_covers_nothing_of_a_question():
    told = passage("talk", "The minister spoke to the River Post about Skerrin.")
    question = "What is the longest river of Skerrin?"
    assert find_gap(question, [told, FERRY]) == "No article found covers what the question asks."


def test_the_words_of_an_asked_outlet_and_date_need_not_stand_in_the_text():
    question = "What did the River Post report on 3 May 2024 about the bridge?"
    assert find_gap(question, [BRIDGE, FERRY], ["River Post"]) is None


def test_what_a_thing_cost_is_told_by_an_amount_beside_a_kindred_word():
    told = passage(
        "owners", "The owners of the Dalia have agreed to pay 12 million euros to settle the claim."
    )
    question = "How much did the Dalia settlement cost?"
    assert find_answer_gap(question, rank_sentences(question, [told, FERRY], now=MAY)) is None


def test_the_price_of_something_else_does_not_stand_beside_the_asked_one():
    question = "How much did the repairs of the bridge cost?"
    chosen = choose_sentences(rank_sentences(question, [BRIDGE, FERRY], now=MAY), 60)
    assert all("nine euros" not in sentence.text for sentence in chosen)
    assert any("4.2 million euros" in sentence.text for sentence in chosen)


@pytest.mark.parametrize(
    ("text", "dated", "answered"),
    [
        pytest.param("The bridge was opened.", True, True, id="on the day of the article"),
        pytest.param("The bridge was opened.", False, False, id="on no day"),
        pytest.param("The bridge was opened on 2 May.", False, True, id="on the day it names"),
    ],
)
def test_when_something_was_is_told_by_the_article_or_by_its_day(text, dated, answered):
    told = passage("one", text)
    told = told if dated else replace(told, published=None)
    question = "When was the bridge opened?"
    assert (find_answer_gap(question, rank_sentences(question, [told], now=MAY)) is None) == answered


@pytest.mark.parametrize(
    ("opening", "shown"),
    [
        ("PARIS - The ferry to Skerrin sails daily.", "The ferry to Skerrin sails daily."),
        ("PORT ELLERY, Ont., May 3 (Reuters) — The ferry sails.", "The ferry sails."),
        ("EU - the ferry to Skerrin sails daily.", "EU - the ferry to Skerrin sails daily."),
        ("Skerrin - an island - has a ferry to Ellery.", "Skerrin - an island - has a ferry to Ellery."),
    ],
)
def test_the_dateline_of_an_article_is_no_part_of_its_first_sentence(opening, shown):
    told = passage("one", opening)
    sentence = rank_sentences("Where does the ferry sail?", [told], now=MAY)[0]
    assert sentence.text == shown
    assert told.text[sentence.start : sentence.end] == shown


@pytest.mark.parametrize(
    ("text", "given"),
    [("The bridge was closed because it had rusted.", True), ("The bridge was closed in May.", False)],
)
def test_an_answer_to_why_without_a_reason_says_so(text, given):
    question = "Why was the bridge closed?"
    caveat = find_caveat(question, rank_sentences(question, [passage("one", text)], now=MAY))
    assert (caveat is None) == given


def test_no_passages_are_a_gap():
    assert find_gap("Who?", []) == "No article matches the question."


def test_an_article_comes_before_further_passages_of_another_one():
    first = passage("ferry", "The ferry to Skerrin sails daily. The ferry to Skerrin costs nine euros.")
    second = replace(first, start=500, end=560, text="The ferry to Skerrin carries ninety passengers daily.")
    other = passage("bridge", "The bridge to Skerrin was closed in 2021.")
    ordered = order_passages(
        rank_sentences("Does the ferry to Skerrin sail daily?", [first, second, other], now=MAY)
    )
    assert [one.article_id for one in ordered] == ["ferry", "bridge", "ferry"]
    assert [one.rank for one in ordered] == [1, 2, 3]
