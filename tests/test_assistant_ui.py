"""The page's parts without a browser: the line before the desk, adding, statements, suggestions, reading."""

import asyncio
from datetime import UTC, datetime

import pytest

from assistant import Assistant, Settings
from assistant.address_book import AddressBook
from assistant.errors import QuestionError
from assistant.types import Answer, AnswerEvent, Question, StepEvent, TextEvent
from assistant.ui.article_view import find_changes
from assistant.ui.asking import save_problem
from assistant.ui.chat import AnswerDesk, stream_turn
from assistant.ui.library import AddedItem, LibraryRoom, add_items, read_pasted, render_library
from assistant.ui.reading import show_article
from assistant.ui.statements import (
    StatementFilter,
    count_months,
    put_in_place,
    read_filter,
    render_statements,
)
from assistant.ui.suggestions import follow_up_questions, starter_questions
from index import Archive, Article
from index.testing import HashEmbedder

CRANE = (
    "Ada Brandt, the harbour master, said that Simon Gale had inspected the crane. "
    "“We need a week,” she added. The crane is old."
)
FERRY = (
    "The ferry will sail on Friday with two hundred passengers. Ada Brandt said that Simon Gale had signed "
    "the papers for the voyage. Nobody else was asked, and the quay stayed empty all day."
)


def day(month, number=1):
    return datetime(2025, month, number, 12, tzinfo=UTC)


def article(number, text=CRANE, **known):
    known = {"title": f"Crane {number}", "outlet": "Harbour Post", "published": day(number)} | known
    return Article(id=f"crane{number}", text=text, published_from="given", **known)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "newsroom", embedder=HashEmbedder()) as opened:
        yield opened


class TestDesk:
    def test_those_who_wait_are_told_their_place_and_called_in_order(self):
        async def scene():
            desk, told, order = AnswerDesk(1), [], []
            leave = asyncio.Event()

            async def reader(name, until=None):
                async with desk.place() as waiting:
                    told.extend([(name, ahead) async for ahead in waiting])
                    order.append(name)
                    if until:
                        await until.wait()

            first = asyncio.create_task(reader("first", leave))
            await asyncio.sleep(0)
            others = [asyncio.create_task(reader(name)) for name in ("second", "third")]
            await asyncio.sleep(0.01)
            leave.set()
            await asyncio.gather(first, *others)
            return told, order

        told, order = asyncio.run(scene())
        assert told[:2] == [("second", 0), ("third", 1)]
        assert order == ["first", "second", "third"]

    def test_one_who_gives_up_leaves_the_line_and_the_place_is_not_lost(self):
        async def scene():
            desk, leave, served = AnswerDesk(1), asyncio.Event(), []

            async def reader(name, until=None):
                async with desk.place() as waiting:
                    async for _ in waiting:
                        pass
                    served.append(name)
                    if until:
                        await until.wait()

            first = asyncio.create_task(reader("first", leave))
            await asyncio.sleep(0)
            second = asyncio.create_task(reader("second"))
            await asyncio.sleep(0.01)
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
            leave.set()
            await first
            await asyncio.wait_for(reader("third"), 1)
            return served

        assert asyncio.run(scene()) == ["first", "third"]


class TestTurns:
    class Scripted:
        """An assistant that tells the given events."""

        def __init__(self, *events):
            self.events = events

        async def astream(self, question, history):
            for event in self.events:
                if isinstance(event, Exception):
                    raise event
                yield event

    def states(self, assistant):
        async def read():
            return [state async for state in stream_turn(assistant, "Why?", (), AnswerDesk(1))]

        return asyncio.run(read())

    def test_the_step_is_shown_before_anything_else_and_the_answer_last(self):
        answer = Answer(
            id="a", question="Why?", standalone_question="Why?", understood=Question(text="Why?"), text="No.",
            claims=(), citations=(), withheld=(), abstained=True, reason=None, mode="extractive", model=None,
        )  # fmt: skip
        states = self.states(
            self.Scripted(
                StepEvent("searching", "searching the articles"), TextEvent("Be"), AnswerEvent(answer)
            )
        )
        assert "Reading the question" in states[0].html
        assert "Searching the articles" in states[1].html
        assert 'class="answer draft"' in states[2].html
        assert [state.answer for state in states] == [None, None, None, answer]

    def test_an_error_is_shown_in_its_own_words(self):
        assert "too <b>long" not in self.states(self.Scripted(QuestionError("too <b>long")))[-1].html
        assert "too &lt;b&gt;long" in self.states(self.Scripted(QuestionError("too <b>long")))[-1].html


class TestAdding:
    def test_addresses_are_told_from_text_and_from_mistakes(self):
        assert [item.source for item in read_pasted("https://a.example/x\nhttps://b.example")] == [
            "https://a.example/x",
            "https://b.example",
        ]
        pasted = read_pasted(f"Crane stands still\n\n{CRANE}")[0]
        assert isinstance(pasted.source, Article)
        assert pasted.source.title == "Crane stands still"
        assert read_pasted("/etc/passwd")[0].state == "failed"
        assert read_pasted("") == []

    def test_each_item_is_told_from_waiting_to_done_and_a_bad_one_stops_nothing(self, archive, tmp_path):
        good = tmp_path / "good.txt"
        good.write_text(f"Crane stands still\n\n{CRANE}")

        async def read():
            items = [
                AddedItem(label="gone", source=str(tmp_path / "gone.txt")),
                AddedItem(label="good", source=str(good)),
            ]
            return [
                [item.state for item in states]
                async for states in add_items(archive, items, AddressBook(tmp_path))
            ]

        seen = asyncio.run(read())
        assert seen[0] == ["working", "waiting"] or seen[0] == ["failed", "waiting"]
        assert seen[-1] == ["failed", "done"]
        assert archive.stats().articles == 1

    def test_the_list_counts_sentences_and_statements_and_finds_words(self, archive):
        archive.add(
            [
                article(1),
                article(
                    2, "Nothing of note happened at all in the town hall.", title="Quiet", outlet="Ledger"
                ),
            ]
        )
        html = render_library(archive)
        assert "3 sentences" in html
        assert html.index("Quiet") < html.index("Crane 1")
        assert "Quiet" not in render_library(archive, "crane")
        assert "Crane 1" not in render_library(archive, outlet="Ledger")
        assert "No article matches." in render_library(archive, outlet="Nobody")

    def test_what_another_process_holds_is_said_where_it_was_tried(self, archive, tmp_path):
        archive.add(article(1))
        with Archive.open(tmp_path / "newsroom", embedder=HashEmbedder()) as reader:
            html = LibraryRoom(reader).remove_article({"article": "crane1"})
        assert 'role="alert"' in html
        assert "Crane 1" in html


class TestStatements:
    def test_a_statement_is_shown_within_its_sentence(self, archive):
        archive.add(article(1))
        quote = next(quote for quote in archive.quotes() if "week" in quote.text)
        placed = put_in_place(quote, archive.article("crane1"))
        assert placed.before + quote.text + placed.after == "“We need a week,” she added."

    def test_months_without_statements_are_part_of_the_picture(self, archive):
        archive.add([article(1), article(4, FERRY)])
        counted = count_months([quote for quote in archive.quotes(limit=None) if quote.speaker])
        assert [month.name for month in counted] == [
            "January 2025",
            "February 2025",
            "March 2025",
            "April 2025",
        ]
        assert counted[1].statements == 0

    def test_what_somebody_is_not_quoted_on_is_said_with_what_they_are_quoted_on(self, archive):
        archive.add(article(1))
        html = render_statements(archive, StatementFilter(speaker="Brandt", about="beekeeping"))
        assert "do not quote Brandt on beekeeping" in html
        assert "Brandt is quoted on" in html

    def test_the_last_day_is_part_of_the_window(self):
        wanted = read_filter("Brandt", "", "", "2025-01-01", "2025-01-31", "quoted")
        assert (wanted.since, wanted.until) == (
            datetime(2025, 1, 1, tzinfo=UTC),
            datetime(2025, 2, 1, tzinfo=UTC),
        )

    @pytest.mark.parametrize("written", ["31.1.2025", "2025-13-01", "yesterday"])
    def test_a_day_in_another_form_is_refused(self, written):
        with pytest.raises(ValueError, match=r"does not match|out of range"):
            read_filter("", "x", "", written, "", "all")


class TestSuggestions:
    def test_an_empty_archive_suggests_nothing(self, archive):
        assert starter_questions(archive) == []

    def test_every_starter_question_can_be_answered(self, archive):
        archive.add([article(1), article(2, FERRY)])
        assistant = Assistant(archive, settings=Settings(model_url=None, _env_file=None))
        questions = starter_questions(archive)
        assert questions
        assert not any(assistant.ask(question).abstained for question in questions)

    def test_follow_ups_leave_out_what_was_asked(self, archive):
        archive.add(article(1))
        answer = Assistant(archive, settings=Settings(model_url=None, _env_file=None)).ask(
            "What did Ada Brandt say about Simon Gale?"
        )
        assert not any("Gale" in question for question in follow_up_questions(archive, answer))


class TestReading:
    @pytest.mark.parametrize(
        "request_of_a_browser",
        [
            {},
            {"article": ["crane1"]},
            {"article": "crane1", "version": "1; drop table", "start": -5, "end": 10**12, "others": "x"},
            {"article": "crane1", "version": True, "start": 1.5, "others": [1, None, {"start": "a"}]},
        ],
    )
    def test_whatever_a_browser_sends_is_answered_with_a_page(self, archive, request_of_a_browser):
        archive.add(article(1))
        assert show_article(archive, request_of_a_browser).strip().startswith("<")

    def test_wire_copies_are_listed_with_the_article(self, archive):
        archive.add([article(1), article(2, outlet="Ledger")])
        assert "1 other article carries" in show_article(archive, {"article": "crane1"})

    def test_a_corrected_version_shows_what_changed(self):
        old = Article(id="x", version=1, text="Six people died. The rest is the same.")
        new = Article(id="x", version=2, text="Five people died. The rest is the same.")
        assert [(change.removed, change.added) for change in find_changes(new, [old, new])] == [
            ("Six people died.", "Five people died.")
        ]
        assert find_changes(old, [old, new]) == []


@pytest.mark.parametrize(
    "request_of_a_browser",
    [
        {},
        {"problem": "rude"},
        {"problem": "date", "sentence": -1},
        {"problem": "date", "sentence": 0, "answer": "nobody's"},
    ],
)
def test_a_report_of_nothing_saves_nothing(archive, tmp_path, request_of_a_browser):
    from assistant.conversations import ConversationStore

    archive.add(article(1))
    words = save_problem(archive, ConversationStore(tmp_path), "ada", request_of_a_browser)
    assert "Saved" not in words
    assert not (archive.folder / "reports.jsonl").exists()
