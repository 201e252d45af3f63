"""Numbers as they are written and as they are compared."""

import pytest

from assistant.alignment import Comparison, Source
from assistant.checks.number import check_number
from assistant.numbers import read_numbers
from assistant.types import Evidence


def check(claim: str, text: str):
    evidence = Evidence(
        marker=1,
        article_id="a",
        version=1,
        start=0,
        end=len(text),
        text=text,
        title="",
        outlet=None,
        url=None,
        published=None,
    )
    return check_number(Comparison(claim, [Source(evidence)]))


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        pytest.param("12", 12, "", id="digits"),
        pytest.param("1,234,567", 1_234_567, "", id="separators"),
        pytest.param("3.5%", 3.5, "percent", id="percent sign"),
        pytest.param("3.5 per cent", 3.5, "percent", id="per cent"),
        pytest.param("twenty-five percent", 25, "percent", id="words and percent"),
        pytest.param("1.2 million", 1_200_000, "", id="scale"),
        pytest.param("$5bn", 5_000_000_000, "dollar", id="dollar sign and scale"),
        pytest.param("£600m", 600_000_000, "pound", id="pound sign and scale"),
        pytest.param("40 euros", 40, "euro", id="currency word"),
        pytest.param("12 million kronor", 12_000_000, "crown", id="a currency less often read of"),
        pytest.param("two hundred and five", 205, "", id="hundreds in words"),
        pytest.param("three million two hundred thousand", 3_200_000, "", id="millions in words"),
        pytest.param("a dozen", 12, "", id="dozen"),
        pytest.param("two-thirds", 2 / 3, "fraction", id="fraction"),
        pytest.param("3-quarters", 0.75, "fraction", id="fraction with a digit"),
        pytest.param("5 percentage points", 5, "point", id="points of percent"),
        pytest.param("half", 0.5, "fraction", id="half"),
        pytest.param("3rd", 3, "ordinal", id="ordinal"),
        pytest.param("third", 3, "ordinal", id="ordinal word"),
        pytest.param("three tenths of a percentage point", 0.3, "point", id="tenths of a point"),
        pytest.param("a quarter-point", 0.25, "point", id="quarter point"),
        pytest.param("205lb", 205, "", id="glued to a unit that is not known"),
        pytest.param("1980s", 1980, "", id="a decade"),
        pytest.param("$800,000in", 800_000, "dollar", id="glued to the next word by mistake"),
    ],
)
def test_a_number_is_read(written, value, unit):
    (number,) = read_numbers(f"It came to {written} after all.")
    assert (number.value, number.unit) == (pytest.approx(value), unit)


def test_one_as_a_pronoun_is_no_number():
    assert read_numbers("One of them said no one came.") == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("The storm broke five masts.", "The storm broke 5 masts.", id="word for digits"),
        pytest.param("Fares rose 12%.", "Fares rose by 12 percent.", id="sign for word"),
        pytest.param("About 1,000 boats sank.", "In all 1,012 boats sank.", id="about"),
        pytest.param("More than 1,000 boats sank.", "In all 1,012 boats sank.", id="more than"),
        pytest.param("Fewer than 50 boats sank.", "In all 48 boats sank.", id="fewer than"),
        pytest.param(
            "The port lost 1.2 million crowns.", "The port lost 1,234,567 crowns.", id="rounded with a scale"
        ),
        pytest.param("Fares rose 10 to 15 percent.", "Fares rose 10 to 15 percent.", id="range"),
        pytest.param("Fares rose 10% to 15%.", "Fares rose 10 to 15 per cent.", id="range with one unit"),
        pytest.param(
            "Fares rose by 0.25 percentage points.",
            "Fares rose by a quarter of a percentage point, for the third time.",
            id="part of a point",
        ),
        pytest.param("30 were hurt and 12 died.", "12 died and 30 were hurt.", id="another order"),
    ],
)
def test_numbers_that_agree(claim, text):
    assert check(claim, text).passed is True


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("The storm broke six masts.", "The storm broke 5 masts.", id="another value"),
        pytest.param("Fares rose 12%.", "Fares rose by 12 crowns.", id="another unit"),
        pytest.param("The port lost $5 million.", "The port lost £5 million.", id="another currency"),
        pytest.param(
            "The port lost 5 billion crowns.", "The port lost 5 million crowns.", id="another scale"
        ),
        pytest.param("About 1,400 boats sank.", "In all 1,012 boats sank.", id="too far for about"),
        pytest.param("About 1,013 boats sank.", "About 1,000 boats sank.", id="more exact than the source"),
        pytest.param("More than 1,100 boats sank.", "In all 1,012 boats sank.", id="more than it was"),
        pytest.param("5,000 boats sank.", "In all 4,812 boats sank.", id="rounded without saying so"),
        pytest.param(
            "The storm hurt 12 sailors and killed 30.",
            "The storm hurt 30 sailors and killed 12.",
            id="exchanged",
        ),
        pytest.param(
            "The call took two hours.", "The call took an hour. Two nights later it rained.", id="nights"
        ),
        pytest.param(
            "Four of the 28 thrusters failed.",
            "Five of 28 small thrusters failed. Four of them worked again.",
            id="number of another sentence, parted by a word",
        ),
        pytest.param("It lies 45 kilometres off.", "It lies 45 miles off.", id="another measure"),
        pytest.param(
            "Fares rose by 5 percent.", "Fares rose by 5 percentage points.", id="percent for points"
        ),
        pytest.param(
            "The port has since 12 been run by the town.",
            "The port has since 1986 been run by the town. It has 12 masts.",
            id="a number for a year",
        ),
        pytest.param("Fares rose 10% to 16%.", "Fares rose 10 to 15 per cent.", id="another end of a range"),
        pytest.param("Fares rose by half a point.", "Fares rose by a quarter point.", id="another part"),
        pytest.param("The third boat sank.", "The second boat and a fourth sank.", id="another ordinal"),
    ],
)
def test_numbers_that_do_not(claim, text):
    assert check(claim, text).passed is False


def test_a_number_elsewhere_in_the_passage_does_not_support_the_claim():
    text = (
        "The storm broke 5 masts in the harbour. "
        + "Gulls cried over the empty quay all day. " * 3
        + "Tea cost 9 crowns."
    )
    finding = check("The storm broke 9 masts in the harbour.", text)
    assert finding.passed is False
    assert "5" in finding.detail


def test_a_number_of_the_next_sentence_does_not_stand_in_the_one_that_the_claim_follows():
    text = "The council paid 40 crowns for the new harbour lamp. It had asked for 90."
    finding = check("The council paid 90 crowns for the new harbour lamp.", text)
    assert finding.passed is False
    assert finding.contradicts


def test_no_number_is_not_applicable():
    assert check("The storm broke masts.", "The storm broke 5 masts.").passed is None
