"""What stands where the conversation will be: an archive's first questions, or how to fill an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.ui.html import render
from assistant.ui.suggestions import starter_questions

if TYPE_CHECKING:
    from markupsafe import Markup

    from index.archive import Archive


def render_welcome(archive: Archive, model: str | None, problem: str | None = None) -> Markup:
    """The greeting of an archive.

    Args:
        archive: Its size and first questions are told; an empty one offers the sample archive.
        model: Name of the connected model.
        problem: What went wrong with the last thing that was tried here.
    """
    starters = starter_questions(archive)
    return render("welcome.html", stats=archive.stats(), starters=starters, model=model, problem=problem)
