"""Conversations as they were, each user's own; reports that become cases."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from assistant.conversations import ConversationNotFound, ConversationStore
from assistant.reports import report_case, save_report
from assistant.types import Answer, Citation, Claim, Question, Turn
from evals.cases import read_cases
from index.errors import ArticleNotFound
from index.types import Article

BEGUN = datetime(2025, 2, 3, 8, tzinfo=UTC)


def turn(question, answer_id="a1", text="The crane is broken. [1]"):
    claim = Claim(start=0, end=len(text), text=text, citations=(1,), verdict="supported", checks=())
    citation = Citation(
        marker=1,
        article_id="crane",
        version=2,
        start=0,
        end=3,
        quote="The",
        title="Crane",
        outlet=None,
        url=None,
        published=BEGUN,
        speaker=None,
    )
    answer = Answer(
        id=answer_id,
        question=question,
        standalone_question=f"{question} (whole)",
        understood=Question(text=question),
        text=text,
        claims=(claim,),
        citations=(citation,),
        withheld=(),
        abstained=False,
        reason=None,
        mode="extractive",
        model=None,
    )
    return Turn(question, answer)


@pytest.fixture
def store(tmp_path):
    minutes = count()
    opened = ConversationStore(tmp_path, now=lambda: BEGUN + timedelta(minutes=next(minutes)))
    yield opened
    opened.close()


def test_a_conversation_comes_back_as_it_was_after_a_restart(store, tmp_path):
    first, second = turn("What broke?"), turn("When?", "a2")
    kept = store.record("ada", None, first)
    assert store.record("ada", kept, second) == kept
    assert ConversationStore(tmp_path).turns("ada", kept) == [first, second]


def test_the_list_is_newest_first_and_titled_by_the_first_question(store):
    older, newer = store.record("ada", None, turn("One?")), store.record("ada", None, turn("Two?"))
    assert [(each.id, each.title, each.turns) for each in store.conversations("ada")] == [
        (newer, "Two?", 1),
        (older, "One?", 1),
    ]
    store.record("ada", older, turn("More?"))
    assert [each.id for each in store.conversations("ada")] == [older, newer]


@pytest.mark.parametrize(
    ("words", "found"), [("crane", 2), ("What broke", 1), ("100%", 0), ("_", 0), ("anchor", 0)]
)
def test_words_are_found_in_questions_and_answers_as_they_are_written(store, words, found):
    store.record("ada", None, turn("What broke?"))
    store.record("ada", None, turn("Which machine?"))
    assert len(store.conversations("ada", words)) == found


def test_a_title_is_changed_but_never_emptied(store):
    kept = store.record("ada", None, turn("What broke?"))
    store.rename("ada", kept, "  The   crane ")
    store.rename("ada", kept, "  ")
    assert store.conversation("ada", kept).title == "The crane"


def test_delete_leaves_nothing_of_a_conversation(store):
    kept = store.record("ada", None, turn("What broke?"))
    store.delete("ada", kept)
    assert store.conversations("ada") == []
    with pytest.raises(ConversationNotFound):
        store.answer("ada", "a1")


def test_nobody_reads_or_changes_anothers_conversation(store):
    kept = store.record("ada", None, turn("What broke?"))
    assert store.conversations("ben") == []
    for act in (
        lambda: store.turns("ben", kept),
        lambda: store.conversation("ben", kept),
        lambda: store.rename("ben", kept, "mine"),
        lambda: store.delete("ben", kept),
        lambda: store.answer("ben", "a1"),
    ):
        with pytest.raises(ConversationNotFound):
            act()
    assert store.record("ben", kept, turn("Mine?")) != kept
    assert len(store.turns("ada", kept)) == 1


def test_a_report_is_a_case_that_evals_reads_with_the_version_that_was_cited(tmp_path):
    def read_article(article_id, version):
        return Article(id=article_id, version=version, text=f"text of version {version}", published=BEGUN)

    case = report_case(turn("What broke?").answer, 0, "date", read_article)
    assert save_report(tmp_path, case)
    assert not save_report(tmp_path, case)
    read = read_cases(tmp_path / "reports.jsonl")
    assert [(one.kind, one.question, one.forbidden) for one in read] == [
        ("reported_date", "What broke? (whole)", ("The crane is broken.",))
    ]
    assert read[0].evidence[0].text == "text of version 2"


def test_a_report_stands_without_an_article_that_was_removed():
    def removed(article_id, version):
        raise ArticleNotFound(article_id)

    assert report_case(turn("What broke?").answer, 0, "date", removed)["evidence"] == []
