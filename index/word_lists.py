"""Word lists written as text, the form in which they are easiest to read and to extend."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text parted by white space, as a set."""
    return frozenset(text.split())
