"""Do the names of the claim stand where the cited text speaks of the same thing?

A name passes when the aligned words have it, or another form of it (a surname for the full name, an acronym,
another romanisation), or a pronoun for it. A given name must be known from the cited article: an invented one
fails. Where the claim follows its source word by word, the names at the same places must be the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.alignment import split_units
from assistant.checks.finding import Finding, join_findings
from assistant.checks.speaker import is_credited
from assistant.checks.voice import compare_deeds, find_turned_roles
from assistant.outlets import same_outlet
from assistant.words import fold, split_words
from index.countries import same_country
from index.mentions import NameMention, find_names
from index.names import parse_name, same_name
from index.quotation_marks import find_quotations
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.alignment import Comparison, Gap

_PRONOUNS = frozenset(
    {"he", "she", "they", "it", "him", "her", "them", "his", "hers", "their", "its", "i", "we"}
)
_BETWEEN_ELLIPSES = re.compile(r"[^…]+")
_FEWEST_QUOTED = 4
"""Words from which quoted ones stand in a cited text for more than their names' sake."""
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)]*\s")
_SHORTEST_PART = 3
"""Letters of a word that may stand for a longer one in the name of a body: ``Fed``, ``Lib Dem``."""
_SHARED_BEGINNING = 4
"""Letters that a name and a form of it ("Russia", "Russian") share at least."""


def check_name(comparison: Comparison) -> Finding:
    """Checks every name of the claim against its aligned windows."""
    if not comparison.windows:
        return Finding(name="name", passed=None, detail="no aligned words")
    pairs = [
        (own.value, theirs.value)
        for own, theirs in comparison.pairs
        if isinstance(own.value, NameMention) and isinstance(theirs.value, NameMention)
    ]
    turned, reversed_ = compare_deeds(comparison.body, [window.text for window in comparison.windows])
    roles = (find_turned_roles(comparison.words, window.words) for window in comparison.windows[:1])
    reversed_ = reversed_ or next(filter(None, roles), None)
    if reversed_:
        return _fail(reversed_, contradicts=True)
    verbatim = _find_verbatim(comparison)
    counterparts = {
        own: theirs
        for own, theirs in pairs
        if own.name not in turned
        and not any(own.start >= span.start and own.end <= span.end for span in verbatim)
        and not _is_reordered(own, theirs, pairs, comparison.body)
        and not _is_parenthetic(own, theirs, comparison.windows[0].text)
    }
    mentions = [unit.value for unit in split_units(comparison.body) if isinstance(unit.value, NameMention)]
    findings = [_check_one(mention, counterparts.get(mention), comparison) for mention in mentions]
    findings += [
        _check_displaced(gap, comparison)
        for gap in comparison.gaps
        if not any(span.start <= unit.value.start < span.end for unit in gap.claim[:1] for span in verbatim)
    ]
    findings += _check_followed(mentions, comparison)
    return join_findings("name", findings, "no name")


def _find_verbatim(comparison: Comparison) -> list[Span]:
    """Spans of the claim's quoted words that a cited text prints in a row: their names are in place.

    The alignment may still set it beside another one, where the words that credit a quotation interrupt it.
    """
    found: list[Span] = []
    for quotation in find_quotations(comparison.body):
        inner = comparison.body[quotation.inner_start : quotation.inner_end]
        for part in _BETWEEN_ELLIPSES.finditer(inner):
            stems = [word.stem for word in split_words(part[0])]
            row = f" {' '.join(stems)} "
            if len(stems) >= _FEWEST_QUOTED and any(row in source.row for source in comparison.cited):
                start = quotation.inner_start
                found.append(Span(start + part.start(), start + part.end()))
    return found


def _check_one(  # noqa: PLR0911  one for each kind of evidence, the surest first
    mention: NameMention, counterpart: NameMention | None, comparison: Comparison
) -> Finding:
    name = mention.name
    if mention.start == 0 and " " not in name and _is_common(name, comparison):
        return Finding(name="name", passed=None, detail=f"“{name}” is a word that opens the sentence")
    if counterpart is not None and not _same(name, counterpart.name) and not _begins(mention, counterpart):
        if is_credited(mention, comparison):
            return Finding(name="name", passed=True, detail=f"“{name}” is the speaker in the cited text, too")
        return _fail(f"“{name}” stands where the source has “{counterpart.name}”", contradicts=True)
    if _has_all_words(name, (window.stems for window in comparison.windows)) or any(
        name in window.text or any(same_country(name, other.name) for other in find_names(window.text))
        for window in comparison.windows
    ):
        return Finding(name="name", passed=True, detail=f"“{name}” found")
    form = _find_form(name, (*(window.text for window in comparison.windows), *comparison.related))
    if form is not None:
        if _is_known(name, comparison):
            return Finding(name="name", passed=True, detail=f"“{name}” found as “{form}”")
        return _fail(
            f"the source has “{form}”, and nowhere in the cited article is it “{name}”", contradicts=True
        )
    return _check_absent(mention, comparison)


def _check_absent(mention: NameMention, comparison: Comparison) -> Finding:
    """A name that is not where the source speaks of this: an outlet, no name, or meant by a pronoun."""
    name = mention.name
    outlets = [source.evidence.outlet for source in comparison.cited if source.evidence.outlet]
    if any(same_outlet(name, outlet) for outlet in outlets):
        return Finding(name="name", passed=True, detail=f"“{name}” is the outlet of the cited article")
    if mention.start == 0 and " " not in name and not _is_name_in(name, comparison):
        return Finding(name="name", passed=None, detail=f"“{name}” may be a word that opens the sentence")
    if _is_speaker_in_brackets(mention, comparison):
        return Finding(name="name", passed=True, detail=f"“{name}” is the speaker of the cited statement")
    if _stands_for_pronoun(comparison) and _is_known(name, comparison):
        return Finding(
            name="name", passed=True, detail=f"“{name}” is named in the cited text before a pronoun"
        )
    if _is_known(name, comparison) and is_credited(mention, comparison):
        return Finding(name="name", passed=True, detail=f"“{name}” is the speaker of the cited text")
    return _fail(f"“{name}” does not stand where the source speaks of this", contradicts=False)


def _is_speaker_in_brackets(mention: NameMention, comparison: Comparison) -> bool:
    """Whether a name only says who is meant, as the archive has it: The governor (Ana Rao) is hoping."""
    around = comparison.body[mention.start - 1 : mention.end + 1] if mention.start else ""
    speakers = [source.evidence.speaker for source in comparison.cited if source.evidence.speaker]
    return around == f"({mention.name})" and any(mention.name == speaker for speaker in speakers)


def _fail(detail: str, *, contradicts: bool) -> Finding:
    return Finding(name="name", passed=False, detail=detail, contradicts=contradicts)


def _is_reordered(
    own: NameMention, theirs: NameMention, pairs: list[tuple[NameMention, NameMention]], body: str
) -> bool:
    """Whether two names only changed places in a list ("Hale and Ward", "Ward and Hale")."""
    for other, counterpart in pairs:
        between = body[min(own.end, other.end) : max(own.start, other.start)]
        exchanged = other != own and _same(own.name, counterpart.name) and _same(other.name, theirs.name)
        if exchanged and between.strip(" ,") in {"and", "or", "&", ""}:
            return True
    return False


def _is_parenthetic(own: NameMention, theirs: NameMention, text: str) -> bool:
    """Whether the source has the claim's name right before a parenthesis that ends with the other name.

    In ``the rules of these Games, unlike those of Tokyo, do not bar`` it is the Games that do not bar.
    """
    before = text[: theirs.start]
    opened = before.rfind(f"{own.name},")
    if opened < 0 or text[theirs.end : theirs.end + 1] != ",":
        return False
    between = before[opened + len(own.name) + 1 :]
    return "," not in between and _SENTENCE_END.search(between) is None


def _check_displaced(gap: Gap, comparison: Comparison) -> Finding:
    """A capitalised word that is no known name, where the source has a name and nothing else."""
    nothing = Finding(name="name", passed=None, detail="")
    if len(gap.window) != 1 or not isinstance(gap.window[0].value, NameMention) or not gap.claim:
        return nothing
    written = " ".join(unit.text for unit in gap.claim)
    opens_sentence = gap.claim_start == 0 and len(gap.claim) == 1
    capital = gap.claim[0].text[:1].isupper() and all(
        unit.text[:1].isupper() or unit.text[:1].isdigit() for unit in gap.claim if unit.content
    )
    known = {unit.key for unit in comparison.window_units}
    if opens_sentence or not capital or any(unit.key in _PRONOUNS or unit.key in known for unit in gap.claim):
        return nothing
    if any(isinstance(unit.value, NameMention) for unit in gap.claim):
        return nothing
    return Finding(
        name="name",
        passed=False,
        detail=f"“{written}” stands where the source has “{gap.window[0].text}”",
        contradicts=True,
    )


def _check_followed(claimed: list[NameMention], comparison: Comparison) -> list[Finding]:
    """Where the claim follows one sentence closely: a name that is not in it instead of one that is."""
    sentence = comparison.sentence
    if sentence is None:
        return []
    stems = frozenset(word.stem for word in split_words(sentence))
    theirs = [mention.name for mention in find_names(sentence)]
    foreign = [
        mention
        for mention in claimed
        if not _has_all_words(mention.name, [stems])
        and not any(_same(mention.name, other) for other in theirs)
    ]
    own = [mention.name for mention in claimed]
    missing = [name for name in theirs if not any(_same(name, n) or _shares(name, n) for n in own)]
    if not foreign or not missing or not _PRONOUNS.isdisjoint(stems):
        return []
    outlets = [source.evidence.outlet for source in comparison.cited if source.evidence.outlet]
    return [
        _fail(f"“{mention.name}” is not in the sentence told, which names “{missing[0]}”", contradicts=True)
        for mention in foreign
        if not any(same_outlet(mention.name, outlet) for outlet in outlets)
        and not is_credited(mention, comparison)
        and _is_name_in(mention.name, comparison)
    ]


def _shares(a: str, b: str) -> bool:
    """Whether two names have a word in common."""
    first, second = ({word.stem for word in split_words(name)} for name in (a, b))
    return not first.isdisjoint(second)


def _same(a: str, b: str) -> bool:
    return a.casefold() == b.casefold() or same_name(a, b) or same_country(a, b) or _ends_alike(a, b)


def _begins(own: NameMention, theirs: NameMention) -> bool:
    """Whether a name leaves out the end of the other ("Tottenham", "Tottenham Hotspur"), and is no place."""
    longer = theirs.name.casefold().startswith(f"{own.name.casefold()} ")
    return (own.sort != "place" and longer) or _abbreviates(own, theirs) or _abbreviates(theirs, own)


def _abbreviates(short: NameMention, long: NameMention) -> bool:
    """Whether each word of a name begins a word of a body's name: ``Fed`` for ``Federal Reserve``."""
    if long.sort in {"person", "place"}:
        return False
    parts, words = short.name.casefold().split(), long.name.casefold().split()
    return len(parts) <= len(words) and all(
        _SHORTEST_PART <= len(part) < len(word) and word.startswith(part)
        for part, word in zip(parts, words, strict=False)
    )


def _is_common(word: str, comparison: Comparison) -> bool:
    """Whether the cited text has a word without a capital, so that a capital need not make it a name."""
    stem = fold(word)
    return any(w.stem == stem and not w.capital for source in comparison.cited for w in source.words)


def _ends_alike(a: str, b: str) -> bool:
    """Whether one name is the other with words before it ("Republican Senate", "Senate")."""
    first, second = ([word.stem for word in split_words(name)] for name in (a, b))
    short, long = sorted((first, second), key=len)
    if long[-1:] == ["city"]:
        long = long[:-1]
    return bool(short) and long[-len(short) :] == short


def _has_all_words(name: str, texts: Iterable[frozenset[str]]) -> bool:
    """Whether one of the texts, given by their stems, has every word of the name or a form of it."""
    words = [word.stem for word in split_words(name)]
    return any(all(_has_word(word, stems) for word in words) for stems in texts)


def _has_word(word: str, stems: frozenset[str]) -> bool:
    if word in stems:
        return True
    if len(word) < _SHARED_BEGINNING:
        return False
    return any(
        len(stem) >= _SHARED_BEGINNING
        and abs(len(stem) - len(word)) <= 3
        and (stem.startswith(word) or word.startswith(stem))
        for stem in stems
    )


def _find_form(name: str, texts: Iterable[str]) -> str | None:
    """Another form of the name in the texts, if there is one."""
    return next(
        (other.name for text in texts for other in find_names(text) if same_name(name, other.name)), None
    )


def _is_known(name: str, comparison: Comparison) -> bool:
    """Whether the cited articles have the name with its given name."""
    wanted = parse_name(name)
    for known in _known_names(comparison):
        if same_name(name, known) and (bool(parse_name(known).given) or not wanted.given):
            return True
    return False


def _known_names(comparison: Comparison) -> Iterator[str]:
    """The names in the cited texts, their titles and speakers, then in the rest of their articles."""
    for source in comparison.cited:
        evidence = source.evidence
        yield from (mention.name for mention in find_names(f"{evidence.title}\n\n{evidence.text}"))
        yield from (quote.speaker for quote in evidence.quotes if quote.speaker)
        if evidence.speaker:
            yield evidence.speaker
    if comparison.read_article is not None:
        for key in dict.fromkeys((s.evidence.article_id, s.evidence.version) for s in comparison.cited):
            yield from (mention.name for mention in find_names(comparison.read_article(*key).text))


def _is_name_in(name: str, comparison: Comparison) -> bool:
    return any(same_name(name, known) for known in _known_names(comparison))


def _stands_for_pronoun(comparison: Comparison) -> bool:
    """Whether an aligned window has a pronoun that a name may have been put in for."""
    return any(not _PRONOUNS.isdisjoint(window.stems) for window in comparison.windows)
