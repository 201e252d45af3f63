"""Reading from prose whether an answer declines, for systems that have no field for it.

Prose is the weaker source: on RGB (Chen et al. 2023, arXiv 2309.01431) an exact phrase found 25 of
100 declined answers where human-like judging found 45. A system under test should return a field.
"""

from __future__ import annotations

import re

_DECLINES = re.compile(
    r"""
    \b(?:
        (?:i|we)\s+(?:do\s+not|don't|cannot|can't|could\s+not|couldn't)\s+
            (?:know|answer|say|tell|find|determine|confirm|have\s+(?:enough|any|sufficient|that)\b)
      | (?:i\s+am|i'm|we\s+are|we're)\s+(?:unable|not\s+able)\s+to
      | (?:insufficient|not\s+enough|no\s+(?:relevant\s+)?)\s*(?:information|evidence|data)\b
      | (?:cannot|can't|can\s+not|could\s+not)\s+be\s+(?:answered|determined|found|established)
      | (?:is|are|was|were)\s+not\s+(?:mentioned|stated|specified|provided|covered|in\s+these\s+articles)
      | (?:do|does|did)(?:\s+not|n't)\s+(?:mention|say|state|specify|contain|provide|include|answer)
      | nothing\s+in\s+(?:these|the)\s+(?:articles|documents|passages|sources|context)
      | no(?:ne\s+of\s+the|ne\s+of\s+these)?\s+(?:articles?|documents?|passages?|sources?)\s+
            (?:answers?|mentions?|says?|contains?|supports?)
      | empty\s+response
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)

_FIRST_SENTENCE = re.compile(r"[^.!?\n]{0,400}")


def declines(text: str) -> bool:
    """Whether the first sentence declines to answer. A caveat further down does not make a refusal."""
    folded = text.strip().replace("’", "'")
    if not folded:
        return True
    first = _FIRST_SENTENCE.match(folded)
    return bool(first and _DECLINES.search(first.group()))
