"""Names, outlets, negation, direction and modality: each against a short source."""

import pytest

from assistant.alignment import Comparison, Source
from assistant.checks.direction import check_direction
from assistant.checks.exchange import check_exchange
from assistant.checks.modality import check_modality
from assistant.checks.name import check_name
from assistant.checks.negation import check_negation
from assistant.checks.outlet import check_outlet
from assistant.outlets import same_outlet, strip_credit
from assistant.types import Evidence
from index.types import Article


def compare(
    claim: str, text: str, *, outlet: str | None = None, article: str | None = None, title: str = ""
) -> Comparison:
    evidence = Evidence(
        marker=1,
        article_id="a",
        version=1,
        start=0,
        end=len(text),
        text=text,
        title=title,
        outlet=outlet,
        url=None,
        published=None,
    )
    read = None if article is None else (lambda article_id, version: Article(id=article_id, text=article))
    return Comparison(claim, [Source(evidence)], (), read)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("Ada Hale met Tom Ward.", "Ada Hale met Tom Ward.", id="the same"),
        pytest.param(
            "The Fed cut its rate.", "The Federal Reserve cut its rate.", id="a body's name cut short"
        ),
        pytest.param(
            "The rules of the Northern Games do not bar Ada Hale.",
            "The rules of the Northern Games, unlike those of Tokyo, do not bar Ada Hale.",
            id="a comparison left out",
        ),
        pytest.param("Tom Ward met Ada Hale.", "Ada Hale met Tom Ward.", id="a deed of both"),
        pytest.param(
            "The union accused the Northern Line of haste.",
            "The Northern Line accused the union. The union accused the Northern Line of haste.",
            id="each accused the other",
        ),
        pytest.param("Hale met Ward.", "Ada Hale met Tom Ward.", id="surnames"),
        pytest.param(
            "Ada Hale met Ward.", "Ada Hale came early. Hale met Ward.", id="full name known from the passage"
        ),
        pytest.param(
            "The FBI opened a case.", "The Federal Bureau of Investigation opened a case.", id="acronym"
        ),
        pytest.param("Volodymyr Zelenskyy spoke.", "Volodymyr Zelensky spoke.", id="another romanisation"),
        pytest.param(
            "Russia shut the port.", "Russian officials shut the port.", id="country for its people"
        ),
        pytest.param(
            "Ukraine's president met Tom Ward.", "The Ukrainian president met Tom Ward.", id="of a country"
        ),
        pytest.param(
            "The US president met Tom Ward.", "The American president met Tom Ward.", id="short for a country"
        ),
        pytest.param(
            "South Africa's president met Tom Ward.",
            "The South African president met Tom Ward.",
            id="country of two words",
        ),
        pytest.param("Ward was met by Hale.", "Hale met Ward.", id="passive"),
        pytest.param(
            "Tom Ward was beaten by Ada Hale in June.",
            "Ada Hale beat Tom Ward in June.",
            id="passive of beat",
        ),
        pytest.param("Ada Hale beat Tom Ward.", "Tom Ward was beaten by Ada Hale.", id="active of a passive"),
        pytest.param(
            "Hale and Ward came to the pier.", "Ward and Hale came to the pier.", id="a list in another order"
        ),
    ],
)
def test_names_that_stand_there(claim, text):
    assert check_name(compare(claim, text)).passed is True


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("Vera Lind met Tom Ward.", "Ada Hale met Tom Ward.", id="another name"),
        pytest.param(
            "Hale criticised Ward on the pier.", "Ward criticised Hale on the pier.", id="roles exchanged"
        ),
        pytest.param("Olga Hale met Tom Ward.", "Ada Hale met Tom Ward.", id="another given name"),
        pytest.param("Olga Hale met Ward.", "Hale met Ward.", id="invented given name"),
        pytest.param("The Clinton Foundation paid.", "Clinton paid.", id="an organisation for a person"),
        pytest.param("The ship left for Oslo.", "The ship left for Bergen.", id="another place"),
        pytest.param(
            "Austria's president met Tom Ward.",
            "The Australian president met Tom Ward.",
            id="another country",
        ),
        pytest.param(
            "South Korea's president met Tom Ward.",
            "The North Korean president met Tom Ward.",
            id="the other part of a country",
        ),
        pytest.param(
            "Kel-X9 pulled the offer from the site.",
            "Gunn Group pulled the offer from the site.",
            id="no name at all",
        ),
    ],
)
def test_names_that_do_not(claim, text):
    assert check_name(compare(claim, text)).passed is False


def test_a_given_name_may_be_known_from_the_rest_of_the_article():
    assert check_name(compare("Ada Hale met Ward.", "Hale met Ward.")).passed is False
    assert (
        check_name(
            compare("Ada Hale met Ward.", "Hale met Ward.", article="Ada Hale arrived. Hale met Ward.")
        ).passed
        is True
    )


def test_a_given_name_may_be_known_from_the_title():
    assert (
        check_name(compare("Ada Hale met Ward.", "Hale met Ward.", title="Who is Ada Hale?")).passed is True
    )


def test_names_of_a_claim_in_lower_case_are_found_by_the_source():
    assert (
        check_name(
            compare(
                "hale criticised ward on the pier",
                "In May Ward criticised Hale on the pier. So Hale said and Ward too.",
            )
        ).passed
        is False
    )


@pytest.mark.parametrize(
    ("claim", "outlet", "passed"),
    [
        pytest.param("Reuters reported that fares rose.", "Reuters", True, id="the outlet"),
        pytest.param("According to the New York Times, fares rose.", "nytimes.com", True, id="host name"),
        pytest.param("According to the NYT, fares rose.", "The New York Times", True, id="abbreviation"),
        pytest.param("The BBC reported that fares rose.", "Reuters", False, id="another outlet"),
        pytest.param("According to CNN, fares rose.", None, False, id="outlet unknown"),
        pytest.param("Fares rose.", "Reuters", None, id="none named"),
        pytest.param("It was time for fares to rise.", "Time", None, id="a common word"),
    ],
)
def test_outlets(claim, outlet, passed):
    assert check_outlet(compare(claim, "Fares rose.", outlet=outlet)).passed is passed


def test_an_outlet_named_in_the_cited_words_may_be_named():
    assert (
        check_outlet(
            compare("Hale told CNN that fares rose.", "Hale told CNN that fares rose.", outlet="Reuters")
        ).passed
        is True
    )


@pytest.mark.parametrize(
    "claim",
    [
        "Reuters reported that fares rose.",
        "According to Reuters, fares rose.",
        "fares rose, according to Reuters.",
        "fares rose, Reuters reported.",
        "fares rose (Reuters, 4 March 2025).",
    ],
)
def test_the_credit_to_the_outlet_is_no_part_of_the_claim(claim):
    assert strip_credit(claim, ["Reuters"]) == "fares rose."


def test_same_outlet_tells_outlets_apart():
    assert same_outlet("The Guardian", "guardian.com")
    assert same_outlet("WSJ", "The Wall Street Journal")
    assert not same_outlet("The Times", "The New York Times")


@pytest.mark.parametrize(
    ("claim", "text", "passed"),
    [
        pytest.param("Hale did not open the bridge.", "Hale opened the bridge.", False, id="put in"),
        pytest.param("Hale opened the bridge.", "Hale did not open the bridge.", False, id="lost"),
        pytest.param("The plan is acceptable.", "The plan is unacceptable.", False, id="prefix lost"),
        pytest.param(
            "Hale agreed to open the bridge.", "Hale refused to open the bridge.", False, id="refusal lost"
        ),
        pytest.param("There is evidence of rust.", "There is no evidence of rust.", False, id="no lost"),
        pytest.param(
            "Hale hoped to come, and has.", "Hale hoped to come, but has not.", False, id="lost at the end"
        ),
        pytest.param(
            "Punitive damages had been imposed.",
            "Hale said that it admitted no fault, and that no punitive damages had been imposed.",
            False,
            id="the second of two lost",
        ),
        pytest.param(
            "The costs are borne by the town and not by the companies.",
            "The costs are borne by the companies and not by the town.",
            False,
            id="a contrast turned round",
        ),
        pytest.param(
            "The costs are borne by the companies, not by the town.",
            "The costs are borne by the companies and not by the town.",
            True,
            id="a contrast told shorter",
        ),
        pytest.param("Hale didn't open the bridge.", "Hale did not open the bridge.", True, id="contracted"),
        pytest.param(
            "Hale denied that the bridge was open.", "The bridge was not open, Hale said.", True, id="moved"
        ),
        pytest.param(
            "Hale opened the bridge.",
            "Hale opened the bridge. She did not speak.",
            None,
            id="in another sentence",
        ),
        pytest.param("Hale opened the bridge.", "Hale opened the bridge.", None, id="nothing denied"),
    ],
)
def test_negation(claim, text, passed):
    assert check_negation(compare(claim, text)).passed is passed


@pytest.mark.parametrize(
    ("claim", "text", "passed"),
    [
        pytest.param("Fares fell by a tenth.", "Fares rose by a tenth.", False, id="rose and fell"),
        pytest.param("Hale left before the vote.", "Hale left after the vote.", False, id="before and after"),
        pytest.param("The town lost the case.", "The town won the case.", False, id="won and lost"),
        pytest.param("Hale opposed the bridge.", "Hale supported the bridge.", False, id="main verb"),
        pytest.param(
            "It was the last ferry of the day.",
            "It was the first ferry of the day.",
            False,
            id="first and last",
        ),
        pytest.param(
            "Fares were higher than in May.", "Fares were lower than in May.", False, id="comparative"
        ),
        pytest.param("Fares did not rise.", "Fares fell.", True, id="negated opposite"),
        pytest.param("Fares rose by a tenth.", "Fares rose by a tenth.", True, id="the same"),
        pytest.param("Hale spoke.", "Hale spoke.", None, id="no direction"),
        pytest.param(
            "The crown is at its weakest since May.",
            "The crown is at its strongest since May.",
            False,
            id="superlatives",
        ),
        pytest.param("The fire hurt six men.", "The fire killed six men.", False, id="hurt for killed"),
        pytest.param(
            "The stoker is in a stable condition.", "The stoker is in a serious condition.", False, id="state"
        ),
        pytest.param("Hale voted for the plan.", "Hale voted against the plan.", False, id="for, against"),
        pytest.param(
            "Hale scored a late goal for Wasps.",
            "Hale scored a goal after Ward had missed with four minutes left against Wasps.",
            True,
            id="a preposition of another stretch",
        ),
        pytest.param(
            "The new mayor spoke.",
            "The 34-year-old mayor spoke.",
            True,
            id="an age",
        ),
    ],
)
def test_direction(claim, text, passed):
    assert check_direction(compare(claim, text)).passed is passed


@pytest.mark.parametrize(
    ("claim", "text", "passed"),
    [
        pytest.param(
            "The bridge will open in June.", "The bridge may open in June.", False, id="may told as will"
        ),
        pytest.param(
            "The bridge may open in June.", "The bridge will open in June.", False, id="will told as may"
        ),
        pytest.param("Hale stole the plans.", "Hale allegedly stole the plans.", False, id="allegation lost"),
        pytest.param(
            "Hale plans to sell the ferry.", "Hale will sell the ferry.", False, id="plan for future"
        ),
        pytest.param("Hale sold the ferry.", "Hale plans to sell the ferry.", False, id="plan told as done"),
        pytest.param(
            "The bridge might open in June.", "The bridge may open in June.", True, id="may and might"
        ),
        pytest.param(
            "Hale said the bridge would open in June.",
            "Hale said the bridge will open in June.",
            True,
            id="reported future",
        ),
        pytest.param("Hale spoke.", "Hale spoke.", None, id="no modal"),
        pytest.param(
            "The court has limited the sum.",
            "The owners have asked the court to limit the sum.",
            False,
            id="request told as done",
        ),
        pytest.param(
            "The owners asked the court to limit the sum.",
            "The owners have asked the court to limit the sum.",
            None,
            id="request told as one",
        ),
        pytest.param(
            "The court limited the sum.",
            "The owners asked the court to limit the sum. It limited the sum.",
            None,
            id="request that was granted",
        ),
        pytest.param(
            "Ada Hale claimed that the bridge was safe.",
            "Ada Hale said that the bridge was safe.",
            True,
            id="claimed for said",
        ),
        pytest.param(
            "Ada Hale said that the bridge was safe.",
            "Ada Hale claimed that the bridge was safe.",
            None,
            id="said for claimed",
        ),
        pytest.param(
            "The bridge opened in June.", "The bridge would open in June.", False, id="future told as done"
        ),
        pytest.param(
            "The bridge opens in June.",
            "The bridge will open in June.",
            None,
            id="future told in the present",
        ),
    ],
)
def test_modality(claim, text, passed):
    assert check_modality(compare(claim, text)).passed is passed


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("Tom Ward beat Ada Hale.", "Tom Ward was beaten by Ada Hale.", id="active for passive"),
        pytest.param("Tom Ward was beaten by Ada Hale.", "Tom Ward beat Ada Hale.", id="passive for active"),
        pytest.param(
            "Tom Ward rang Ada Hale, the Post had reported.",
            "The Post had reported on Sunday that Ada Hale rang Tom Ward.",
            id="the clause moved",
        ),
        pytest.param(
            "The companies accused the department of haste.",
            "In May the department was loud. Its complaint accused the companies of haste.",
            id="nouns for names",
        ),
        pytest.param(
            "Hale had told Ward beforehand that the pier was shut.",
            "Ward had told him beforehand that the pier was shut, Hale said.",
            id="a pronoun on the other side",
        ),
    ],
)
def test_who_did_it_to_whom(claim, text):
    finding = check_name(compare(claim, text))
    assert finding.passed is False
    assert "reverse" in finding.detail


def test_a_name_of_the_next_sentence_does_not_stand_in_the_one_that_the_claim_follows():
    text = "The council chose Ada Hale to lead the harbour works for two years. Tom Ward lost the vote."
    finding = check_name(compare("The council chose Tom Ward to lead the harbour works for two years.", text))
    assert finding.passed is False
    assert finding.contradicts


@pytest.mark.parametrize(
    ("claim", "text", "passed"),
    [
        pytest.param("All ferries sank.", "Some ferries sank.", False, id="all for some"),
        pytest.param("Many ferries sank.", "Numerous ferries sank.", True, id="many for numerous"),
        pytest.param("It lies miles off.", "It lies kilometres off.", False, id="another measure"),
        pytest.param(
            "It cost a few billion.", "It cost a few million.", False, id="another order of magnitude"
        ),
        pytest.param("Governor Hale spoke.", "Senator Hale spoke.", False, id="another office"),
        pytest.param("Chairwoman Hale spoke.", "Chair Hale spoke.", True, id="the same office"),
        pytest.param("Vice President Hale spoke.", "President Hale spoke.", False, id="an office below"),
        pytest.param(
            "President Hale spoke.", "Former President Hale spoke.", False, id="an office left behind"
        ),
        pytest.param("His sister left.", "His wife left.", False, id="other kin"),
        pytest.param("The red ferry sank.", "The blue ferry sank.", False, id="another colour"),
        pytest.param("The ferry sank.", "The ferry sank.", None, id="no such word"),
    ],
)
def test_words_of_closed_classes(claim, text, passed):
    assert check_exchange(compare(claim, text)).passed is passed


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param(
            "Ward said the fares would rise in June.",
            "In a note to staff, Ward said the fares would rise in June.",
            id="a note is no negation",
        ),
        pytest.param(
            "Hale said she will go on with the works.",
            "If the council does not pay, Hale said she will go on with the works.",
            id="a clause left out before it",
        ),
        pytest.param(
            "“The fares will rise,” said Hale.",
            "“The fares will rise,” Hale said. Why isn't Hale there?",
            id="a name of the next sentence",
        ),
        pytest.param(
            "The American president did not go to Paris.",
            "The American president was to go to Paris. Then it rained. The American president did not go to"
            " Paris.",
            id="the same words about another time",
        ),
        pytest.param(
            "Many people complained that no warning had reached their phones.",
            "The warning reached phones at noon. Rain fell. Many complained that they had no warning.",
            id="denied in another sentence that the claim tells",
        ),
    ],
)
def test_a_negation_of_something_else_is_not_the_claims(claim, text):
    assert check_negation(compare(claim, text)).passed is not False
