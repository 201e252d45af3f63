"""A follow-up and the conversation before it -> a question that stands on its own.

Rules only. A pronoun, a bare name ("And Putin?"), a bare question word ("Why?") or "who else said so" is
filled in from the questions before it; what was filled in is part of the question that is searched for
and shown. A question that needs nothing is returned as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from assistant.types import Question, Turn
from assistant.windows import find_window

_ELLIPSIS = re.compile(
    r"^(?:and|or|but|so|ok(?:ay)?)?[,\s]*(?:(?P<lead>what|how)\s+(?P<about>about|of|with)\s+)?(?P<rest>.{1,200}?)[\s?!.]*$",
    re.IGNORECASE | re.DOTALL,
)
_BARE_WORD = re.compile(
    r"^(?:and|but|so)?[,\s]*(?P<word>why|when|where|how|who|how\s+(?:many|much|long|old|often))[\s?!.]*$",
    re.IGNORECASE,
)
_SO = re.compile(
    r"^(?:and\s+|but\s+)?(?:who|has\s+(?:anyone|anybody)|did\s+(?:anyone|anybody))(?:\s+(?:else|other))?"
    r"(?:\s+(?:has|have|had))?\s+(?:(?:sa(?:id|ys?))\s+(?:so|that|this|it|the\s+same(?:\s+thing)?)|else|agree[sd]?)?[\s?!.]*$",
    re.IGNORECASE,
)
_ELSE = re.compile(r"^(?:and\s+|but\s+)?(?:who|anyone|anybody)\s+else\b", re.IGNORECASE)
_SAYS_TOO = re.compile(
    r"^(?:and|but|so|then)[,\s]+(?:then\s+)?what\s+(?:did|does|do|has|have|had)\s+.{1,80}?\s+"
    r"(?:say|said|think|tweet|reply|write|answer)[\s?!.]*$",
    re.IGNORECASE,
)
"""A question for another one's words that joins on to the one before: "And what did Putin say?"."""
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|might|should|say|says|said)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"^\s*(?:who|whom|whose|what|when|where|which|why|how)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?P<pronoun>he|she|him|her|his|hers)\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(?P<pronoun>it|this|that|them|they|those|these|their|its)\b(?=\s*(?:[?!.,]|$))", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"^(?P<preposition>in|on|about|to|from|at|for|with|by|according\s+to)\s+(?P<rest>.+)$", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z][\w’'.-]*(?:\s+(?:de|van|von|of)?\s*[A-Z][\w’'.-]*)*")
_OPENING_WORDS = "What Who When Where Why Which How Did Does Do Is Was Has Have The And But So In On Tell"
_NOT_A_NAME = frozenset(_OPENING_WORDS.split())

IsSpeaker = Callable[[str], bool]
"""Whether a name is one that the archive credits with statements."""


def make_standalone(text: str, history: Sequence[Turn], *, now: datetime, is_speaker: IsSpeaker) -> str:
    """The question with what it takes from the conversation filled in.

    Args:
        text: The question as asked.
        history: Earlier turns, oldest first.
        now: An aware datetime, for telling "and last week?" from "and Putin?".
        is_speaker: Decides whether "What about X?" asks for X's words or for words about X.
    """
    text = " ".join(text.split())
    if not history:
        return text
    last = history[-1].answer.understood
    if _SO.match(text) or (_ELSE.match(text) and last.kind != "fact" and not _PERSON.search(text)):
        return _who_else(text, history)
    bare = _BARE_WORD.match(text)
    if bare:
        return _ask_again_with(bare["word"], last)
    ellipsis = _ELLIPSIS.match(text)
    if ellipsis and _is_elliptical(text, ellipsis):
        return _fill_ellipsis(
            ellipsis["rest"], ellipsis["lead"] is not None, last, now=now, is_speaker=is_speaker
        )
    if _SAYS_TOO.match(text) and last.kind == "said_about" and last.about:
        text = f"{text.rstrip(' ?!.')} about {last.about}?"
    return _fill_pronouns(text, history)


def _is_elliptical(text: str, ellipsis: re.Match[str]) -> bool:
    """Whether a question has no verb of its own: "and Putin?", "what about the BBC?", "in May?"."""
    if ellipsis["lead"]:
        return len(ellipsis["rest"].split()) <= 12
    return len(text.split()) <= 6 and not _VERB.search(text) and not _ASKS.match(text)


def _fill_ellipsis(
    rest: str, with_lead: bool, last: Question, *, now: datetime, is_speaker: IsSpeaker
) -> str:
    """The last question with one part exchanged for `rest`."""
    old = find_window(last.text, now)
    window = find_window(rest, now) or (find_window(f"in {rest}", now) if with_lead else None)
    if window and window.end - window.start >= len(rest.strip()) - 1:
        base = last.text[: old.start] + last.text[old.end :] if old else last.text
        return f"{base.rstrip(' ?')} {rest}?".replace("  ", " ")
    parted = _PREPOSITION.match(rest)
    preposition, new = (parted["preposition"], parted["rest"]) if parted else ("", rest)
    names_topic = preposition.lower() in ("about", "on")
    if (last.speaker and names_topic) or (with_lead and last.about and not is_speaker(new)):
        return _with_topic(last, new)
    if last.speaker and not preposition:
        if not with_lead or is_speaker(new):
            return last.text.replace(last.speaker, new, 1)
        return _with_topic(last, new)
    return _exchange_name(last.text, preposition, new)


def _with_topic(last: Question, topic: str) -> str:
    if last.about:
        head, found, tail = last.text.rpartition(last.about)
        return f"{head}{topic}{tail}" if found else last.text
    return f"{last.text.rstrip(' ?')} about {topic}?"


def _exchange_name(text: str, preposition: str, new: str) -> str:
    """Puts `new` where the last name stands, the one after the same preposition if there is one."""
    if preposition:
        after = re.search(
            rf"\b{re.escape(preposition)}\s+([^,?]+?)(?=\s+(?:in|on|at|by|for|to|with)\b|[,?]|$)",
            text,
            re.IGNORECASE,
        )
        if after:
            return f"{text[: after.start(1)]}{new}{text[after.end(1) :]}"
        return f"{text.rstrip(' ?')} {preposition} {new}?"
    names = [match for match in _NAME.finditer(text) if match[0] not in _NOT_A_NAME]
    if not names:
        return f"{text.rstrip(' ?')} {new}?"
    return f"{text[: names[-1].start()]}{new}{text[names[-1].end() :]}"


def _ask_again_with(word: str, last: Question) -> str:
    """Turns "When did X resign?" and then "Why?" into "Why did X resign?"."""
    asked = re.match(r"^(?:when|where|why|how|did|does|do|has|have|is|was|will)\b", last.text, re.IGNORECASE)
    if asked and asked[0].lower() in ("when", "where", "why", "how"):
        return f"{word.capitalize()}{last.text[asked.end() :]}"
    if asked:
        return f"{word.capitalize()} {last.text[0].lower()}{last.text[1:]}"
    return f"{last.text.rstrip(' ?')}, and {word.lower()}?"


def _who_else(text: str, history: Sequence[Turn]) -> str:
    """Who besides the last speaker said what was last spoken of."""
    last = history[-1].answer.understood
    speaker = last.speaker or next((one.speaker for one in history[-1].answer.citations if one.speaker), None)
    besides = f" besides {speaker}" if speaker else ""
    if last.quotation:
        return f"Who{besides} said “{last.quotation}”?"
    if last.about and last.kind == "said_about":
        return f"Who{besides} commented on {last.about}?"
    if last.about:
        return f"Who{besides} said that {last.about}?"
    return text


def _fill_pronouns(text: str, history: Sequence[Turn]) -> str:
    last = history[-1].answer.understood
    person = _PERSON.search(text)
    if person and not _has_name_before(text, person.start()):
        text = _replace_person(text, person, history)
    thing = _THING.search(text)
    if thing and last.about and not _has_name_before(text, thing.start(), unless=_person_of(history)):
        text = f"{text[: thing.start()]}{last.about}{text[thing.end() :]}"
    return text


def _replace_person(text: str, pronoun: re.Match[str], history: Sequence[Turn]) -> str:
    """A pronoun takes the part it had: a subject the last speaker, an object after "about" the last topic."""
    last = history[-1].answer.understood
    is_object = pronoun[0].lower() in ("him", "her") and re.search(
        r"\b(?:about|on|of|to)\s+$", text[: pronoun.start()]
    )
    name = last.about if is_object and last.about and _NAME.match(last.about) else _person_of(history)
    if name is None:
        return text
    after = text[pronoun.end() :]
    owns = pronoun[0].lower() in ("his", "hers") or (
        pronoun[0].lower() == "her" and re.match(r"\s+\w", after)
    )
    return f"{text[: pronoun.start()]}{name}{'’s' if owns else ''}{after}"


def _person_of(history: Sequence[Turn]) -> str | None:
    """Who the conversation is about: the last asked speaker, else who was cited, else the last name."""
    for turn in reversed(history):
        understood = turn.answer.understood
        if understood.speaker:
            return understood.speaker
        cited = next((citation.speaker for citation in turn.answer.citations if citation.speaker), None)
        if understood.kind == "who_said" and cited:
            return cited
        names = [name[0] for name in _NAME.finditer(understood.text) if name[0] not in _NOT_A_NAME]
        if names or cited:
            return names[-1] if names else cited
    return None


def _has_name_before(text: str, end: int, unless: str | None = None) -> bool:
    """Whether a name other than `unless` stands before `end`; a capital that opens a question is no name."""
    names = (
        " ".join(word for word in name[0].split() if word not in _NOT_A_NAME)
        for name in _NAME.finditer(text[:end])
    )
    return any(name and name != unless for name in names)
