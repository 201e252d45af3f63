"""Wire copy is known again after an outlet cut and edited it; two reports of one event are not copies."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.syndication import BANDS, bands, is_near_duplicate, signature, similarity

SUBJECTS = [
    "mayor",
    "council",
    "harbour",
    "union",
    "ferry",
    "director",
    "fishermen",
    "bank",
    "court",
    "minister",
    "school",
    "museum",
]
VERBS = [
    "opened",
    "closed",
    "praised",
    "delayed",
    "rejected",
    "funded",
    "visited",
    "repaired",
    "sued",
    "replaced",
    "moved",
    "extended",
]
OBJECTS = [
    "bridge",
    "budget",
    "strike",
    "tunnel",
    "statue",
    "market",
    "pier",
    "contract",
    "archive",
    "stadium",
    "road",
    "clinic",
]


def story(seed: int, sentences: int = 40) -> list[str]:
    """Made-up sentences, the same for the same seed."""
    draw = random.Random(seed).choice
    return [
        f"The {draw(SUBJECTS)} {draw(VERBS)} the {draw(OBJECTS)} near the {draw(OBJECTS)} "
        f"after {draw(range(900))} days, which the {draw(SUBJECTS)} had {draw(VERBS)}."
        for _ in range(sentences)
    ]


ORIGINAL = " ".join(story(1))
COPIES = {
    "identical": ORIGINAL,
    "other_case_and_marks": ORIGINAL.upper().replace(",", " –"),
    "byline_and_footer_added": f"By A. Reporter\n\n{ORIGINAL}\n\nThe agency contributed to this report.",
    "first_sentence_rewritten": " ".join(["A bridge was shut, officials said on Monday.", *story(1)[1:]]),
    "last_quarter_cut": " ".join(story(1)[:30]),
    "one_sentence_in_eight_dropped": " ".join(line for n, line in enumerate(story(1)) if n % 8),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
def test_a_copy_is_known_again_and_found_through_its_bands(copy: str) -> None:
    original, other = signature(ORIGINAL), signature(copy)
    assert is_near_duplicate(original, other)
    assert set(bands(original)) & set(bands(other))


@pytest.mark.parametrize(
    "other",
    [" ".join(story(2)), " ".join(story(1)[:8] + story(3)), " ".join(story(1)[:10])],
    ids=["another_story", "a_follow_up_with_some_background", "a_brief_of_a_quarter"],
)
def test_what_only_shares_something_is_no_copy(other: str) -> None:
    assert not is_near_duplicate(signature(ORIGINAL), signature(other))


def test_similarity_is_near_the_true_share_of_common_shingles() -> None:
    """Words a0..a99 and a25..a124: 97 shingles each, 72 shared, 122 in all: 0.590."""
    first = " ".join(f"a{n}" for n in range(100))
    second = " ".join(f"a{n}" for n in range(25, 125))
    assert similarity(signature(first), signature(second)) == pytest.approx(72 / 122, abs=0.12)


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_judgement_is_symmetric_and_of_fixed_size(a: str, b: str) -> None:
    first, second = signature(a), signature(b)
    assert similarity(first, second) == similarity(second, first)
    assert is_near_duplicate(first, first) == bool(first)
    assert len(first) in {0, 504}
    assert len(bands(first)) == (BANDS if first else 0)


@pytest.mark.parametrize("text", ["", "   ", "… – !"])
def test_a_text_without_words_resembles_nothing(text: str) -> None:
    assert signature(text) == b""
    assert not is_near_duplicate(signature(text), signature(text))


def test_signatures_are_the_same_in_every_process() -> None:
    code = f"from index.syndication import signature; print(signature({ORIGINAL[:500]!r}).hex())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {signature(ORIGINAL[:500]).hex() + "\n"}
