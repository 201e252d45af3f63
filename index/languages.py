"""Which language a text is in."""

from __future__ import annotations

READ_CHARACTERS = 1_000
"""Only the start of a text is judged."""
FEWEST_CHARACTERS = 40
"""A shorter text is not judged."""


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the text's language, or None where there is too little text."""
    import py3langid

    start = text[:READ_CHARACTERS]
    if len(start) < FEWEST_CHARACTERS:
        return None
    code, _score = py3langid.classify(start)
    return str(code)
