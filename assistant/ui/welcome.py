"""What stands where the conversation will be: an archive's first questions, or how to fill an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.ui.html import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from index.archive import ArchiveStats


def render_welcome(
    stats: ArchiveStats,
    starters: Sequence[str],
    *,
    model: str | None = None,
    sent_to: str | None = None,
    problem: str | None = None,
) -> Markup:
    """The greeting of an archive.

    Args:
        stats: How much it holds; an empty one offers the sample archive.
        starters: Its first questions.
        model: Name of the connected model.
        sent_to: Address of its endpoint, if it has one.
        problem: What went wrong with the last thing that was tried here.
    """
    return render(
        "welcome.html", stats=stats, starters=starters, model=model, sent_to=sent_to, problem=problem
    )
