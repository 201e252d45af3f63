"""Quotations of a claim against the cited words: what is exact, and how the rest fails."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.alignment import Comparison, Source
from assistant.checks.quotation import check_quotation
from assistant.types import Evidence
from index.quotes import extract_quotes
from index.types import Article

TEXT = (
    "The minister spoke on Monday. "
    "“We will open the new bridge in June, not before the inspection is done,” Hale said. "
    "“I never,” she said, “wanted the old one torn down.” It's a long way, the mayor's aide added. "
    "“Nobody asked the ferrymen. They carried this town for ninety years,” said Ward."
)


def evidence(text: str, marker: int = 1, article_id: str = "a") -> Evidence:
    return Evidence(
        marker=marker,
        article_id=article_id,
        version=1,
        start=0,
        end=len(text),
        text=text,
        title="",
        outlet=None,
        url=None,
        published=None,
    )


def check(claim: str, text: str = TEXT, others: tuple[Evidence, ...] = (), article: str | None = None):
    read = None if article is None else (lambda article_id, version: Article(id=article_id, text=article))
    return check_quotation(
        Comparison(claim, [Source(evidence(text))], [Source(other) for other in others], read)
    )


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("Hale said “We will open the new bridge in June”.", id="curly marks"),
        pytest.param('Hale said "we will open the new bridge in June".', id="straight marks, other case"),
        pytest.param("Hale said «the new bridge».", id="guillemets"),
        pytest.param("Hale said ‘open the new bridge’ on Monday.", id="single marks"),
        pytest.param("Hale said „the new bridge“.", id="low and high marks"),
        pytest.param(
            "Hale said “We will open the new bridge ... not before the inspection is done”.", id="three dots"
        ),
        pytest.param("Hale said “We will open … not before the inspection”.", id="ellipsis sign"),
        pytest.param("Hale said “We will open [...] the inspection is done”.", id="dots in brackets"),
        pytest.param("Hale said “[w]e will open the new bridge”.", id="a changed capital"),
        pytest.param("Hale said “[The town] will open the new bridge”.", id="a word replaced"),
        pytest.param("Hale said “open the new [road] bridge in June”.", id="a word put in"),
        pytest.param("Hale said “We will open the new [sic] bridge”.", id="sic"),
        pytest.param(
            "Hale said “We will open [do it all at once and for good] inspection”.",
            id="a bracket of eight words",
        ),
        pytest.param(
            "“I never wanted the old one torn down,” she said.", id="interrupted inside its sentence"
        ),
        pytest.param(
            "Ward said “Nobody asked the ferrymen. They carried this town”.", id="two sentences in a row"
        ),
        pytest.param(
            "Ward said:\n\n“Nobody asked the ferrymen.\n\n“They carried this town for ninety years.”",
            id="two paragraphs",
        ),
    ],
)
def test_exact_quotations_pass(claim):
    assert check(claim).passed is True


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        pytest.param(
            "Hale said “We will close the new bridge in June”.",
            "not what the source says",
            id="one word changed",
        ),
        pytest.param("Hale said “We will open the bridge in June”.", "not", id="one word dropped"),
        pytest.param(
            "Hale said “We will soon open the new bridge in June”.",
            "not what the source says",
            id="one word added",
        ),
        pytest.param("Hale said “We open will the new bridge in June”.", "not", id="words in another order"),
        pytest.param(
            "Hale said “We will open the new bridge for ninety years”.", "put together", id="two ends joined"
        ),
        pytest.param(
            "Hale said “We will open the new bridge in June. They carried this town”.",
            "put together",
            id="two quotations joined",
        ),
        pytest.param(
            "Hale said “The budget was spent on lanterns and rope”.", "does not stand", id="made up"
        ),
        pytest.param(
            "Hale said: “We will open the new bridge.”", "goes on", id="cut short and given as whole"
        ),
        pytest.param(
            "Hale said “[Nobody at all in the whole of this old town by the river] asked”.",
            "does not stand",
            id="a long bracket",
        ),
        pytest.param(
            "Hale said “We will [not] open the new bridge”.",
            "not what the source says",
            id="a bracket that denies",
        ),
        pytest.param(
            "Hale said “We will open the new bridge … They carried this town”.",
            "another speaker",
            id="an omission over two speakers",
        ),
        pytest.param("The plan was called a “triumph”.", "does not stand", id="one word that is nowhere"),
    ],
)
def test_what_is_not_exact_fails_and_says_how(claim, said):
    finding = check(claim)
    assert finding.passed is False
    assert said in finding.detail


@pytest.mark.parametrize(
    ("claim", "contradicts"),
    [
        pytest.param("Hale said “We will close the new bridge in June”.", True, id="altered"),
        pytest.param("Hale said “We will open the new bridge for ninety years”.", True, id="stitched"),
        pytest.param("Hale said: “We will open the new bridge.”", True, id="cut short"),
        pytest.param("Hale said “The budget was spent on lanterns and rope”.", False, id="absent"),
    ],
)
def test_a_quotation_that_says_something_else_contradicts_and_one_that_is_nowhere_does_not(
    claim, contradicts
):
    finding = check(claim)
    assert finding.name == "quote"
    assert finding.contradicts is contradicts


def test_an_ellipsis_does_not_join_statements_that_stand_far_apart():
    text = "“We start now,” Hale said. " + "The town waited for the day. " * 20 + "“It is over,” said Ward."
    assert check("Hale said “We start now … it is over”.", text).passed is False


FILLER = "one two three four five six seven eight nine ten eleven twelve ".split()


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param(
            "Hale said “we go … at once”.", "“We go {60} at once,” said Hale.", id="an omission of 60 words"
        ),
        pytest.param(
            "Hale said “we go [so] at once”.", "“We go {8} at once,” said Hale.", id="a bracket for 8 words"
        ),
        pytest.param(
            "“We go, at once,” Hale said.", "“We go,” {12} “at once,” said Hale.", id="12 words interrupt"
        ),
    ],
)
def test_limits_of_what_may_be_left_out(claim, text):
    longest = int(text[text.index("{") + 1 : text.index("}")])
    for words, passed in ((longest, True), (longest + 1, False)):
        filled = text.replace(f"{{{longest}}}", " ".join((FILLER * 6)[:words]))
        assert check(claim, filled).passed is passed


def test_a_bracket_of_the_source_is_quoted_word_for_word():
    text = "“They made all of them [in the harbour] feel uneasy,” said Hale."
    assert check("Hale said “all of them [in the harbour] feel uneasy”.", text).passed is True
    assert check("Hale said “all of them [in the harbour] uneasy”.", text).passed is False


@pytest.mark.parametrize(
    ("claim", "passed"),
    [
        pytest.param("Hale said: “open the new bridge in.”", False, id="cut short after a colon"),
        pytest.param("Hale said: “We will open.”", True, id="three words are no whole sentence"),
        pytest.param("Hale spoke of “the new bridge.”", True, id="a part, with the full stop inside"),
        pytest.param("Hale said: “We will open the.”", False, id="four words are"),
        pytest.param("Hale said: “open the new bridge in”.", False, id="the full stop after the marks"),
        pytest.param("Hale said: “open the new bridge in” then.", True, id="the sentence goes on"),
        pytest.param("“We will open the new bridge,” Hale said.", False, id="opens the sentence"),
        pytest.param("Asked, “We will open the new bridge,” Hale said.", False, id="after a comma"),
        pytest.param("Hale will “We will open the new bridge,” too.", True, id="in the middle of a clause"),
    ],
)
def test_when_a_quotation_is_given_as_a_whole(claim, passed):
    assert check(claim).passed is passed


def test_speakers_known_from_the_archive_count_in_the_article():
    before = "The town hall was full on Monday, and the press came early.\n\n"
    quotes = extract_quotes(Article(id="a", text=before + TEXT))
    cited = replace(evidence(TEXT), start=len(before), end=len(before + TEXT), quotes=quotes)
    over_two = "Hale said “We will open the new bridge … They carried this town”."
    over_one = "Hale said “We will open … the inspection is done”."
    assert "another speaker" in check_quotation(Comparison(over_two, [Source(cited)])).detail
    assert check_quotation(Comparison(over_one, [Source(cited)])).passed is True


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("It's the mayor's bridge, isn't it?", id="apostrophes"),
        pytest.param("The ferrymen's union didn't strike in the '90s.", id="elision"),
        pytest.param("The plank is 6' 2\" long.", id="feet and inches"),
        pytest.param("Hale spoke of “...”.", id="nothing but dots"),
    ],
)
def test_what_is_no_quotation(claim):
    assert check(claim).passed is None


def test_a_quotation_from_elsewhere_in_the_article_points_to_the_wrong_place():
    finding = check("Hale said “the ferry is sold”.", article=TEXT + " Later: “the ferry is sold”.")
    assert finding.passed is False
    assert "elsewhere in the article" in finding.detail


def test_a_quotation_from_another_article_says_which_source_has_it():
    finding = check("Hale said “the ferry is sold”.", others=(evidence("“the ferry is sold”", 2, "b"),))
    assert finding.passed is False
    assert "another source ([2])" in finding.detail


def test_a_quotation_in_another_passage_of_the_same_article_stands_elsewhere_in_it():
    finding = check("Hale said “the ferry is sold”.", others=(evidence("“the ferry is sold”", 2, "a"),))
    assert finding.passed is False
    assert "elsewhere in the article, not in the cited words ([2])" in finding.detail


@pytest.mark.parametrize(
    ("between", "passed"),
    [
        pytest.param(",” she said, “", True, id="comma"),
        pytest.param(" —” she said, “", True, id="long dash"),
        pytest.param(" –” she said, “", True, id="short dash"),
        pytest.param("-” she said, “", True, id="hyphen"),
        pytest.param("” she said, “", False, id="no sign"),
        pytest.param(",” she\nsaid, “", False, id="a line ends"),
        pytest.param(",” she said. Then “", False, id="a sentence ends"),
    ],
)
def test_what_may_interrupt_a_quotation(between, passed):
    text = f"“I never{between}wanted it torn down.”"
    assert check("“I never wanted it torn down,” she said.", text).passed is passed


def test_neither_the_rest_of_the_article_nor_another_source_is_named_where_it_has_other_words():
    finding = check("Hale said “the ferry is sold”.", others=(evidence("Rain fell.", 2, "b"),), article=TEXT)
    assert "does not stand in the cited text" in finding.detail


def test_an_omission_is_measured_from_the_occurrence_that_fits():
    text = "“We go on " + " ".join(FILLER * 6) + " we go on, and then at once,” said Hale."
    assert check("Hale said “we go on … at once”.", text).passed is True


def test_where_nothing_is_quoted_the_check_says_so():
    assert check("Hale spoke.").detail == "nothing in quotation marks"


def test_every_quotation_of_a_claim_must_be_exact():
    finding = check("Hale said “open the new bridge” and “sell the ferry”.")
    assert finding.passed is False
    assert "sell the ferry" in finding.detail
    assert "open the new bridge" not in finding.detail


WORDS = st.lists(
    st.sampled_from(
        ["harbour", "lamps", "were", "lit", "by", "seven", "men", "before", "dawn", "while", "gulls", "cried"]
    ),
    min_size=4,
    max_size=12,
)


@given(WORDS, st.data())
@settings(max_examples=150, deadline=None)
def test_any_stretch_of_the_source_is_exact_and_with_a_foreign_word_is_not(words, data):
    text = f"Hale said “{' '.join(words)}” at noon."
    start = data.draw(st.integers(0, len(words) - 2))
    end = data.draw(st.integers(start + 2, len(words)))
    stretch = words[start:end]
    assert check(f"Hale said “{' '.join(stretch)}”", text).passed is True
    place = data.draw(st.integers(0, len(stretch) - 1))
    altered = [*stretch[:place], "zebra", *stretch[place + 1 :]]
    assert check(f"Hale said “{' '.join(altered)}”", text).passed is False


def test_hostile_quotations_take_linear_time():
    started = time.process_time()
    check("Hale said “" + "we will [x] … " * 400 + "”", "we will " * 4_000)
    check("“" * 3_000 + "a b c d”", TEXT)
    assert time.process_time() - started < 5
