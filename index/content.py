"""Where the content of a reporting clause begins and ends in its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.clauses import (
    AUXILIARIES,
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    NEGATIONS,
    PAST_TENSES,
    PREPOSITIONS,
    QUOTE,
    find_phrase_after,
    has_finite_verb,
    is_apposition,
    is_stop,
)
from index.mentions import PRONOUNS
from index.speech_verbs import CUES, prepositions_of
from index.word_lists import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.clauses import Words
    from index.reporting import Phrase, ReportingClause

_NEEDS_VERB = word_set(
    """add write think feel find show see know hear learn figure report guess bet trust assume understand
    gather pray reveal signal discover remember notice estimate project determine observe note shoot
    repeat imagine recall state post read"""
)
"""Verbs that also take an object that is no statement ("added three seats"): a bare clause needs a verb."""

_STANDS_AFTER = word_set("believe think hope predict show suggest indicate find estimate know fear expect")
"""Verbs that are no speech and yet stand after what they report: ..., polls show."""

_QUESTION_WORDS = word_set("how why what if where who")
_SUBORDINATES = word_set("as while when after although though whereas")
"""Openings of a clause that tells when or despite what something is said, not what."""
_STAYS = word_set("there this next last early late")
"""Words of time and place that open a longer phrase: they are not skipped one by one."""

_ADDED = word_set(
    """adding saying noting calling arguing insisting claiming telling stressing warning declaring"""
)
_RELATIVE = word_set(
    """who which whose while although though whereas when where after before as with because since"""
)
_LEADS_ON = word_set("and but while as though although ,")
_OPENERS = word_set("but and so yet , * •") | DASHES
_CLOSERS = frozenset([".", "?", "!", "…", ",", ";", ":", ")", "”", "’", "'", '"']) | DASHES
_CUTS_OBJECT = word_set("while but")
_COORDINATES = word_set(
    """say add tell call accuse urge warn note argue praise criticize criticise blame insist claim describe
    vow promise pledge suggest ask declare assert state contend reiterate mock dismiss"""
)
"""Verbs that after "and" start a statement of their own rather than go on with the one before."""

_OPENS_SENTENCE = 6
"""Words within which the subject of a clause of when or though that opens a sentence stands."""

_LISTENER_REACH = 22
_CIRCUMSTANCE_REACH = 24
_RESUMES_WITHIN = 16
"""Words that are looked over for "that", a colon or a quotation after a listener ("told the Post's Jane
Doe in June that"), after a place or time ("said at a rally in Ohio on Friday that"), and between the
halves of an interrupted quotation. Not tuned: they keep the time linear and are wider than what was read."""


def find_content(
    words: Words, clauses: Sequence[ReportingClause], position: int
) -> tuple[Phrase, bool] | None:
    """Finds the content of the clause at `position`.

    Returns:
        First and last word of the content, and whether the cue stands after (its first part); None
        where the clause reports nothing.
    """
    clause = clauses[position]
    speech = "speech" in clause.cue.frames
    if _withholds(words, clause):
        return None
    quote = _quote_before(words, clause)
    if quote is not None and speech and not _is_fragment_before(words, clause, quote):
        return _content_before(words, clauses, position, quote), True
    after = _content_after(words, clauses, position)
    if after is not None:
        return after, False
    if speech or clause.cue.lemma in _STANDS_AFTER:
        around = _content_around(words, clauses, position)
        return (around, True) if around is not None else None
    return None


def _withholds(words: Words, clause: ReportingClause) -> bool:
    """Whether the clause tells what is not said: "did not say whether"."""
    following = words.lower[clause.verb + 1 : clause.verb + 2]
    if following in (["nothing"], ["little"]) and words.lower[clause.verb + 2 : clause.verb + 3] == ["about"]:
        return True
    negated = any(word in NEGATIONS for word in words.lower[clause.first : clause.verb])
    return negated and bool(following) and (following[0] in _QUESTION_WORDS or following[0] == "whether")


def _quote_before(words: Words, clause: ReportingClause) -> int | None:
    """Index of the quotation that ends right before subject and verb, a comma or dash between allowed."""
    index = clause.left - 1
    if index >= 0 and (words.lower[index] == "," or words.lower[index] in DASHES):
        index -= 1
    return index if index >= 0 and words.lower[index] == QUOTE and not clause.elided else None


def _is_fragment_before(words: Words, clause: ReportingClause, quote: int) -> bool:
    """Whether quoted words only end an adverbial: On the "jobs" plan, Sanders said contractors cost more.

    Or are the title of a work in it: Sunday on CNN's "State of the Union," Sanders said costs rose.
    """
    following = clause.right + 1
    if quote == 0 or following >= len(words):
        return False
    adverbial = words.lower[0] in PREPOSITIONS or words.lower[0] in _STAYS or words.is_time_word(0)
    owned = words.lower[quote - 1] in ("'s", "’s", "on") or words.is_capital(quote - 1)
    if not (words.lower[0] in PREPOSITIONS or (adverbial and owned)):
        return False
    word = words.lower[following]
    return not (is_stop(word) or word in PREPOSITIONS or words.is_time_word(following))


def _content_before(words: Words, clauses: Sequence[ReportingClause], position: int, quote: int) -> Phrase:
    """Content of "...", he said: the quotation with what leads up to it, and its resumption after the cue."""
    stop = clauses[position + 1].left if position + 1 < len(clauses) else len(words)
    first = find_content_start(words, clauses, position)
    following = clauses[position].right + 1
    for index in range(following, min(stop, following + _RESUMES_WITHIN)):
        if words.lower[index] == QUOTE:
            previous = words.lower[index - 1]
            return (first, index) if previous in (",", ":") or previous in DASHES else (first, quote)
        if words.lower[index] == ";":
            break
    return first, quote


def find_content_start(words: Words, clauses: Sequence[ReportingClause], position: int) -> int:
    """First word of the content that stands before the cue at `position`."""
    if position > 0 and clauses[position - 1].right < clauses[position].left:
        left = clauses[position].left
        for index in range(left - 1, clauses[position - 1].right, -1):
            joins = words.lower[index] in (";", "and", "but", "while", "--")
            if joins and words.lower[index - 1] in (",", ";", QUOTE):
                return index + 1
        if words.lower[left - 1] == QUOTE:
            return left - 1
    first = 0
    while first < len(words) - 1 and words.lower[first] in _OPENERS:
        first += 1
    return first


def _content_after(  # noqa: PLR0911, PLR0912  # one branch for each form of content, in the order tried
    words: Words, clauses: Sequence[ReportingClause], position: int
) -> Phrase | None:
    """Content that follows the cue: quotation, clause, infinitive, object or prepositional phrase."""
    clause = clauses[position]
    lower, frames = words.lower, clause.cue.frames
    index = _skip_asides(words, clause.right + 1)
    if index >= len(words) - 1 and lower[index:] != [QUOTE]:
        return None
    word = lower[index]
    if word in (",", ":"):
        opens = "speech" in frames and (word == ":" or lower[index + 1] == QUOTE)
        return _to_end(words, clauses, position, index + 1, loose=True) if opens else None
    if word in ("that", "whether"):
        return _to_end(words, clauses, position, index + 1, loose=True)
    if word == "to" and clause.cue.lemma in ("decline", "refuse") and lower[index + 1] in CUES:
        return None
    if word in _QUESTION_WORDS and not frames.isdisjoint({"clause", "that", "object", "listener"}):
        return _to_end(words, clauses, position, index, loose=True)
    if word == QUOTE:
        return _to_end(words, clauses, position, index, loose="clause" in frames or "object" in frames)
    if "listener" in frames and (found := _after_listener(words, clauses, position, index)) is not None:
        return found
    if word == "to" and "infinitive" in frames:
        return _to_end(words, clauses, position, index, loose=False)
    if "about" in frames and word in prepositions_of(clause.cue.lemma):
        return _after_preposition(words, clauses, position, index)
    exists = word == "there" and lower[index + 1] in AUXILIARIES  # admits there is a price
    if word in PREPOSITIONS or word == "as" or word in DASHES or (words.is_time_word(index) and not exists):
        return _after_circumstance(words, clauses, position, index)
    if is_stop(word) or word in CONJUNCTIONS:
        return None
    announces = "speech" in frames and clause.cue.lemma != "call"
    quote = _find_announced(words, index) if announces else None
    if quote is not None:
        return _to_end(words, clauses, position, quote, loose=True)
    if "clause" in frames and (clause.cue.lemma not in _NEEDS_VERB or has_finite_verb(words, index)):
        first, last = _to_end(words, clauses, position, index, loose=True)
        return (first, last) if last > first else None
    if clause.cue.lemma == "call" and _is_phoned(words, index):
        return None
    if "object" in frames and word not in ("not", "more", "less"):
        return _to_end(words, clauses, position, index, loose=False)
    return None


def _is_phoned(words: Words, index: int) -> bool:
    """Whether nothing says what somebody is called: called Rao to congratulate her, called Rao after it."""
    last = index
    while last + 1 < len(words) and words.is_capital(last) and words.is_capital(last + 1):
        last += 1
    following = words.lower[last + 1] if last + 1 < len(words) else "."
    if following == QUOTE:  # called Rao "reckless"
        return False
    return (words.is_capital(index) or words.lower[index] in PRONOUNS) and (
        following in PREPOSITIONS
        or following in CONJUNCTIONS
        or is_stop(following)
        or words.is_time_word(min(last + 1, len(words) - 1))
    )


def _find_announced(words: Words, index: int) -> int | None:
    """Index of a quotation that a few words and a comma or colon announce: wrote a year earlier, "..."."""
    for scan in range(index + 1, min(len(words), index + 10)):
        word = words.lower[scan]
        if word == QUOTE:
            return scan if words.lower[scan - 1] in (",", ":") else None
        reports = word in CUES and CUES[word].form in ("past", "gerund")
        if word in AUXILIARIES or word in (".", ";", "that") or reports:
            return None
    return None


def _skip_asides(words: Words, index: int) -> int:
    """Skips adverbs, days and short asides between a verb and its content (", for example,")."""
    lower, total = words.lower, len(words)
    while index < total and words.is_time_word(index) and lower[index] not in _STAYS:
        index += 1
    if index + 3 < total and lower[index] == "," and lower[index + 1] not in _ADDED:
        for closing in range(index + 2, min(total - 1, index + 6)):
            if lower[closing] == "," and lower[closing + 1] in ("that", "to", QUOTE):
                return closing + 1
        if lower[index + 1] == "that":
            return index + 1
    return index


def _to_end(
    words: Words, clauses: Sequence[ReportingClause], position: int, first: int, *, loose: bool
) -> Phrase:
    return first, find_content_end(words, clauses, position, first, loose=loose)


def _after_preposition(
    words: Words, clauses: Sequence[ReportingClause], position: int, index: int
) -> Phrase | None:
    """Content of "spoke of ...", "pointed out that ...", "lashed out at ..."."""
    lower = words.lower
    start = index + 1
    clausal = lower[index] == "out"
    if lower[index] in ("out", "back", "up") and lower[start] in PREPOSITIONS:
        start, clausal = start + 1, False
    if lower[start : start + 1] and lower[start] in ("that", ",", ":"):
        start += 1
    if start >= len(words) or (is_stop(lower[start]) and lower[start] != QUOTE):
        return None
    return _to_end(words, clauses, position, start, loose=clausal)


def _after_listener(  # noqa: PLR0911  # one for each way to go on after the listener
    words: Words, clauses: Sequence[ReportingClause], position: int, index: int
) -> Phrase | None:
    """Content of "told reporters (on Thursday) (that) ...": the listener is skipped first."""
    lower, total = words.lower, len(words)
    for scan in range(index, min(total, index + _LISTENER_REACH)):
        word = lower[scan]
        if word == QUOTE:
            return _to_end(words, clauses, position, scan, loose=True)
        if word in ("that", ":") and index < scan < total - 1:
            return _to_end(words, clauses, position, scan + 1, loose=True)
        if word in (".", ";", "?"):
            break
    listener = _find_listener_end(words, index)
    if listener is None:
        return None
    start = listener + 1
    while start < total and words.is_time_word(start):
        start += 1
    if start >= total - 1:
        return None
    word = lower[start]
    if word in ("about", "of"):
        return _to_end(words, clauses, position, start + 1, loose=False)
    if word == "to" or word in _QUESTION_WORDS:
        return _to_end(words, clauses, position, start, loose=word != "to")
    if word in PREPOSITIONS or is_stop(word) or word in CONJUNCTIONS:
        return None
    return _to_end(words, clauses, position, start, loose=True)


def _find_listener_end(words: Words, index: int) -> int | None:
    """Last word of the listener in "told the Washington Post's Dan Balz (that) he would"."""
    lower, total = words.lower, len(words)
    if lower[index] in ("him", "her", "them", "us", "me", "you"):
        return index
    last = index
    if lower[last] in DETERMINERS:
        last += 1
        while last + 1 < total and not words.is_capital(last) and lower[last + 1] in ("at", "of", "in"):
            last += 2
    while last + 1 < total and (
        (words.is_capital(last) and words.is_capital(last + 1))
        or "'s" in lower[last : last + 2]
        or "’s" in lower[last : last + 2]
    ):
        last += 1
    return None if last >= total or is_stop(lower[last]) or lower[last] in AUXILIARIES else last


def _after_circumstance(
    words: Words, clauses: Sequence[ReportingClause], position: int, index: int
) -> Phrase | None:
    """Content of "said in a statement (on Thursday) that ..." and "wrote on X: ..."."""
    lower, clause = words.lower, clauses[position]
    speech = "speech" in clause.cue.frames
    if clause.cue.frames.isdisjoint({"speech", "clause", "that"}):
        return None
    stop = clauses[position + 1].left if position + 1 < len(clauses) else len(words)
    for scan in range(index, min(len(words), index + _CIRCUMSTANCE_REACH)):
        word, previous = lower[scan], lower[scan - 1]
        goes_on = scan + 1 < len(words)
        if word == "that" and goes_on and scan < stop and previous not in PREPOSITIONS:
            return _to_end(words, clauses, position, scan + 1, loose=True)
        quoted = word == QUOTE and speech and (scan < stop or previous in (",", ":"))
        if quoted and previous not in DETERMINERS and previous not in PREPOSITIONS:
            return _to_end(words, clauses, position, scan, loose=True)
        if word == ":" and speech and goes_on:
            return _to_end(words, clauses, position, scan + 1, loose=True)
        if word in (".", ";", "?") or (
            word == "," and goes_on and lower[scan + 1] != QUOTE and scan > index + 12
        ):
            return None
    return None


def _content_around(words: Words, clauses: Sequence[ReportingClause], position: int) -> Phrase | None:
    """Content of an indirect statement with its cue at the end or inside: The ball, he said, is theirs."""
    clause, lower = clauses[position], words.lower
    if clause.elided:
        return None
    before = clause.left - 1
    if before >= 0 and lower[before] == "as":
        before -= 1
        if before < 0 or (before == 0 and lower[0] in _OPENERS):
            return _resume_after(words, clauses, position, clause.left)
    if before < 1 or not (lower[before] == "," or lower[before] in DASHES):
        return None
    first, last = find_content_start(words, clauses, position), before - 1
    if lower[first] in _SUBORDINATES:  # While he does support it, Rao admits there is a price
        return _resume_after(words, clauses, position, clause.left)
    short = lower[first] in PREPOSITIONS and "," not in lower[first:last] and last - first < 9
    if last - first < 1 or short:
        return _resume_after(words, clauses, position, first)
    following = clause.right + 1
    while following < len(words) and not is_stop(lower[following]):
        following += 1
    if following < len(words) - 1 and lower[following] == "," and following - clause.right <= 8:
        nearest = clauses[position + 1].left if position + 1 < len(clauses) else len(words)
        opens = lower[following + 1] in ("and", "but", "who", "which", "while", "when", "after", "as")
        if nearest > following + 2 and not opens and not _is_described(words, clause, following):
            last = find_content_end(words, clauses, position, following + 1, loose=True)
    return first, last


def _is_described(words: Words, clause: ReportingClause, comma: int) -> bool:
    """Whether a comma after the subject opens its apposition: ..., said Ana Rao, the former governor."""
    closing = comma + 1
    while closing < len(words) and not is_stop(words.lower[closing]):
        closing += 1
    return clause.inverted and is_apposition(words, comma + 1, closing - 1)


def _resume_after(
    words: Words, clauses: Sequence[ReportingClause], position: int, first: int
) -> Phrase | None:
    """Content of "In Iowa, he said, ..." and "As he said, ...", where it goes on after the cue."""
    following = clauses[position].right + 1
    while following < len(words) and not is_stop(words.lower[following]):
        following += 1
    if following >= len(words) - 2 or words.lower[following] != ",":
        return None
    start = following + 1 if first == clauses[position].left else first
    return start, find_content_end(words, clauses, position, following + 1, loose=True)


def find_content_end(
    words: Words, clauses: Sequence[ReportingClause], position: int, first: int, *, loose: bool
) -> int:
    """Last word of content that starts at `first`.

    Args:
        words: The sentence.
        clauses: All its reporting clauses; may be empty for content without a verb.
        position: Which of them the content belongs to.
        first: First word of the content.
        loose: True for a reported clause, which mostly runs to the end of its sentence; False for an
            object or infinitive, which ends at the next pause.
    """
    lower, total = words.lower, len(words)
    later = clauses[position + 1 :]
    lefts = {clause.left: clause for clause in later if clause.left > first}
    elided = {
        clause.first for clause in later if clause.elided and (not loose or clause.cue.lemma in _COORDINATES)
    }
    own = clauses[position] if clauses else None
    resumed = {
        clause.first
        for clause in later
        if own is not None
        and clause.subject is not None
        and not clause.elided
        and clause.subject[1] < own.first < clause.first
    }
    # What comes before a main clause: When Rao said no, Lee left. Asked about Rao's claim that ..., Lee left.
    opened = own is None or (words.lower[0] in _SUBORDINATES and own.left < _OPENS_SENTENCE)
    for index in range(first + 1, total):
        word = lower[index]
        if word == ";" or (not loose and index in resumed):
            return index - 1
        if word in (",", QUOTE) or word in DASHES:
            resumes = opened and word not in DASHES and _takes_up_subject(words, index + 1)
            if resumes or _ends_at_pause(words, index, own, lefts, loose=loose):
                return index if word == QUOTE else index - 1
        elif (
            word in ("and", "but") and (index + 1 in elided or (not loose and _is_past(words, index + 1)))
        ) or (
            not loose
            and index > first + 1
            and (word in _CUTS_OBJECT or (own is None and _opens_clause(words, index)))
        ):
            return index - 1
    return _trim_closers(words, first, total - 1)


def _ends_at_pause(  # noqa: PLR0911  # one for each reason to end
    words: Words, index: int, own: ReportingClause | None, lefts: dict[int, ReportingClause], *, loose: bool
) -> bool:
    """Whether content ends at the comma, dash or quotation at `index`."""
    lower, total = words.lower, len(words)
    word, following = lower[index], lower[index + 1] if index + 1 < total else "."
    if word == "," and own is not None:
        if own.relative and _takes_up_main_clause(words, index + 1):
            return True
        if own.elided and own.subject is not None and own.subject[0] == index + 1:
            return True
    if word == QUOTE:
        if following == "," and index + 2 < total and lower[index + 2] in _ADDED:
            return True
    elif following == "according" or following in _ADDED:
        return True
    ahead = index + 1
    while ahead < total and lower[ahead] in _LEADS_ON:
        ahead += 1
    near = lefts.get(ahead)
    if near is not None and (
        ahead > index + 1 or near.inverted or (near.elided and not loose) or _is_parenthesis(words, near)
    ):
        return True
    if loose or word == QUOTE:
        return False
    if words.lower[ahead : ahead + 3] == ["as", "well", "as"]:
        return False
    opens = (
        following in _RELATIVE
        or following in CONJUNCTIONS
        or (
            (following in PRONOUNS or following in DETERMINERS)
            and (ahead >= total or has_finite_verb(words, index + 1))
        )
    )
    return word in DASHES or opens or (following.endswith("ing") and following != "including")


def _is_past(words: Words, index: int) -> bool:
    """Whether a past tense stands at `index`, with which the subject's next deed begins."""
    if index >= len(words) - 1 or words.is_capital(index):
        return False
    word, following = words.lower[index], words.lower[index + 1]
    opens = following in DETERMINERS or following in PRONOUNS or words.is_capital(index + 1)
    return opens and (word in PAST_TENSES or (word.endswith("ed") and len(word) > len("need")))


def _opens_clause(words: Words, index: int) -> bool:
    """Whether a pronoun with its verb opens another clause: his criticism of Rao | it would be hard."""
    pronoun = words.lower[index] in ("it", "he", "she", "they", "we", "i")
    return pronoun and words.lower[index + 1 : index + 2] != [] and words.lower[index + 1] in AUXILIARIES


def _takes_up_subject(words: Words, index: int) -> bool:
    """Whether the main clause begins after the clause of when or though: When Rao said no, Lee left."""
    subject = find_phrase_after(words, index)
    if subject is None or subject[1] + 1 >= len(words):
        return False
    verb = subject[1] + 1
    while verb < len(words) - 1 and words.is_adverb(verb):
        verb += 1
    word = words.lower[verb]
    cue = CUES.get(word)
    finite = word in AUXILIARIES or word in PAST_TENSES or (word.endswith("ed") and len(word) > len("need"))
    return finite or (cue is not None and cue.form in ("past", "third") and not cue.noun)


def _takes_up_main_clause(words: Words, index: int) -> bool:
    """Whether the main clause goes on with its verb after a relative clause: ", who said so, has left"."""
    if index >= len(words):
        return False
    word = words.lower[index]
    return word in AUXILIARIES or word.endswith("ed") or (word in CUES and not word.endswith("ing"))


def _is_parenthesis(words: Words, clause: ReportingClause) -> bool:
    """Whether subject and verb stand alone between pauses, or with a place or time: ", he said in Ohio."."""
    following = clause.right + 1
    if following >= len(words) or is_stop(words.lower[following]):
        return True
    if "speech" not in clause.cue.frames or words.lower[following] not in PREPOSITIONS:
        return False
    rest = words.lower[following:]
    return not any(word in ("that", ":", QUOTE) for word in rest)


def _trim_closers(words: Words, first: int, last: int) -> int:
    """Drops the punctuation that ends a sentence; a bracket opened inside stays closed."""
    while last > first and words.lower[last] in _CLOSERS:
        if words.lower[last] == ")" and "(" in words.lower[first:last]:
            break
        last -= 1
    return last
