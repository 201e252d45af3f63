"""What the page shows, as HTML: escaped, in the right place, and word for word."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from assistant.types import Answer, Check, Citation, Claim, Question
from assistant.ui.article_view import LitSpan, cut_paragraph, render_article
from assistant.ui.beside import Beside
from assistant.ui.html import counted, last_day, long_date, web_address
from assistant.ui.render import render_failure, render_live, render_turn, text_with_sources, without_markers
from assistant.ui.sentences import render_text
from index.sentences import split_paragraphs
from index.types import Article, Passage

TEXT = "The ferry sailed at nine.\n\n“We saw no fog,” the captain said. The owner disagreed."
QUOTE = "“We saw no fog,” the captain said."
START = TEXT.index(QUOTE)
PUBLISHED = datetime(2025, 2, 3, 8, tzinfo=UTC)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "[click](javascript:alert(1))",
    "![pixel](https://evil.example/p.png)",
    "<https://evil.example>",
    "[a]\n\n[a]: https://evil.example",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "</q></span></li><iframe src=//evil.example>",
    "<style>@import url(https://evil.example/x.css)</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ue0000\ue003\ue0021\ue003<b onclick=alert(1)>",
]


def article(text=TEXT, **known):
    known = {
        "id": "ferry",
        "title": "Ferry inquiry opens",
        "outlet": "Harbour Post",
        "published": PUBLISHED,
    } | known
    return Article(text=text, **known)


def citation(**other):
    known = {
        "marker": 1,
        "article_id": "ferry",
        "version": 1,
        "start": START,
        "end": START + len(QUOTE),
        "quote": QUOTE,
        "title": "Ferry inquiry opens",
        "outlet": "Harbour Post",
        "url": "https://post.example/ferry",
        "published": PUBLISHED,
        "speaker": "Ada Brandt",
    }
    return Citation(**known | other)


def answer(text="The captain saw no fog. [1]", verdict="supported", **other):
    claim = Claim(
        start=0,
        end=len(text),
        text=text,
        citations=(1,),
        verdict=verdict,
        checks=(Check("speaker", True, "the article credits Ada Brandt"), Check("number", None, "no number")),
    )
    known = {
        "id": "a1",
        "question": "What did Brandt say about the fog?",
        "standalone_question": "What did Brandt say about the fog?",
        "understood": Question(text="", kind="said_about", speaker="Brandt", about="fog"),
        "text": text,
        "claims": (claim,),
        "citations": (citation(),),
        "withheld": (),
        "abstained": False,
        "reason": None,
        "mode": "extractive",
        "model": None,
    }
    return Answer(**known | other)


def words_of(html):
    return unescape(re.sub(r"<[^>]*>", "", html))


def tags_of(html):
    return {tag.lower() for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", html)}


def number_marker(number):
    return Markup("<button>{}</button>").format(number)


class TestAnswerText:
    def test_a_claim_is_wrapped_and_its_marker_becomes_a_button(self):
        claim = answer().claims[0]
        html = render_text(claim.text, [claim], marker=number_marker, verdict=lambda _: Markup("<i>ok</i>"))
        sentence = '<span class="claim supported">The captain saw no fog.</span>'
        assert html == f'<p>{sentence} <span class="proof"><button>1</button><i>ok</i></span></p>\n'

    def test_a_claim_across_emphasis_stays_well_nested(self):
        text = "**One. Two** end. [1]"
        one = Claim(start=0, end=6, text="**One.", citations=(), verdict="supported", checks=())
        two = Claim(start=7, end=len(text), text=text[7:], citations=(1,), verdict="not_judged", checks=())
        html = render_text(text, [one, two], marker=number_marker)
        first, second = (
            '<span class="claim supported">One.</span>',
            '<span class="claim not_judged">Two</span>',
        )
        assert f"<strong>{first} {second}</strong>" in html
        assert '<span class="claim not_judged"> end.</span> <span class="proof"><button>1</button>' in html

    def test_a_claim_that_is_a_list_item_does_not_break_the_list(self):
        text = "- First. [1]\n- Second. [2]"
        claims = [
            Claim(start=0, end=12, text=text[:12], citations=(1,), verdict="supported", checks=()),
            Claim(start=13, end=len(text), text=text[13:], citations=(2,), verdict="supported", checks=()),
        ]
        html = render_text(text, claims, marker=number_marker)
        assert html.count("<li>") == 2
        assert html.count('<span class="claim') == 2

    @pytest.mark.parametrize("payload", HOSTILE)
    def test_hostile_text_makes_no_tag_outside_the_allowlist(self, payload):
        html = render_text(payload, marker=number_marker)
        assert tags_of(html) <= {
            "p",
            "br",
            "ul",
            "ol",
            "li",
            "strong",
            "em",
            "code",
            "pre",
            "blockquote",
            "h1",
            "hr",
            "button",
        }
        assert not re.search(r"<[^>]*\s(?:on\w+|href|src|style)\s*=", html)

    @given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=4))
    def test_any_text_with_any_claims_is_well_formed(self, text, spans):
        cuts = sorted({min(point, len(text)) for span in spans for point in span})
        claims = [
            Claim(start=start, end=end, text=text[start:end], citations=(), verdict="supported", checks=())
            for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        html = render_text(text, claims, marker=number_marker)
        open_tags = []
        for closing, tag in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", html):
            if tag in {"br", "hr"}:
                continue
            if closing:
                assert open_tags.pop() == tag
            else:
                open_tags.append(tag)
        assert open_tags == []
        assert not re.search("[\ue000-\ue003]", html)


class TestTurn:
    def test_a_marker_names_outlet_date_speaker_and_opens_the_exact_span(self):
        html = render_turn(answer(), "t0")
        button = re.search(r'<button type="button" class="cite".*?</button>', html, re.DOTALL)[0]
        assert 'aria-label="Source 1: Ada Brandt, Harbour Post, 3 February 2025"' in button
        assert (
            f'data-article="ferry" data-version="1" data-start="{START}" data-end="{START + len(QUOTE)}"'
            in button
        )

    def test_the_card_of_a_marker_holds_the_quotation_word_for_word(self):
        html = render_turn(answer(), "t0")
        card = re.search(r'id="t0-card-1" hidden>(.*?)</q>', html, re.DOTALL)[1]
        assert words_of(card).strip().endswith(QUOTE)

    def test_citations_of_one_article_share_a_row(self):
        text = "No fog. [1] The owner disagreed. [2]"
        html = render_turn(
            answer(text, citations=(citation(), citation(marker=2, start=0, end=3, quote="The"))), "t0"
        )
        assert html.count('<li class="source">') == 1

    def test_a_marker_without_a_source_is_no_button(self):
        html = render_turn(answer("No fog. [7]"), "t0")
        assert '<span class="dead-marker"' in html

    @pytest.mark.parametrize(
        ("verdict", "sign", "words"),
        [
            ("supported", "✓", "Checked"),
            ("not_judged", "?", "Not verified"),
            ("contradicted", "✗", "Contradicted"),
        ],
    )
    def test_each_verdict_has_a_sign_and_words(self, verdict, sign, words):
        html = render_turn(answer(verdict=verdict), "t0")
        assert re.search(rf'class="verdict {verdict}"[^>]*aria-label="{words}">{re.escape(sign)}<', html)

    def test_checks_that_do_not_apply_are_not_listed(self):
        assert "no number" not in render_turn(answer(), "t0")

    def test_a_refusal_shows_the_nearest_articles_but_no_source(self):
        passage = Passage(
            article_id="ferry",
            version=1,
            start=0,
            end=3,
            text="The",
            title="Ferry inquiry opens",
            outlet="Harbour Post",
            url=None,
            published=PUBLISHED,
            score=1.0,
            rank=1,
            found_by=("keyword",),
        )
        refused = answer(
            text="Nothing here answers that.",
            claims=(),
            citations=(),
            abstained=True,
            reason="No article names a horse.",
            passages=(passage,),
        )
        html = render_turn(refused, "t0")
        assert "Not in these articles" in html
        assert "No article names a horse." in html
        assert "do not answer the question" in html
        assert 'class="cite"' not in html
        assert 'class="sources"' not in html

    def test_a_withheld_sentence_is_shown_on_demand_with_the_failed_check(self):
        withheld = Claim(
            start=27,
            end=27,
            text="The fog was thick. [1]",
            citations=(1,),
            verdict="contradicted",
            checks=(
                Check("negation", False, "the source says there was none"),
                Check("marker", True, "resolves"),
            ),
        )
        html = render_turn(answer(withheld=(withheld,)), "t0")
        details = re.search(r'<details class="withheld">.*?</details>', html, re.DOTALL)[0]
        assert "The fog was thick." in details
        assert "the source says there was none" in details
        assert "resolves" not in details

    def test_a_model_that_failed_is_named_as_the_reason(self):
        html = render_turn(
            answer(model="m", mode="extractive", reason="The endpoint refused the connection."), "t0"
        )
        assert "Answered without the model." in html
        assert "The endpoint refused the connection." in html

    def test_what_was_understood_stands_as_chips_with_the_last_day_of_the_window(self):
        until = datetime(2025, 2, 4, tzinfo=UTC)
        understood = Question(
            text="", speaker="Brandt", about="fog", outlets=("Harbour Post",), since=PUBLISHED, until=until
        )
        html = render_turn(answer(understood=understood), "t0")
        chips = [
            words_of(chip) for chip in re.findall(r'class="chip".*?>(<span>.*?)</button>', html, re.DOTALL)
        ]
        assert chips == [
            "speaker Brandt",
            "about fog",
            "outlet Harbour Post",
            "from 3 February 2025",
            "until 3 February 2025",
        ]

    @pytest.mark.parametrize("payload", HOSTILE)
    def test_hostile_values_in_every_field_stay_text(self, payload):
        hostile = answer(
            text=payload,
            question=payload,
            standalone_question=payload,
            understood=Question(text=payload, speaker=payload, about=payload, outlets=(payload,)),
            citations=(
                citation(
                    quote=payload,
                    title=payload,
                    outlet=payload,
                    url=payload,
                    speaker=payload,
                    article_id=payload,
                ),
            ),
            reason=payload,
            model=payload,
        )
        for html in (
            render_turn(hostile, "t0", Beside(follow_ups=[payload])),
            render_live(payload, payload, (), payload),
            render_failure(payload, payload),
        ):
            assert not tags_of(html) & {"script", "img", "svg", "iframe", "style"}
            assert all(link.startswith("answers/") for link in re.findall(r'href="(.*?)"', html))
            assert not re.search(r"<[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*\son\w+\s*=", html)


class TestArticle:
    def lit(self, html):
        return "".join(unescape(piece) for piece in re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL))

    def test_the_lit_words_are_exactly_the_cited_span(self):
        html = render_article(
            article(), [LitSpan(start=START, end=START + len(QUOTE), marker=1, active=True)]
        )
        assert self.lit(html) == QUOTE
        assert html.count("<mark") == 1

    @given(st.text(st.sampled_from("ab<&\n \u202e’é"), max_size=60), st.data())
    def test_any_span_is_lit_whole_but_for_the_blank_lines(self, text, data):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        pieces = [
            piece
            for paragraph in split_paragraphs(text)
            for piece in cut_paragraph(
                text, paragraph, [LitSpan(start=start, end=end)] if start < end else []
            )
        ]
        lit = "".join(piece.text for piece in pieces if piece.covering)
        assert "".join(lit.split()) == "".join(text[start:end].split())
        assert all(text[piece.start : piece.start + len(piece.text)] == piece.text for piece in pieces)

    def test_overlapping_spans_are_both_marked_and_the_asked_one_is_active(self):
        html = render_article(
            article("abcdef"),
            [LitSpan(start=0, end=4, marker=1, active=True), LitSpan(start=2, end=6, marker=2)],
        )
        assert re.findall(r'<mark class="(.*?)"(?: data-numbers="(\d+)")?>(.*?)</mark>', html) == [
            ("lit active", "1", "ab"),
            ("lit active", "2", "cd"),
            ("lit", "", "ef"),
        ]

    def test_spans_outside_the_text_are_ignored(self):
        assert "<mark" not in render_article(
            article(), [LitSpan(start=0, end=10_000), LitSpan(start=-4, end=2)]
        )

    def test_an_older_version_says_that_it_was_corrected_since(self):
        versions = [article(version=1), article(version=2)]
        assert "Corrected since" in render_article(versions[0], versions=versions)
        assert "this is the newest text" in render_article(versions[1], versions=versions)

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "https://", "https://a b"]
    )
    def test_only_web_addresses_become_links(self, url):
        assert "<a " not in render_article(article(url=url))

    def test_the_link_to_the_publisher_gives_nothing_away(self):
        html = render_article(article(url="https://post.example/ferry?a=1&b=2"))
        assert (
            'href="https://post.example/ferry?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"'
            in html
        )

    @pytest.mark.parametrize("payload", HOSTILE)
    def test_hostile_articles_stay_text(self, payload):
        html = render_article(
            article(payload, title=payload, outlet=payload, url=payload, authors=(payload,), id=payload)
        )
        assert tags_of(html) <= {"article", "p", "header", "h2", "bdi", "span", "time", "div", "footer"}


class TestWords:
    def test_copied_text_loses_its_markers_and_keeps_its_sources_apart(self):
        shown = answer()
        assert without_markers(shown.text) == "The captain saw no fog."
        assert text_with_sources(shown) == (
            "The captain saw no fog. [1]\n\n"
            f"[1] Ada Brandt, Harbour Post, 3 February 2025: Ferry inquiry opens. “{QUOTE}” https://post.example/ferry"
        )

    def test_dates_and_counts_read_as_a_person_writes_them(self):
        assert long_date(PUBLISHED) == "3 February 2025"
        assert long_date(None) == "no date"
        assert last_day(datetime(2025, 3, 1, tzinfo=UTC)) == "28 February 2025"
        assert counted(1, "article") == "1 article"
        assert counted(1200, "article") == "1,200 articles"

    def test_web_addresses_are_http_with_a_host(self):
        assert web_address("https://a.example/x") == "https://a.example/x"
        assert web_address("http://[") is None
        assert web_address(None) is None
