"""What a question in plain words is understood to ask for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.question import understand_question
from assistant.types import Question

NOW = datetime(2024, 11, 12, 15, 30, tzinfo=UTC)  # a Tuesday
OUTLETS = ("BBC", "The Guardian", "Reuters", "USA Today", "The Week", "Harbour Herald")


def understand(text: str) -> Question:
    return understand_question(text, now=NOW, outlets=OUTLETS)


@pytest.mark.parametrize(
    ("text", "speaker", "about"),
    [
        ("What did Lavrov say about Trump?", "Lavrov", "Trump"),
        ("what did lavrov say about trump", "lavrov", "trump"),
        (
            "What did Sergei Lavrov tell reporters about the return of Trump?",
            "Sergei Lavrov",
            "the return of Trump",
        ),
        ("What has Putin said?", "Putin", None),
        ("What else did Putin say about Kursk?", "Putin", "Kursk"),
        (
            "What did the State Department say about claims by Russia?",
            "the State Department",
            "claims by Russia",
        ),
        ("Tell me what Lavrov said about Trump", "Lavrov", "Trump"),
        ("What was said about Lavrov by Putin?", "Putin", "Lavrov"),
        ("What was said by Putin about Lavrov?", "Putin", "Lavrov"),
        ("What was said about a ceasefire?", None, "a ceasefire"),
        ("What do experts say about inflation?", None, "inflation"),
        ("What is Macron’s position on Ukraine?", "Macron", "Ukraine"),
        ("How has Orban's stance on the war changed?", "Orban", "the war"),
        ("How did Lavrov's position change?", "Lavrov", None),
        ("How has Lavrov changed his position on Trump?", "Lavrov", "Trump"),
        ("How did Zelensky respond to the strike?", "Zelensky", "the strike"),
        ("Did Lavrov say anything about the Solana ETF?", "Lavrov", "the Solana ETF"),
        ("Did Lavrov comment on the vote?", "Lavrov", "the vote"),
        ("Where does Orban stand on sanctions?", "Orban", "sanctions"),
        ("Statements by Scholz about the budget", "Scholz", "the budget"),
        ("What did Lavrov and Zelensky say about a ceasefire?", "Lavrov and Zelensky", "a ceasefire"),
    ],
)
def test_a_question_for_somebodys_words_names_who_speaks_and_what_about(text, speaker, about):
    question = understand(text)
    assert (question.kind, question.speaker, question.about) == ("said_about", speaker, about)


def test_the_direction_between_speaker_and_topic_is_kept():
    forth = understand("What did Lavrov say about Trump?")
    back = understand("What did Trump say about Lavrov?")
    assert (forth.speaker, forth.about) == (back.about, back.speaker)


@pytest.mark.parametrize(
    ("text", "speaker", "about"),
    [
        (
            "Did Lavrov say that the ball is in the American court?",
            "Lavrov",
            "the ball is in the American court",
        ),
        ("Did Lavrov deny that the talks failed?", "Lavrov", "the talks failed"),
        ("Has Putin said that he will resume contact?", "Putin", "he will resume contact"),
        ("When did Lavrov say the talks failed?", "Lavrov", "the talks failed"),
        ("Is it true that Orban said the war is lost?", "Orban", "the war is lost"),
        ("Was it Orban who said the war is lost?", "Orban", "the war is lost"),
    ],
)
def test_a_question_whether_somebody_said_something(text, speaker, about):
    question = understand(text)
    assert (question.kind, question.speaker, question.about) == ("did_say", speaker, about)


@pytest.mark.parametrize(
    ("text", "about", "excepted"),
    [
        ("Who said that the talks failed?", "the talks failed", None),
        ("Which minister said the talks failed?", "the talks failed", None),
        ("Who has commented on the merger?", "the merger", None),
        ("Who besides Lavrov said that the talks failed?", "the talks failed", "Lavrov"),
    ],
)
def test_a_question_who_said_something(text, about, excepted):
    question = understand(text)
    assert (question.kind, question.about, question.except_speaker) == ("who_said", about, excepted)


@pytest.mark.parametrize(
    "text",
    [
        "Who said “We will see if there are any proposals”?",
        'Who said "We will see if there are any proposals"?',
        "Who said 'We will see if there are any proposals'?",
        "Whose words are «We will see if there are any proposals»?",
    ],
)
def test_quoted_words_are_read_in_any_kind_of_marks(text):
    question = understand(text)
    assert (question.kind, question.quotation) == ("who_said", "We will see if there are any proposals")


def test_an_apostrophe_inside_single_marks_ends_no_quotation():
    assert understand("Who said 'It's the mayor's bridge'?").quotation == "It's the mayor's bridge"


@pytest.mark.parametrize(
    ("text", "kind", "speaker"),
    [
        ("“The bridge will reopen in June”", "find_quotation", None),
        ("Which article has the quote “The bridge will reopen in June”?", "find_quotation", None),
        ("Did Berg say “The bridge will reopen in June”?", "did_say", "Berg"),
    ],
)
def test_a_quotation_is_looked_for(text, kind, speaker):
    question = understand(text)
    assert (question.kind, question.speaker) == (kind, speaker)
    assert question.quotation == "The bridge will reopen in June"


@pytest.mark.parametrize(
    "text",
    [
        "Who won the horse race?",
        'Who directed "The Long Bridge"?',
        "How many people were hurt in the fire?",
        "Which company said it will delete old accounts?",
        "What happened?",
        "ceasefire",
    ],
)
def test_anything_else_is_a_question_of_fact(text):
    question = understand(text)
    assert (question.kind, question.speaker, question.about, question.quotation) == ("fact", None, None, None)


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("According to the BBC, how many people were hurt?", ("BBC",)),
        ("What did The Guardian and Reuters report about the strike?", ("The Guardian", "Reuters")),
        ("What did Lavrov tell the BBC about Trump?", ("BBC",)),
        ("How many were hurt, as reported by USA Today?", ("USA Today",)),
        ("What does an article from Harbour Herald say about fish?", ("Harbour Herald",)),
        ("Who will lead the BBC?", ()),
        ("What happened in the week before the vote?", ()),
        ("Who fired the Guardians?", ()),
    ],
)
def test_outlets_restrict_a_question_only_where_it_says_so(text, outlets):
    assert understand(text).outlets == outlets


def test_outlet_and_date_do_not_hide_speaker_and_topic():
    question = understand("What did Lavrov tell the BBC about Trump last week?")
    assert (question.speaker, question.about, question.outlets) == ("Lavrov", "Trump", ("BBC",))
    assert (question.since, question.until) == (
        datetime(2024, 11, 4, tzinfo=UTC),
        datetime(2024, 11, 11, tzinfo=UTC),
    )


def test_what_an_outlet_says_is_no_statement_of_a_person():
    question = understand("What did the BBC say about Trump?")
    assert (question.kind, question.speaker, question.outlets) == ("fact", None, ("BBC",))


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_understood_as_something_and_the_same_way_twice(text):
    assert understand(text) == understand(text)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "piece", ["what did ", "'a", "“", "said about ", "in the ", "and Reuters ", "1 May "]
)
def test_a_hostile_question_of_full_length_takes_no_time(piece):
    understand((piece * 4_000)[:4_000])


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        pytest.param(
            "Does the 'BBC' article suggest that the ferry stops, while the 'Reuters' report denies it?",
            ("BBC", "Reuters"),
            id="in single marks beside a verb of saying",
        ),
        pytest.param(
            "Which ferry stops, according to “The Guardian”?", ("The Guardian",), id="in curly marks"
        ),
        pytest.param(
            "Which ferry stops, as reported by sources including Reuters, the BBC, and 'USA Today'?",
            ("Reuters", "BBC", "USA Today"),
            id="in a list of sources",
        ),
    ],
)
def test_an_outlet_in_quotation_marks_or_in_a_list_is_an_outlet(text, outlets):
    question = understand(text)
    assert question.outlets == outlets
    assert question.quotation is None


def test_what_an_outlet_suggests_is_a_question_about_its_articles():
    question = understand("Does 'The Guardian' suggest that the ferry stops in June?")
    assert (question.kind, question.speaker, question.outlets) == ("fact", None, ("The Guardian",))


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("What did Anna Berg tell Carl Olsen?", "Carl Olsen"),
        ("What did Anna Berg tell reporters?", None),
        ("What did Anna Berg tell Carl Olsen about the bridge?", "the bridge"),
    ],
)
def test_whom_something_is_told_narrows_the_question(text: str, about: str | None) -> None:
    assert understand_question(text, now=NOW, outlets=()).about == about


def test_who_judged_somebody_asks_for_speakers() -> None:
    question = understand_question("Who criticised the mayor?", now=NOW, outlets=())
    assert (question.kind, question.about) == ("who_said", "the mayor")
