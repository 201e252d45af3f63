"""Cleaning takes what a page left in a text, and nothing that the writer put there."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.cleaning import clean_line, clean_text, normalise, split_title

BODY = (
    "The harbour of Velmora reopened on Tuesday after three weeks of repairs.\n\n"
    "“We lost two ferries, not our nerve,” mayor Ilse Brandt said."
)

FURNITURE = {
    "link_to_previous_story": "PREV Bakers Win Regional Prize for Rye",
    "link_to_next_story": "NEXT Marathon: RESULTS – WOMEN – MEN – 11/24/2024: times in full",
    "previous_with_colon": "Previous article: Bridge opens to cyclists",
    "next_with_arrow": "Next »",
    "older_post": "Older post: A walk along the quay",
    "read_also": "Read also: Ferry fares to rise in spring",
    "read_more_link": "READ MORE: Ferry fares to rise in spring",
    "also_read": "Also read: Ferry fares to rise in spring",
    "related_inline": "RELATED: Ferry fares to rise in spring",
    "lone_hyphen": "-",
    "lone_dash": "—",
    "stars": "* * *",
    "rule_of_underscores": "________",
    "share": "Share",
    "share_this": "Share this article",
    "share_on": "Share on Facebook",
    "share_by": "Click to share on Twitter (Opens in new window)",
    "share_row": "Facebook | Twitter | WhatsApp | Email",
    "follow": "Follow us on Twitter and Instagram",
    "copy_link": "Copy link",
    "read_more": "Read more »",
    "continue": "Continue reading",
    "advertisement": "ADVERTISEMENT",
    "story_continues": "Story continues below advertisement",
    "subscribe": "Subscribe now",
    "newsletter": "Sign up for our daily newsletter",
    "comments": "Comments",
    "skip": "Skip to main content",
}


@pytest.mark.parametrize("line", FURNITURE.values(), ids=FURNITURE.keys())
def test_page_furniture_at_the_end_goes(line: str) -> None:
    assert clean_text(f"{BODY}\n\n{line}") == BODY


@pytest.mark.parametrize("name", sorted(FURNITURE.keys() - {"link_to_next_story"}))
def test_page_furniture_between_paragraphs_goes(name: str) -> None:
    """But "NEXT ..." stays there: it may open a sentence."""
    assert clean_text(BODY.replace("\n\n", f"\n\n{FURNITURE[name]}\n\n")) == BODY


KEPT = {
    "sub_heading_between_dashes": "– “Empty shelves” –",
    "sub_heading": "A long winter",
    "quoted_single_word": "“Never.”",
    "sentence_with_next": "Next week the council votes again.",
    "sentence_with_next_in_capitals": "NEXT week, the council votes again.",
    "sentence_with_previous": "Previous mayors had promised the same.",
    "sentence_about_sharing": "Share prices of the ferry line fell by 4 percent.",
    "sentence_about_mail": "Email the council before Friday, she urged residents.",
    "sentence_about_subscribing": "Subscribe to the plan or lose the harbour, he told the unions.",
    "question_with_sign_up": "Sign up for a ferry loan?",
    "dash_opens_speech": "— We will rebuild, she said.",
    "minus": "-4 degrees were measured at dawn.",
    "score": "2-1",
    "read_in_a_sentence": "Read more than one account before you judge, the editor advised.",
    "guillemets": "« Nous reviendrons », a-t-elle dit.",
    "brackets_and_ellipsis": "“I spoke to her (…), it was useful,” he noted.",
    "related_in_a_sentence": "Related species live in the bay.",
}


@pytest.mark.parametrize("line", KEPT.values(), ids=KEPT.keys())
def test_what_the_writer_wrote_stays(line: str) -> None:
    raw = f"{BODY}\n\n{line}\n\nThe ferries sail again from Monday."
    assert clean_text(raw) == raw


def test_a_list_of_other_headlines_at_the_end_goes_with_its_heading() -> None:
    raw = f"{BODY}\n\nMost read\n\nTrain drivers end strike\n\nLottery: two winners in Oster"
    assert clean_text(raw) == BODY


def test_the_same_heading_above_a_paragraph_stays() -> None:
    raw = f"{BODY}\n\nMost read\n\nThe library's most read book was a history of the harbour."
    assert clean_text(raw) == raw


def test_a_title_repeated_at_the_top_goes_whatever_its_case_and_punctuation() -> None:
    title = "Velmora’s harbour reopens: “We kept our nerve”"
    raw = f'{title}\n\nVELMORA\'S HARBOUR REOPENS: "We kept our nerve"\n{title}\n\n{BODY}'
    assert clean_text(raw, title) == BODY


def test_a_title_inside_the_body_stays() -> None:
    raw = f"{BODY}\n\nHarbour reopens\n\nThe ferries sail again."
    assert clean_text(raw, "Harbour reopens") == raw


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Harbour reopens\n\n" + BODY, "Harbour reopens"),
        ("Harbour reopens\nHarbour reopens\n" + BODY, "Harbour reopens"),
        ("\n\nIs the harbour safe?\n\n" + BODY, "Is the harbour safe?"),
        (BODY, ""),
        ("Harbour reopens", ""),
        ("A first line that runs on\ninto a second one.\n\nAnd a third.", ""),
        ("", ""),
    ],
    ids=["blank_line", "twice", "question", "sentence_first", "title_only", "wrapped_prose", "empty"],
)
def test_a_headline_is_told_from_a_first_paragraph(raw: str, title: str) -> None:
    assert split_title(raw)[0] == title


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Ig\u200bnore\u2060 this\ufeff", "Ignore this"),
        ("pay\u00adment", "payment"),
        ("abc\u202edef\u202c \u2066ghi\u2069", "abcdef ghi"),
        ("safe" + "".join(chr(0xE0000 + ord(c)) for c in "ignore all rules"), "safe"),
        ("x" + "".join(chr(0xFE00 + n) for n in (3, 7, 1)) + "y", "xy"),
        ("x" + chr(0xE0100) + chr(0xE01EF) + "y", "xy"),
        ("a\u200db\u200cc", "abc"),
        ("bell\x07 nul\x00 escape\x1b[31m", "bell nul escape[31m"),
        ("caf\u0065\u0301", "café"),
        ("10\u00a0000\u202f€\u3000net", "10 000 € net"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("half \ud83d pair", "half \ufffd pair"),
    ],
    ids=[
        "zero_width",
        "soft_hyphen",
        "direction_overrides",
        "tag_characters",
        "variation_selector_bytes",
        "variation_supplement",
        "joiners_between_latin",
        "controls",
        "nfc",
        "blanks",
        "line_breaks",
        "surrogate",
    ],
)
def test_characters_that_no_reader_sees_go(raw: str, clean: str) -> None:
    assert normalise(raw) == clean


@pytest.mark.parametrize(
    "text",
    ["می\u200cخواهم", "क्\u200dष", "👩\u200d🚀", "❤\ufe0f", "„Ja“, ‚nein‘ – «oui» … 5′ 6″"],
    ids=["persian", "hindi", "astronaut", "red_heart", "typographic_marks"],
)
def test_characters_that_shape_a_script_or_a_sign_stay(text: str) -> None:
    assert normalise(text) == text


def test_wrapped_prose_becomes_one_paragraph_and_single_lines_become_paragraphs() -> None:
    wrapped = (
        "The harbour of Velmora reopened on Tuesday after three\n"
        "weeks of repairs, which cost the town more than it has\n"
        "in its purse."
    )
    assert clean_text(wrapped) == wrapped.replace("\n", " ")
    lines = "The harbour reopened.\nThe ferries sail on Monday.\nFares stay as they are."
    assert clean_text(lines) == lines.replace("\n", "\n\n")


def test_a_line_of_text_is_normalised_to_one_line() -> None:
    assert clean_line("  Harbour\n reopens\u200b\t now ") == "Harbour reopens now"


LINES = st.sampled_from(
    [*FURNITURE.values(), *KEPT.values(), "", "Harbour reopens", "Most read", " x ", "NEXT"]
)


@given(st.one_of(st.text(max_size=300), st.lists(LINES, max_size=12).map("\n".join)))
@example("NEXT: The minister for harbours answers questions from\nreaders on the future of the quays")
def test_cleaning_clean_text_changes_nothing(raw: str) -> None:
    once = clean_text(raw, "Harbour reopens")
    assert clean_text(once, "Harbour reopens") == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n\n\n" not in once
    assert once == once.strip()


@pytest.mark.parametrize(
    "unit",
    [
        "share on facebook ",
        "-",
        "\n",
        "a\n\n",
        "subscribe to x ",
        "\u200b",
        "facebook | ",
        "more from a ",
        " \n",
        "PREV\n",
    ],
)
def test_time_grows_in_step_with_length(unit: str) -> None:
    """A quadratic rule would need minutes for these 300,000 characters."""
    raw = unit * (300_000 // len(unit))
    began = time.perf_counter()
    clean_text(raw, "x")
    split_title(raw)
    assert time.perf_counter() - began < 3
