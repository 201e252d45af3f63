"""Lies and true sentences made of articles: lies are false, runs repeat, and the checks catch them."""

from datetime import UTC, datetime
from random import Random

import pytest

from evals.lies import format_report, judge, make_specimens, run_lies
from evals.mutation import MUTATIONS, make_lie
from evals.paraphrase import RULES, paraphrase, repeat
from evals.specimens import find_names, find_statement, read_material
from index.types import Article

FERRY = (
    "Ferry fares will rise by 12 percent in June, harbour minister Ada Hale said on Tuesday.\n\n"
    "“We had no choice but to raise the fares before the summer season,” Hale said. The council did not "
    "vote on the plan.\n\n"
    "“Nobody asked the ferrymen, who carried this town for ninety years,” said Tom Ward. The union has "
    "more than 300 members in Varna Bay and won a similar case in 2019.\n\n"
    "Ines Kolb said that the northern harbour would close after the storm season. Passengers in Port "
    "Sorrel were told to expect 40 boats fewer."
)
BRIDGE = (
    "The first bridge over the Sorrel opened on Monday, the Lantern Trust announced.\n\n"
    "“It is a lovely piece of work and it will outlast all of us,” said Olaf Brandt. The bridge is 210 "
    "metres long, and repairs of the old one have ended.\n\n"
    "Brandt told reporters that the largest crane in Kelmar had not been used since 2011. Mia Stone "
    "said the toll was lower than in any other port. Many captains of the old boats met Stone before "
    "Brandt left."
)


@pytest.fixture
def articles() -> list[Article]:
    day = datetime(2025, 3, 6, tzinfo=UTC)
    return [
        Article(id="ferry", text=FERRY, outlet="Harbour Post", published=day, title="Fares to rise"),
        Article(id="bridge", text=BRIDGE, outlet="The Lantern", published=day, title="A new bridge"),
    ]


def test_every_mutation_finds_something_to_change(articles):
    made = {
        kind
        for material in read_material(articles, Random(1))
        for kind in MUTATIONS
        if make_lie(kind, material, Random(1))
    }
    assert made == set(MUTATIONS)


@pytest.mark.parametrize("kind", sorted(MUTATIONS))
def test_a_lie_is_not_the_true_sentence_rightly_cited(articles, kind):
    for material in read_material(articles, Random(2)):
        lie = make_lie(kind, material, Random(2))
        if lie is None:
            continue
        sentence, _, marker = lie.text.rpartition(" [")
        assert not (sentence == material.sentence and marker == "1]")
        if kind.startswith("marker"):
            assert sentence == material.sentence
            assert marker != "1]"
            number = int(marker.rstrip("]"))
            assert not 1 <= number <= 3 or material.sentence not in material.passages[number - 1].text
        elif kind.startswith("quotation"):
            quoted = lie.text[lie.text.index("“") + 1 : lie.text.index("”")].rstrip(".")
            assert quoted not in material.passages[0].text


def test_true_sentences_stand_in_their_passage(articles):
    for material in read_material(articles, Random(3)):
        assert material.sentence in material.passages[0].text
        assert repeat(material).text == f"{material.sentence} [1]"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_paraphrase_keeps_what_stands_in_quotation_marks(articles, rule):
    for material in read_material(articles, Random(4)):
        told = rule(material)
        if told is not None and "“" in told:
            quoted = told[told.index("“") + 1 : told.index("”")].rstrip(".,")
            assert quoted in material.sentence


@pytest.mark.parametrize(
    ("sentence", "speaker", "words", "direct"),
    [
        (
            "“We had no choice but to raise the fares,” Hale said.",
            "Hale",
            "We had no choice but to raise the fares",
            True,
        ),
        (
            "“We had no choice but to raise the fares,” said Ada Hale.",
            "Ada Hale",
            "We had no choice but to raise the fares",
            True,
        ),
        (
            "Hale said: “We had no choice but to raise the fares.”",
            "Hale",
            "We had no choice but to raise the fares.",
            True,
        ),
        (
            "Hale said the northern harbour would close in June.",
            "Hale",
            "the northern harbour would close in June",
            False,
        ),
    ],
)
def test_the_generator_reads_statements_by_itself(sentence, speaker, words, direct):
    said = find_statement(sentence)
    assert said is not None
    assert (said.speaker, said.words, said.direct) == (speaker, words, direct)


def test_a_pronoun_makes_no_statement():
    assert find_statement("He said the northern harbour would close in June, after all.") is None


def test_names_are_capitalised_runs_inside_sentences():
    assert find_names("Today the mayor met Ada Hale and Tom Ward in Port Sorrel on Monday.") == (
        "Ada Hale",
        "Tom Ward",
        "Port Sorrel",
    )


def test_the_same_seed_makes_the_same_specimens(articles):
    first = make_specimens(articles, 5, 3)
    assert first == make_specimens(list(reversed(articles)), 5, 3)
    assert first != make_specimens(articles, 6, 3)


def test_a_paraphrase_is_marked_as_true(articles):
    told = [paraphrase(material, Random(7)) for material in read_material(articles, Random(7))]
    assert any(
        specimen is not None and specimen.true and specimen.text != specimen.source for specimen in told
    )


def test_the_report_counts_every_specimen_once(articles):
    report = run_lies(articles, seed=8, per_mutation=3)
    specimens = make_specimens(articles, 8, 3)
    assert sum(rate.n for rate in (*report.lies, *report.true)) == len(specimens)
    missed = sum(rate.n - rate.flagged for rate in report.lies)
    assert len(report.missed) == missed
    for rate in report.lies:
        assert rate.refuted <= rate.flagged <= rate.n
        assert (
            rate.interval is None
            or 0 <= rate.interval.low <= rate.flagged / rate.n <= rate.interval.high <= 1
        )
    assert all(rate.kind in format_report(report) for rate in report.lies)


def test_the_checks_catch_the_lies_of_two_short_articles(articles):
    report = run_lies(articles, seed=9, per_mutation=6)
    assert [specimen.text for specimen in report.missed] == []
    assert [specimen.text for specimen, _ in report.alarms] == []


def test_a_missed_lie_is_reported_as_such(articles):
    material = next(read_material(articles, Random(10)))
    assert judge(repeat(material)).verdict == "supported"
