"""Claims of a draft: which markers belong to which sentence, and that no text is lost."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citations import ClaimSplitter, DraftClaim, find_markers, split_claims


def read(draft: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(claim.plain, claim.markers) for claim in split_claims(draft)]


def stream(draft: str, sizes: list[int]) -> list[DraftClaim]:
    splitter, claims, position = ClaimSplitter(), [], 0
    while position < len(draft):
        size = sizes[position % len(sizes)]
        claims += splitter.feed(draft[position : position + size])
        position += size
    return claims + splitter.finish()


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        pytest.param("He left [1].", [("He left.", (1,))], id="before the full stop"),
        pytest.param("He left. [1]", [("He left.", (1,))], id="after the full stop"),
        pytest.param(
            "He left.[1] She stayed.[2]",
            [("He left.", (1,)), ("She stayed.", (2,))],
            id="glued to the full stop",
        ),
        pytest.param("He left [1, 3].", [("He left.", (1, 3))], id="grouped with comma"),
        pytest.param("He left [1; 3].", [("He left.", (1, 3))], id="grouped with semicolon"),
        pytest.param("He left [1 and 3].", [("He left.", (1, 3))], id="grouped with and"),
        pytest.param("He left [2-4].", [("He left.", (2, 3, 4))], id="range"),
        pytest.param(
            "He left [2–4, 7].", [("He left.", (2, 3, 4, 7))], id="range with en dash, and one more"
        ),
        pytest.param("He left [4-2].", [("He left.", (2, 3, 4))], id="range backwards"),
        pytest.param(
            "He left [1-900000000].", [("He left.", (1, 900000000))], id="absurd range keeps its ends"
        ),
        pytest.param("He left【1】.", [("He left.", (1,))], id="lenticular brackets"),
        pytest.param("He left【4†source】.", [("He left.", (4,))], id="lenticular brackets with dagger"),
        pytest.param("He left [^2].", [("He left.", (2,))], id="footnote"),
        pytest.param("He left.^2 She stayed.", [("He left.", (2,)), ("She stayed.", ())], id="caret"),
        pytest.param("He left.¹² She stayed.", [("He left.", (12,)), ("She stayed.", ())], id="superscript"),
        pytest.param("He left [Source 2].", [("He left.", (2,))], id="the word source"),
        pytest.param("He left [ID:2].", [("He left.", (2,))], id="id with colon"),
        pytest.param("He left [[2]].", [("He left.", (2,))], id="double brackets"),
        pytest.param("He left [2](https://a.example/x).", [("He left.", (2,))], id="as a link"),
        pytest.param("He left `[2]`.", [("He left.", (2,))], id="alone in inline code"),
        pytest.param("He left [1][2] [1].", [("He left.", (1, 2))], id="adjacent and repeated"),
        pytest.param("He left [1] and [2].", [("He left.", (1, 2))], id="joined by and"),
        pytest.param("He left (Source 2).", [("He left.", (2,))], id="round brackets with the word source"),
        pytest.param("He left ［1］.", [("He left.", (1,))], id="full-width brackets"),
        pytest.param("He left [citation:1].", [("He left.", (1,))], id="the word citation"),
        pytest.param("He left [S1] [doc_3].", [("He left.", (1, 3))], id="a letter or a name glued to it"),
        pytest.param(
            "He left.<sup>1</sup> She stayed.", [("He left.", (1,)), ("She stayed.", ())], id="raised"
        ),
        pytest.param("He left.<sup>[2]</sup>", [("He left.", (2,))], id="brackets raised"),
        pytest.param(
            "He used `a[1]` here [2].", [("He used `a[1]` here.", (2,))], id="beside an index in code"
        ),
        pytest.param(
            "Er sagte: „Ich gehe.“ [1] Sie blieb. [2]",
            [("Er sagte: „Ich gehe.“", (1,)), ("Sie blieb.", (2,))],
            id="after German quotation marks",
        ),
        pytest.param(
            "Il dit : « Je pars. » [1] Elle reste. [2]",
            [("Il dit : « Je pars. »", (1,)), ("Elle reste.", (2,))],
            id="after French quotation marks",
        ),
        pytest.param(
            "He left [1], she stayed [2].", [("He left, she stayed.", (1, 2))], id="two in one sentence"
        ),
        pytest.param("He left [0] [99].", [("He left.", (0, 99))], id="unknown numbers are kept"),
        pytest.param(
            "He left.\n[1]\n\nShe stayed.", [("He left.", (1,)), ("She stayed.", ())], id="on its own line"
        ),
        pytest.param("[1]\nHe left.", [("He left.", (1,))], id="alone before the first sentence"),
        pytest.param(
            "[1] He left. [2] She stayed. It rained.",
            [("He left.", (1,)), ("She stayed.", (2,)), ("It rained.", ())],
            id="markers before their sentences",
        ),
        pytest.param('He said [1] "go".', [('He said "go".', (1,))], id="inside the sentence"),
        pytest.param(
            'He said "go. [1]" She left.', [('He said "go."', (1,)), ("She left.", ())], id="inside the marks"
        ),
    ],
)
def test_markers_belong_to_their_sentence(draft, expected):
    assert read(draft) == expected


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param("In [2016] he left.", id="a year is a reporter's insertion"),
        pytest.param("He wrote [sic] so.", id="a word in brackets"),
        pytest.param("It covers 3 km² of land.", id="a square kilometre"),
        pytest.param("Let x^2 be.", id="a power"),
        pytest.param("He left (1).", id="round brackets"),
        pytest.param("He used `rows[1] + 2`.", id="an index in inline code"),
        pytest.param("He left [].", id="empty brackets"),
        pytest.param("He left [1", id="never closed"),
        pytest.param("```\nrows[1] = rows[2]\n```", id="an index in a block of code"),
    ],
)
def test_what_is_no_marker(draft):
    assert [claim.markers for claim in split_claims(draft)] == [()]


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        pytest.param("Mr. Hale met the U.S. envoy on Jan. 5. It rained.", 2, id="abbreviations"),
        pytest.param('He said: "It rained. We left. It ended." She nodded.', 2, id="a quotation stays whole"),
        pytest.param("He said: “It rained.\n\n“We left.” She nodded.", 2, id="a quotation of two paragraphs"),
        pytest.param(
            'He said: "It rained. We left.', 2, id="a quotation never closed ends with its sentence"
        ),
        pytest.param("Er sagte: „Es regnet. Wir gehen.“ Sie nickte.", 2, id="a German quotation stays whole"),
        pytest.param("„Es regnet. Wir gehen.“ „Gut. Geht.“ Sie nickte.", 3, id="two German quotations"),
        pytest.param("“It rained. We left.” “It ended. Go.” She nodded.", 3, id="two quotations in a row"),
        pytest.param(
            "“He said “it rained. We left” then. It ended.” She nodded.", 2, id="a nested quotation"
        ),
        pytest.param("It rained.” We left. “It ended. Go.” She nodded.", 4, id="a lost opening mark"),
        pytest.param('The plank is 6" long. It rained. "We left. Go."', 3, id="inches open no quotation"),
        pytest.param(
            "He said: “It rained.\n\nShe nodded. They left.", 3, id="the next paragraph opens nothing"
        ),
        pytest.param("It rained, and then\nWe left", 2, id="a short line and a capital"),
        pytest.param("It rained\n- We left", 2, id="a list right after a line"),
        pytest.param("It rained\n\nand we left", 2, id="a new paragraph in lower case"),
        pytest.param("- It rained\n- We left\n* It ended", 3, id="list items"),
        pytest.param("1. It rained\n2. We left", 2, id="numbered items"),
        pytest.param("# Weather\nIt rained.", 2, id="a heading"),
        pytest.param("| who | what |\n|---|---|\n| Hale | left [1] |", 2, id="rows of a table"),
        pytest.param("```\na = 1\n\nb = 2\n```\nIt rained.", 2, id="a block of code"),
        pytest.param("```\na\n```\nIt rained.\n```\nb\n```", 3, id="two blocks of code"),
        pytest.param("~~~\na\n```\nb\n~~~\nIt rained.", 2, id="a block of code with the other fence in it"),
        pytest.param("It rained.\n```\na. B\n\nc", 2, id="a block of code never closed"),
        pytest.param("It rained\nWe left", 2, id="lines without full stops"),
        pytest.param(
            "This line was wrapped by an editor at a column near eighty, so that the\nsentence goes on.",
            1,
            id="a wrapped line",
        ),
        pytest.param("他离开了。她留下了。", 2, id="Chinese full stops"),
        pytest.param("", 0, id="nothing"),
        pytest.param(" \n\t", 0, id="blanks"),
        pytest.param("---", 1, id="a rule alone"),
    ],
)
def test_sentences_of_a_draft(draft, sentences):
    assert len(split_claims(draft)) == sentences


def test_list_signs_are_not_part_of_the_plain_sentence():
    assert [plain for plain, _ in read("1. Prices rose. [1]\n- They fell. [2]\n> She said so. [3]")] == [
        "Prices rose.",
        "They fell.",
        "She said so.",
    ]


def test_find_markers_gives_exact_spans():
    draft = "He left [1], then【2】."
    assert [(draft[start:end], numbers) for start, end, numbers in find_markers(draft)] == [
        ("[1]", (1,)),
        ("【2】", (2,)),
    ]


PIECES = st.sampled_from(
    [
        "He left",
        "She ",
        "said ",
        '"',
        "“",
        "”",
        ". ",
        ".",
        "! ",
        "\n",
        "\n\n",
        "[1]",
        "[2, 3]",
        "[",
        "]",
        "1",
        "-",
        " ",
        "【4】",
        "^5",
        "- ",
        "1. ",
        "```",
        "# ",
        "U.S.",
        "Mr. ",
        "他",
        "。",
        "| a |",
        "[^6]: ",
        "`",
        "(x)",
        "¹",
        ",",
        "»",
        "«",
        "„",
        " »",
        "<sup>2</sup>",
        "(Source 3)",
        "［1］",
    ]
)
DRAFTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80)


@given(DRAFTS)
@settings(max_examples=400, deadline=None)
def test_no_text_is_lost_and_spans_are_exact(draft):
    claims = split_claims(draft)
    covered = set()
    for claim in claims:
        assert draft[claim.start : claim.end] == claim.text == claim.text.strip()
        assert covered.isdisjoint(range(claim.start, claim.end))
        covered.update(range(claim.start, claim.end))
    assert all(char.isspace() for position, char in enumerate(draft) if position not in covered)
    assert [claim.start for claim in claims] == sorted(claim.start for claim in claims)


@given(DRAFTS, st.lists(st.integers(1, 9), min_size=1, max_size=5))
@settings(max_examples=600, deadline=None)
def test_a_draft_in_pieces_gives_the_same_claims(draft, sizes):
    assert stream(draft, sizes) == split_claims(draft)


def test_claims_are_handed_out_while_the_draft_still_arrives():
    splitter = ClaimSplitter()
    assert splitter.feed("He left. [1") == []
    assert splitter.feed("] She stayed. [2") == []
    claims = splitter.feed("] It rained. And ")
    assert [(claim.text, claim.markers) for claim in claims] == [
        ("He left. [1]", (1,)),
        ("She stayed. [2]", (2,)),
    ]


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param('He left. [1] She said "x y." ' * 5_000, id="plain"),
        pytest.param("[1," * 50_000, id="marker never closed"),
        pytest.param('"' * 50_000, id="quotation marks"),
        pytest.param('"a. ' * 12_000, id="quotations never closed"),
        pytest.param("[" * 50_000, id="brackets"),
        pytest.param("a. " * 4_000, id="abbreviations"),
        pytest.param("| a\n" * 20_000, id="table"),
        pytest.param("```\n" * 20_000, id="fences"),
        pytest.param("\n" * 100_000, id="blank lines"),
    ],
)
def test_hostile_drafts_take_linear_time(draft):
    started = time.process_time()
    split_claims(draft)
    assert time.process_time() - started < 5


ASIDE = f"[{'as he had said to all, ' * 5}and to some]"
"""A bracket too long to be a marker that has not arrived whole."""
FORMS = [
    pytest.param(
        "# Ferries\nHale left. [1]\n\n- Ward stayed [2]\n  - Kolb slept [3]\n\n"
        "| who | what |\n|---|---|\n| Hale | left [1] |\n",
        [
            ("Ferries", ()),
            ("Hale left.", (1,)),
            ("Ward stayed", (2,)),
            ("Kolb slept", (3,)),
            ("| who | what |\n|---|---|", ()),
            ("| Hale | left |", (1,)),
        ],
        id="heading, list and table",
    ),
    pytest.param(
        "1. Hale left. [1]\n2. Ward stayed [2]",
        [("Hale left.", (1,)), ("Ward stayed", (2,))],
        id="numbered list",
    ),
    pytest.param(
        "> Hale left. [1]\n> Ward stayed. [2]",
        [("Hale left.", (1,)), ("Ward stayed.", (2,))],
        id="block quote",
    ),
    pytest.param(
        "The ferry company said on Tuesday that its old boats were sold and\nnew ones bought. [1]",
        [
            (
                "The ferry company said on Tuesday that its old boats were sold and\nnew ones bought.",
                (1,),
            )
        ],
        id="wrapped line goes on",
    ),
    pytest.param(
        "The ferry company said on Tuesday that its old boats were sold in\nOslo. [1] Ward stayed. [2]",
        [
            ("The ferry company said on Tuesday that its old boats were sold in\nOslo.", (1,)),
            ("Ward stayed.", (2,)),
        ],
        id="wrapped line with a capital",
    ),
    pytest.param(
        "Hale left the pier\nWard stayed there. [2]",
        [("Hale left the pier", ()), ("Ward stayed there.", (2,))],
        id="short line and a capital",
    ),
    pytest.param(
        "Hale left the pier\nand went home. [2]",
        [("Hale left the pier\nand went home.", (2,))],
        id="short line and a small letter",
    ),
    pytest.param(
        "The ferry company said on Tuesday that its old boats were sold [1]\nand new ones bought. [2]",
        [
            ("The ferry company said on Tuesday that its old boats were sold", (1,)),
            ("and new ones bought.", (2,)),
        ],
        id="line that ends with a marker",
    ),
    pytest.param(
        "The ferry company said on Tuesday that its old boats were sold.\nand new ones bought. [2]",
        [
            ("The ferry company said on Tuesday that its old boats were sold.", ()),
            ("and new ones bought.", (2,)),
        ],
        id="line that ends with a stop",
    ),
    pytest.param(
        "Hale left.\n[1]\n\nWard stayed.\n[2]",
        [("Hale left.", (1,)), ("Ward stayed.", (2,))],
        id="marker on a line of its own",
    ),
    pytest.param(
        "[1] Hale left.\n[2] Ward stayed.",
        [("Hale left.", (1,)), ("Ward stayed.", (2,))],
        id="marker before the sentence",
    ),
    pytest.param(
        "[1] Hale left. He slept.\n[2] Ward stayed.",
        [("Hale left.", (1,)), ("He slept.", ()), ("Ward stayed.", (2,))],
        id="markers first in a list",
    ),
    pytest.param(
        "Hale said: “I left the pier.\n\n“I went home.” [1] Ward stayed. [2]",
        [("Hale said: “I left the pier.\n\n“I went home.”", (1,)), ("Ward stayed.", (2,))],
        id="paragraphs of one quotation",
    ),
    pytest.param(
        "Hale said: “I left the pier.\n\nWard stayed. [2]",
        [("Hale said: “I left the pier.", ()), ("Ward stayed.", (2,))],
        id="quotation never closed",
    ),
    pytest.param(
        "Hale said: “I left\n- Ward stayed [2]",
        [("Hale said: “I left", ()), ("Ward stayed", (2,))],
        id="open quotation and a list",
    ),
    pytest.param(
        "Hale sagte: „Ich gehe. Ich bleibe.“ [1] Ward blieb. [2]",
        [("Hale sagte: „Ich gehe. Ich bleibe.“", (1,)), ("Ward blieb.", (2,))],
        id="low quotation marks",
    ),
    pytest.param(
        "„Ich gehe.“ “He stays. He sleeps.” [1] Ward blieb. [2]",
        [("„Ich gehe.“", ()), ("“He stays. He sleeps.”", (1,)), ("Ward blieb.", (2,))],
        id="high marks after low ones",
    ),
    pytest.param(
        "Hale a dit : « Je pars. Je reste. » [1] Ward est resté. [2]",
        [("Hale a dit : « Je pars. Je reste. »", (1,)), ("Ward est resté.", (2,))],
        id="guillemets",
    ),
    pytest.param(
        'The 5" gun fired. [1] Ward stayed. [2]',
        [('The 5" gun fired.', (1,)), ("Ward stayed.", (2,))],
        id="inches",
    ),
    pytest.param(
        "Look:\n```\nx = a[1]. B[2]\n```\nHale left [1].",
        [("Look:", ()), ("```\nx = a[1]. B[2]\n```", ()), ("Hale left.", (1,))],
        id="code block",
    ),
    pytest.param(
        "~~~\nx[1]\n~~~\nHale left [1].",
        [("~~~\nx[1]\n~~~", ()), ("Hale left.", (1,))],
        id="code block with tildes",
    ),
    pytest.param(
        "Hale left [1].\n```\nx = a[2]",
        [("Hale left.", (1,)), ("```\nx = a[2]", ())],
        id="code block never closed",
    ),
    pytest.param(
        "Hale left. [1]\n\n---\n\nWard stayed. [2]",
        [("Hale left. ---", (1,)), ("Ward stayed.", (2,))],
        id="rule between",
    ),
    pytest.param("[1] [2]", [("", (1, 2))], id="only markers"),
    pytest.param(
        "“I left.[1]” Ward stayed. [2]",
        [("“I left.”", (1,)), ("Ward stayed.", (2,))],
        id="stop and marker and closing mark",
    ),
    pytest.param(
        "Hale left.[1]Ward stayed.[2]",
        [("Hale left.", (1,)), ("Ward stayed.", (2,))],
        id="marker glued to the next sentence",
    ),
    pytest.param(
        "黑尔离开了。沃德留下了。[2]", [("黑尔离开了。", ()), ("沃德留下了。", (2,))], id="stops that glue"
    ),
    pytest.param(
        "Mr. Hale of the U.S. left at 5 p.m. [1] Ward stayed.",
        [("Mr. Hale of the U.S. left at 5 p.m.", (1,)), ("Ward stayed.", ())],
        id="abbreviations",
    ),
    pytest.param(
        "Version 1.2.3 fell. [1] Ward stayed. [2]",
        [("Version 1.2.3 fell.", (1,)), ("Ward stayed.", (2,))],
        id="two stops in a number",
    ),
    pytest.param(
        "Hale left [1-60]. Ward stayed [3-1].",
        [("Hale left.", (1, 60)), ("Ward stayed.", (1, 2, 3))],
        id="wide range",
    ),
    pytest.param("Hale left. [1", [("Hale left.", ()), ("[1", ())], id="unfinished marker at the end"),
    pytest.param(
        f"Hale left. {ASIDE} Ward stayed. [2]",
        [
            ("Hale left.", ()),
            (f"{ASIDE} Ward stayed.", (2,)),
        ],
        id="long bracket",
    ),
    pytest.param(
        "Hale left [1] and [2]. Ward stayed [1], [3]; [2].",
        [("Hale left.", (1, 2)), ("Ward stayed.", (1, 3, 2))],
        id="and between markers",
    ),
    pytest.param(
        "Hale left. \t[1]\xa0[2] Ward stayed.",
        [("Hale left.", (1, 2)), ("Ward stayed.", ())],
        id="tabs and blanks",
    ),
    pytest.param(
        "**Hale left.** [1] *Ward stayed.* [2]",
        [("**Hale left.**", (1,)), ("*Ward stayed.*", (2,))],
        id="stars",
    ),
    pytest.param(
        "Hale left. [1]  \n\n  Ward stayed. [2]  \n",
        [("Hale left.", (1,)), ("Ward stayed.", (2,))],
        id="ends with blanks",
    ),
]
"""Drafts in the forms that models write, each with the plain words and markers of its claims."""


@pytest.mark.parametrize(("draft", "expected"), FORMS)
def test_claims_of_a_form(draft, expected):
    assert [(claim.plain, claim.markers) for claim in split_claims(draft)] == expected


@pytest.mark.parametrize("size", [1, 3, 11])
@pytest.mark.parametrize(("draft", "expected"), FORMS)
def test_a_form_in_pieces_gives_the_same_claims_with_their_spans(draft, expected, size):
    splitter = ClaimSplitter()
    claims = [
        claim for start in range(0, len(draft), size) for claim in splitter.feed(draft[start : start + size])
    ]
    claims += splitter.finish()
    assert claims == split_claims(draft)
    assert all(claim.text == draft[claim.start : claim.end] for claim in claims)


def test_a_claim_is_handed_out_as_soon_as_the_next_one_has_begun_and_spans_go_on_counting():
    splitter = ClaimSplitter()
    assert splitter.feed("Hale left the pier. [1] Ward ") == []
    (first,) = splitter.feed("stayed there. [2] Kolb ")
    (second,) = splitter.feed("slept. [3] Nobody ")
    assert (first.start, first.end, first.plain) == (0, 23, "Hale left the pier.")
    assert (second.start, second.end, second.plain) == (24, 46, "Ward stayed there.")
    assert [claim.plain for claim in splitter.finish()] == ["Kolb slept.", "Nobody"]


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        pytest.param("[1-51]", tuple(range(1, 52)), id="a range of fifty steps"),
        pytest.param("[1-52]", (1, 52), id="a wider one: its ends"),
        pytest.param("[40-60]", tuple(range(40, 61)), id="a short one of high numbers"),
        pytest.param("[2016]", (), id="a year"),
        pytest.param("[2016, 2]", (2016, 2), id="a year beside a number"),
    ],
)
def test_numbers_of_a_marker(marker, numbers):
    found = find_markers(f"Hale left {marker}")
    assert [number for _, _, some in found for number in some] == list(numbers)


def test_a_quotation_that_goes_on_for_pages_no_longer_holds_a_claim_together():
    pages = "He slept. " * 450
    assert len(split_claims(f"Hale said: “{pages}")) > 400
    assert len(split_claims(f"Hale said: “{pages[:3900]}”")) == 1
