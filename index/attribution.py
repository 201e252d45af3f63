"""What a sentence reports: content, cue and speaker of each statement in it.

Every reporting verb of the sentence is tried in the orders that news uses:

    after      "...", Lavrov said.      "...", said Lavrov.      The ball is theirs, Lavrov said.
    before     Lavrov said: "..."       Lavrov said (that) ...   Lavrov vowed to ...
    according  According to Lavrov, ... / ..., according to Lavrov.
    noun       Lavrov's claim that ...
    colon      Lavrov: "..."
    fragment   quoted words in a sentence with one subject and no reporting verb
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.clauses import (
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    NEGATIONS,
    PREPOSITIONS,
    QUOTE,
    Words,
    find_phrase_after,
    find_subject_before,
    find_verb_group,
    is_stop,
    is_time_word,
)
from index.mentions import PRONOUNS
from index.speech_verbs import CUES, Cue, is_reporting_noun, particle_of, prepositions_of
from index.types import Span

if TYPE_CHECKING:
    from index.types import QuotePolarity

Order = Literal["after", "before", "according", "noun", "colon", "fragment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One statement of a sentence, before its speaker is known by name."""

    start: int
    """Offset of the content, opening mark included where it starts with a quotation."""
    end: int
    cue: Span | None
    speaker: Span | None
    """The words that name the speaker, or None where the sentence leaves them out."""
    polarity: QuotePolarity
    order: Order
    speech: bool
    """True where the cue is a verb of speech, False for belief, judgement and plan."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A reporting verb in its sentence, by word indices (last ones inclusive)."""

    cue: Cue
    first: int
    verb: int
    subject: tuple[int, int] | None
    inverted: bool
    elided: bool

    relative: bool = False
    """True in "the minister, who said ...": the content ends where the relative clause does."""

    @property
    def left(self) -> int:
        """First word of subject and verb together."""
        return self.first if self.subject is None or self.inverted else min(self.subject[0], self.first)

    @property
    def right(self) -> int:
        """Last word of subject and verb together."""
        return self.verb if self.subject is None or not self.inverted else max(self.subject[1], self.verb)


def find_attributions(words: Words) -> list[Attribution]:
    """Finds what a sentence reports, in the order of its cues."""
    clauses = _find_clauses(words)
    found: list[Attribution] = []
    for position, clause in enumerate(clauses):
        attribution = _read_clause(words, clauses, position)
        if attribution is not None:
            found.append(attribution)
    found.extend(_find_according(words))
    found.extend(_find_nouns(words))
    return found


def find_colon_speaker(words: Words) -> tuple[Span, int] | None:
    """Finds who speaks in "Lavrov: ...", the form of interviews, transcripts and headlines.

    Returns:
        The speaker's words and the index of the first word after the colon; None for any other sentence.
    """
    for index in range(1, min(len(words) - 1, 14)):
        if words.lower[index] == ":":
            phrase = find_subject_before(words, index)
            if phrase is None or phrase[0] > 0 or phrase[1] - phrase[0] > 9:
                return None
            return Span(words.starts[phrase[0]], words.ends[phrase[1]]), index + 1
        if is_stop(words.lower[index]) and words.lower[index] not in "().,-–":
            return None
    return None


def find_first_subject(words: Words) -> Span | None:
    """Finds the subject of a sentence without a reporting verb: the phrase before its first finite verb."""
    for index in range(1, len(words)):
        word = words.lower[index]
        if word == QUOTE:
            return None
        finite = word in AUXILIARIES or (index > 1 and word.endswith("ed")) or CUES.get(word) is not None
        if finite and not words.is_capital(index):
            phrase = find_subject_before(words, find_verb_group(words, index))
            if phrase is not None:
                return _span(words, phrase)
    return None


def _span(words: Words, phrase: tuple[int, int]) -> Span:
    return Span(words.starts[phrase[0]], words.ends[phrase[1]])


def _find_clauses(words: Words) -> list[_Clause]:
    """Finds the reporting verbs of a sentence that have, or share, a subject."""
    clauses: list[_Clause] = []
    lower = words.lower
    for index, word in enumerate(lower):
        if word not in CUES:
            continue
        cue = CUES[word]
        if words.is_capital(index) and index > 0 and not _is_headline(words):
            continue
        particle = particle_of(cue.lemma)
        if particle is not None and lower[index + 1 : index + 2] != [particle]:
            continue
        clause = _read_verb(words, index, cue, clauses)
        if clause is not None and particle is not None:
            clause = replace(clause, verb=index + 1)
        if clause is not None:
            clauses.append(clause)
    return clauses


def _is_headline(words: Words) -> bool:
    """Whether most words start with a capital, so that capitals tell nothing."""
    capitals = sum(1 for text in words.text if text[0].isupper())
    return capitals * 2 > len(words)


def _read_verb(words: Words, index: int, cue: Cue, before: list[_Clause]) -> _Clause | None:
    """Reads subject and form of one candidate verb; None where it reports nothing."""
    lower = words.lower
    first = find_verb_group(words, index)
    group = lower[first:index]
    previous = lower[first - 1] if first else ""
    being = any(word in BE for word in group)
    if cue.form in ("past", "participle") and being:
        return None
    if cue.form == "participle" and not any(word in AUXILIARIES for word in group):
        return None
    if cue.form == "past" and index + 1 < len(words) and lower[index + 1] == "by":
        return None
    if cue.form == "base":
        helped = any(word in AUXILIARIES for word in group)
        if previous == "to":
            return _read_infinitive(words, index, cue, first)
        subject = find_subject_before(words, first)
        if subject is None or not (helped or _is_plural(words, subject)):
            return None
        return _Clause(cue, first, index, subject, False, False)
    if cue.form == "gerund" and not being:
        return _read_participle(words, index, cue, first, before)
    if previous == QUOTE or (previous in (",", "--", "-", "–", "—") and first > 1):
        inverted = _read_inverted(words, index, cue, first)
        if inverted is not None:
            return inverted
    if previous == QUOTE:
        return None
    if previous in ("and", "but", "or", ",") and before:
        sharing = before[-1]
        if previous != "," and sharing.cue.form == cue.form and not cue.noun:
            return _Clause(cue, first, index, sharing.subject, sharing.inverted, True)
    subject = find_subject_before(words, first)
    if subject is None:
        return None
    if cue.noun and (first == index) and not _is_sure_subject(words, subject, index):
        return None
    return _Clause(
        cue, first, index, subject, False, False, previous in ("who", "which") and lower[first - 2] == ","
    )


def _is_plural(words: Words, subject: tuple[int, int]) -> bool:
    """Whether a phrase can be the subject of a base form ("they say", "officials say")."""
    last = words.lower[subject[1]]
    if last in ("they", "we", "i", "you", "who", "many", "some", "most", "people", "both"):
        return True
    return (
        last.endswith("s")
        and not last.endswith("ss")
        and last not in PRONOUNS
        and not words.is_capital(subject[1])
    ) or (words.is_capital(subject[1]) and last.endswith(("ans", "ats", "ers")))


def _is_sure_subject(words: Words, subject: tuple[int, int], verb: int) -> bool:
    """Whether a form that is also a noun ("claims") is a verb here: after a name or pronoun, before a complement."""
    last = words.lower[subject[1]]
    if last in ("he", "she", "it", "who"):
        return True
    if verb + 1 >= len(words) or not (
        words.is_capital(subject[1]) or last in PRONOUNS or words.lower[subject[0]] in DETERMINERS
    ):
        return False
    following = words.lower[verb + 1]
    return (
        following in DETERMINERS
        or following in ("that", QUOTE, ":", "to", "for", "on")
        or following in PRONOUNS
        or words.is_capital(verb + 1)
    )


def _read_infinitive(words: Words, index: int, cue: Cue, first: int) -> _Clause | None:
    """Reads "went on to say", "continued to insist": an infinitive that still reports."""
    lower = words.lower
    to = first - 1
    opener = to - 1
    if opener >= 1 and lower[opener] == "on" and lower[opener - 1] in ("went", "goes", "going"):
        opener -= 1
    elif lower[opener] not in (
        "continued",
        "continues",
        "began",
        "begun",
        "used",
        "rushed",
        "appeared",
        "seemed",
        "continue",
    ):
        return None
    group = find_verb_group(words, opener)
    subject = find_subject_before(words, group)
    return _Clause(cue, group, index, subject, False, False) if subject is not None else None


def _read_participle(words: Words, index: int, cue: Cue, first: int, before: list[_Clause]) -> _Clause | None:
    """Reads ", saying that ..." and ", adding: ...": the subject is the main clause's."""
    lower = words.lower
    previous = lower[first - 1] if first else ""
    if previous in (
        "by",
        "in",
        "of",
        "for",
        "without",
        "about",
        "from",
        "on",
        "the",
        "a",
        "after",
        "before",
        "with",
    ):
        return None
    if previous not in (",", QUOTE, "and", "while", "--", "-", "–", "—", "when") and first > 0:
        return None
    if before:
        sharing = before[-1]
        return _Clause(cue, first, index, sharing.subject, sharing.inverted, True)
    subject = _main_subject(words, index)
    return _Clause(cue, first, index, subject, False, True) if subject is not None else None


def _main_subject(words: Words, before: int) -> tuple[int, int] | None:
    """Subject of the sentence's first finite verb before an index."""
    lower = words.lower
    for index in range(1, before):
        word = lower[index]
        if (
            word in AUXILIARIES
            or (word.endswith("ed") and len(word) > 3 and not words.is_capital(index))
            or CUES.get(word)
        ):
            subject = find_subject_before(words, find_verb_group(words, index))
            if subject is not None:
                return subject
    return None


_INVERTS = frozenset(
    """say write add note explain argue recall report admit warn insist tweet claim declare remark observe acknowledge
    joke quip reply""".split()
)
"""Verbs of speech that stand before their subject also after an indirect statement: ..., said Lavrov."""


def _read_inverted(words: Words, index: int, cue: Cue, first: int) -> _Clause | None:
    """Reads "...", said Lavrov: verb, then subject, then the end or a pause."""
    if (
        "speech" not in cue.frames
        or "listener" in cue.frames
        or cue.form not in ("past", "third")
        or first != index
    ):
        return None
    if words.lower[index - 1] != QUOTE and cue.lemma not in _INVERTS:
        return None
    subject = find_phrase_after(words, index + 1)
    if subject is None:
        return None
    if (
        words.lower[subject[0]] in PRONOUNS
        and subject[1] + 1 < len(words)
        and not is_stop(words.lower[subject[1] + 1])
    ):
        return None
    following = words.lower[subject[1] + 1] if subject[1] + 1 < len(words) else "."
    if not (
        is_stop(following)
        or following in PREPOSITIONS
        or is_time_word(following)
        or following in ("who", "as", "when", "while")
    ):
        return None
    return _Clause(cue, first, index, subject, True, False)


def _read_clause(words: Words, clauses: list[_Clause], position: int) -> Attribution | None:
    """Finds the content of one reporting clause."""
    clause = clauses[position]
    quote_before = _quote_before(words, clause)
    if quote_before is not None and "speech" in clause.cue.frames:
        return _content_before(words, clauses, position, quote_before)
    after = _content_after(words, clauses, position)
    if after is not None:
        return _make(words, clause, after, "before")
    if "speech" in clause.cue.frames or clause.cue.lemma in ("believe", "hope", "predict"):
        return _content_around(words, clauses, position)
    return None


def _make(words: Words, clause: _Clause, content: tuple[int, int], order: Order) -> Attribution | None:
    first, last = content
    if last < first:
        return None
    polarity = clause.cue.polarity
    if polarity == "asserted" and any(word in NEGATIONS for word in words.lower[clause.first : clause.verb]):
        polarity = "denied"
    return Attribution(
        start=words.starts[first],
        end=words.ends[last],
        cue=Span(words.starts[clause.first], words.ends[clause.verb]),
        speaker=_span(words, clause.subject) if clause.subject is not None else None,
        polarity=polarity,
        order=order,
        speech="speech" in clause.cue.frames,
    )


def _quote_before(words: Words, clause: _Clause) -> int | None:
    """Index of the quotation that ends right before subject and verb, a comma or dash between allowed."""
    index = clause.left - 1
    if index >= 0 and words.lower[index] in (",", "--", "-", "–", "—"):
        index -= 1
    return index if index >= 0 and words.lower[index] == QUOTE and not clause.elided else None


def _content_before(words: Words, clauses: list[_Clause], position: int, quote: int) -> Attribution | None:
    """Content of "...", he said: the quotation with what leads up to it, and what goes on after it."""
    clause = clauses[position]
    first = _clause_start(words, clauses, position)
    last = quote
    following = clause.right + 1
    resumed = _find_resumed(words, clauses, position, following)
    if resumed is not None:
        last = resumed
    return _make(words, clause, (first, last), "after")


def _find_resumed(words: Words, clauses: list[_Clause], position: int, first: int) -> int | None:
    """Index of the quotation that takes up an interrupted one: "...", he said, "..."."""
    stop = clauses[position + 1].left if position + 1 < len(clauses) else len(words)
    for index in range(first, min(stop, first + 16)):
        if words.lower[index] == QUOTE:
            return index if words.lower[index - 1] in (",", ":", "--", "-", "–", "—") else None
        if words.lower[index] == ";":
            return None
    return None


def _clause_start(words: Words, clauses: list[_Clause], position: int) -> int:
    """First word of the content that stands before the cue at `position`."""
    first = 0
    if position > 0:
        earlier = clauses[position - 1]
        if earlier.right < clauses[position].left:
            for index in range(clauses[position].left - 1, earlier.right, -1):
                if words.lower[index] in (";", "and", "but", "while", "--") and words.lower[index - 1] in (
                    ",",
                    ";",
                    QUOTE,
                ):
                    return index + 1
            if words.lower[clauses[position].left - 1] == QUOTE:
                return clauses[position].left - 1
    while first < len(words) and words.lower[first] in (
        "but",
        "and",
        "so",
        "yet",
        ",",
        "-",
        "–",
        "—",
        "--",
        "*",
        "•",
    ):
        first += 1
    return first


def _content_after(words: Words, clauses: list[_Clause], position: int) -> tuple[int, int] | None:
    """Content that follows the cue: quotation, clause, infinitive, object or prepositional phrase."""
    clause = clauses[position]
    lower = words.lower
    frames = clause.cue.frames
    index = clause.right + 1
    total = len(words)
    while (
        index < total
        and is_time_word(lower[index])
        and lower[index] not in ("there", "this", "next", "last", "early", "late")
    ):
        index += 1
    if index >= total:
        return None
    word = lower[index]
    if (
        word in (",", ":")
        and index + 1 < total
        and lower[index + 1] == QUOTE
        and ("speech" in frames or word == ":")
    ):
        return index + 1, _content_end(words, clauses, position, index + 1, loose=True)
    if word == ":" and "speech" in frames and index + 1 < total:
        return index + 1, _content_end(words, clauses, position, index + 1, loose=True)
    if word in ("that", "whether") and index + 1 < total:
        return index + 1, _content_end(words, clauses, position, index + 1, loose=True)
    if word in ("how", "why", "what", "if", "where", "who") and not frames.isdisjoint(
        {"clause", "that", "object", "listener"}
    ):
        return index, _content_end(words, clauses, position, index, loose=True)
    if word == QUOTE:
        return index, _content_end(
            words, clauses, position, index, loose="clause" in frames or "object" in frames
        )
    if "listener" in frames:
        found = _after_listener(words, clauses, position, index)
        if found is not None:
            return found
    if word == "to" and not frames.isdisjoint({"infinitive"}) and index + 1 < total:
        return index, _content_end(words, clauses, position, index, loose=False)
    prepositions = prepositions_of(clause.cue.lemma)
    if word in prepositions and "about" in frames and index + 1 < total:
        start = index + 1
        if lower[start] in ("that", ",", ":"):
            start += 1
        if start < total and lower[start] not in (".", ","):
            return start, _content_end(words, clauses, position, start, loose=word in ("out",))
        return None
    if word in PREPOSITIONS or word in ("as", "--") or is_time_word(word):
        return _after_circumstance(words, clauses, position, index)
    if is_stop(word) or word in CONJUNCTIONS:
        return None
    if "clause" in frames and (clause.cue.lemma not in _NEEDS_CLAUSE or _has_verb(words, index)):
        end = _content_end(words, clauses, position, index, loose=True)
        return (index, end) if end - index >= 1 else None
    if "object" in frames and word not in ("not", "more", "less"):
        end = _content_end(words, clauses, position, index, loose=False)
        return (index, end) if end - index >= 0 else None
    return None


_NEEDS_CLAUSE = frozenset(
    """add write think feel find show see know hear learn figure hold report find guess bet trust assume understand
    gather pray reveal signal decide discover remember notice estimate project determine observe note shoot repeat
    prove imagine recall state post read""".split()
)
"""Verbs that also take a plain object that is no statement ("added three seats"): a bare clause needs a verb."""


def _has_verb(words: Words, index: int) -> bool:
    """Whether a finite verb seems to follow within the next words."""
    for position in range(index + 1, min(len(words), index + 12)):
        word = words.lower[position]
        if word in AUXILIARIES or word in ("'s", "’s") and words.lower[position - 1] in PRONOUNS:
            return True
        if is_stop(word):
            return False
        if word.endswith("ed") and len(word) > 4:
            return True
    return False


def _after_listener(
    words: Words, clauses: list[_Clause], position: int, index: int
) -> tuple[int, int] | None:
    """Content of "told reporters (on Thursday) (that) ...": the listener is skipped first."""
    lower = words.lower
    total = len(words)
    limit = min(total, index + 22)
    for scan in range(index, limit):
        word = lower[scan]
        if word == QUOTE:
            return scan, _content_end(words, clauses, position, scan, loose=True)
        if word == "that" and scan > index:
            return scan + 1, _content_end(words, clauses, position, scan + 1, loose=True)
        if word in (":",) and scan > index:
            return scan + 1, _content_end(words, clauses, position, scan + 1, loose=True)
        if word in (".", ";", "?"):
            break
    listener = _listener_end(words, index)
    if listener is None:
        return None
    start = listener + 1
    while start < total and is_time_word(lower[start]):
        start += 1
    if start >= total - 1:
        return None
    word = lower[start]
    if word in ("to", "about", "of", "how", "why", "what", "whether", "if"):
        start += 1 if word in ("about", "of") else 0
        return start, _content_end(words, clauses, position, start, loose=word not in ("to", "about", "of"))
    if word in PREPOSITIONS or is_stop(word) or word in CONJUNCTIONS:
        return None
    return start, _content_end(words, clauses, position, start, loose=True)


def _listener_end(words: Words, index: int) -> int | None:
    """Last word of the listener in "told the Washington Post's Dan Balz (that) he would"."""
    lower = words.lower
    total = len(words)
    if lower[index] in ("him", "her", "them", "us", "me", "you"):
        return index
    last = index
    if lower[last] in DETERMINERS:
        last += 1
        while last + 1 < total and not words.is_capital(last) and lower[last + 1] in ("at", "of", "in"):
            last += 2
    while last + 1 < total and (
        (words.is_capital(last) and words.is_capital(last + 1))
        or lower[last + 1] in ("'s", "’s")
        or lower[last] in ("'s", "’s")
    ):
        last += 1
    if last >= total or is_stop(lower[last]) or lower[last] in AUXILIARIES:
        return None
    return last


def _after_circumstance(
    words: Words, clauses: list[_Clause], position: int, index: int
) -> tuple[int, int] | None:
    """Content of "said in a statement (on Thursday) that ..." and "wrote on X: ..."."""
    lower = words.lower
    clause = clauses[position]
    if (
        "speech" not in clause.cue.frames
        and "clause" not in clause.cue.frames
        and "that" not in clause.cue.frames
    ):
        return None
    stop = clauses[position + 1].left if position + 1 < len(clauses) else len(words)
    for scan in range(index, min(len(words), index + 24)):
        word = lower[scan]
        if word == "that" and (scan < stop) and lower[scan - 1] not in PREPOSITIONS:
            return scan + 1, _content_end(words, clauses, position, scan + 1, loose=True)
        if word == QUOTE and "speech" in clause.cue.frames:
            if lower[scan - 1] in (",", ":") or (
                lower[scan - 1] not in DETERMINERS and lower[scan - 1] not in PREPOSITIONS
            ):
                return scan, _content_end(words, clauses, position, scan, loose=True)
        if word == ":" and "speech" in clause.cue.frames and scan + 1 < len(words):
            return scan + 1, _content_end(words, clauses, position, scan + 1, loose=True)
        if word in (".", ";", "?") or (
            word == "," and lower[scan + 1 : scan + 2] != [QUOTE] and scan > index + 12
        ):
            return None
    return None


def _content_around(words: Words, clauses: list[_Clause], position: int) -> Attribution | None:
    """Content of an indirect statement with its cue at the end or in the middle: The ball, he said, is theirs."""
    clause = clauses[position]
    lower = words.lower
    if clause.elided or clause.left < 2:
        return None
    before = clause.left - 1
    if lower[before] not in (",", "--", "-", "–", "—"):
        return None
    first = _clause_start(words, clauses, position)
    last = before - 1
    if last - first < 1 or (
        lower[first] in PREPOSITIONS and "," not in lower[first:last] and last - first < 9
    ):
        return _continue_after(words, clauses, position, first, last)
    following = clause.right + 1
    while following < len(words) and not is_stop(lower[following]):
        following += 1
    if following < len(words) - 1 and lower[following] == "," and following - clause.right <= 8:
        nearest = clauses[position + 1].left if position + 1 < len(clauses) else len(words)
        if nearest > following + 2 and lower[following + 1] not in (
            "and",
            "but",
            "who",
            "which",
            "while",
            "when",
            "after",
            "as",
        ):
            last = _content_end(words, clauses, position, following + 1, loose=True)
    return _make(words, clause, (first, last), "after")


def _continue_after(
    words: Words, clauses: list[_Clause], position: int, first: int, last: int
) -> Attribution | None:
    """Content of "In Iowa, he said, ..." where only a short adverbial stands before the cue."""
    following = clauses[position].right + 1
    if following < len(words) - 2 and words.lower[following] == ",":
        end = _content_end(words, clauses, position, following + 1, loose=True)
        return _make(words, clauses[position], (first, end), "after")
    return None


_ADDED = frozenset(
    "adding saying noting calling arguing insisting claiming telling stressing warning declaring".split()
)
_RELATIVE = frozenset(
    "who which whose while although though whereas when where after before as with because since".split()
)


def _content_end(words: Words, clauses: list[_Clause], position: int, first: int, *, loose: bool) -> int:
    """Last word of content that starts at `first`.

    Args:
        words: The sentence.
        clauses: All its reporting clauses.
        position: Which of them the content belongs to.
        first: First word of the content.
        loose: True for a reported clause, which mostly runs to the end of its sentence; False for an
            object or infinitive, which ends at the next pause.
    """
    lower = words.lower
    total = len(words)
    lefts = {clause.left: clause for clause in clauses[position + 1 :] if clause.left > first}
    for index in range(first + 1, total):
        word = lower[index]
        following = lower[index + 1] if index + 1 < total else "."
        if word == ";":
            return index - 1
        if word in (",", QUOTE, "--", "—", "–"):
            if word == "," and clauses and clauses[position].relative and _resumes(words, index + 1):
                return index - 1
            ahead = index + 1
            if word == "," or word != QUOTE:
                if following == "according" or following in _ADDED:
                    return index - 1
            elif following == "," and index + 2 < total and lower[index + 2] in _ADDED:
                return index
            while ahead < total and lower[ahead] in ("and", "but", "while", "as", "though", "although", ","):
                ahead += 1
            near = lefts.get(ahead)
            if near is not None and (ahead > index + 1 or near.inverted or _is_parenthesis(words, near)):
                return index - (word != QUOTE)
            if (
                not loose
                and word == ","
                and (
                    following in _RELATIVE
                    or following in CONJUNCTIONS
                    or following in PRONOUNS
                    or following in DETERMINERS
                    or following.endswith("ing")
                )
            ):
                return index - 1
            if not loose and word in ("--", "—", "–"):
                return index - 1
        elif word in ("and", "but") and index + 1 in {
            clause.first for clause in clauses[position + 1 :] if clause.elided
        }:
            return index - 1
        elif (
            not loose
            and word in ("while", "when", "after", "because", "during", "as", "but")
            and index > first + 1
            and word != "as"
        ):
            return index - 1
    last = total - 1
    while last > first and lower[last] in (
        ".",
        "?",
        "!",
        "…",
        ",",
        ";",
        ":",
        ")",
        "”",
        "’",
        "'",
        '"',
        "-",
        "–",
        "—",
        "--",
    ):
        if lower[last] == ")" and "(" in lower[first:last]:
            break
        last -= 1
    return last


def _resumes(words: Words, index: int) -> bool:
    """Whether the main clause goes on with its verb after a relative clause: ", who said so, has left"."""
    if index >= len(words):
        return False
    word = words.lower[index]
    return (
        word in AUXILIARIES
        or word.endswith("ed")
        or (CUES.get(word) is not None and not word.endswith("ing"))
    )


def _is_parenthesis(words: Words, clause: _Clause) -> bool:
    """Whether subject and verb stand alone between pauses: ", he said,"."""
    following = clause.right + 1
    return following >= len(words) or is_stop(words.lower[following])


def _find_according(words: Words) -> list[Attribution]:
    """Finds "according to X" with the content before or after it."""
    found: list[Attribution] = []
    lower = words.lower
    for index, word in enumerate(lower[:-2]):
        if word != "according" or lower[index + 1] != "to":
            continue
        phrase = _open_phrase(words, index + 2)
        if phrase is None:
            continue
        attribution = _according_content(words, index, phrase)
        if attribution is not None:
            found.append(attribution)
    return found


def _open_phrase(words: Words, first: int) -> tuple[int, int] | None:
    """The phrase after "according to", to the next pause; an apposition between commas belongs to it."""
    last = first
    while last < len(words) and not (is_stop(words.lower[last]) and words.lower[last] not in ("-",)):
        last += 1
    return (first, last - 1) if last > first else None


def _according_content(words: Words, index: int, phrase: tuple[int, int]) -> Attribution | None:
    lower = words.lower
    if index <= 1:
        first = phrase[1] + 1
        while first < len(words) and lower[first] in (",", ")"):
            first += 1
        last = _content_end(words, [], 0, first, loose=True) if first < len(words) else -1
    else:
        first = 0
        while lower[first] in ("but", "and", "so", "yet", ","):
            first += 1
        last = index - 1
        while last > first and lower[last] in (",", "--", "-", "–", "—", "("):
            last -= 1
    if last - first < 1:
        return None
    return Attribution(
        start=words.starts[first],
        end=words.ends[last],
        cue=Span(words.starts[index], words.ends[index + 1]),
        speaker=_span(words, phrase),
        polarity="asserted",
        order="according",
        speech=True,
    )


def _find_nouns(words: Words) -> list[Attribution]:
    """Finds "Lavrov's claim that ..."."""
    found: list[Attribution] = []
    lower = words.lower
    for index in range(1, len(lower) - 2):
        if lower[index + 1] != "that" or not is_reporting_noun(lower[index]):
            continue
        owner = index - 1
        while owner > 0 and lower[owner] not in ("'s", "’s", "his", "her", "their") and index - owner < 4:
            owner -= 1
        if lower[owner] in ("his", "her", "their"):
            phrase: tuple[int, int] | None = (owner, owner)
        elif lower[owner] in ("'s", "’s"):
            phrase = find_subject_before(words, owner)
        else:
            phrase = None
        if phrase is None:
            continue
        last = _content_end(words, [], 0, index + 2, loose=False)
        found.append(
            Attribution(
                start=words.starts[index + 2],
                end=words.ends[last],
                cue=Span(words.starts[index], words.ends[index]),
                speaker=_span(words, phrase),
                polarity="denied" if lower[index] == "denial" else "asserted",
                order="noun",
                speech=False,
            )
        )
    return found


def extend(attribution: Attribution, end: int) -> Attribution:
    """The same statement with its content going on to a later offset."""
    return replace(attribution, end=end)
