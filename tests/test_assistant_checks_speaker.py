"""Who is credited in a claim against who says it in the cited words."""

import pytest

from assistant.alignment import Comparison, Source
from assistant.checks.beside import find_names_beside
from assistant.checks.speaker import check_speaker, is_credited, read_credits
from assistant.types import Evidence
from index.mentions import find_names
from index.quotes import extract_quotes
from index.types import Article, Span

TEXT = (
    "Harbour minister Ada Hale said the ferry would stop in June and that the bridge was safe. "
    "Union leader Tom Ward declined to comment. “Nobody asked the ferrymen,” mayor Ines Kolb said. "
    "Hale denied that the bridge had been built in haste."
)


def check(claim: str, text: str = TEXT, *, quotes: bool = False):
    found = extract_quotes(Article(id="a", text=text)) if quotes else ()
    evidence = Evidence(
        marker=1,
        article_id="a",
        version=1,
        start=0,
        end=len(text),
        text=text,
        title="",
        outlet="Lantern Post",
        url=None,
        published=None,
        quotes=found,
    )
    return check_speaker(Comparison(claim, [Source(evidence)]))


@pytest.mark.parametrize("quotes", [False, True], ids=["passage alone", "with the archive's quotes"])
@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("Ada Hale said the ferry would stop in June.", id="as in the source"),
        pytest.param("According to Hale, the ferry would stop in June.", id="according to"),
        pytest.param("The ferry would stop in June, Hale said.", id="credit last"),
        pytest.param("“Nobody asked the ferrymen,” said Kolb.", id="quotation"),
        pytest.param("“Nobody asked the ferrymen” was said by Ines Kolb.", id="passive"),
        pytest.param("In Kolb's words, “nobody asked the ferrymen”.", id="in her words"),
        pytest.param("Hale denied that the bridge had been built in haste.", id="denial"),
        pytest.param("Mayor Ines Kolb stated: “Nobody asked the ferrymen.”", id="another verb"),
    ],
)
def test_the_right_speaker_passes(claim, quotes):
    assert check(claim, quotes=quotes).passed is True


@pytest.mark.parametrize("quotes", [False, True], ids=["passage alone", "with the archive's quotes"])
@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("Tom Ward said the ferry would stop in June.", id="another name of the passage"),
        pytest.param(
            "Union leader Tom Ward said that the bridge was safe.", id="the one who declined to comment"
        ),
        pytest.param(
            "According to Ines Kolb, the ferry would stop in June.", id="another speaker of the passage"
        ),
        pytest.param("“Nobody asked the ferrymen,” said Hale.", id="another speaker's quotation"),
        pytest.param("“Nobody asked the ferrymen” was said by Tom Ward.", id="passive"),
        pytest.param("In Ward's words, “nobody asked the ferrymen”.", id="in his words"),
        pytest.param("Vera Lind said the ferry would stop in June.", id="a name from nowhere"),
        pytest.param("Hale said that the bridge had been built in haste.", id="a denial told as a statement"),
        pytest.param("The union leader said the ferry would stop in June.", id="another one's role"),
        pytest.param("Hale denied that the ferry would stop in June.", id="a statement told as a denial"),
    ],
)
def test_the_wrong_speaker_fails(claim, quotes):
    assert check(claim, quotes=quotes).passed is False


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("The ferry will stop in June.", id="nobody credited"),
        pytest.param("He said the ferry would stop in June.", id="a pronoun"),
        pytest.param("Officials said the ferry would stop in June.", id="an unnamed speaker"),
    ],
)
def test_where_the_check_does_not_apply(claim):
    assert check(claim).passed is None


def test_a_sentence_taken_over_word_for_word_passes_whoever_it_credits():
    assert check("Union leader Tom Ward declined to comment.").passed is True


def test_words_of_a_sentence_that_names_somebody_else_are_not_credited_to_a_speaker_nearby():
    text = "Tom Ward said he was tired. Pressed again, Kolb said there was no proof of rust in the bridge."
    assert check("According to Tom Ward, there was no proof of rust in the bridge.", text).passed is False


@pytest.mark.parametrize(("name", "passed"), [("Ada Hale", True), ("Tom Ward", False)])
def test_a_passage_that_is_one_statement_is_its_speakers(name, passed):
    text = "We will open the bridge in June and close the ferry."
    evidence = Evidence(
        marker=1,
        article_id="a",
        version=1,
        start=700,
        end=700 + len(text),
        text=text,
        title="",
        outlet=None,
        url=None,
        published=None,
        speaker="Ada Hale",
    )
    claim = f"{name} said: “We will open the bridge in June.”"
    assert check_speaker(Comparison(claim, [Source(evidence)])).passed is passed


def test_the_detail_names_both_speakers():
    finding = check("Tom Ward said the ferry would stop in June.")
    assert "Hale" in finding.detail
    assert "Tom Ward" in finding.detail
    assert finding.contradicts


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        pytest.param("“<We go>,” said union leader and old hand Tom Ward.", ("Tom Ward",), id="after roles"),
        pytest.param("“<We go>,” said Tom Ward of the firm Hale Brown.", ("Tom Ward",), id="before a firm"),
        pytest.param(
            "<They go>, union head for Lind County Tom Ward told us.", ("Tom Ward",), id="a long role"
        ),
        pytest.param(
            "<They go>, his aide, Tom Ward, told us.", ("Tom Ward",), id="an apposition with the name"
        ),
        pytest.param(
            "Tom Ward, who met Ada Hale, wrote: <we go>.", ("Tom Ward",), id="before a relative clause"
        ),
        pytest.param(
            "In an interview, Tom Ward told us that <they go>.", ("Tom Ward",), id="after an adverbial"
        ),
        pytest.param("Tom Ward and his crew said <they go>.", ("Tom Ward",), id="the first of two"),
        pytest.param("According to Tom Ward, “<we go>.”", ("Tom Ward",), id="according to, before"),
        pytest.param("“<We go>,” according to Tom Ward.", ("Tom Ward",), id="according to, after"),
        pytest.param("“<We go>” was said by Tom Ward.", ("Tom Ward",), id="passive"),
        pytest.param("Hale was asked by Tom Ward: “<we go>?”", ("Tom Ward",), id="passive of a question"),
        pytest.param("“<We go>.” — Tom Ward", ("Tom Ward",), id="signed"),
        pytest.param("Tom Ward: “<we go>.”", ("Tom Ward",), id="label"),
        pytest.param(
            "Hale said <they go>, and Ward said they stay.", ("Hale",), id="the next clause is another's"
        ),
        pytest.param("Ward's rivals said <they go>.", (), id="an owner does not speak"),
        pytest.param("the Ward campaign said <they go>.", (), id="a part of a longer phrase"),
        pytest.param("he said <they go>.", (), id="a pronoun"),
        pytest.param("<They go>.", (), id="nobody"),
    ],
)
def test_who_stands_beside_the_words(sentence, names):
    start, end = sentence.index("<"), sentence.index(">") - 1
    text = sentence.replace("<", "").replace(">", "")
    assert find_names_beside(text, Span(start, end), Span(0, len(text))) == names


STAFF = (
    "The firm worked for the harbour on lamps and ropes, said lobbyist and party hand Tom Ward. Mayor Ines "
    "Kolb said nothing. “Did you know it was the ferry?” asked Ines Kolb. “I know the ferry,” said Ada Hale."
)


@pytest.mark.parametrize(
    ("claim", "passed"),
    [
        pytest.param(
            "According to Tom Ward, the firm worked for the harbour on lamps and ropes.", True, id="right"
        ),
        pytest.param(
            "According to Ines Kolb, the firm worked for the harbour on lamps and ropes.", False, id="wrong"
        ),
        pytest.param("“Did you know it was the ferry?” Ines Kolb asked.", True, id="who asked it"),
        pytest.param("“Did you know it was the ferry?” Ada Hale said.", False, id="who said alike words"),
        pytest.param(
            "According to Ada Hale, “did you know it was the ferry?”", False, id="according to, quoted"
        ),
        pytest.param("Lind Council: “Did you know it was the ferry?”", False, id="a label"),
    ],
)
def test_a_credit_that_stands_beside_the_words(claim, passed):
    assert check(claim, STAFF).passed is passed


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(
            "The former harbour minister said the ferry would stop in June.", id="a role with an adjective"
        ),
        pytest.param(
            "Ines Kolb was told by Ada Hale that the bridge was safe.", id="who is told does not speak"
        ),
        pytest.param("Shortly after noon she said the ferry would stop in June.", id="a word that opens it"),
    ],
)
def test_nobody_by_name_is_credited_wrongly(claim):
    assert check(claim).passed is not False


@pytest.mark.parametrize(
    ("claim", "passed"),
    [
        pytest.param("Lantern Post said: “Nobody asked the ferrymen.”", False, id="said"),
        pytest.param("Lantern Post said on Monday: “Nobody asked the ferrymen.”", False, id="said on a day"),
        pytest.param("According to Lantern Post, “nobody asked the ferrymen”.", False, id="according to"),
        pytest.param("Lantern Post said: “The ferry would stop in June.”", False, id="told, not quoted"),
        pytest.param("Lantern Post said that “nobody asked the ferrymen” of it.", False, id="words around"),
        pytest.param("Lantern Post reported: “Nobody asked the ferrymen.”", True, id="reported"),
        pytest.param(
            "Lantern Post said: “Ines Kolb said nobody asked the ferrymen.”", None, id="the credit is quoted"
        ),
        pytest.param(
            "Lantern Post said mayor Ines Kolb said “nobody asked the ferrymen”.", True, id="named besides"
        ),
    ],
)
def test_an_outlet_reports_and_does_not_say_what_it_has_somebody_say(claim, passed):
    assert check(claim).passed is passed


FALSE = (
    "Its spokesman, Piet Holm, said it was false that the port had been told in advance. Helen Acker, a"
    " spokeswoman for Brightwater Ferries, said no warning had been received. The union was silent."
)


@pytest.mark.parametrize(
    ("claim", "passed"),
    [
        pytest.param("Piet Holm said it was false that the port had been told.", True, id="called false"),
        pytest.param("Piet Holm denied that the port had been told in advance.", True, id="denied"),
        pytest.param("Piet Holm said that the port had been told in advance.", False, id="asserted"),
        pytest.param("Brightwater's spokeswoman said no warning had been received.", True, id="her role"),
        pytest.param("The union's spokeswoman said no warning had been received.", None, id="no name"),
        pytest.param("Lantern's spokeswoman said no warning had been received.", False, id="another body"),
        pytest.param("Brightwater's chairman said no warning had been received.", False, id="another role"),
    ],
)
def test_denials_in_other_words_and_speakers_by_their_office(claim, passed):
    assert check(claim, FALSE).passed is passed


FERRY = "“We need the old ferry back now,” said {}."
SAYS = "“{}” said it in the cited text"
OTHER = "the cited text credits it to “{}”, not to “{}”"
UNNAMED = "“{}” is not named"
SPOKEN_TO = "It was in the hall that Ines Kolb was told “we need the old ferry back now” by nobody."
SIGN = "The sign read “we need the old ferry back now”, as noted near Kolb and Ward."
LETTER = "“We need the old ferry back now” is what the letter to Ines Kolb stated."
PIER = (
    "Harbour minister Ada Hale welcomed the plan. Hale said that the bridge is safe. Ines Kolb warned in a"
    " letter about rust, cracks and the age of the northern pier. She told nobody."
)
OFFICES = (
    "Union leader Tom Ward said the ferry would stop in June. Harbour minister Ada Hale said that the bridge"
    " was safe and sound. Former Labour leader Piet Holm was silent."
)
COUPLES = (
    "DNA profiling said nothing, but police said the couple had left in June. Couple by couple they left."
)
HALL = (
    "Mayor Ada Hale said: “The bridge will be closed for nine weeks.” Union leader Tom Ward was there. Later,"
    " Ines Kolb added: “We need the old ferry back now.”"
)
PRINTED = "credited word for word as in the cited text"
NOBODY = "nobody is credited with a statement"


@pytest.mark.parametrize(
    ("text", "claim", "passed", "contradicts", "detail"),
    [
        pytest.param(
            SPOKEN_TO,
            FERRY.format("Kolb"),
            True,
            False,
            "“Kolb” stands beside it as the speaker",
            id="beside",
        ),
        pytest.param(
            SPOKEN_TO, FERRY.format("Ward"), False, True, OTHER.format("Ines Kolb", "Ward"), id="not beside"
        ),
        pytest.param(
            SIGN, FERRY.format("Kolb"), False, False, OTHER.format("The sign", "Kolb"), id="a thing says it"
        ),
        pytest.param(
            LETTER, FERRY.format("Kolb"), True, False, SAYS.format("Kolb"), id="the one name of the sentence"
        ),
        pytest.param(
            LETTER,
            FERRY.format("Ward"),
            False,
            True,
            OTHER.format("Ines Kolb", "Ward"),
            id="another than the one",
        ),
        pytest.param(
            PIER,
            "Ada Hale said that money was short everywhere.",
            None,
            False,
            "“Ada Hale” speaks there, in other words",
            id="in other words",
        ),
        pytest.param(
            PIER,
            "Tom Ward said that money was short everywhere.",
            False,
            False,
            "the cited text does not credit it to “Tom Ward”",
            id="not credited",
        ),
        pytest.param(
            PIER,
            "Ada Hale wanted money for the bridge.",
            None,
            False,
            "what “Ada Hale” thinks or does is no statement",
            id="a wish",
        ),
        pytest.param(
            PIER,
            "Ines Kolb said that cracks, rust and the age of the northern pier were in a letter.",
            True,
            False,
            SAYS.format("Ines Kolb"),
            id="words of one told in another order",
        ),
        pytest.param(
            PIER,
            "Ada Hale said that cracks, rust and the age of the northern pier were in a letter.",
            False,
            True,
            OTHER.format("Ines Kolb", "Ada Hale"),
            id="words of another",
        ),
        pytest.param(
            OFFICES,
            "The union leader said the ferry would stop in June.",
            None,
            False,
            UNNAMED.format("The union leader"),
            id="an office",
        ),
        pytest.param(
            OFFICES,
            "The harbour minister said the ferry would stop in June.",
            False,
            True,
            OTHER.format("Tom Ward", "The harbour minister"),
            id="another office",
        ),
        pytest.param(
            OFFICES,
            "The former Labour leader said the ferry would stop in June.",
            False,
            True,
            OTHER.format("Tom Ward", "The former Labour leader"),
            id="an office with a name in it",
        ),
        pytest.param(
            OFFICES,
            "The minister said the ferry would stop in June.",
            None,
            False,
            UNNAMED.format("The minister"),
            id="an office of one word",
        ),
        pytest.param(
            OFFICES,
            "The union leader wants the ferry back in June.",
            None,
            False,
            UNNAMED.format("The union leader"),
            id="what an office wants",
        ),
        pytest.param(
            COUPLES,
            "DNA profiling told that the couple had left in June.",
            None,
            False,
            "“DNA profiling” is nobody by name",
            id="a thing",
        ),
        pytest.param(
            COUPLES,
            "Couple said that they had left in June.",
            None,
            False,
            "“Couple” is nobody by name",
            id="a word that opens the claim",
        ),
        pytest.param(
            COUPLES, "Police said the couple had left in June.", True, False, PRINTED, id="word for word"
        ),
        pytest.param(
            TEXT,
            "The Lantern Post said: “Nobody asked the ferrymen.”",
            False,
            True,
            OTHER.format("Ines Kolb", "Lantern Post"),
            id="the outlet as speaker",
        ),
        pytest.param(
            TEXT,
            "The Lantern Post reported: “Nobody asked the ferrymen.”",
            True,
            False,
            PRINTED,
            id="the outlet as reporter",
        ),
        pytest.param(
            TEXT,
            "The Lantern Post said: “Hale said nobody asked the ferrymen.”",
            None,
            False,
            NOBODY,
            id="a credit inside the quotation",
        ),
        pytest.param(
            TEXT,
            "According to the Lantern Post, Ines Kolb said that “nobody asked the ferrymen”.",
            True,
            False,
            SAYS.format("Ines Kolb"),
            id="outlet and speaker",
        ),
        pytest.param(
            TEXT,
            "Tom Ward said that the bridge had been built in haste.",
            False,
            True,
            OTHER.format("Ada Hale", "Tom Ward"),
            id="a denial of another",
        ),
        pytest.param(
            TEXT,
            "Hale said that the bridge had been built in haste.",
            False,
            True,
            "“Hale” asserted it in the claim and denied it in the source",
            id="a denial asserted",
        ),
        pytest.param(
            TEXT,
            "Hale denied that the bridge was safe.",
            False,
            True,
            "“Hale” denied it in the claim and asserted it in the source",
            id="a statement denied",
        ),
        pytest.param(
            HALL,
            "“The bridge will be closed for nine weeks,” the hall was told.",
            None,
            False,
            NOBODY,
            id="nobody named",
        ),
        pytest.param(
            HALL,
            "“The bridge will be closed for nine weeks,” all were told, and “we need the ferry” was added.",
            False,
            True,
            "the cited text credits it to “Ada Hale”, whom the claim does not name; "
            "the cited text credits it to “Ines Kolb”, whom the claim does not name",
            id="a speaker left out",
        ),
        pytest.param(
            HALL,
            "Ward: it was said “the bridge will be closed for nine weeks” there.",
            False,
            True,
            OTHER.format("Ada Hale", "Ward"),
            id="a label",
        ),
        pytest.param(
            HALL,
            "“The bridge will be closed for nine weeks”, told of old Hale.",
            True,
            False,
            SAYS.format("Hale"),
            id="a name after it",
        ),
        pytest.param(
            HALL,
            " ".join(f"“We ate {n} old green apples,” said Hale." for n in range(21)),
            False,
            False,
            "the claim credits 21 statements; one sentence is checked for 20",
            id="more credits than are checked",
        ),
    ],
)
def test_what_is_found_and_what_is_told_of_it(text, claim, passed, contradicts, detail):
    finding = check(claim, text)
    assert (finding.name, finding.passed, finding.contradicts) == ("speaker", passed, contradicts)
    assert finding.detail == detail


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param(
            "“We need the ferry,” said Ines Kolb.",
            [("Ines Kolb", "asserted", True, ("Ines Kolb",))],
            id="quotation",
        ),
        pytest.param(
            "Ada Hale said that the bridge was safe.",
            [("Ada Hale", "asserted", True, ("Ada Hale",))],
            id="reported",
        ),
        pytest.param("Ada Hale wants the ferry to stop.", [("Ada Hale", "asserted", False, ())], id="a wish"),
        pytest.param(
            "Ada Hale denied that the bridge was rotten.",
            [("Ada Hale", "denied", True, ("Ada Hale",))],
            id="denial",
        ),
        pytest.param(
            "Hale was told by Tom Ward that the bridge was rotten.",
            [("Tom Ward", "asserted", True, ())],
            id="passive",
        ),
        pytest.param(
            "Hale was warned repeatedly by Tom Ward that the bridge was rotten.",
            [("Tom Ward", "asserted", True, ())],
            id="passive with an adverb",
        ),
        pytest.param(
            "Hale told Tom Ward that the bridge was rotten.",
            [("Hale", "asserted", True, ("Hale",))],
            id="active",
        ),
        pytest.param("He said that the bridge was rotten.", [], id="pronoun"),
        pytest.param(
            "Shortly after the vote, he said the bridge was rotten.", [], id="a word that opens the sentence"
        ),
        pytest.param(
            "“The bridge is rotten” was said by the foreign minister Tom Ward.",
            [("Tom Ward", "asserted", True, ())],
            id="said by, with an office",
        ),
        pytest.param(
            "“The bridge is rotten” was said by the old, sick and tired minister Tom Ward.",
            [],
            id="said by, too far off",
        ),
        pytest.param(
            "In the words of Tom Ward, the bridge is rotten.",
            [("Tom Ward", "asserted", True, ())],
            id="in the words of",
        ),
        pytest.param(
            "In Tom Ward's words, the bridge is rotten.",
            [("Tom Ward", "asserted", True, ())],
            id="in his words",
        ),
        pytest.param(
            "As Tom Ward noted, the bridge is rotten.", [("Tom Ward", "asserted", True, ())], id="as he noted"
        ),
        pytest.param(
            "Union officials said the bridge was rotten.",
            [("Union officials", "asserted", True, ())],
            id="officials",
        ),
        pytest.param(
            "Tom Ward and Ines Kolb said the bridge was rotten.",
            [("Tom Ward", "asserted", True, ("Tom Ward", "Ines Kolb"))],
            id="two",
        ),
        pytest.param("The bridge was rotten.", [], id="no credit"),
    ],
)
def test_credits_of_a_claim(claim, expected):
    found = read_credits(claim)
    assert [(one.speaker, one.polarity, one.spoken, one.beside) for one in found] == expected


@pytest.mark.parametrize(
    ("claim", "name", "expected"),
    [
        pytest.param("Ines Kolb said nobody asked the ferrymen.", "Ines Kolb", True, id="the speaker"),
        pytest.param("Tom Ward said nobody asked the ferrymen.", "Tom Ward", False, id="not the speaker"),
        pytest.param("Ines Kolb said nobody asked Tom Ward.", "Tom Ward", False, id="a name in what is said"),
        pytest.param("“Nobody asked the ferrymen” — Ines Kolb.", "Ines Kolb", True, id="a signature"),
        pytest.param("Ines Kolb stood by.", "Ines Kolb", False, id="no credit"),
    ],
)
def test_whether_a_name_is_that_of_the_speaker(claim, name, expected):
    evidence = Evidence(
        marker=1, article_id="a", version=1, start=0, end=len(TEXT), text=TEXT, title="", outlet=None,
        url=None, published=None,
    )  # fmt: skip
    comparison = Comparison(claim, [Source(evidence)])
    mention = next(mention for mention in find_names(claim) if mention.name == name)
    assert is_credited(mention, comparison) is expected


SHUT = "the pier was shut for good."


@pytest.mark.parametrize(
    ("source", "claimed", "passed"),
    [
        pytest.param("Exxon Mobil", "Exxon", True, id="a body's name without its end"),
        pytest.param("The Exxon Mobil company", "Exxon", False, id="from the middle of a name"),
        pytest.param("Officials of the port", "Port officials", True, id="an office in another order"),
        pytest.param("Officials of the port", "Town officials", None, id="officials of another place"),
        pytest.param("The union", "The union leader", True, id="an office of a body"),
        pytest.param("Tom Ward", "Tom Holm", False, id="another of the same given name"),
        pytest.param(
            "The Foreign Ministry of Varna", "The Foreign Ministry", True, id="a body without its place"
        ),
    ],
)
def test_whether_two_names_mean_one_speaker(source, claimed, passed):
    assert check(f"{claimed} said that {SHUT}", f"{source} said that {SHUT} Nobody came.").passed is passed


@pytest.mark.parametrize(
    ("credit", "passed"),
    [
        pytest.param("Deputy minister Hale said.", True, id="a sentence that only credits it"),
        pytest.param("It rained, Hale said.", True, id="a credit in the next sentence's end"),
        pytest.param("Hale left.", False, id="a sentence without a word of saying"),
        pytest.param("Deputy minister Ada Hale of the port said it twice.", None, id="a sentence of its own"),
    ],
)
def test_a_credit_that_follows_its_quotation_as_a_sentence(credit, passed):
    text = f"Ward came. “We need the old ferry back now.” {credit} It was late."
    assert check(FERRY.format("Hale"), text).passed is passed
    assert check(FERRY.format("Ward"), text).passed is False
