"""The page as a reader uses it: a real browser, the sample archive, the real assistant.

One browser, one archive and one page serve almost all tests: every test begins a new conversation on it.
"""

import json
import re
import threading
from importlib.resources import files
from itertools import pairwise

import pytest

from assistant import Assistant, Settings
from assistant.errors import ModelOverBudget
from assistant.testing import ScriptedChatModel
from assistant.ui import asking
from assistant.ui.server import create_app
from assistant.ui.testing import CHROMIUM, ask, begin_anew, open_browser, open_page, serve_on_loopback
from evals.cases import read_cases
from index import Archive, Article
from index.testing import HashEmbedder

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install chromium"),
]

SAMPLE = str(files("index") / "sample")
QUESTION = "What did Lavrov say about Trump?"
NOT_HERE = "Who won the horse race at Ascot?"
ROOMS = ["Ask", "Who said what", "Library", "History", "Evals"]
OFFLINE = Settings(model_url=None, _env_file=None)
ARABIC = "قال وزير الخارجية إن المحادثات ستبدأ يوم الاثنين. وأضاف أن الوفد وصل إلى العاصمة أمس."


class ModelOnTrial:
    """A model that each test gives its lines."""

    name = "on-trial"
    context_window = 8192
    answer_tokens = 800

    def __init__(self):
        self.part = ScriptedChatModel(["Nothing."])
        self.stopped = threading.Event()

    def plays(self, *replies):
        self.part = ScriptedChatModel(replies)

    def hangs(self):
        self.part, self.stopped = None, threading.Event()

    def stream(self, messages, *, cancelled=lambda: False):
        if self.part is not None:
            yield from self.part.stream(messages, cancelled=cancelled)
            return
        yield "Lavrov "
        while not cancelled():
            self.stopped.wait(0.02)
        self.stopped.set()


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("newsroom"), embedder=HashEmbedder()) as opened:
        opened.add([SAMPLE, Article(id="arabic", title="المحادثات", text=ARABIC, language="ar")])
        yield opened


@pytest.fixture(scope="module")
def address(archive, tmp_path_factory):
    app = create_app(archive, Assistant(archive, settings=OFFLINE), runs=tmp_path_factory.mktemp("runs"))
    with serve_on_loopback(app) as served:
        yield served


@pytest.fixture(scope="module")
def faults():
    """Errors of scripts, and messages of the content policy, that the shared page has seen."""
    return []


@pytest.fixture(scope="module")
def desk(browser, address, faults):
    with open_page(browser, address) as opened:
        opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on(
            "console", lambda line: faults.append(line.text) if "Content Security" in line.text else None
        )
        yield opened


@pytest.fixture
def page(desk):
    begin_anew(desk)
    return desk


@pytest.fixture(scope="module")
def written(archive, browser):
    """A page with a model, and the model; one question is answered at a time."""
    model = ModelOnTrial()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "ANSWERS_AT_ONCE", 1)
        app = create_app(archive, Assistant(archive, model, settings=OFFLINE))
    with serve_on_loopback(app) as served, open_page(browser, served) as opened:
        yield opened, model, served


@pytest.fixture(scope="module")
def own(tmp_path_factory, browser):
    """An archive that tests may change, empty at first, and its page."""
    with Archive.open(tmp_path_factory.mktemp("own"), embedder=HashEmbedder()) as archive:
        app = create_app(archive, Assistant(archive, settings=OFFLINE))
        with serve_on_loopback(app) as served, open_page(browser, served) as opened:
            yield archive, opened


def text_of(page, selector):
    return page.locator(selector).first.inner_text()


def room(page, name):
    """Go to a room; again where a reply that was still on its way has led back to another."""
    tab = page.get_by_role("tab", name=name, exact=True)
    tab.click()
    for _ in range(20):
        page.wait_for_timeout(50)
        if tab.get_attribute("aria-selected") != "true":
            tab.click()
            continue
        return


def shown_mark(page):
    """The text that is lit as asked for, and whether it comes to stand inside the visible column."""
    return page.evaluate(
        """async () => {
          const column = document.querySelector('#column-scroll').getBoundingClientRect();
          const marks = [...document.querySelectorAll('#article mark.active')];
          const isSeen = () => {
            const place = marks[0].getBoundingClientRect();
            return place.top >= column.top && place.top < column.bottom;
          };
          const soon = () => new Promise((done) => setTimeout(done, 25));
          for (let wait = 0; wait < 40 && !isSeen(); wait++) await soon();
          return [marks.map((mark) => mark.textContent).join(''), isSeen()];
        }"""
    )


class TestAsking:
    def test_starter_questions_come_from_the_archive_and_are_asked_by_a_click(self, page, archive):
        starters = page.locator("#welcome .suggestion")
        assert 3 <= starters.count() <= 4
        question = starters.first.inner_text()
        assert any(speaker in question for speaker, _ in archive.speakers())
        starters.first.click()
        page.wait_for_selector("#live .turn:not(.live) .cite")
        assert text_of(page, "#live .question") == question

    def test_without_a_model_the_page_says_where_its_words_are_from_and_where_they_go(self, page):
        assert "No model is connected" in text_of(page, "#welcome")
        assert "Nothing that you ask or read here leaves this machine" in text_of(page, "#welcome")

    def test_the_first_feedback_comes_within_200_milliseconds(self, page):
        page.fill("#question textarea", "Who is Ada?")
        waited = page.evaluate(
            """async () => {
              const begun = performance.now();
              document.querySelector('#ask').click();
              while (!document.body.classList.contains('asking')) await new Promise(requestAnimationFrame);
              return performance.now() - begun;
            }"""
        )
        assert waited < 200
        page.wait_for_selector("#live .turn:not(.live)")

    def test_steps_and_sources_come_before_the_text(self, page):
        page.evaluate(
            """() => {
              window.seen = [];
              const note = () => {
                const turn = document.querySelector('#live .turn');
                if (!turn) return;
                const state = [turn.querySelector('.step')?.textContent ?? 'done',
                               Boolean(turn.querySelector('.source, .passages li')),
                               Boolean(turn.querySelector('.answer'))];
                if (JSON.stringify(window.seen.at(-1)) !== JSON.stringify(state)) window.seen.push(state);
              };
              const watched = {childList: true, subtree: true};
              new MutationObserver(note).observe(document.querySelector('#live'), watched);
            }"""
        )
        ask(page, QUESTION)
        seen = page.evaluate("() => window.seen")
        assert seen[-1] == ["done", True, True]
        assert len(seen) >= 2
        assert all(sources for _, sources, text in seen if text)

    def test_an_answer_comes_with_markers_verdicts_sources_and_the_newest_date(self, page):
        ask(page, QUESTION)
        sentences = page.locator("#live .answer .claim").count()
        assert page.locator("#live .answer .verdict").count() >= 1
        assert page.locator("#live .answer .cite").count() >= 1
        assert sentences >= 1
        assert "quoting Sergei Lavrov" in text_of(page, "#live .sources")
        assert "Newest source 7 November 2024" in text_of(page, "#live .summary")

    def test_a_follow_up_shows_what_was_searched_for(self, page):
        ask(page, QUESTION)
        ask(page, "And Zelensky?")
        assert "What did Zelensky say about Trump?" in text_of(page, "#live .searched")
        assert page.locator("#past .turn").count() == 1

    def test_an_earlier_turn_looks_as_it_did_when_it_was_the_newest(self, page):
        def look(turn):
            return page.evaluate(
                """turn => ['.open-source', '.source', '.suggestion', '.suggestions li'].map((part) => {
                  const style = getComputedStyle(document.querySelector(`${turn} ${part}`));
                  return [style.textAlign, style.listStyleType];
                })""",
                turn,
            )

        ask(page, QUESTION)
        newest = look("#live .turn")
        ask(page, "And Zelensky?")
        assert newest == [["start", "none"]] * 4
        assert look("#past .turn") == newest

    def test_what_to_ask_next_can_be_answered(self, page):
        ask(page, QUESTION)
        page.locator("#live .suggestion").first.click()
        page.wait_for_function("() => document.querySelectorAll('#past .turn').length === 1")
        page.wait_for_selector("#live .turn:not(.live)")
        assert page.locator("#live .cite").count() >= 1

    def test_the_newest_question_stands_at_the_top_when_it_is_answered(self, page):
        ask(page, QUESTION)
        page.click("#live .how summary")
        ask(page, NOT_HERE)
        page.wait_for_function(
            "() => Math.abs(document.querySelector('#live .question').getBoundingClientRect().top - 80) < 60"
        )

    def test_a_chip_puts_its_words_into_the_composer_to_be_changed(self, page):
        ask(page, QUESTION)
        page.locator("#live .chip", has_text="Trump").click()
        selected = page.locator("#question textarea").evaluate(
            "box => box.value.slice(box.selectionStart, box.selectionEnd)"
        )
        assert selected == "Trump"

    def test_edit_brings_the_question_back_and_ask_again_asks_it_again(self, page):
        ask(page, QUESTION)
        page.click("#live .asked button")
        assert page.input_value("#question textarea") == QUESTION
        ask(page, "What did Lavrov say about Kyiv?")
        page.locator("#past .turn .tools button", has_text="Ask again").click()
        page.wait_for_function("() => document.querySelectorAll('#past .turn').length === 2")
        page.wait_for_selector("#live .turn:not(.live)")
        assert text_of(page, "#live .question") == QUESTION

    @pytest.mark.parametrize(
        ("button", "holds", "lacks"),
        [("Copy", "the ball was in the American court", "[1]"), ("Copy with sources", "[1] ", "\x00")],
        ids=["without citations", "with citations"],
    )
    def test_the_answer_is_copied(self, page, button, holds, lacks):
        ask(page, QUESTION)
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_selector("#live .tools >> text=Copied")
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert holds in copied
        assert lacks not in copied
        assert ("Northgate Wire, 7 November 2024: " in copied) == (button == "Copy with sources")

    def test_how_it_was_answered_says_what_was_understood_checked_and_read(self, page):
        ask(page, QUESTION)
        page.click("#live .how summary")
        facts = text_of(page, "#live .how dl")
        for words in ("somebody’s statements; speaker Lavrov; about Trump", "no model", "searching"):
            assert words in facts
        assert page.locator("#live .checked li").count() == page.locator("#live .answer .verdict").count()
        assert page.locator("#live .how .passages .number").first.inner_text() == "1"


class TestNarrowing:
    def test_only_chosen_outlets_and_days_are_asked_and_the_answer_says_so(self, page):
        page.click(".filter-toggle")
        page.check("#filter-panel input[value='The Meridian']")
        page.fill("#filter-panel input[name=since]", "2024-11-01")
        page.keyboard.press("Escape")
        assert page.locator("#filter-panel").is_hidden()
        ask(page, QUESTION)
        sources = page.locator("#live .source .open-source .outlet").all_inner_texts()
        assert set(sources) == {"The Meridian"}
        understood = text_of(page, "#live .understood")
        assert "only The Meridian" in understood
        assert "published from 1 November 2024" in understood

    def test_a_chip_takes_its_filter_back(self, page):
        page.click(".filter-toggle")
        page.check("#filter-panel input[value='The Meridian']")
        page.click(".filter-chips .chip")
        assert page.locator(".filter-chips .chip").count() == 0
        ask(page, QUESTION)
        assert "Northgate Wire" in text_of(page, "#live .sources")

    def test_a_source_is_left_out_and_the_question_asked_again_without_it(self, page):
        ask(page, QUESTION)
        first = page.locator("#live .source").first
        title = first.locator(".title").first.inner_text()
        first.hover()
        first.locator(".leave-out").click()
        page.wait_for_function("() => document.querySelectorAll('#past .turn').length === 1")
        page.wait_for_selector("#live .turn:not(.live)")
        assert title not in text_of(page, "#live .sources")
        assert f"without {title}" in text_of(page, "#live .understood")

    def test_nothing_within_the_filters_offers_all_articles(self, page):
        page.click(".filter-toggle")
        page.fill("#filter-panel input[name=since]", "2030-01-01")
        page.keyboard.press("Escape")
        ask(page, QUESTION)
        page.click("#live [data-ask-everywhere]")
        page.wait_for_selector("#live .turn:not(.live) .cite")
        assert page.locator(".filter-chips .chip").count() == 0


class TestProof:
    def test_a_click_on_a_marker_lights_the_cited_words_and_scrolls_to_them(self, page, archive):
        ask(page, QUESTION)
        markers = page.locator("#live .answer .cite")
        for number in range(markers.count()):
            place = markers.nth(number).evaluate("button => ({...button.dataset})")
            markers.nth(number).click()
            page.wait_for_selector(f"#article mark.active[data-numbers~='{place['marker']}']")
            article = archive.article(place["article"], int(place["version"]))
            assert shown_mark(page) == [article.text[int(place["start"]) : int(place["end"])], True]

    def test_all_spans_that_the_answer_cites_are_marked_in_the_article(self, page):
        ask(page, QUESTION)
        page.locator("#live .answer .cite").first.click()
        page.wait_for_selector("#article mark.active")
        same = page.evaluate(
            """() => {
              const cites = [...document.querySelectorAll('#live .answer .cite')];
              const first = cites[0].dataset.article;
              const same = cites.filter((cite) => cite.dataset.article === first);
              return same.map((cite) => cite.dataset.marker);
            }"""
        )
        assert len(same) > 1
        marked = page.locator("#article mark[data-numbers]").all()
        assert [mark.get_attribute("data-numbers") for mark in marked] == same

    @pytest.mark.parametrize("way", ["hover", "focus"])
    def test_a_marker_shows_outlet_date_speaker_and_quotation(self, page, way):
        ask(page, QUESTION)
        page.mouse.move(1, 1)
        getattr(page.locator("#live .answer .cite").first, way)()
        card = text_of(page, ".card")
        for words in (
            "Northgate Wire",
            "7 November 2024",
            "Sergei Lavrov",
            "the ball was in the American court",
        ):
            assert words in card

    def test_a_verdict_shows_its_checks(self, page):
        ask(page, QUESTION)
        page.locator("#live .answer .verdict").first.focus()
        assert "Checked" in text_of(page, ".card")
        assert "speaker" in text_of(page, ".card")

    def test_the_link_to_the_publisher_leads_to_the_words(self, page):
        ask(page, QUESTION)
        page.locator("#live .answer .cite").first.click()
        page.wait_for_selector("#article mark.active[data-numbers~='1']")
        link = page.get_attribute("#article a.outside", "href")
        ends = "In%20Moscow%2C%20Foreign%20Minister%20Sergei,was%20in%20the%20American%20court."
        assert link.endswith(f"#:~:text={ends}")

    def test_copies_of_one_text_count_as_one_source(self, page):
        ask(page, QUESTION)
        assert "Same text in Harbour Post, Le Courrier du Fleuve: one source" in text_of(
            page, "#live .sources"
        )
        outlets = page.locator("#live .source .open-source .outlet").all_inner_texts()
        assert outlets == ["Northgate Wire", "The Meridian"]

    def test_sources_that_differ_stand_one_beside_the_other_with_their_dates(self, page):
        ask(page, "How many people died in Hualien?")
        notice = text_of(page, "#live .notice")
        assert "“ten” (The Meridian, 5 April 2024); “Nine” (Harbour Post, 3 April 2024)" in notice
        sources = page.locator("#live .source .open-source .credit").all_inner_texts()
        assert sources[0].startswith("The Meridian · 5 April 2024")
        assert sources[1].startswith("Harbour Post · 3 April 2024")

    def test_a_corrected_article_says_so_and_shows_what_changed(self, page):
        ask(page, "How many dampers failed on the Skerrin ferry?")
        assert "Corrected version" in text_of(page, "#live .sources")
        assert "said “14” before, and says “40” now" in text_of(page, "#live .notice")
        page.locator("#live .answer .cite").first.click()
        page.wait_for_selector("#article .version")
        page.click("#article .changes summary")
        assert page.locator("#article .changes del").count() >= 1
        page.click("#article .version button")
        page.wait_for_selector("#article .paper[data-version='1']")
        assert "this is the text as cited" in text_of(page, "#article .version")

    def test_an_altered_quotation_is_named_with_the_true_words(self, page):
        ask(page, "Did Lavrov say “the ball is in the Russian court”?")
        assert "“Russian” instead of “American”" in text_of(page, "#live .notice")
        assert page.locator("#live .cite").count() >= 1

    def test_a_reported_sentence_becomes_an_eval_case_with_its_articles(self, page, archive):
        ask(page, QUESTION)
        page.click("#live .report summary")
        assert page.locator("#live [data-report]").all_inner_texts()[:4] == [
            "Wrong quotation",
            "Wrong speaker",
            "Wrong date",
            "Not supported by the source",
        ]
        page.click("#live [data-report=speaker]")
        page.wait_for_selector("text=Saved. Thank you.")
        case = read_cases(archive.folder / "reports.jsonl")[0]
        assert case.kind == "reported_speaker"
        assert "Lavrov" in case.forbidden[0]
        assert case.evidence[0].text == archive.article(case.evidence[0].id).text


class TestStates:
    def test_a_refusal_says_what_was_searched_cites_nothing_and_shows_the_nearest(self, page):
        ask(page, NOT_HERE)
        assert "Not in these articles" in text_of(page, "#live .abstention")
        assert "Ascot" in text_of(page, "#live .abstention")
        assert page.locator("#live .cite").count() == 0
        assert page.locator("#live .nearest .passages li").count() >= 1
        page.click("#live .abstention [data-act=library]")
        page.wait_for_selector("#library-room", state="visible")

    def test_a_name_of_several_people_asks_which_one(self, page):
        ask(page, "What did Keller say?")
        assert "Which Keller?" in text_of(page, "#live .abstention")
        page.click("#live .which >> text=Anna Keller")
        page.wait_for_selector("#live .turn:not(.live) .cite")
        assert text_of(page, "#live .question") == "What did Anna Keller say?"

    def test_a_failed_sentence_is_withheld_and_shown_with_its_check_on_demand(self, written):
        page, model, _ = written
        begin_anew(page)
        model.plays(
            "Lavrov said that the ball was in the American court. [1] "
            "Lavrov said that the ball was in the Chinese court. [1]"
        )
        ask(page, QUESTION)
        assert "Chinese" not in text_of(page, "#live .answer")
        assert "1 withheld" in text_of(page, "#live .summary")
        page.click("#live .withheld summary")
        assert "Chinese" in text_of(page, "#live .withheld .struck")
        assert "✗" in text_of(page, "#live .withheld .check")

    def test_a_marker_without_a_source_is_struck_out(self, written):
        page, model, _ = written
        begin_anew(page)
        model.plays("Lavrov said that the ball was in the American court. [1] [77]")
        ask(page, QUESTION)
        assert page.locator("#live .cite[data-marker='77']").count() == 0

    @pytest.mark.parametrize("way", ["button", "Escape"])
    def test_stop_stops_the_model_and_keeps_nothing_unchecked(self, written, way):
        page, model, _ = written
        begin_anew(page)
        model.hangs()
        page.fill("#question textarea", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector("#live .sources.reading")
        page.wait_for_selector("#live .answer.draft")
        page.click("#stop") if way == "button" else page.keyboard.press("Escape")
        assert model.stopped.wait(5)
        page.wait_for_selector("#live .stopped")
        assert page.locator("#live .answer").count() == 0
        page.wait_for_selector("#ask")

    def test_who_waits_is_told_the_place_in_the_line(self, written, browser):
        page, model, served = written
        begin_anew(page)
        model.hangs()
        page.fill("#question textarea", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector("#live .answer.draft")
        with open_page(browser, served) as second:
            second.fill("#question textarea", QUESTION)
            second.keyboard.press("Enter")
            second.wait_for_selector("text=Busy: yours is next")
            model.plays("Lavrov said that the ball was in the American court. [1]")
            page.click("#stop")
            second.wait_for_selector("#live .turn:not(.live) .cite")

    def test_a_spent_budget_is_named_and_the_articles_own_words_come(self, written):
        page, model, _ = written
        begin_anew(page)
        model.plays(ModelOverBudget("The token budget is spent: 900 of 900 used."))
        ask(page, QUESTION)
        assert "The token budget is spent" in text_of(page, "#live .notice")
        assert page.locator("#live .answer .cite").count() >= 1

    def test_a_model_that_cannot_be_reached_leaves_the_articles_own_words(self, browser, archive):
        app = create_app(archive, Assistant(archive, "http://127.0.0.1:9/v1", settings=OFFLINE))
        with serve_on_loopback(app) as served, open_page(browser, served) as page:
            assert "sent to http://127.0.0.1:9/v1" in text_of(page, "#welcome")
            ask(page, QUESTION)
            assert "Answered without the model." in text_of(page, "#live .notice")
            assert page.locator("#live .answer .cite").count() >= 1

    def test_a_server_that_is_gone_is_said_and_the_page_stays(self, browser, archive):
        with (
            serve_on_loopback(create_app(archive, Assistant(archive, settings=OFFLINE))) as served,
            browser.new_context() as context,
        ):
            page = context.new_page()
            page.goto(served)
            page.wait_for_selector("#welcome .welcome")
            ask(page, QUESTION)
            context.set_offline(True)
            page.locator("#live .answer .cite").first.click()
            page.wait_for_selector("#offline")
            assert "Lavrov" in text_of(page, "#live .answer")


class TestConversations:
    def test_a_conversation_opens_again_and_goes_on_after_a_restart(self, page, browser, archive):
        ask(page, "What did Jerome Powell say?")
        app = create_app(archive, Assistant(archive, settings=OFFLINE))
        with serve_on_loopback(app) as again, open_page(browser, again) as later:
            room(later, "History")
            later.click("#history [data-conversation] >> text=What did Jerome Powell say?")
            later.wait_for_selector("#live .turn")
            assert text_of(later, "#live .question") == "What did Jerome Powell say?"
            ask(later, "And Zelensky?")
            room(later, "History")
            later.wait_for_selector("#history .holding")
            assert "2 questions" in text_of(later, "#history .holding")

    def test_a_conversation_is_found_renamed_exported_and_deleted(self, page):
        ask(page, "What did Isla Marr say?")
        room(page, "History")
        page.fill("#history-room input, #history-room textarea", "Isla Marr")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelectorAll('#history .holding').length === 1")
        page.click("[data-rename]")
        page.fill(".rename", "The goats")
        page.keyboard.press("Enter")
        page.wait_for_selector("#history >> text=The goats")
        holding = page.locator("#history .holding", has_text="The goats")
        exported = {}
        for kind in ("Markdown", "HTML", "JSON"):
            with page.expect_download() as download:
                holding.locator("a.export", has_text=kind).click()
            exported[kind] = download.value.path().read_text()
        data = json.loads(exported["JSON"])
        assert data["title"] == "The goats"
        quoted = data["turns"][0]["answer"]["citations"][0]["quote"]
        assert quoted in exported["Markdown"]
        assert "Ellery Gazette" in exported["HTML"]
        holding.locator("[data-call=delete_conversation]").click()
        holding.locator("[data-call=delete_conversation]").click()
        page.wait_for_selector("#history >> text=The goats", state="detached")
        page.fill("#history-room input, #history-room textarea", "")

    def test_an_answer_has_an_address_that_shows_it_as_it_was(self, page):
        ask(page, QUESTION)
        with page.expect_popup() as opened:
            page.click("#live .tools a")
        document = opened.value
        assert QUESTION in text_of(document, "body")
        assert "the ball was in the American court" in text_of(document, "blockquote")
        document.close()

    def test_each_user_sees_only_their_own(self, browser, archive):
        users = {"ada": "correct horse", "ben": "battery staple"}
        app = create_app(archive, Assistant(archive, settings=OFFLINE), users=users)
        with serve_on_loopback(app) as served:
            for name, sees in (("ada", 1), ("ben", 0)):
                login = {"username": name, "password": users[name]}
                with browser.new_context(http_credentials=login) as context:
                    page = context.new_page()
                    page.goto(served)
                    page.wait_for_selector("#welcome .welcome")
                    if sees:
                        ask(page, QUESTION)
                    room(page, "History")
                    page.wait_for_selector("#history :is(.holding, .nothing)")
                    assert page.locator("#history .holding").count() == sees


class TestStatements:
    def choose(self, page, speaker):
        room(page, "Who said what")
        page.fill("#who-about textarea, #who-about input", "")
        page.fill("#who-speaker input", speaker)
        page.keyboard.press("Enter")

    def test_a_persons_statements_stand_in_time_order_with_a_picture_and_open_at_their_words(self, page):
        self.choose(page, "Zelensky")
        page.wait_for_selector(".statement")
        days = [item.get_attribute("datetime") for item in page.locator(".statement time").all()]
        assert all(before[:10] <= after[:10] for before, after in pairwise(days))
        assert page.locator(".timeline rect").count() >= 2
        statement = page.locator(".statement .open-source").first
        words = statement.locator(".said b").inner_text()
        statement.click()
        page.wait_for_selector("#article mark.active")
        assert shown_mark(page) == [words, True]

    def test_outlet_window_and_wording_narrow_what_is_listed(self, page):
        self.choose(page, "Zelensky")
        page.wait_for_selector(".statement")
        everything = page.locator(".statement").count()
        page.locator("#who-wording label", has_text="In their words").click()
        page.wait_for_function(f"() => document.querySelectorAll('.statement').length < {everything}")
        page.locator("#who-wording label", has_text="All").click()
        page.wait_for_function(f"() => document.querySelectorAll('.statement').length === {everything}")
        page.fill("#who-since input", "2029-01-01")
        page.keyboard.press("Enter")
        page.wait_for_selector("#statements .abstention >> text=At least not with these filters.")
        page.fill("#who-since input", "")
        page.keyboard.press("Enter")
        page.wait_for_selector(".statement")

    def test_an_ambiguous_name_asks_which_person_is_meant(self, page):
        self.choose(page, "Keller")
        page.click("#statements [data-speaker='Anna Keller']")
        page.wait_for_function("() => !document.querySelector('#statements .notice')")
        assert page.input_value("#who-speaker input") == "Anna Keller"

    def test_what_a_person_is_not_quoted_on_is_said_with_what_they_are_quoted_on(self, page):
        self.choose(page, "Lavrov")
        page.wait_for_selector(".statement")
        page.fill("#who-about textarea, #who-about input", "beekeeping")
        page.keyboard.press("Enter")
        page.wait_for_selector("#statements .abstention")
        assert re.search("do not quote .*Lavrov on beekeeping", text_of(page, "#statements .abstention"))
        page.locator("#statements .topics .chip").first.click()
        page.wait_for_selector(".statement")


class TestLibrary:
    def test_an_empty_archive_says_so_and_adding_fills_it(self, own, tmp_path):
        _archive, page = own
        assert "An empty archive" in text_of(page, "#welcome")
        assert page.locator("#welcome >> text=Load the sample archive").count() == 1
        page.click("#welcome [data-act=library]")
        file = tmp_path / "ferry.txt"
        file.write_text(
            "Ferry stays in port\n\n“The crane is broken,” harbour master Ada Brandt said on Monday. "
            "Repairs will take a week.\n"
        )
        page.set_input_files("#drop input[type=file]", str(file))
        page.wait_for_selector(".item.done")
        assert "1 article added" in text_of(page, ".item.done")
        page.wait_for_selector("#listing .holding")
        assert "1 statement" in text_of(page, "#listing .holding")
        room(page, "Ask")
        ask(page, "What did Ada Brandt say?")
        assert "The crane is broken" in text_of(page, "#live .answer")

    def test_several_files_each_have_their_fate_and_one_is_tried_again(self, own, tmp_path):
        _archive, page = own
        begin_anew(page)
        room(page, "Library")
        good, bad = tmp_path / "good.txt", tmp_path / "bad.jsonl"
        good.write_text(
            "Quay rebuilt\n\nThe old quay was rebuilt in stone last year, the town council said.\n"
        )
        bad.write_text("{broken\n")
        page.set_input_files("#drop input[type=file]", [str(good), str(bad)])
        page.wait_for_selector(".item.failed")
        assert page.locator(".item.done").count() == 1
        page.click(".item.failed [data-try-again]")
        page.wait_for_function("() => document.querySelectorAll('.item').length === 1")
        page.wait_for_selector(".item.failed")

    def test_pasted_text_becomes_an_article_and_a_path_does_not(self, own):
        archive, page = own
        begin_anew(page)
        room(page, "Library")
        held = archive.stats().articles
        page.fill("#address textarea, #address input", SAMPLE)
        page.click("#add-address")
        page.wait_for_selector(".item.failed >> text=neither a web address")
        assert archive.stats().articles == held
        page.fill(
            "#address textarea, #address input",
            "Tower lit\n\nThe tower was lit in green on Friday night for the first time in ten years.",
        )
        page.click("#add-address")
        page.wait_for_selector(".item.done >> text=1 article added")
        assert archive.stats().articles == held + 1

    def test_an_address_keeps_its_last_error_and_is_forgotten_on_demand(self, own):
        _, page = own
        begin_anew(page)
        room(page, "Library")
        page.fill("#address textarea, #address input", "http://127.0.0.1:1/feed.xml")
        page.click("#add-address")
        page.wait_for_selector(".item.failed >> text=127.0.0.1")
        page.wait_for_selector("#addresses .last-error")
        assert "last read just now" in text_of(page, "#addresses")
        page.click("#addresses [data-call=forget_address]")
        page.wait_for_selector("#addresses .holding", state="detached")

    def test_the_list_is_searched_and_remove_asks_once_and_removes(self, own):
        archive, page = own
        begin_anew(page)
        archive.add(
            Article(
                id="gone",
                title="Soon gone",
                text="The pelican left the harbour at dawn and was not seen again.",
            )
        )
        room(page, "Library")
        page.fill("#find textarea, #find input", "pelican")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelectorAll('#listing .holding').length === 1")
        page.click("#listing .remove")
        assert "gone" in {article.id for article in archive.articles()}
        page.click("#listing .remove")
        page.wait_for_selector("#listing [data-article=gone]", state="detached")
        assert "gone" not in {article.id for article in archive.articles()}
        assert archive.search("pelican", retrievers=("keyword",)) == []


class TestEvals:
    def test_without_a_run_the_room_says_how_to_make_one(self, page):
        room(page, "Evals")
        page.wait_for_selector("#evals .abstention")
        assert "byline eval run" in text_of(page, "#evals")


class TestReach:
    @pytest.mark.parametrize(
        ("width", "scheme"), [(320, "light"), (375, "dark"), (768, "light"), (1280, "dark")]
    )
    def test_nothing_is_wider_than_the_screen_in_any_room(self, browser, address, width, scheme):
        with open_page(browser, address, width=width, height=720, scheme=scheme) as page:
            ask(page, "How many people died in Hualien?")
            page.click("#live .how summary")
            tabs = page.get_by_role("tab").all()
            assert [tab.inner_text() for tab in tabs if tab.is_visible()] == ROOMS
            for name in ROOMS:
                room(page, name)
                page.wait_for_timeout(100)
                wide = page.evaluate(
                    """() => [...document.querySelectorAll('#left *')]
                      .filter((node) => node.checkVisibility() && node.getBoundingClientRect().width > 0
                        && node.getBoundingClientRect().right > innerWidth + 1
                        && !node.closest('.unseen, [aria-hidden=true]'))
                      .map((node) => node.outerHTML.slice(0, 80))"""
                )
                assert wide == [], name
                assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
            red = int(re.search(r"\d+", background)[0])
            assert (red < 60) == (scheme == "dark")

    def test_on_a_phone_the_article_opens_over_the_answer_and_goes_back(self, browser, address):
        with open_page(browser, address, width=320, height=640) as page:
            ask(page, QUESTION)
            assert not page.locator("#article").is_visible()
            page.locator("#live .answer .cite").first.click()
            page.wait_for_selector("#article mark.active", state="visible")
            page.click("#back")
            page.wait_for_selector("#article", state="hidden")
            assert page.evaluate("() => document.activeElement.classList.contains('cite')")

    def test_on_a_phone_nothing_of_the_library_shows_through_an_article(self, browser, address):
        with open_page(browser, address, width=375, height=720) as page:
            room(page, "Library")
            page.click("#listing .open-source")
            page.wait_for_selector("#article .headline", state="visible")
            page.wait_for_timeout(300)  # the article slides in
            above = page.evaluate(
                """() => [...document.querySelectorAll('#library-room label span, #library-room button')]
                  .map((node) => node.getBoundingClientRect())
                  .filter((place) => place.width && place.top > 0 && place.bottom < innerHeight)
                  .map((place) => document.elementFromPoint(place.left + 5, place.top + 5))
                  .filter((node) => node && !node.closest('#column'))
                  .map((node) => node.outerHTML.slice(0, 80))"""
            )
            assert above == []

    def test_the_theme_is_changed_and_remembered_and_motion_is_reduced(self, browser, address):
        with browser.new_context(reduced_motion="reduce") as context:
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("#welcome .welcome")
            page.click("#theme-toggle")
            page.reload()
            page.wait_for_selector("#welcome .welcome")
            assert page.evaluate("() => document.documentElement.classList.contains('dark')")
            moving = page.evaluate(
                """() => [...document.querySelectorAll('*')].filter((node) => {
                     const style = getComputedStyle(node);
                     return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
                   }).length"""
            )
            assert moving == 0

    def test_the_keyboard_reaches_question_markers_and_article(self, page):
        page.locator("body").click(position={"x": 900, "y": 500})
        page.keyboard.press("/")
        page.keyboard.type("What did Lavrov")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("say about Trump?")
        assert page.input_value("#question textarea") == "What did Lavrov\nsay about Trump?"
        page.keyboard.press("Enter")
        page.wait_for_selector("#live .turn:not(.live) .cite")
        page.locator("#live .answer .cite").first.focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("() => document.activeElement.dataset.marker") == "2"
        page.keyboard.press("Enter")
        page.wait_for_selector("#article mark.active[data-numbers~='2']")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("() => document.activeElement.dataset.marker") == "1"

    def test_a_page_that_is_heard_comes_in_order_and_says_what_happens(self, page):
        order = page.evaluate(
            """() => {
              const places = ['h1', '[role=tablist]', '#question textarea', '#article'];
              const nodes = places.map((place) => document.querySelector(place));
              return nodes.slice(1).every((node, at) =>
                nodes[at].compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
            }"""
        )
        assert order
        assert page.get_by_role("textbox", name="Your question").is_visible()
        ask(page, QUESTION)
        page.wait_for_function("() => document.querySelector('#told').textContent.startsWith('Answered:')")
        label = page.locator("#live .answer .cite").first.get_attribute("aria-label")
        assert label == "Source 1: Sergei Lavrov, Northgate Wire, 7 November 2024"

    def test_text_of_a_language_written_from_the_right_runs_from_the_right(self, page):
        room(page, "Library")
        page.fill("#find textarea, #find input", "المحادثات")
        page.keyboard.press("Enter")
        page.click("#listing [data-article=arabic]")
        page.wait_for_selector("#article [data-article=arabic]")
        assert (
            page.evaluate("() => getComputedStyle(document.querySelector('#article .body p')).direction")
            == "rtl"
        )
        page.fill("#find textarea, #find input", "")
        page.keyboard.press("Enter")

    @pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light")])
    def test_axe_finds_nothing_serious_in_any_room(self, browser, address, width, scheme):
        from axe_playwright_python.sync_playwright import Axe

        grave = []

        def look(where):
            page.wait_for_timeout(250)  # axe reads half-faded text as of low contrast
            grave.extend(
                (where, violation["id"], [node["html"][:120] for node in violation["nodes"][:3]])
                for violation in Axe().run(page).response["violations"]
                if violation["impact"] in {"serious", "critical"}
            )

        with open_page(browser, address, width=width, height=800, scheme=scheme) as page:
            look("welcome")
            page.click(".filter-toggle")
            look("filters")
            page.keyboard.press("Escape")
            ask(page, "How many people died in Hualien?")
            page.click("#live .how summary")
            look("answer")
            if width < 900:
                page.locator("#live .answer .cite").first.click()
                look("article")
                page.click("#back")
            ask(page, NOT_HERE)
            look("refusal")
            room(page, "Who said what")
            page.fill("#who-speaker input", "Zelensky")
            page.keyboard.press("Enter")
            page.wait_for_selector(".statement")
            look("statements")
            for name in ROOMS[2:]:
                room(page, name)
                look(name)
        assert grave == []


def test_the_page_asks_nobody_but_its_own_server(browser, address):
    asked = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.wait_for_selector("#welcome .welcome")
        ask(page, QUESTION)
        for name in ROOMS:
            room(page, name)
    outside = [url for url in asked if not url.startswith((address, "data:", f"blob:{address}"))]
    assert asked
    assert outside == []


def test_many_tabs_of_one_browser_can_be_open_at_once(browser, address):
    with browser.new_context() as context:
        for _ in range(
            8
        ):  # one more than the connections that a browser holds to one server, and one besides
            tab = context.new_page()
            tab.goto(address)
            tab.wait_for_selector("#welcome .welcome")
        ask(tab, QUESTION)
        assert tab.locator("#live .cite").count() >= 1


def test_no_script_failed_meanwhile(desk, faults):
    assert faults == []
