"""The page as a reader uses it: a real browser, the sample archive, the real assistant."""

import json
import re
import threading
from contextlib import ExitStack
from importlib.resources import files

import pytest

from assistant import Assistant, Settings
from assistant.ui.server import create_app
from assistant.ui.testing import CHROMIUM, ask, open_browser, open_page, serve_on_loopback
from evals.cases import read_cases
from index import Archive
from index.testing import HashEmbedder

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install chromium"),
]

SAMPLE = str(files("index") / "sample")
QUESTION = "What did Lavrov say about Trump?"
ROOMS = ["Ask", "Who said what", "Library", "History"]
OFFLINE = Settings(model_url=None, _env_file=None)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("newsroom"), embedder=HashEmbedder()) as opened:
        opened.add(SAMPLE)
        yield opened


@pytest.fixture(scope="module")
def address(archive):
    with serve_on_loopback(create_app(archive, Assistant(archive, settings=OFFLINE))) as served:
        yield served


@pytest.fixture
def page(browser, address):
    with open_page(browser, address) as opened:
        yield opened


@pytest.fixture
def serve(tmp_path):
    """A server over an archive of its own."""
    with ExitStack() as stack:

        def start(*sources, model=None):
            archive = stack.enter_context(Archive.open(tmp_path / "own", embedder=HashEmbedder()))
            if sources:
                archive.add(sources)
            app = create_app(archive, Assistant(archive, model, settings=OFFLINE))
            return archive, stack.enter_context(serve_on_loopback(app))

        yield start


class SlowModel:
    """Writes one word and then nothing until it is told to stop."""

    name = "slow"
    context_window = 8192
    answer_tokens = 800

    def __init__(self):
        self.stopped = threading.Event()

    def stream(self, messages, *, cancelled=lambda: False):
        yield "Lavrov "
        while not cancelled():
            self.stopped.wait(0.05)
        self.stopped.set()


def text_of(page, selector):
    return page.locator(selector).first.inner_text()


def shown_mark(page):
    """The text that is lit as asked for, and whether it stands inside the visible column."""
    return page.evaluate(
        """() => {
          const marks = [...document.querySelectorAll('#article mark.active')];
          const column = document.querySelector('#column-scroll').getBoundingClientRect();
          const place = marks[0].getBoundingClientRect();
          return [marks.map((mark) => mark.textContent).join(''),
                  place.top >= column.top && place.top < column.bottom];
        }"""
    )


class TestAsking:
    def test_an_answer_comes_with_markers_verdicts_and_sources(self, page):
        ask(page, QUESTION)
        assert page.locator("#live .cite").count() >= 1
        assert page.locator("#live .answer .verdict").count() >= 1
        assert "Lavrov" in text_of(page, "#live .sources")

    def test_the_first_feedback_comes_within_200_milliseconds(self, page):
        ask(page, QUESTION)  # the first answer of a process also loads modules
        page.fill("#composer textarea", "Who is Ada?")
        waited = page.evaluate(
            """async () => {
              const begun = performance.now();
              document.querySelector('#ask').click();
              while (!document.body.classList.contains('asking')) await new Promise(requestAnimationFrame);
              return performance.now() - begun;
            }"""
        )
        assert waited < 200

    def test_a_click_on_a_marker_lights_the_cited_words_and_scrolls_to_them(self, page, archive):
        ask(page, QUESTION)
        markers = page.locator("#live .answer .cite")
        for number in range(markers.count()):
            place = markers.nth(number).evaluate("button => ({...button.dataset})")
            markers.nth(number).click()
            page.wait_for_selector(f"#article mark.active[data-numbers~='{place['marker']}']")
            page.wait_for_timeout(600)  # the scrolling is smooth
            article = archive.article(place["article"], int(place["version"]))
            assert shown_mark(page) == [article.text[int(place["start"]) : int(place["end"])], True]

    def test_a_marker_shows_outlet_date_speaker_and_quotation_on_focus(self, page):
        ask(page, QUESTION)
        page.locator("#live .answer .cite").first.focus()
        card = text_of(page, ".card")
        assert "Northgate Wire" in card
        assert "7 November 2024" in card
        assert "Sergei Lavrov" in card
        assert "the ball was in the American court" in card

    def test_a_follow_up_shows_what_was_searched_for(self, page):
        ask(page, QUESTION)
        ask(page, "And Zelensky?")
        assert "What did Zelensky say about Trump?" in text_of(page, "#live .searched")
        assert page.locator("#past .turn").count() == 1

    def test_a_chip_puts_its_words_into_the_composer_to_be_changed(self, page):
        ask(page, QUESTION)
        page.locator("#live .chip", has_text="Trump").click()
        selected = page.locator("#composer textarea").evaluate(
            "box => box.value.slice(box.selectionStart, box.selectionEnd)"
        )
        assert selected == "Trump"

    def test_a_refusal_says_so_and_cites_nothing(self, page):
        ask(page, "Who won the horse race at Ascot?")
        assert "Not in these articles" in text_of(page, "#live .abstention")
        assert page.locator("#live .cite").count() == 0

    def test_starter_questions_come_from_the_archive_and_are_asked_by_a_click(self, page, archive):
        starter = page.locator("#welcome .suggestion").first
        question = starter.inner_text()
        assert any(speaker in question for speaker, _ in archive.speakers())
        starter.click()
        page.wait_for_selector("#live .turn:not(.live)")
        assert text_of(page, "#live .question") == question

    def test_without_a_model_the_page_says_where_its_words_are_from(self, page):
        assert "No model is connected" in text_of(page, "#welcome")

    def test_stop_stops_the_model_and_keeps_nothing_unchecked(self, browser, serve):
        model = SlowModel()
        _, address = serve(SAMPLE, model=model)
        with open_page(browser, address) as page:
            page.fill("#composer textarea", QUESTION)
            page.keyboard.press("Enter")
            page.wait_for_selector("#live .sources.reading")
            page.wait_for_selector("#live .answer.draft")
            page.click("#stop")
            assert model.stopped.wait(2)
            page.wait_for_selector("#live .stopped")
            assert page.locator("#live .answer").count() == 0
            assert page.locator("#ask").is_visible()

    def test_a_model_that_cannot_be_reached_leaves_the_articles_own_words(self, browser, serve):
        _, address = serve(SAMPLE, model="http://127.0.0.1:9/v1")
        with open_page(browser, address) as page:
            ask(page, QUESTION)
            assert "Answered without the model." in text_of(page, "#live .notice")
            assert page.locator("#live .answer .cite").count() >= 1

    def test_how_it_was_answered_lists_what_was_read(self, page):
        ask(page, QUESTION)
        page.click("#live .how summary")
        assert "no model" in text_of(page, "#live .how dl")
        assert page.locator("#live .how .passages li").count() >= 1


class TestConversations:
    def test_a_conversation_is_kept_and_opens_again_after_a_restart(self, browser, serve, tmp_path):
        archive, address = serve(SAMPLE)
        with open_page(browser, address) as page:
            ask(page, QUESTION)
        with (
            serve_on_loopback(create_app(archive, Assistant(archive, settings=OFFLINE))) as again,
            open_page(browser, again) as page,
        ):
            page.get_by_role("tab", name="History").click()
            page.click("#history [data-conversation]")
            page.wait_for_selector("#live .turn")
            assert text_of(page, "#live .question") == QUESTION
            ask(page, "And Zelensky?")
            page.get_by_role("tab", name="History").click()
            page.wait_for_selector("#history .holding")
            assert "2 questions" in text_of(page, "#history")

    def test_a_conversation_is_renamed_exported_and_deleted(self, browser, serve):
        _, address = serve(SAMPLE)
        with open_page(browser, address) as page:
            ask(page, QUESTION)
            page.get_by_role("tab", name="History").click()
            page.click("[data-rename]")
            page.fill(".rename", "Lavrov in November")
            page.keyboard.press("Enter")
            page.wait_for_selector("text=Lavrov in November")
            with page.expect_download() as download:
                page.click("#history a.export >> text=JSON")
            exported = json.loads(download.value.path().read_text())
            assert exported["title"] == "Lavrov in November"
            assert exported["turns"][0]["answer"]["citations"]
            page.click("[data-call=delete_conversation]")
            page.click("[data-call=delete_conversation]")
            page.wait_for_selector("#history .nothing")

    def test_an_answer_has_an_address_that_shows_it_as_it_was(self, page, address):
        ask(page, QUESTION)
        page.goto(address + page.get_attribute("#live .tools a", "href"))
        assert QUESTION in text_of(page, "body")
        assert "the ball was in the American court" in text_of(page, "blockquote")

    def test_a_reported_sentence_becomes_an_eval_case_with_its_articles(self, browser, serve):
        archive, address = serve(SAMPLE)
        with open_page(browser, address) as page:
            ask(page, QUESTION)
            page.click("#live .report summary")
            page.click("#live [data-report=speaker]")
            page.wait_for_selector("text=Saved. Thank you.")
        case = read_cases(archive.folder / "reports.jsonl")[0]
        assert case.kind == "reported_speaker"
        assert "Lavrov" in case.forbidden[0]
        assert case.evidence[0].text == archive.article(case.evidence[0].id).text


class TestStatements:
    def test_a_persons_statements_open_at_their_words(self, page):
        page.get_by_role("tab", name="Who said what").click()
        page.fill("#who-speaker input", "Lavrov")
        page.keyboard.press("Enter")
        page.wait_for_selector(".statement")
        statement = page.locator(".statement .open-source").first
        words = statement.locator(".said b").inner_text()
        statement.click()
        page.wait_for_selector("#article mark.active")
        page.wait_for_timeout(600)
        assert shown_mark(page) == [words, True]

    def test_an_ambiguous_name_asks_which_person_is_meant(self, page):
        page.get_by_role("tab", name="Who said what").click()
        page.fill("#who-speaker input", "Keller")
        page.keyboard.press("Enter")
        page.click("#statements [data-speaker='Anna Keller']")
        page.wait_for_function("() => !document.querySelector('#statements .notice')")
        assert page.input_value("#who-speaker input") == "Anna Keller"

    def test_what_a_person_is_not_quoted_on_is_said(self, page):
        page.get_by_role("tab", name="Who said what").click()
        page.fill("#who-speaker input", "Lavrov")
        page.keyboard.press("Enter")
        page.wait_for_selector(".statement")
        page.fill("#who-about textarea, #who-about input", "beekeeping")
        page.keyboard.press("Enter")
        page.wait_for_selector("#statements .abstention")
        assert "do not quote Lavrov on beekeeping" in text_of(page, "#statements .abstention")


class TestLibrary:
    def test_an_empty_archive_offers_the_sample(self, browser, serve):
        _, address = serve()
        with open_page(browser, address) as page:
            page.click("text=Load the sample archive")
            page.wait_for_selector("#welcome .suggestion")
            ask(page, QUESTION)
            assert page.locator("#live .cite").count() >= 1

    def test_an_uploaded_file_is_added_and_can_be_asked(self, browser, serve, tmp_path):
        _, address = serve()
        file = tmp_path / "ferry.txt"
        file.write_text(
            "Ferry stays in port\n\n“The crane is broken,” harbour master Ada Brandt said on Monday. "
            "Repairs will take a week.\n"
        )
        with open_page(browser, address) as page:
            page.get_by_role("tab", name="Library").click()
            page.set_input_files("#drop input[type=file]", str(file))
            page.wait_for_selector(".item.done")
            assert "1 article added" in text_of(page, ".item.done")
            page.get_by_role("tab", name="Ask").click()
            ask(page, "What did Ada Brandt say?")
            assert "The crane is broken" in text_of(page, "#live .answer")

    def test_a_private_address_is_refused_with_its_reason(self, browser, serve):
        _, address = serve()
        with open_page(browser, address) as page:
            page.get_by_role("tab", name="Library").click()
            page.fill("#address textarea, #address input", "http://127.0.0.1:1/feed.xml")
            page.click("#add-address")
            page.wait_for_selector(".item.failed")
            assert "127.0.0.1" in text_of(page, ".item.failed .words")
            assert page.locator(".item.failed button").inner_text() == "Try again"

    def test_a_path_is_no_address(self, browser, serve):
        archive, address = serve()
        with open_page(browser, address) as page:
            page.get_by_role("tab", name="Library").click()
            page.fill("#address textarea, #address input", SAMPLE)
            page.click("#add-address")
            page.wait_for_selector(".item.failed")
            assert archive.stats().articles == 0

    def test_remove_asks_once_and_removes(self, browser, serve):
        archive, address = serve(SAMPLE)
        held = archive.stats().articles
        with open_page(browser, address) as page:
            page.get_by_role("tab", name="Library").click()
            first = page.locator(".remove").first
            removed = json.loads(first.get_attribute("data-payload"))["article"]
            first.click()
            assert archive.stats().articles == held
            first.click()
            page.wait_for_selector(f"#listing [data-article='{removed}']", state="detached")
        assert archive.stats().articles == held - 1
        assert removed not in {article.id for article in archive.articles()}


class TestReach:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [320, 375, 1280])
    def test_nothing_is_wider_than_the_screen(self, browser, address, width, scheme):
        with open_page(browser, address, width=width, height=720, scheme=scheme) as page:
            ask(page, QUESTION)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            rooms = page.get_by_role("tab").all()
            assert [room.inner_text() for room in rooms if room.is_visible()] == ROOMS
            background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
            red = int(re.search(r"\d+", background)[0])
            assert (red < 60) == (scheme == "dark")

    def test_on_a_phone_the_article_opens_over_the_answer_and_goes_back(self, browser, address):
        with open_page(browser, address, width=375, height=720) as page:
            ask(page, QUESTION)
            assert not page.locator("#article").is_visible()
            page.locator("#live .answer .cite").first.click()
            page.wait_for_selector("#article mark.active", state="visible")
            page.click("#back")
            page.wait_for_selector("#article", state="hidden")
            assert page.evaluate("() => document.activeElement.classList.contains('cite')")

    def test_the_theme_is_changed_and_remembered(self, page):
        page.click("#theme-toggle")
        assert page.evaluate("() => document.documentElement.classList.contains('dark')")
        page.reload()
        page.wait_for_selector("#welcome .welcome")
        assert page.evaluate("() => document.documentElement.classList.contains('dark')")

    def test_the_keyboard_reaches_question_markers_and_article(self, page):
        page.locator("body").click(position={"x": 640, "y": 300})
        page.keyboard.press("/")
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector("#live .turn:not(.live) .cite")
        page.locator("#live .answer .cite").first.focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("() => document.activeElement.dataset.marker") == "2"
        page.keyboard.press("Enter")
        page.wait_for_selector("#article mark.active[data-numbers~='2']")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing_serious(self, browser, address, scheme):
        from axe_playwright_python.sync_playwright import Axe

        with open_page(browser, address, scheme=scheme) as page:
            ask(page, QUESTION)
            page.click("#live .how summary")
            for room in ROOMS:
                page.get_by_role("tab", name=room).click()
                page.wait_for_timeout(500)
                found = Axe().run(page).response["violations"]
                grave = [
                    (violation["id"], [node["html"][:120] for node in violation["nodes"][:3]])
                    for violation in found
                    if violation["impact"] in {"serious", "critical"}
                ]
                assert grave == [], room


def test_a_server_that_is_gone_is_said_and_the_page_stays(browser, archive):
    with serve_on_loopback(create_app(archive, Assistant(archive, settings=OFFLINE))) as own:
        context = browser.new_context()
        page = context.new_page()
        page.goto(own)
        page.wait_for_selector("#welcome .welcome")
        ask(page, QUESTION)
    page.locator("#live .answer .cite").first.click()
    page.wait_for_selector("#offline")
    assert "Lavrov" in text_of(page, "#live .answer")
    context.close()
