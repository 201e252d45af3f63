"""What a sentence reports: content, cue and speaker of each statement in it.

The orders that news uses, each found by a rule of its own:

    after      "...", Lavrov said.      "...", said Lavrov.      The ball is theirs, Lavrov said.
    before     Lavrov said: "..."       Lavrov said (that) ...   Lavrov vowed to ...
    according  According to Lavrov, ... / ..., according to Lavrov.
    attitude   Lavrov is confident that ...
    noun       Lavrov's claim that ...  / Lavrov's criticism of ...
    colon      Lavrov: "..."
    turn       the same in an interview, where all of the paragraph is Lavrov's
    passive    The deal was criticized by Lavrov.
    fragment   quoted words in a sentence with one subject and no reporting verb
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.clauses import (
    AUXILIARIES,
    BE,
    DASHES,
    NEGATIONS,
    PAST_TENSES,
    PREPOSITIONS,
    QUOTE,
    find_phrase_after,
    find_subject_before,
    find_thing_before,
    find_verb_group,
    is_apposition,
    is_stop,
)
from index.content import find_content, find_content_end
from index.reporting import find_main_subject, find_reporting_clauses
from index.speech_verbs import ATTITUDES, CUES, HOLDERS, REPORTING_NOUNS
from index.types import Span
from index.word_lists import word_set

if TYPE_CHECKING:
    from index.clauses import Words
    from index.reporting import Phrase, ReportingClause
    from index.types import QuotePolarity

Order = Literal["after", "before", "according", "attitude", "noun", "colon", "turn", "passive", "fragment"]


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


def find_attributions(words: Words) -> list[Attribution]:
    """Finds what a sentence reports: by verbs in text order, then by the other orders."""
    clauses = find_reporting_clauses(words)
    found: list[Attribution] = []
    for position, clause in enumerate(clauses):
        content = find_content(words, clauses, position)
        if content is not None and content[0][1] >= content[0][0]:
            found.append(_report(words, clause, content[0], "after" if content[1] else "before"))
    if "according" in words.lower:
        found.extend(_find_according(words))
    found.extend(_find_attitudes(words))
    found.extend(_find_nouns(words))
    if "by" in words.lower:
        found.extend(_find_passives(words))
    return found


def extend(attribution: Attribution, end: int) -> Attribution:
    """The same statement with its content going on to a later offset."""
    return replace(attribution, end=end)


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
            return _span(words, phrase), index + 1
        if is_stop(words.lower[index]) and words.lower[index] not in "().,-–":
            return None
    return None


def find_first_subject(words: Words) -> Span | None:
    """Finds the subject of a sentence without a reporting verb: the phrase before its first finite verb.

    A clause that opens the sentence is passed over: When Rao died, the president wept.
    """
    opens_clause = words.lower[0] in _SUBORDINATES and "," in words.lower[2:-1]
    for index in range(words.lower.index(",", 2) + 1 if opens_clause else 1, len(words)):
        word = words.lower[index]
        if word == QUOTE:
            return None
        finite = word in AUXILIARIES or word.endswith("ed") or word in CUES or word in PAST_TENSES
        if finite and not words.is_capital(index):
            phrase = find_subject_before(words, find_verb_group(words, index))
            if phrase is not None:
                return _span(words, phrase)
    return None


def _span(words: Words, phrase: Phrase) -> Span:
    return Span(words.starts[phrase[0]], words.ends[phrase[1]])


def _report(words: Words, clause: ReportingClause, content: Phrase, order: Order) -> Attribution:
    polarity = clause.cue.polarity
    if polarity == "asserted" and any(word in NEGATIONS for word in words.lower[clause.first : clause.verb]):
        polarity = "denied"
    return Attribution(
        start=words.starts[content[0]],
        end=words.ends[content[1]],
        cue=_span(words, (clause.first, clause.verb)),
        speaker=_span(words, clause.subject) if clause.subject is not None else None,
        polarity=polarity,
        order=order,
    )


def _find_according(words: Words) -> list[Attribution]:
    """Finds "according to X" with the content before or after it."""
    found: list[Attribution] = []
    lower = words.lower
    for index in range(len(lower) - 2):
        if lower[index] != "according" or lower[index + 1] != "to":
            continue
        last = index + 2
        while last < len(words) and not (is_stop(lower[last]) and lower[last] != "-"):
            last += 1
        if index > 1 and last + 1 < len(words) and lower[last] == "," and words.is_capital(last + 1):
            last += 1
            while last < len(words) and not is_stop(lower[last]):
                last += 1
        content = _find_according_content(words, index, last - 1)
        if last > index + 2 and content is not None:
            found.append(
                Attribution(
                    start=words.starts[content[0]],
                    end=words.ends[content[1]],
                    cue=_span(words, (index, index + 1)),
                    speaker=_span(words, (index + 2, last - 1)),
                    polarity="asserted",
                    order="according",
                )
            )
    return found


def _find_according_content(words: Words, index: int, speaker_end: int) -> Phrase | None:
    lower = words.lower
    if index <= 1:
        first = speaker_end + 1
        while first < len(words) and lower[first] in (",", ")", ":"):
            first += 1
        closing = next((at for at in range(first, min(len(words), first + 8)) if lower[at] == ","), None)
        if closing is not None and closing > first and is_apposition(words, first, closing - 1):
            first = closing + 1
        if first >= len(words):
            return None
        last = find_content_end(words, (), 0, first, loose=True)
    else:
        first, last = 0, index - 1
        while first < last and lower[first] in ("but", "and", "so", "yet", ","):
            first += 1
        while last > first and (lower[last] in (",", "(") or lower[last] in DASHES):
            last -= 1
    return (first, last) if last > first or lower[first] == QUOTE else None


def _find_attitudes(words: Words) -> list[Attribution]:
    """Finds "Lavrov is confident that ..." and "the senator remains opposed to ..."."""
    found: list[Attribution] = []
    lower = words.lower
    for index in [at for at, word in enumerate(lower) if word in ATTITUDES]:
        if not 2 <= index < len(lower) - 2:
            continue
        if lower[index + 1] != "that" and lower[index + 1] not in ATTITUDES[lower[index]]:
            continue
        first = find_verb_group(words, index)
        if lower[index] == "clear":
            made = index - 1 if lower[index - 1] in _MAKES else index - 2
            first = find_verb_group(words, made) if lower[made] in _MAKES else first
        if first == index and lower[index - 1] in _SEEMS:
            first = find_verb_group(words, index - 1)
            first = index - 1 if first == index else first
        if first in (index, 0):
            continue
        subject = find_subject_before(words, first)
        if subject is None and lower[first - 1] in ("and", "but"):
            subject = find_main_subject(words, first - 1)
        if subject is None:
            continue
        clausal = lower[index + 1] == "that"
        last = find_content_end(words, (), 0, index + 2, loose=clausal)
        negated = any(word in NEGATIONS for word in lower[first:index])
        found.append(
            Attribution(
                start=words.starts[index + 2],
                end=words.ends[last],
                cue=_span(words, (first, index)),
                speaker=_span(words, subject),
                polarity="doubted"
                if negated or lower[index] in ("skeptical", "doubtful", "unsure")
                else "asserted",
                order="attitude",
            )
        )
    return found


_REQUESTS = word_set("ask urge press encourage advise instruct tell invite beg implore exhort warn")
"""Verbs whose passive goes on with what was asked: urged by Rao to resign."""


def _find_passives(words: Words) -> list[Attribution]:
    """Finds "the deal was criticized by Lavrov" and "asked by Lavrov to resign, ..."."""
    found: list[Attribution] = []
    lower = words.lower
    for by in [at for at in range(1, len(lower) - 1) if lower[at] == "by"]:
        cue = CUES.get(lower[by - 1])
        if cue is None or cue.form not in ("past", "participle") or cue.noun:
            continue
        first = find_verb_group(words, by - 1)
        helped = any(word in BE for word in lower[first : by - 1])
        agent = find_phrase_after(words, by + 1)
        if agent is None or not (helped or by == 1):
            continue
        content: Phrase | None = None
        if cue.lemma in _REQUESTS and lower[agent[1] + 1 : agent[1] + 2] == ["to"]:
            last = find_content_end(words, (), 0, agent[1] + 1, loose=False)
            pause = lower.index(",", by) - 1 if by == 1 and "," in lower[by:last] else last
            content = (agent[1] + 1, pause)
        elif helped and "object" in cue.frames:
            content = find_thing_before(words, first)
        if content is None:
            continue
        found.append(
            Attribution(
                start=words.starts[content[0]],
                end=words.ends[content[1]],
                cue=_span(words, (first, by)),
                speaker=_span(words, agent),
                polarity=cue.polarity,
                order="passive",
            )
        )
    return found


_SUBORDINATES = word_set("when while after before although though as if because since until once")
_SEEMS = word_set(
    """seems seemed sounds sounded appears appeared remains remained feels felt looks looked became"""
)
_MAKES = word_set("made makes make making")
_OWNERS = word_set("his her their")
_LIGHT_VERBS = word_set(
    """paid pays gave gives rose came sprang leapt jumped poked pokes threw lobbed hurled directed
    withheld withholds repeats reaffirmed announced rescinded withdrew dropped offers delivers took takes
    taken taking made makes making delivered delivers launched launches unleashed issued offered expressed
    expresses voiced voices fired raised raises mounted renewed repeated leveled levelled"""
)
"""Verbs whose object, a noun of speech, tells what their subject does."""


def _find_noun_opener(words: Words, noun: int) -> int | None:
    """Index of the word that opens what a noun reports: his claim that, claim Friday that, claim was that."""
    lower = words.lower
    opens = REPORTING_NOUNS[lower[noun]]
    opener = noun + 1
    if opener >= len(lower) - 1:
        return None
    parted = lower[opener] in ("is", "was") or words.is_time_word(opener)
    if parted and opener < len(lower) - 2 and lower[opener + 1] == "that":
        opener += 1
    return opener if lower[opener] in opens else None


def _find_light_verb(words: Words, noun: int) -> int | None:
    """Index of the verb with which a noun reports: took multiple swipes at, launched an attack on."""
    for index in range(noun - 1, max(0, noun - 5), -1):
        word = words.lower[index]
        if word in _LIGHT_VERBS or (word in BE and words.lower[noun] in HOLDERS):
            return index
        if is_stop(words.lower[index]) or words.lower[index] in ("'s", "’s"):
            return None
    return None


def _find_owner(words: Words, mark: int) -> Phrase | None:
    """The phrase before "'s": "vouched for Rao's proposal" is Rao's."""
    phrase = find_subject_before(words, mark)
    if phrase is None:
        return None
    for index in range(phrase[1], phrase[0], -1):
        if words.lower[index - 1] in PREPOSITIONS and words.lower[index - 1] != "of":
            return (index, phrase[1])
    return phrase


def _find_nouns(words: Words) -> list[Attribution]:
    """Finds "Lavrov's claim that ..." and "his criticism of ..."."""
    found: list[Attribution] = []
    lower = words.lower
    for index in [at for at, word in enumerate(lower) if word in REPORTING_NOUNS]:
        if index < 1 or (opener := _find_noun_opener(words, index)) is None:
            continue
        owner = index - 1
        while (
            owner > 0
            and lower[owner] not in ("'s", "’s")
            and lower[owner] not in _OWNERS
            and index - owner < 4
        ):
            owner -= 1
        phrase: Phrase | None = None
        if lower[owner] in _OWNERS:
            phrase = (owner, owner)
        elif lower[owner] in ("'s", "’s"):
            phrase = _find_owner(words, owner)
        verb = _find_light_verb(words, index)
        if verb is not None and phrase in (None, (owner, owner)):  # Rao delivered her tirade against
            group = find_verb_group(words, verb)
            coordinated = group > 0 and lower[group - 1] in ("and", "but")
            phrase = (
                find_subject_before(words, group)
                or (find_main_subject(words, group - 1) if coordinated else None)
                or phrase
            )
        if phrase is None:
            continue
        first = opener + 1
        last = find_content_end(words, (), 0, first, loose=opener > index + 1)
        found.append(
            Attribution(
                start=words.starts[first],
                end=words.ends[last],
                cue=_span(words, (index, index)),
                speaker=_span(words, phrase),
                polarity="denied" if lower[index] == "denial" or "no" in lower[owner:index] else "asserted",
                order="noun",
            )
        )
    return found
