"""Who said what: one row for each way in which news reports words, and invariants on any text."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotation_marks import find_quotations
from index.quotes import extract_quotes
from index.types import Article, Quote

CAST = (
    "Finnish Foreign Minister Elina Valtonen met the Turkish president, Recep Tayyip Erdogan, in Ankara.\n\n"
)


def read(text: str) -> list[Quote]:
    return list(extract_quotes(Article(text=text)))


def told(text: str) -> list[tuple[str | None, str]]:
    """Speaker and content of each statement."""
    return [(quote.speaker, quote.text) for quote in read(text)]


@pytest.mark.parametrize(
    ("text", "kind", "speaker", "cue", "content"),
    [
        pytest.param(
            '"We sign," Elina Valtonen said.', "direct", "Elina Valtonen", "said", "We sign", id="cue after"
        ),
        pytest.param(
            '"We sign," said Elina Valtonen.', "direct", "Elina Valtonen", "said", "We sign", id="inverted"
        ),
        pytest.param(
            'Elina Valtonen said: "We sign."', "direct", "Elina Valtonen", "said", "We sign.", id="before"
        ),
        pytest.param(
            "“We sign,” Elina Valtonen said.", "direct", "Elina Valtonen", "said", "We sign", id="curly"
        ),
        pytest.param(
            "''We sign,'' Elina Valtonen said.", "direct", "Elina Valtonen", "said", "We sign", id="doubled"
        ),
        pytest.param(
            "« We sign », Elina Valtonen said.",
            "direct",
            "Elina Valtonen",
            "said",
            "We sign",
            id="guillemets",
        ),
        pytest.param(
            "'We can't sign,' Elina Valtonen said.",
            "direct",
            "Elina Valtonen",
            "said",
            "We can't sign",
            id="single",
        ),
        pytest.param(
            '"Why wait?" Elina Valtonen asked.',
            "direct",
            "Elina Valtonen",
            "asked",
            "Why wait?",
            id="question mark",
        ),
        pytest.param(
            "Elina Valtonen said that grain was dear.",
            "indirect",
            "Elina Valtonen",
            "said",
            "grain was dear",
            id="that",
        ),
        pytest.param(
            "Elina Valtonen said grain was dear.",
            "indirect",
            "Elina Valtonen",
            "said",
            "grain was dear",
            id="no that",
        ),
        pytest.param(
            "Grain is dear, Elina Valtonen said on Friday.",
            "indirect",
            "Elina Valtonen",
            "said",
            "Grain is dear",
            id="indirect, cue at the end",
        ),
        pytest.param(
            "Grain, Elina Valtonen said, is dear.",
            "indirect",
            "Elina Valtonen",
            "said",
            "Grain, Elina Valtonen said, is dear",
            id="indirect, cue inside",
        ),
        pytest.param(
            "Elina Valtonen called the plan “a bad joke”.",
            "mixed",
            "Elina Valtonen",
            "called",
            "the plan “a bad joke”",
            id="mixed",
        ),
        pytest.param(
            "Elina Valtonen told reporters on Friday that grain was dear.",
            "indirect",
            "Elina Valtonen",
            "told",
            "grain was dear",
            id="told reporters",
        ),
        pytest.param(
            "Elina Valtonen said in a statement that grain was dear.",
            "indirect",
            "Elina Valtonen",
            "said",
            "grain was dear",
            id="in a statement",
        ),
        pytest.param(
            'Elina Valtonen wrote on X: "Grain is dear."',
            "direct",
            "Elina Valtonen",
            "wrote",
            "Grain is dear.",
            id="wrote on X",
        ),
        pytest.param(
            "According to Elina Valtonen, grain is dear.",
            "indirect",
            "Elina Valtonen",
            "According to",
            "grain is dear",
            id="according to, first",
        ),
        pytest.param(
            "Grain is dear, according to Elina Valtonen.",
            "indirect",
            "Elina Valtonen",
            "according to",
            "Grain is dear",
            id="according to, last",
        ),
        pytest.param(
            "Elina Valtonen's claim that grain is dear was noted.",
            "indirect",
            "Elina Valtonen",
            "claim",
            "grain is dear was noted",
            id="noun",
        ),
        pytest.param(
            "Elina Valtonen is confident that grain will get cheaper.",
            "indirect",
            "Elina Valtonen",
            "is confident",
            "grain will get cheaper",
            id="attitude",
        ),
        pytest.param(
            "Elina Valtonen vowed to veto the plan.",
            "indirect",
            "Elina Valtonen",
            "vowed",
            "to veto the plan",
            id="infinitive",
        ),
        pytest.param(
            "Elina Valtonen, 49, a former adviser who lives in Espoo, said grain was dear.",
            "indirect",
            "Elina Valtonen",
            "said",
            "grain was dear",
            id="long apposition",
        ),
        pytest.param(
            "The foreign minister, Elina Valtonen, said grain was dear.",
            "indirect",
            "Elina Valtonen",
            "said",
            "grain was dear",
            id="title, then name",
        ),
        pytest.param(
            '"Grain is dear," a senior official said.',
            "direct",
            "a senior official",
            "said",
            "Grain is dear",
            id="unnamed source",
        ),
        pytest.param(
            "The report found that grain was dear.",
            "indirect",
            "The report",
            "found",
            "grain was dear",
            id="document",
        ),
        pytest.param(
            "The World Food Programme said that grain was dear.",
            "indirect",
            "World Food Programme",
            "said",
            "grain was dear",
            id="organisation",
        ),
        pytest.param(
            "Elina Valtonen's spokesman said that grain was dear.",
            "indirect",
            "Elina Valtonen's spokesman",
            "said",
            "grain was dear",
            id="spokesman is somebody else",
        ),
        pytest.param(
            "Elina Valtonen's letter said that grain was dear.",
            "indirect",
            "Elina Valtonen",
            "said",
            "grain was dear",
            id="a letter speaks for its author",
        ),
    ],
)
def test_reads_one_statement(text: str, kind: str, speaker: str, cue: str, content: str) -> None:
    quote = read(text)[0]
    assert (quote.kind, quote.speaker, quote.cue, quote.text) == (kind, speaker, cue, content)


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        pytest.param(
            "Elina Valtonen spoke first. “We sign,” she said.", [("Elina Valtonen", "We sign")], id="pronoun"
        ),
        pytest.param(
            CAST + "“I will wait,” noted the Turkish head of state.",
            [("Recep Tayyip Erdogan", "I will wait")],
            id="role and nationality",
        ),
        pytest.param(
            CAST + "“We sign,” Valtonen said. “I will wait,” said Erdogan.",
            [("Elina Valtonen", "We sign"), ("Recep Tayyip Erdogan", "I will wait")],
            id="two speakers in one paragraph",
        ),
        pytest.param(
            CAST + "Valtonen was blunt. His spokesman, Fahrettin Altun, said the talks had failed.",
            [("Fahrettin Altun", "the talks had failed")],
            id="his spokesman by name",
        ),
        pytest.param(
            "“We sign,” Elina Valtonen said. “We mean it.”",
            [("Elina Valtonen", "We sign,” Elina Valtonen said. “We mean it.")],
            id="interrupted",
        ),
        pytest.param(
            "Elina Valtonen spoke at length: “We sign.\n\n“We mean it.\n\n“Now we wait.”",
            [("Elina Valtonen", "We sign.\n\n“We mean it.\n\n“Now we wait.")],
            id="opening mark repeated in each paragraph",
        ),
        pytest.param(
            "“He said ‘never’ to us,” Elina Valtonen said.",
            [("Elina Valtonen", "He said ‘never’ to us")],
            id="nested marks",
        ),
        pytest.param(
            "Grain is dear, Elina Valtonen said, adding: “It stays dear.”",
            [("Elina Valtonen", "Grain is dear"), ("Elina Valtonen", "It stays dear.")],
            id="participle shares the speaker",
        ),
        pytest.param(
            "Elina Valtonen was asked about grain.\n\nShe answered:\n\n“It is dear and it stays dear.”",
            [("Elina Valtonen", "It is dear and it stays dear.")],
            id="colon before a paragraph of its own",
        ),
        pytest.param(
            "Q: How dear?\n\nElina Valtonen: Very dear.\n\nQ: And later?\n\nElina Valtonen: It stays so.",
            [("Elina Valtonen", "Very dear."), ("Elina Valtonen", "It stays so.")],
            id="interview",
        ),
        pytest.param(
            "Bill Hale spoke. Mary Hale spoke. Mrs. Hale said grain was dear.",
            [("Mary Hale", "grain was dear")],
            id="surname shared, told apart by title",
        ),
        pytest.param(
            "“The grain is dear and it stays dear.”",
            [(None, "The grain is dear and it stays dear.")],
            id="nobody is named",
        ),
    ],
)
def test_credits_each_statement_to_its_speaker(text: str, statements: list[tuple[str | None, str]]) -> None:
    assert told(text) == statements


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The “special” grain arrived in Izmir.", id="scare quotes"),
        pytest.param("She has read “The Winter of Our Discontent” twice.", id="title of a work"),
        pytest.param("The voters' choice wasn't the party's.", id="apostrophes"),
        pytest.param("The plank was 5'10\" long.", id="feet and inches"),
        pytest.param("Her spokesman declined to comment.", id="no comment is no statement"),
        pytest.param("The grain arrived by ship.", id="nobody speaks"),
        pytest.param("Elina Valtonen did not say whether grain was dear.", id="what is not said"),
    ],
)
def test_finds_no_statement(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("verb", "polarity"),
    [
        ("said", "asserted"),
        ("denied", "denied"),
        ("did not say", "denied"),
        ("doubted", "doubted"),
        ("predicted", "predicted"),
        ("asked", "asked"),
    ],
)
def test_tells_how_the_speaker_stands_to_the_content(verb: str, polarity: str) -> None:
    assert read(f"Elina Valtonen {verb} that grain was dear.")[0].polarity == polarity


def test_nobody_calls_himself_by_his_given_name() -> None:
    text = (
        "Marek Tolin opened the bridge on Monday. Petra Vosk saw it on television. Mr Tolin had not "
        "invited her, Petra Vosk said. “Marek's bridge is a toy,” she added.\n\n"
        "Hugo Brandt met Anton Weiss. Mr Weiss had written to him. “Anton's letter was cold,” he added."
    )
    speakers = {content: speaker for speaker, content in told(text)}
    assert speakers["Marek's bridge is a toy"] == "Petra Vosk"
    assert speakers["Anton's letter was cold"] == "Hugo Brandt"


def test_a_role_means_the_subject_of_the_sentence_before() -> None:
    text = "Petra Vosk did not hide her anger. The bridge was closed, the Ruritanian minister said."
    assert told(text) == [("Petra Vosk", "The bridge was closed")]


def test_a_titled_surname_that_stands_first_means_the_namesake_named_last() -> None:
    text = (
        "Seo Min-jae, the minister, resigned. Mr Seo, who was calm, told parliament that he had erred.\n\n"
        "The other Mr Seo, Seo Ji-hoon, leads the party. He said that it was over."
    )
    assert told(text) == [("Seo Min-jae", "he had erred"), ("Seo Ji-hoon", "it was over")]


INTERVIEW = (
    "Petra Vosk has run the mill for nine years. She spoke to the River Post.\n\n"
    "Q: Is the mill safe?\n\nA: It is. We test it twice a year.\n\nQ: And the dam?\n\nA: Ask the town."
)


def test_answers_of_an_interview_are_credited_whole_to_who_is_introduced() -> None:
    assert told(INTERVIEW) == [
        ("Petra Vosk", "It is. We test it twice a year."),
        ("Petra Vosk", "Ask the town."),
    ]


def test_who_asks_in_an_interview_states_nothing() -> None:
    text = INTERVIEW.replace("Q: Is", "River Post: Is").replace("Q: And", "RP: And").replace("A:", "Vosk:")
    article = Article(text=text, outlet="River Post")
    assert {quote.speaker for quote in extract_quotes(article)} == {"Petra Vosk"}


def test_a_document_speaks_where_the_sentence_before_opens_with_it() -> None:
    text = "A decree signed by the general followed. All meetings were forbidden, it said."
    assert told(text) == [("A decree", "All meetings were forbidden")]


def test_a_body_means_the_only_organisation_named_by_that_word() -> None:
    text = "The River Safety Board met on Monday. Nobody lied. The board said that the alarm was dead."
    assert told(text) == [("River Safety Board", "the alarm was dead")]


@pytest.mark.parametrize("word", ["Doubling", "Fabrication", "Climate", "Everybody", "Economic", "Tonight"])
def test_a_word_that_has_a_capital_only_where_a_sentence_opens_is_no_name(word: str) -> None:
    text = f"Elina Valtonen met the press. “{word} matters are hard,” Valtonen said. She left."
    assert [quote.about for quote in read(text)] == [()]


def test_a_dateline_belongs_to_no_statement() -> None:
    text = "ANKARA, May 3 (River Wire) - The bridge will open in June, Elina Valtonen said."
    assert told(text) == [("Elina Valtonen", "The bridge will open in June")]


def test_about_holds_who_is_named_and_who_a_pronoun_in_quoted_words_means() -> None:
    quote = read(CAST + "“He will wait for Sweden,” Valtonen said.")[-1]
    assert quote.about == ("Recep Tayyip Erdogan", "Sweden")


def test_spans_point_at_the_words() -> None:
    text = "“We sign,” the minister said."
    quote = read(text)[0]
    assert quote.speaker_start is not None
    assert quote.cue_start is not None
    assert text[quote.speaker_start : quote.speaker_end] == "the minister"
    assert text[quote.cue_start : quote.cue_end] == "said"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        pytest.param("under penalty of “ruin.\n\nThe “next” day", ["ruin.", "next"], id="lost closing mark"),
        pytest.param("„Ja“, sagte er. »Nein«, sagte sie.", ["Ja", "Nein"], id="German marks"),
        pytest.param("rock 'n' roll in the '90s", [], id="elisions"),
        pytest.param(
            '"It isn’t “just” words," he said.', ["It isn’t “just” words,"], id="curly in straight marks"
        ),
    ],
)
def test_pairs_quotation_marks(text: str, quoted: list[str]) -> None:
    assert [text[q.inner_start : q.inner_end] for q in find_quotations(text)] == quoted


PIECES = (
    *("“", "”", '"', "''", "'", "«", "»", ",", ".", ":", "?", "…", "-", "(", ")", "\n\n", "\ue000", "é"),
    *(" said ", " he ", " Lavrov ", " the president ", " told reporters that ", " according to "),
    *("Mr. ", "who ", "and ", "Q: "),
)
NEWS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(st.one_of(NEWS, st.text(alphabet=st.characters(codec="utf-8"), max_size=200)))
def test_spans_are_exact_and_sorted_on_any_text(text: str) -> None:
    quotes = read(text)
    assert quotes == sorted(quotes, key=lambda quote: (quote.start, quote.end))
    for quote in quotes:
        assert text[quote.start : quote.end] == quote.text != ""
        assert quote.cue is None or text[quote.cue_start : quote.cue_end] == quote.cue
        assert (quote.speaker is None) == (quote.speaker_start is None) == (quote.speaker_end is None)
        assert (quote.cue is None) == (quote.cue_start is None) == (quote.cue_end is None)
        assert quote.about == tuple(sorted(set(quote.about)))


@given(NEWS)
def test_quotations_never_overlap(text: str) -> None:
    quotations = find_quotations(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(quotations))
    assert all(q.start <= q.inner_start < q.inner_end <= q.end for q in quotations)


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        pytest.param(
            "“Taxes fell. Few noticed it,” Ana Rao points out.",
            [("Ana Rao", "Taxes fell. Few noticed it")],
            id="phrasal verb of speech",
        ),
        pytest.param(
            "“The tax is late,” said lawyer and activist Ana Rao, a critic.",
            [("Ana Rao", "The tax is late")],
            id="two roles of one person",
        ),
        pytest.param(
            "Ana Rao, host of “Morning Joe,” suggested the tax was late.",
            [("Ana Rao", "the tax was late")],
            id="apposition that ends with a title",
        ),
        pytest.param(
            "Sunday on Dawn FM’s “Sunday Morning Talk,” Ana Rao said the tax was late.",
            [("Ana Rao", "the tax was late")],
            id="title in the adverbial before",
        ),
        pytest.param(
            "Ana Rao, whose firm, Orbit, sells maps to shops, said the tax was late.",
            [("Ana Rao", "the tax was late")],
            id="relative clause with commas of its own",
        ),
        pytest.param(
            "Ana Rao, struck by the news, told reporters that the tax was late.",
            [("Ana Rao", "the tax was late")],
            id="participle between subject and verb",
        ),
        pytest.param(
            "Ana Rao’s contention was that the tax is late.",
            [("Ana Rao", "the tax is late")],
            id="noun with was that",
        ),
        pytest.param(
            "Ana Rao delivered her tirade against the mayor.",
            [("Ana Rao", "the mayor")],
            id="noun of speech with a light verb",
        ),
        pytest.param(
            "“I do not think so,” said Ana Rao. But “the tax is late again.”",
            [("Ana Rao", "I do not think so"), ("Ana Rao", "the tax is late again.")],
            id="quotation that goes on after the credit",
        ),
        pytest.param(
            "The tax will come next week, Ana Rao said, adding, “They need to talk.”",
            [("Ana Rao", "The tax will come next week"), ("Ana Rao", "They need to talk.")],
            id="said, adding",
        ),
        pytest.param(
            "Ana Rao spoke at noon. According to the Rao campaign, “The tax will come at night.”",
            [("the Rao campaign", "The tax will come at night.")],
            id="according to, then nothing but a quotation",
        ),
        pytest.param(
            "While taxes do help, Ana Rao admits there is a price.",
            [("Ana Rao", "there is a price")],
            id="a subordinate clause is not what is said",
        ),
        pytest.param("Ana Rao called Ben Ito to congratulate him.", [], id="called by telephone"),
        pytest.param(
            'Ana Rao stated:\n\n"The tax isn’t about “Equal Shares” anymore. It is late.\n\n"It must go."',
            [("Ana Rao", 'The tax isn’t about “Equal Shares” anymore. It is late.\n\n"It must go.')],
            id="curly marks within a paragraph left open",
        ),
    ],
)
def test_credits_what_news_puts_in_rarer_orders(text: str, statements: list[tuple[str | None, str]]) -> None:
    assert told(text) == statements


def test_a_label_that_comes_twice_before_turns_is_a_name() -> None:
    turns = ["TAPPER: Is it late?", "FALLIN: It is late, I fear.", "TAPPER: Why?", "FALLIN: Nobody paid."]
    speakers = [speaker for speaker, _words in told("Mary Fallin is governor.\n\n" + "\n\n".join(turns))]
    assert speakers == ["TAPPER", "Mary Fallin", "TAPPER", "Mary Fallin"]


def test_an_office_before_a_surname_picks_its_bearer_among_namesakes() -> None:
    text = (
        "Secretary Hana Kiss and her husband, Bela Kiss, arrived. Bela Kiss waved. Bela Kiss left.\n\n"
        "Secretary Kiss said the tax was late."
    )
    assert told(text)[-1] == ("Hana Kiss", "the tax was late")


def test_a_place_before_an_office_is_not_its_bearer() -> None:
    text = "Former Ohio governor Ed Rendell (D) praised the mayor, but he said the tax was late."
    assert told(text)[-1] == ("Ed Rendell", "the tax was late")


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Rick Snyder spoke. Snyder, for his part, said the tax was late.",
         ("Rick Snyder", "the tax was late")),
        ("The tax was late, wrote film director Osman Rao.", ("Osman Rao", "The tax was late")),
        ("Sen. Lindsey Graham, R-S.C., a hopeful, said the tax was late.",
         ("Lindsey Graham", "the tax was late")),
        ("The tax will be late, predicted Hana Kiss.", ("Hana Kiss", "The tax will be late")),
        ("Nobody in the Stade de France knew that the tax was late.", (None, "the tax was late")),
    ],
    ids=["aside", "bare description", "party and state", "predicted", "nobody in particular"],
)  # fmt: skip
def test_reads_rarer_subjects(text: str, statement: tuple[str | None, str]) -> None:
    assert told(text)[-1] == statement


def test_he_in_the_reported_part_of_a_partly_quoted_statement_is_its_speaker() -> None:
    text = (
        "Sergei Lavrov spoke first.\n\n"
        "Vladimir Putin greeted the winner and said he was “ready to talk” with him."
    )
    assert read(text)[-1].speaker == "Vladimir Putin"
    assert read(text)[-1].about == ()


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        pytest.param(
            "The deal was criticized by Hana Kiss.", [("Hana Kiss", "The deal")], id="passive, of a thing"
        ),
        pytest.param("Osman Rao was endorsed by Hana Kiss.", [("Hana Kiss", "Osman Rao")], id="passive"),
        pytest.param(
            "Asked by Hana Kiss to resign, Osman Rao left.",
            [("Hana Kiss", "to resign")],
            id="asked by somebody",
        ),
        pytest.param(
            "Osman Rao defended the deal, mocked its critics and made it clear that he would sign.",
            [("Osman Rao", "the deal"), ("Osman Rao", "its critics"), ("Osman Rao", "he would sign")],
            id="list of verbs",
        ),
        pytest.param(
            "Osman Rao paused, then revealed why he left.", [("Osman Rao", "why he left")], id="then"
        ),
        pytest.param(
            "Osman Rao stood in Burlington, Iowa, and, citing the poll, endorsed Hana Kiss.",
            [("Osman Rao", "the poll"), ("Osman Rao", "Hana Kiss")],
            id="aside after and",
        ),
        pytest.param(
            "Osman Rao is among those who say the deal is dead.",
            [("Osman Rao", "the deal is dead")],
            id="among those",
        ),
        pytest.param(
            "But as Osman Rao noted, the deal is dead.",
            [("Osman Rao", "the deal is dead")],
            id="but as he noted",
        ),
        pytest.param(
            "When Osman Rao said that the deal was dead, Hana Kiss left.",
            [("Osman Rao", "the deal was dead")],
            id="clause before the main clause",
        ),
        pytest.param(
            "This year, Osman Rao rose to the defense of Hana Kiss, the head of Orbit, saying she was right.",
            [("Osman Rao", "Hana Kiss, the head of Orbit"), ("Osman Rao", "she was right")],
            id="rose to the defense of",
        ),
        pytest.param(
            'Osman Rao replied to the letter by calling Hana Kiss "reckless".',
            [("Osman Rao", 'Hana Kiss "reckless"')],
            id="by calling",
        ),
        pytest.param(
            "Hana Kiss is a critic of Osman Rao.", [("Hana Kiss", "Osman Rao")], id="is a critic of"
        ),
        pytest.param(
            "Hana Kiss distanced herself from Osman Rao.", [("Hana Kiss", "Osman Rao")], id="distanced"
        ),
        pytest.param(
            "Osman Rao thanked his wife, his mayor, Hana Kiss, and left.",
            [("Osman Rao", "his wife, his mayor, Hana Kiss")],
            id="list of objects",
        ),
        pytest.param(
            "Osman Rao and others said the deal was dead.",
            [("Osman Rao", "the deal was dead")],
            id="and others",
        ),
        pytest.param(
            "The court asked whether Osman Rao rejected the deal.",
            [("The court", "Osman Rao rejected the deal")],
            id="asked, not said",
        ),
        pytest.param("If Osman Rao rejects the deal, it is dead.", [], id="supposed, not said"),
        pytest.param("It is a deal that Osman Rao rejects that.", [], id="nothing left to say"),
        pytest.param(
            "Hana Kiss left. Then he (Osman Rao) said it was late.",
            [("Osman Rao", "it was late")],
            id="named in brackets",
        ),
        pytest.param(
            "Osman Rao spoke of Hana Kiss’s desire to leave.",
            [("Osman Rao", "Hana Kiss’s desire to leave")],
            id="what another one's noun tells",
        ),
        pytest.param(
            "Osman Rao added that Orbit very much wants to wait. “They talk of votes all day.”",
            [
                ("Osman Rao", "Orbit very much wants to wait"),
                ("Orbit", "to wait"),
                ("Osman Rao", "They talk of votes all day."),
            ],
            id="goes on after a statement within a statement",
        ),
        pytest.param(
            "Megyn Kelly left. Kelly said it was late.", [("Megyn Kelly", "it was late")], id="no adverb"
        ),
        pytest.param(
            "The emails of Osman Rao. Osman Rao emails that Orbit released.", [], id="emails are no verb"
        ),
    ],
)
def test_reads_deeds_of_speech_in_rarer_orders(text: str, statements: list[tuple[str | None, str]]) -> None:
    assert told(text) == statements


def test_a_relative_named_to_tell_somebody_apart_is_not_meant_by_the_surname() -> None:
    text = "Ana Rao, mother of the victim Lee Rao, wept.\n\n“They lied to me, and they know it,” Rao said."
    assert told(text) == [("Ana Rao", "They lied to me, and they know it")]


def test_a_role_beside_two_people_is_not_the_subject_of_the_sentence_before() -> None:
    text = "Hana Kiss spoke. Kiss tried to press Vilma Krog, but the senator insisted that the tax was late."
    assert read(text)[-1].speaker == "the senator"


def test_an_office_that_neither_namesake_bears_means_neither() -> None:
    text = "“We thank Secretary Clinton for coming,” said Osman Rao. Hillary Clinton and Bill Clinton left."
    assert read(text)[0].about == ("Clinton",)


def test_a_surname_that_is_also_a_given_name_tells_no_gender() -> None:
    text = "Elizabeth Warren and Rick Warren spoke. Then Senator Warren, a woman, said the tax was late."
    assert read(text)[-1].speaker in ("Elizabeth Warren", "Warren")


def test_a_thing_is_not_called_by_its_first_word() -> None:
    text = "You are not yet on the Orbit Train. Orbit told Newsmax that the tax was late."
    assert told(text)[-1][0] == "Orbit"


@pytest.mark.parametrize(
    "unit",
    ["“a ", "'a ", '"a" ', "he said ", "Mr. A, B, ", "who said, ", "Ann Lee said that ", "“a,” he said. ",
     "A: b\n\n",
     "according to ", "(", "said, ", "A of A "],
    ids=repr,
)  # fmt: skip
def test_time_is_linear_on_hostile_text(unit: str) -> None:
    seconds = []
    for size in (10_000, 40_000):
        text = unit * (size // len(unit))
        started = time.process_time()
        read(text)
        seconds.append(time.process_time() - started)
    assert seconds[1] < 12 * max(seconds[0], 0.1)
