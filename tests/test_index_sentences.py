"""Sentences: exact offsets, nothing lost, paragraphs kept apart, linear time."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import split_paragraphs, split_sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("It rained. We left.", ["It rained.", "We left."], id="two sentences"),
        pytest.param("Mr. Lee met Gen. Cho on Jan. 5. He left.", None, id="titles and months end nothing"),
        pytest.param("The U.S. and the E.U. agreed. He left.", None, id="initials end nothing"),
        pytest.param("Ms. Lee of Ft. Worth won. He left.", None, id="abbreviations sentencex does not know"),
        pytest.param(
            "“We won. We go on.” He left.", ["“We won. We go on.”", "He left."], id="quotation stays whole"
        ),
        pytest.param(
            "A talk\n\nWe met.", ["A talk", "We met."], id="a headline is no part of the next paragraph"
        ),
        pytest.param("* First point\n* Second point", ["* First point", "* Second point"], id="list items"),
        pytest.param("A title\nThe text begins.", ["A title", "The text begins."], id="meant line break"),
        pytest.param(
            "The minister said on Friday that the talks had\nbroken down over the price of grain. He left.",
            [
                "The minister said on Friday that the talks had\nbroken down over the price of grain.",
                "He left.",
            ],
            id="wrapped line",
        ),
        pytest.param("", [], id="empty"),
        pytest.param(" \n\n\t", [], id="blank"),
    ],
)
def test_cuts_a_text_into_sentences(text: str, sentences: list[str] | None) -> None:
    expected = sentences if sentences is not None else [text[: -len(" He left.")], "He left."]
    assert cut(text) == expected


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_every_non_blank_character_is_in_exactly_one_sentence(text: str) -> None:
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in spans)
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())


@given(st.lists(st.text(alphabet="ab. \"“”'\n", max_size=40), max_size=8))
def test_no_sentence_runs_over_a_blank_line(pieces: list[str]) -> None:
    text = "\n\n".join(pieces)
    paragraphs = split_paragraphs(text)
    for start, end in split_sentences(text):
        assert any(p.start <= start and end <= p.end for p in paragraphs)


@pytest.mark.parametrize("unit", ["“a. ", "a\n", " \n", "a. ", "a", "'", "a \n \n"], ids=repr)
def test_time_is_linear_on_hostile_text(unit: str) -> None:
    started = time.process_time()
    split_sentences(unit * (100_000 // len(unit)))
    assert time.process_time() - started < 3
