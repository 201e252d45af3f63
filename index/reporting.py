"""The reporting verbs of a sentence with their subjects: "Lavrov said", "said the minister", ", adding"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.clauses import (
    AUXILIARIES,
    BE,
    DASHES,
    DETERMINERS,
    PAST_TENSES,
    PREPOSITIONS,
    QUOTE,
    find_aside,
    find_phrase_after,
    find_subject_before,
    find_subject_before_title,
    find_verb_group,
    is_stop,
)
from index.mentions import PRONOUNS
from index.speech_verbs import CUES, Cue, particle_of, read_phrasal
from index.word_lists import word_set

if TYPE_CHECKING:
    from index.clauses import Words

Phrase = tuple[int, int]
"""First and last word of a phrase, both inclusive."""

_INVERTS = word_set(
    """say write add note explain argue recall report admit warn insist tweet claim declare remark observe
    acknowledge joke quip reply predict announce assert conclude concede caution reveal respond testify"""
)
"""Verbs of speech that stand before their subject also after an indirect statement: ..., said Lavrov."""

_GOES_ON_TO = word_set("continued continues continue began begun used rushed appeared seemed")
"""Verbs whose infinitive still reports: "continued to insist"."""

_SUPPOSES = frozenset(("if", "whether", "unless"))
_NO_PARTICIPLE_AFTER = word_set("in of for without about from on the a with")
_PARTICIPLE_AFTER = frozenset((",", QUOTE, "and", "while", "when", "by", "before", "after")) | DASHES


@dataclass(frozen=True, slots=True)
class ReportingClause:
    """A reporting verb in its sentence, by word indices."""

    cue: Cue
    first: int
    """First word of the verb group, auxiliaries and adverbs included."""
    verb: int
    """Last word of the verb group."""
    subject: Phrase | None
    inverted: bool = False
    """True in "said Lavrov"."""
    elided: bool = False
    """True where the subject is taken from another clause: "... and added", ", saying"."""
    relative: bool = False
    """True in "the minister, who said ...": the content ends where the relative clause does."""

    @property
    def left(self) -> int:
        """First word of subject and verb together."""
        if self.subject is None or self.inverted or self.elided:
            return self.first
        return min(self.subject[0], self.first)

    @property
    def right(self) -> int:
        """Last word of subject and verb together."""
        return max(self.subject[1], self.verb) if self.subject is not None and self.inverted else self.verb


def find_reporting_clauses(words: Words) -> list[ReportingClause]:
    """Finds the reporting verbs of a sentence that have, or share, a subject."""
    clauses: list[ReportingClause] = []
    lower = words.lower
    for index in [at for at, word in enumerate(lower) if word in CUES]:
        word = lower[index]
        if index > 0 and words.is_capital(index) and not words.is_headline():
            continue
        cue, following = CUES[word], lower[index + 1] if index + 1 < len(lower) else "."
        particle = particle_of(cue.lemma)
        if particle not in (None, following):
            continue
        phrasal = read_phrasal(cue, following)
        clause = _read_verb(words, index, phrasal or cue, clauses)
        if clause is not None and not _is_supposed(words, clause):
            alone = particle is None and phrasal is None
            clauses.append(clause if alone else replace(clause, verb=index + 1))
    return clauses


def _is_supposed(words: Words, clause: ReportingClause) -> bool:
    """Whether a clause is only asked about or supposed: asked whether Rao denied it, if Rao denied it."""
    first = clause.left
    return not (clause.inverted or clause.elided) and first > 0 and words.lower[first - 1] in _SUPPOSES


def _read_verb(words: Words, index: int, cue: Cue, before: list[ReportingClause]) -> ReportingClause | None:
    """Reads form and subject of one candidate verb; None where it reports nothing."""
    first = find_verb_group(words, index)
    if cue.form in ("past", "participle"):
        if _is_progressive(words, first, index) or words.lower[index + 1 : index + 2] == ["by"]:
            return None
        if cue.form == "participle" and not any(word in AUXILIARIES for word in words.lower[first:index]):
            return None
    if cue.form == "base":
        return _read_base(words, index, cue, first)
    if cue.form == "gerund" and not _is_progressive(words, first, index):
        return _read_participle(words, index, cue, first, before)
    return _read_finite(words, index, cue, first, before)


def _is_progressive(words: Words, first: int, index: int) -> bool:
    """Whether a form of "be" stands in the verb group."""
    return any(word in BE or word in ("'s", "’s") for word in words.lower[first:index])


def _read_base(words: Words, index: int, cue: Cue, first: int) -> ReportingClause | None:
    """Reads "officials say", "he would say" and "he went on to say"."""
    if first and words.lower[first - 1] == "to":
        return _read_infinitive(words, index, cue, first)
    one = _find_one_of_those(words, first)
    subject = one or find_subject_before(words, first)
    if subject is None:
        return None
    agrees = one is not None or any(word in AUXILIARIES for word in words.lower[first:index])
    return ReportingClause(cue, first, index, subject) if agrees or _is_plural(words, subject) else None


def _find_one_of_those(words: Words, verb: int) -> Phrase | None:
    """Subject of "Rao is among those who say": Rao."""
    if verb < 5 or words.lower[verb - 2 : verb] != ["those", "who"]:
        return None
    copula = verb - 4 if words.lower[verb - 3] == "among" else verb - 5
    if words.lower[copula] not in BE or words.lower[copula + 1 : verb - 2] not in (["among"], ["one", "of"]):
        return None
    return find_subject_before(words, find_verb_group(words, copula))


def _read_infinitive(words: Words, index: int, cue: Cue, first: int) -> ReportingClause | None:
    opener = first - 2
    if opener >= 1 and words.lower[opener] == "on" and words.lower[opener - 1] in ("went", "goes", "going"):
        opener -= 1
    elif opener < 0 or words.lower[opener] not in _GOES_ON_TO:
        return None
    group = find_verb_group(words, opener)
    subject = find_subject_before(words, group)
    return ReportingClause(cue, group, index, subject) if subject is not None else None


def _read_participle(
    words: Words, index: int, cue: Cue, first: int, before: list[ReportingClause]
) -> ReportingClause | None:
    """Reads ", saying that ..." and ", adding: ...": the subject is the main clause's."""
    previous = words.lower[first - 1] if first else ""
    if first and (previous in _NO_PARTICIPLE_AFTER or previous not in _PARTICIPLE_AFTER):
        return None
    if before:
        return ReportingClause(cue, first, index, before[-1].subject, elided=True)
    subject = find_main_subject(words, index) if first else _find_subject_after_comma(words, index)
    beside = subject is None and previous == ","  # Durbin, noting the size of the crowd, said ...
    if beside:
        subject = find_subject_before(words, first - 1)
    if subject is None:
        return None
    return ReportingClause(cue, first, index, subject, elided=True, relative=beside)


def find_main_subject(words: Words, before: int) -> Phrase | None:
    """Subject of the sentence's first finite verb before an index."""
    for index in range(1, before):
        word = words.lower[index]
        past = word.endswith("ed") and len(word) > 3 and not words.is_capital(index)
        if word in AUXILIARIES or past or word in CUES or word in PAST_TENSES:
            subject = find_subject_before(words, find_verb_group(words, index))
            if subject is not None:
                return subject
    return None


def _find_subject_after_comma(words: Words, participle: int) -> Phrase | None:
    """Subject of "Noting that ..., the minister refused": the phrase after the comma, before its verb."""
    for index in range(participle + 2, len(words) - 2):
        if words.lower[index] == ",":
            subject = find_phrase_after(words, index + 1)
            if (
                subject is not None
                and subject[1] + 1 < len(words)
                and not is_stop(words.lower[subject[1] + 1])
            ):
                return subject
    return None


def _read_finite(  # noqa: PLR0911  # one for each order of subject and verb
    words: Words, index: int, cue: Cue, first: int, before: list[ReportingClause]
) -> ReportingClause | None:
    """Reads a past tense, a third person or a progressive form."""
    lower = words.lower
    previous = lower[first - 1] if first else ""
    if previous == QUOTE or ((previous == "," or previous in DASHES) and first > 1):
        inverted = _read_inverted(words, index, cue, first)
        if inverted is not None:
            return inverted
        if previous == QUOTE:
            named = find_subject_before_title(words, first - 1)
            return ReportingClause(cue, first, index, named) if named is not None else None
    if previous in ("and", "but", "or") and before and before[-1].cue.form == cue.form and not cue.noun:
        return ReportingClause(cue, first, index, before[-1].subject, elided=True)
    if previous in ("and", "but") and not before and not cue.noun:
        subject = find_main_subject(words, first - 1)
        return ReportingClause(cue, first, index, subject, elided=True) if subject is not None else None
    if _lists_verbs(words, cue, first, before):
        return ReportingClause(cue, first, index, before[-1].subject, elided=True)
    if previous == "," and (lower[first] == "then" or _interrupts_coordination(words, first - 1)):
        subject = before[-1].subject if before else find_main_subject(words, first - 1)
        return ReportingClause(cue, first, index, subject, elided=True) if subject is not None else None
    if cue.lemma == "read" and (previous in PRONOUNS or words.is_capital(first - 1)):
        return None
    relative = previous in ("who", "which") and first > 1
    subject = _find_one_of_those(words, first) or find_subject_before(words, first)
    if subject is None and relative and before and before[-1].inverted:
        subject = before[-1].subject
    if subject is None or (cue.noun and first == index and not _is_sure_subject(words, subject, index)):
        return None
    return ReportingClause(cue, first, index, subject, relative=relative and lower[first - 2] == ",")


def _lists_verbs(words: Words, cue: Cue, first: int, before: list[ReportingClause]) -> bool:
    """Whether a verb goes on with a list of them: praised the deal, mocked its critics and vowed to stay."""
    if not before or words.lower[first - 1] != "," or first + 2 >= len(words):
        return False
    following = first + 1
    opens = words.lower[following] in DETERMINERS or words.is_capital(following)
    return cue.form == before[-1].cue.form == "past" and "object" in cue.frames and not cue.noun and opens


_LONGEST_INTERRUPTION = 14
"""Words between "and," and the comma before its verb. Not tuned: it keeps the time linear."""


def _interrupts_coordination(words: Words, comma: int) -> bool:
    """Whether an aside stands between "and" and its verb: and, citing the poll, endorsed Rao."""
    for index in range(comma - 1, max(1, comma - _LONGEST_INTERRUPTION), -1):
        if words.lower[index] == ",":
            return words.lower[index - 1] in ("and", "but")
    return False


def _read_inverted(  # noqa: PLR0911  # one for each thing that speaks against the order
    words: Words, index: int, cue: Cue, first: int
) -> ReportingClause | None:
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
    if words.lower[index - 1] == "," and find_aside(words, index - 1) is not None:
        return None
    subject = find_phrase_after(words, index + 1)
    if subject is None:
        return None
    following = words.lower[subject[1] + 1] if subject[1] + 1 < len(words) else "."
    if is_stop(following):
        return ReportingClause(cue, first, index, subject, inverted=True)
    if words.lower[subject[0]] in PRONOUNS:
        return None
    goes_on = (
        following in PREPOSITIONS
        or words.is_time_word(min(subject[1] + 1, len(words) - 1))
        or following in ("who", "as", "when", "while")
        or (following.endswith("ing") and words.is_capital(subject[0]))
    )
    return ReportingClause(cue, first, index, subject, inverted=True) if goes_on else None


def _is_plural(words: Words, subject: Phrase) -> bool:
    """Whether a phrase can be the subject of a base form ("they say", "officials say")."""
    last = words.lower[subject[1]]
    if last in ("they", "we", "i", "you", "who", "many", "some", "most", "people", "both", "others"):
        return True
    if any(word in ("along", "and") for word in words.lower[subject[0] : subject[1]]):
        return True
    if words.is_capital(subject[1]) and subject[1] > 0:
        return last.endswith(("ans", "ats", "ers"))
    return last.endswith("s") and not last.endswith("ss") and last not in PRONOUNS


def _is_sure_subject(words: Words, subject: Phrase, verb: int) -> bool:
    """Whether a form that is also a noun ("claims") is a verb: between a name and a complement."""
    last = words.lower[subject[1]]
    if last in ("he", "she", "it", "who"):
        return True
    if last in ("his", "her", "their", "its", "our", "my", "your"):  # his calls to end it
        return False
    opening = words.lower[subject[0]]
    capital = words.is_capital(subject[1]) or (subject[0] < subject[1] and words.is_capital(subject[0]))
    named = capital or last in PRONOUNS or opening in DETERMINERS
    after = verb + 1
    while after < len(words) and words.is_time_word(after):
        after += 1
    if after >= len(words) or not named:
        return False
    following = words.lower[after]
    opens = following in DETERMINERS or following in PRONOUNS or words.is_capital(after)
    if following == "that":  # not Rao's emails that the court released
        return not CUES[words.lower[verb]].frames.isdisjoint(("clause", "that"))
    return opens or following in (QUOTE, ":", "to", "for", "on")
