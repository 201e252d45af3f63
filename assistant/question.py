"""A question in plain words -> `Question`: whose words, about what, from which outlets, in which window.

Rules only, no model, so that the same words are always understood the same way and the reader can see
and change what was understood. A follow-up has been made standalone before (`assistant.conversation`).

The direction matters: "What did A say about B?" asks for A's words; "What was said about A by B?" for B's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache

from assistant.types import Question, QuestionKind
from assistant.windows import TimeWindow, describe_window, find_covered_window
from index.types import Span

_WORDS = {
    "S": r"(?P<speaker>.{1,80}?)",
    "X": r"(?P<except_speaker>.{1,80}?)",
    "T": r"(?P<about>.+)",
    "LATE": r"(?P<late>.+)",
    "REST": r"(?P<rest>\b.*)",
    "DID": "(?:did|does|do|has|have|had|is|was|are|were|would)",
    "HAS": "(?:has|have|had|also|is|was|were)",
    "WAS": "(?:was|is|were|are|has been|have been)(?: being)?",
    "EVER": "(?:(?:ever|also|just|publicly|recently|reportedly|actually|really|exactly|once|already|"
    "officially|probably|likely|then|first|later) )*",
    "ABOUT": "(?:about|on|of|regarding|concerning|over|as regards|in response to|in reaction to|"
    "in relation to|with respect to|with regard to|to|towards?)",
    "SAY": "(?:say|tell|state|declare|claim|write|tweet|argue|warn|promise|remark|think|believe|insist|admit|"
    "deny|predict|threaten|vow|confirm|suggest)",
    "SAID": "(?:said|told|stated|declared|claimed|tweeted|argued|warned|promised|remarked|thought|believed|"
    "insisted|admitted|denied|predicted|threatened|vowed|called|confirmed|suggested)",
    "SAYS": "(?:says|tells|states|declares|claims|tweets|argues|warns|promises|thinks|believes|insists|"
    "admits|denies|predicts|vows|calls|suggests)",
    "JUDGED": "(?:criticis|criticiz|condemn|prais|attack|defend|reject|mock|blast|denounc|welcom|oppos|"
    "endors|accus|support)(?:ed|es|e|s)",
    "SPEAK": "(?:say(?:ing)?|said|tell(?:ing)?|told|think|thought|believe|write|written|tweet(?:ed)?|"
    "post(?:ed)?|argued?|remark(?:ed)?|ANSWERED)",
    "ANSWERED": "(?:react(?:ed)?|respond(?:ed)?|repl(?:y|ied)|comment(?:ed)?|spoken?|talk(?:ed)?|"
    "talking|speaking|quoted)",
    "DESCRIBED": "(?:describe[ds]?|explain(?:ed)?|justif(?:y|ied)|characteri[sz]ed?|view(?:ed)?)",
    "MENTIONED": "(?:(?:say|said) (?:anything|something|more) ABOUT|ANSWERED ABOUT|mention(?:ed)?)",
    "POSITION": "(?:positions?|stances?|views?|opinions?|reactions?|responses?|comments?|statements?|"
    "remarks?|take|attitude|thoughts?|words|message|line)",
    "CHANGED": "(?:been|chang(?:ed?|ing)|evolved?|shift(?:ed)?|develop(?:ed)?|differ(?:ed)?)",
    "QUOTES": "(?:words?|quotes?|quotations?|statements?|remarks|comments)",
    "PERSON": r"(?:who|who was it (?:that|who)|(?:what|which) (?:\w+ )?"
    r"(?:politician|minister|leader|official|president|expert|person|analyst|spokes\w+)s?)",
    "BESIDES": "(?:besides|apart from|other than|except)",
}
"""Building blocks of the question forms: capital words stand for these alternatives. `S` is who speaks, `T`
what about, `X` who is not asked for, and `REST` is read by `_topic_of_rest`."""

_FORMS: dict[QuestionKind, tuple[str, ...]] = {
    "said_about": (
        "what WAS said ABOUT (?P<about>.+?) by S",
        "what WAS said by S(?: ABOUT T)?",
        "what WAS said ABOUT T",
        r"(?:what|how) DID S['’]s? (?:\w+ )?POSITION(?: ABOUT (?P<about>.+?))?(?: CHANGED)*(?: ABOUT LATE)?",
        "what WAS the POSITION of S(?: ABOUT T)?",
        "how DID S CHANGED (?:his|her|their|its) POSITION(?: ABOUT T)?",
        "where DID S stand on T",
        "how DID S EVERANSWERED(?: (?:to|on) T)?",
        "how DID S EVERDESCRIBED T",
        "DID S EVERMENTIONED T",
        "what (?:(?:else|exactly|all) )*DID S EVERSPEAKREST",
        "what DID S EVERcall T",
        "what S EVER(?:said|says|thinks|thought|wrote|tweeted)(?: ABOUT T)?",
        "(?:the )?QUOTES (?:by|of|from) S(?: ABOUT T)?",
    ),
    "who_said": (
        r"(?:who|(?:what|which) other \w+)(?: else)?(?: BESIDES X)? (?:HAS )?EVERANSWERED(?: out)? ABOUT T",
        "PERSON(?: else)?(?: BESIDES X)? (?:HAS )?EVER(?:SAYS|SAID)(?: so| (?:that )?T)?",
        "who(?: else)?(?: BESIDES X)? (?:HAS )?EVERJUDGED T",
        "(?:by whom|whose) (?:QUOTES|was|were|is|are)(?: T)?",
    ),
    "did_say": (
        "is it true that S EVER(?:SAYS|SAID) (?:that )?T",
        "was it S (?:who|that) SAID (?:that )?T",
        "(?:(?:when|where|why) )?DID S EVER(?:SAY|SAID)(?: (?:that )?T)?",
    ),
}
"""Ways of asking for words, tried in order over the question without its quotation, dates and outlets."""

_REST_TOPIC = re.compile(
    r"\b(?:about|regarding|concerning|on|of|over|in response to|in reaction to|with regard to|"
    r"with respect to|as regards)\s+(?P<about>.+)$",
    re.IGNORECASE,
)
_REST_CLAUSE = re.compile(
    r"^\s*(?:that|is|was|are|were|when|after|before|would|will|should|might|could|if|whether|why|how)\b\s*(?P<about>.*)$",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\b(?:tell|told)\s*$", re.IGNORECASE)
_ADDRESSEE = re.compile(r"(?:(?:the|President|Mr|Mrs|Ms)\s+)?[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,4}")
"""Whom something is told; a general word ("reporters") does not narrow what is asked for."""
_OPENERS = re.compile(
    r"^(?:(?:please|so|and|but|ok|okay|well|hey|hi|hello)[,\s]+"
    r"|(?:(?:can|could|would)\s+you\s+(?:please\s+)?)?(?:tell|show|give|remind)\s+me\s+"
    r"|(?:i(?:['’]d|\s+would)\s+like\s+to\s+know|i\s+want\s+to\s+know|do\s+you\s+know)\s+)+",
    re.IGNORECASE,
)
_CLOSERS = re.compile(
    r"(?:\s+(?:in|from|according\s+to)\s+(?:the|this|these|those|your|my)\s+"
    r"(?:articles?|archive|news|texts?|sources?))?[\s?!.,;:]*$",
    re.IGNORECASE,
)
_QUOTATION = re.compile(
    r"“([^“”]{2,2000})”"
    r'|"([^"]{2,2000})"'
    r"|«\s?([^«»]{2,2000}?)\s?»"
    r"|(?<!\w)[‘']([^‘’']{2,2000}(?:[’']\w[^‘’']{0,2000}){0,20})[’'](?!\w)"
)
_ASKS_FOR_WORDS = re.compile(
    rf"\b(?:quot\w+|words?|phrase|sentence|saying|attributed|{_WORDS['SAY']}|{_WORDS['SAYS']}|{_WORDS['SAID']})\b",
    re.IGNORECASE,
)
_ABOUT_ARTICLES = re.compile(
    r"\b(?:articles?|reports?|stor(?:y|ies)|pieces?|coverage|authors?|texts?)\b", re.IGNORECASE
)
_ASKS_FOR_PLACE = re.compile(
    r"\b(?:quot\w+|words|phrase|sentence|attributed|where|(?:which|what)\s+(?:article|story|outlet|paper|report))\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:(?:the|this|these|those|some|any)\s+)?(?:you|people|anyone|anybody|everyone|everybody|they|he|she|we|it|"
    r"experts?|critics?|others|articles?|stor(?:y|ies)|reports?|news|archive|press|media|outlets?|sources?|texts?|"
    r"papers?|pages?)",
    re.IGNORECASE,
)
_OUTLET_BEFORE = re.compile(
    r"(?:according\s+to|(?:reported|published|written)\s+by|as\s+per|per|in|from|by|on|via|including|such\s+as|"
    r"(?P<verb>tell|told|tells|telling|spoke\s+to|speaking\s+to|said\s+to|say\s+to|interview\s+with))\s+"
    r"(?:(?:an?|the|one|another|some|its?|both|articles?|reports?|reporting|stor(?:y|ies)|pieces?|interviews?|"
    r"coverage|published|by|from|in|on|with)\s+)*$",
    re.IGNORECASE,
)
_OUTLET_JOINED = re.compile(
    r"(?:['’]s?)?\s*(?:,\s*)?(?:\s(?:and|or)\s+|,\s+)"
    r"(?:(?:an?|the|one|another|articles?|reports?|stor(?:y|ies)|from|by|in|on)\s+)*",
    re.IGNORECASE,
)
_OUTLET_AFTER = re.compile(
    r"(?:['’]s?)?\s+(?:(?:has|have|had|also)\s+)?(?:report(?:s|ed|ing)?|writ(?:e|es|ing)|wrote|articles?|"
    r"stor(?:y|ies)|coverage|reviews?|pieces?|publish(?:es|ed)?|interviews?|say|says|said|cover(?:s|ed)?)\b",
    re.IGNORECASE,
)


@cache
def _form_patterns() -> tuple[tuple[QuestionKind, re.Pattern[str]], ...]:
    return tuple((kind, _compile_form(form)) for kind, forms in _FORMS.items() for form in forms)


def _compile_form(form: str) -> re.Pattern[str]:
    block = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
    while block.search(form):
        form = block.sub(lambda name: _WORDS[name[0]], form)
    return re.compile(form.replace(" ", r"\s+"), re.IGNORECASE)


def understand_question(
    text: str, *, now: datetime, outlets: Iterable[str] = (), newest: datetime | None = None
) -> Question:
    """Read what a standalone question asks for.

    Args:
        text: The question.
        now: An aware datetime, against which "on Thursday" and "last week" are read.
        outlets: Names of the outlets in the archive; a question can restrict itself only to these.
        newest: Time of the archive's newest article; a month without a year is the latest one not after it.

    Returns:
        The question; `kind` is ``fact`` wherever no other form fits, so nothing is ever rejected here.
    """
    text = " ".join(text.split())
    outlets = tuple(outlets)
    quotation, bare = _take_quotation(text, outlets)
    window, earlier = find_covered_window(bare, now, newest)
    if window:
        bare = _cut(bare, window.start, window.end)
    named, spans = _find_outlets(bare, outlets)
    for start, end in reversed(spans):
        bare = _cut(bare, start, end)
    bare = _CLOSERS.sub("", _OPENERS.sub("", bare.strip())).strip()
    kind, speaker, about, except_speaker = _read_form(bare, quotation, text)
    if (
        speaker is not None
        and (whose := named_outlets(speaker, outlets))
        and not without_outlets(speaker, whose)
    ):
        kind, speaker, about, except_speaker = "fact", None, None, None  # what is asked for is its reporting
        named = named or whose
    return Question(
        text=text,
        kind=kind,
        speaker=speaker,
        about=about,
        except_speaker=except_speaker,
        quotation=None if kind == "fact" else quotation,
        outlets=named,
        since=window.since if window else None,
        until=window.until if window else None,
        note=_note_window(window) if window and earlier else None,
    )


def _note_window(window: TimeWindow) -> str:
    when = describe_window(window.since, window.until)
    return f"The articles end earlier than the time named without a year, so it is read as {when}."


def _take_quotation(text: str, outlets: Iterable[str]) -> tuple[str | None, str]:
    """The longest quoted words, if the question speaks of words at all, and the question without them.

    The name of an outlet in quotation marks is no quotation.
    """
    names = {_bare_name(outlet).casefold() for outlet in outlets}
    found = [(match, next(group for group in match.groups() if group)) for match in _QUOTATION.finditer(text)]
    found = [(match, words) for match, words in found if _bare_name(words).casefold() not in names]
    if not found:
        return None, text
    match, words = max(found, key=lambda pair: len(pair[1]))
    bare = _cut(text, match.start(), match.end(), "")
    if bare.strip(" ?.!") and not _ASKS_FOR_WORDS.search(bare):  # a title: who directed "..."?
        return None, text
    return words.strip().rstrip(","), bare


def _read_form(
    bare: str, quotation: str | None, text: str
) -> tuple[QuestionKind, str | None, str | None, str | None]:
    """Kind, speaker, topic and excluded speaker of a question without its quotation, dates and outlets."""
    for kind, pattern in _form_patterns():
        match = pattern.fullmatch(bare)
        if match is None:
            continue
        parts = {name: value.strip(" ,") for name, value in match.groupdict().items() if value}
        speaker = parts.get("speaker")
        if speaker is not None and _ABOUT_ARTICLES.search(speaker):
            return "fact", None, None, None
        if speaker is not None and _NOBODY.fullmatch(speaker):
            speaker = None
        rest = parts.get("rest", "")
        about = parts.get("about") or parts.get("late") or _topic_of_rest(rest)
        if about is None and _ADDRESSEE.fullmatch(rest) and _TELLS.search(bare[: match.start("rest")]):
            about = rest
        return kind, speaker, about or None, parts.get("except_speaker")
    if quotation is None or (bare and not _ASKS_FOR_PLACE.search(bare)):
        return "fact", None, None, None
    by = re.search(r"\b(?:by|from|to)\s+((?:[A-Z][\w.'’-]*\s?){1,5})", text)
    return "find_quotation", by[1].strip() if by else None, None, None


def _topic_of_rest(rest: str) -> str | None:
    """What stands after "say": "to reporters about Trump" -> "Trump"; "would happen if ..." -> all of it."""
    clause = _REST_CLAUSE.match(rest)
    if clause:
        return clause["about"]
    about = _REST_TOPIC.search(rest)
    return about["about"] if about else None


def named_outlets(text: str, outlets: Iterable[str]) -> tuple[str, ...]:
    """Those of the outlets that a text names, in text order, each once."""
    of_name = {_bare_name(outlet).lower(): outlet for outlet in sorted(outlets)}
    return tuple(dict.fromkeys(of_name[match[1].lower()] for match in _match_outlets(text, outlets)))


def find_outlet_names(text: str, outlets: Iterable[str]) -> list[Span]:
    """Where a text names any of the outlets, in text order."""
    return [Span(*match.span()) for match in _match_outlets(text, outlets)]


def without_outlets(text: str, outlets: Iterable[str]) -> str:
    """A text without the names of the outlets."""
    for match in reversed(_match_outlets(text, outlets)):
        text = _cut(text, match.start(), match.end())
    return text


def _match_outlets(text: str, outlets: Iterable[str]) -> list[re.Match[str]]:
    """Every name of an outlet with the article and quotation marks around it, in text order."""
    names = frozenset(_bare_name(outlet) for outlet in outlets)
    if not names:
        return []
    ignoring_case = text == text.lower()
    pattern = _outlet_pattern(names, ignoring_case=ignoring_case)
    return list(pattern.finditer(text if ignoring_case else _lower_the(text)))


@lru_cache(maxsize=1_000)
def _outlet_pattern(names: frozenset[str], *, ignoring_case: bool) -> re.Pattern[str]:
    """Any of the names with the article and quotation marks around it; the longest that fits."""
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    pattern = rf"(?<!\w)[\"'“‘]?(?:the\s+)?({alternatives})(?:[\"'”’](?!\w)|(?!\w))"
    return re.compile(pattern, re.IGNORECASE if ignoring_case else 0)


def _find_outlets(text: str, outlets: Iterable[str]) -> tuple[tuple[str, ...], list[Span]]:
    """Outlets the question restricts itself to, and the phrases that do so, both in text order."""
    spans: list[Span] = []
    for run in _joined_runs(_match_outlets(text, outlets), text):
        lead = _OUTLET_BEFORE.search(text[: run[0].start()])
        if not lead and not _OUTLET_AFTER.match(text[run[-1].end() :]):
            continue
        start = run[0].start() if lead is None else lead.end("verb") if lead["verb"] else lead.start()
        spans.append(Span(start, run[-1].end()))
    # A question that restricts itself to outlets compares all those it names.
    return named_outlets(text, outlets) if spans else (), spans


def _joined_runs(matches: list[re.Match[str]], text: str) -> list[list[re.Match[str]]]:
    """Outlet names in lists: "the BBC and Reuters" is one run."""
    runs: list[list[re.Match[str]]] = []
    for match in matches:
        if runs and _OUTLET_JOINED.fullmatch(text, runs[-1][-1].end(), match.start()):
            runs[-1].append(match)
        else:
            runs.append([match])
    return runs


def _bare_name(outlet: str) -> str:
    return re.sub(r"^the\s+", "", outlet, flags=re.IGNORECASE)


def _lower_the(text: str) -> str:
    return re.sub(r"\bThe\b", "the", text)


def _cut(text: str, start: int, end: int, glue: str = " ") -> str:
    return f"{text[:start].rstrip()}{glue or ' '}{text[end:].lstrip()}".strip()
