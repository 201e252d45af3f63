"""Sources that disagree stand side by side, the newest first; corrections say so; copies count once."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.disagreements import changed_value, is_notice
from assistant.testing import ScriptedChatModel
from assistant.types import Scope
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

SETTINGS = Settings(retrievers=("keyword",), model_url=None, _env_file=None)
NOW = datetime(2024, 5, 20, 12, tzinfo=UTC)
QUESTION = "How many people were injured in the fire at the Northport mill?"
FIRST = "Fourteen people were hurt in the fire at the Northport mill on Thursday, the fire service said."
LATER = "The number of people injured in the fire at the Northport mill is 19, the hospital said."
FILLER = "The mill has stood by the river for a century and makes paper for schools."


def article(name, text, day=3, **changes):
    published = datetime(2024, 5, day, 9, tzinfo=UTC)
    values = {"id": name, "text": text, "outlet": f"{name} Post", "published": published, "title": "Mill"}
    return Article(**{**values, **changes})


@pytest.fixture
def ask(tmp_path):
    opened = []

    def ask(*articles, question=QUESTION, model=None, scope=None):
        archive = Archive.open(tmp_path, embedder=HashEmbedder())
        opened.append(archive)
        for one in articles:
            archive.add(one)
        assistant = Assistant(archive, model, now=NOW, settings=SETTINGS)
        return (assistant.within(scope) if scope else assistant).ask(question)

    yield ask
    for archive in opened:
        archive.close()


# Disagreement


def test_two_reports_with_other_numbers_stand_side_by_side_the_newest_first(ask):
    answer = ask(article("Early", FIRST), article("Late", LATER, day=4))
    assert [citation.outlet for citation in answer.citations] == ["Late Post", "Early Post"]
    assert answer.text.startswith("Late Post reported on 4 May 2024: The number of people injured")
    assert answer.reason == (
        "The articles disagree: “19” (Late Post, 4 May 2024); “Fourteen” (Early Post, 3 May 2024). "
        "The newest stands first."
    )
    assert answer.grounded


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ("14 people were injured when fire broke out at the Northport mill, police said.", 4),
        ("About 14 people were injured in the fire at the Northport mill, police said.", 4),
        ("Three people died in the fire at the Northport mill, police said.", 4),
        ("In 2011, 60 people were injured in a fire at the Northport mill.", 4),
        ("Twenty people were injured in the fire at the Northport mill, a court heard.", 19),
        ("People were injured in the fire at the Northport mill.", 4),
        ("Seventy people were injured in fires at mills all over the land this spring.", 4),
    ],
    ids=["same", "rounded", "another outcome", "another year", "weeks later", "no number", "another place"],
)
def test_what_does_not_contradict_is_no_disagreement(ask, other, day):
    answer = ask(article("Early", FIRST.replace("hurt", "injured")), article("Late", other, day=day))
    assert not answer.abstained
    assert answer.reason is None


def test_a_date_that_moves_is_told_with_both_days(ask):
    moved = "The Northport mill will open to visitors again on {} after the repairs, the owner said."
    answer = ask(
        article("Early", moved.format("3 June")),
        article("Late", moved.format("17 June"), day=5),
        question="When will the Northport mill open to visitors again?",
    )
    assert "“17 June” (Late Post, 5 May 2024); “3 June” (Early Post, 3 May 2024)" in answer.reason
    assert answer.text.index("17 June") < answer.text.index("3 June")


def test_a_name_that_differs_is_told_with_both_names(ask):
    told = "The fire at the Northport mill was found by night watchman {} shortly after midnight."
    answer = ask(
        article("Early", told.format("Anders Holt")),
        article("Late", told.format("Peter Dahl"), day=4),
        question="Who found the fire at the Northport mill?",
    )
    assert "“Peter Dahl” (Late Post, 4 May 2024); “Anders Holt” (Early Post, 3 May 2024)" in answer.reason


def test_a_model_that_tells_one_value_is_completed_with_the_other(ask):
    model = ScriptedChatModel(["The number of people injured in the fire at the Northport mill is 19 [1]."])
    answer = ask(article("Early", FIRST), article("Late", LATER, day=4), model=model)
    assert answer.mode == "model"
    assert "19 [1].\n\nEarly Post reported on 3 May 2024: Fourteen people were hurt" in answer.text
    assert answer.grounded
    assert answer.reason.startswith("The articles disagree:")


def test_a_model_that_tells_both_is_left_alone(ask):
    both = f"{LATER} [1] {FIRST} [2]"
    answer = ask(article("Early", FIRST), article("Late", LATER, day=4), model=ScriptedChatModel([both]))
    assert answer.text == both


# Copies


def wire(count):
    return f"{count} people were injured in the fire at the Northport mill.\n\n{FILLER}\n\n{BODY}"


BODY = " ".join(f"Sentence number {number} of the agency's report is about the mill." for number in range(30))


def test_copies_of_one_report_count_once(ask):
    answer = ask(article("Early", wire("Fourteen")), article("Copy", wire("Fourteen"), day=4))
    assert [citation.outlet for citation in answer.citations] == ["Early Post"]
    assert answer.reason is None


def test_a_copy_that_was_brought_up_to_date_is_heard(ask):
    answer = ask(article("Early", wire("Fourteen")), article("Update", wire("Nineteen"), day=4))
    assert answer.citations[0].outlet == "Update Post"
    assert "“Nineteen” (Update Post, 4 May 2024); “Fourteen” (Early Post, 3 May 2024)" in answer.reason


def test_a_copy_outside_the_scope_is_not_heard(ask):
    scope = Scope(outlets=("Early Post",))
    answer = ask(article("Early", wire("Fourteen")), article("Update", wire("Nineteen"), day=4), scope=scope)
    assert answer.reason is None


# Versions


def edition(count, day, note=""):
    text = (
        f"{count} people were injured in the fire at the Northport mill, the hospital said.\n\n{FILLER}{note}"
    )
    return article("Early", text, updated=datetime(2024, 5, 3, 9, tzinfo=UTC) + timedelta(days=day))


def test_a_corrected_article_says_what_it_said_before(ask):
    answer = ask(edition("Forty", 0), edition("Four", 1))
    (citation,) = answer.citations
    assert citation.version == 2
    assert "Four people" in answer.text
    assert "Forty" not in answer.text
    assert answer.reason == (
        "Early Post changed this on 4 May 2024: it said “Forty” before, and says “Four” now."
    )


def test_the_change_may_lie_several_versions_back(ask):
    answer = ask(edition("Forty", 0), edition("Four", 1), edition("Four", 2, note="\n\nThe owner is well."))
    assert answer.citations[0].version == 3
    assert answer.reason.startswith("Early Post changed this on 4 May 2024:")


def test_editions_count_in_the_order_of_their_changes_not_of_their_arrival(ask):
    answer = ask(edition("Four", 2), edition("Forty", 0), edition("Four", 1, note=" It will close."))
    assert answer.citations[0].version == 1
    assert answer.reason.startswith("Early Post changed this on 4 May 2024: it said “Forty” before")


NOTICE = "\n\nCorrected on 4 May: this article first said that forty people were injured. There were four."


def test_a_notice_of_correction_is_cited_after_the_sentence_it_is_about(ask):
    answer = ask(edition("Four", 1, note=NOTICE))
    quotes = [citation.quote for citation in answer.citations]
    assert quotes[0].startswith("Four people were injured")
    assert quotes[1:] == [
        "Corrected on 4 May: this article first said that forty people were injured.",
        "There were four.",
    ]
    assert answer.grounded


def test_a_notice_about_something_else_is_left_out(ask):
    other = "\n\nCorrection: an earlier version of this article gave a wrong name for the river."
    answer = ask(edition("Four", 1, note=other))
    assert len(answer.citations) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Correction: the ship has 40 dampers.",
        "CORRECTION (3 May): The mayor is Anna Berg.",
        "This story has been corrected to show that the vote was on Monday.",
        "This article was amended on 3 May 2024 to give the right figure.",
        "An earlier version of this article misstated the sum.",
        "This report originally said that five had died.",
    ],
)
def test_notices_are_known_by_their_wording(text):
    assert is_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "Corrections officers went on strike on Monday.",
        "The company corrected its forecast.",
        "An earlier version of the bill was rejected.",
        "The market saw a correction of 3 per cent.",
    ],
)
def test_other_corrections_are_no_notices(text):
    assert not is_notice(text)


# One sentence against another


DAYS = (datetime(2024, 5, 3, tzinfo=UTC), datetime(2024, 5, 4, tzinfo=UTC))


@pytest.mark.parametrize(
    ("ours", "theirs", "change"),
    [
        ("The repairs of the bridge cost 4 million euros.", "The repairs of the bridge cost 6 million euros.",
         ("4 million euros", "6 million euros")),
        ("The repairs of the bridge cost 4 million.", "The repairs of the bridge cost 4 million.", None),
        ("The bridge will reopen to traffic on 3 June.", "The bridge will reopen to traffic on 5 June.",
         ("3 June", "5 June")),
        ("The bridge will reopen to traffic on Monday.", "The bridge will reopen to traffic on 6 May.", None),
        ("The mayor spoke of the bridge on Friday.", "The mayor spoke of the bridge on Saturday.", None),
        ("The work was led by engineer Carl Olsen.", "The work was led by engineer Anna Berg.",
         ("Carl Olsen", "Anna Berg")),
        ("The old bridge was closed for weeks.", "The old bridge was closed for months.", None),
        ("Four died.", "Five died.", None),
        ("The bridge in the north cost 4 million.", "A school for 300 children opened in the south.", None),
    ],
    ids=["number", "equal", "date", "weekday that fits", "each its own day", "name", "word", "too short",
         "other matter"],
)  # fmt: skip
def test_the_changed_value_of_a_sentence(ours, theirs, change):
    assert changed_value(ours, theirs, DAYS) == change
