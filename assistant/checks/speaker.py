"""Did the one whom the claim names say it, in the cited text, and say it that way?

The claim is read with the archive's own parser of statements; what it credits to somebody is looked up among
the statements of the cited text by its words. A name that merely stands in the passage proves nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.checks.beside import SPEECH, find_names_beside
from assistant.checks.finding import Finding, join_findings
from assistant.outlets import find_outlets, same_outlet
from assistant.words import fold, split_words
from index.mentions import ROLES, find_names
from index.names import same_name
from index.quotation_marks import find_quotations
from index.quotes import extract_quotes
from index.types import Article, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.alignment import Comparison, Source
    from index.mentions import NameMention
    from index.types import Quote, QuotePolarity

_SAME_STATEMENT = 0.6
"""Share of the credited content words that a statement of the source must have to be the same one."""
_FEWEST_ROLE_WORDS = 2
"""Content words of a role that tell whom it means ("the union leader"); "the president" may be anybody."""
_LONGEST_ROLE = 4
_ROLE_CHARACTERS = 60
"""Words, and code points, before a name in which its role stands: ``deputy harbour minister Ada Hale``."""
_MOST_CREDITS = 20
"""Statements that one claim may credit: no honest sentence has as many, and each is looked up by itself."""
_FEWEST_WORDS = 4
"""Words that a quotation has at least to be somebody's statement rather than a title or a scare quote."""
_LONGEST_TITLE = 3
"""Words that may stand between "said by" and the name: ``the foreign minister``."""
LONGEST_CREDIT = 6
"""Words of a sentence that does nothing but credit the quotation before it: ``Deputy minister Hale said.``"""
_AS_GOOD = 0.9
"""A statement that has this share of the best one's words may be the one meant, too."""

_CREDITS_AFTER_NAME = re.compile(
    r"\b(?:said|stated|told|made|spoken|uttered|expressed|voiced|written|declared|announced|denied|claimed|warned"
    r"|assured|informed|advised|asked)(?:\s+\w+ly)?\s+by\s+"
    r"|\b[Ii]n\s+the\s+words\s+of\s+"
    r"|\b[Ii]n\s+(?=[A-Z][^.,\n]{1,60}['’]s?\s+words\b)"
    r"|\b[Aa]s\s+(?=[A-Z][^.,\n]{1,60}\s(?:put|puts|said|says|noted|told|explained)\b)"
)
_SAYS = re.compile(r"\b(?:said|says|saying|told|added|stated|[Aa]ccording\s+to)\b")
"""What makes a speaker of one, and not of an outlet that reports, writes or notes what others say."""
_ROLE_OF = re.compile(r"(?:[Tt]he\s+)?[A-Z][^,]{1,60}['’]s?\s+[a-z][a-z\s-]{2,40}")
"""``Brightwater's spokeswoman``."""
_FALSE_THAT = re.compile(
    r"\b(?:it|this)\s+(?:is|was|were)\s+(?:false|untrue|wrong|nonsense|not\s+true|a\s+lie)\s+(?:that|to\s+say)\b"
    r"|\b(?:there\s+(?:is|was)|it\s+(?:is|was))\s+no\s+truth\b",
    re.IGNORECASE,
)
"""Denies what follows, as "denied that" does."""
_PRONOUNS = frozenset(
    {"he", "she", "they", "it", "i", "we", "you", "who", "his", "her", "their", "him", "them"}
)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a claim credits to somebody."""

    speaker: str
    """Who is to have said it, as the claim names them."""
    content: str
    """What they are to have said."""
    polarity: QuotePolarity
    spoken: bool
    """Whether they are to have said it in words, rather than wanted, thought or done it."""
    beside: tuple[str, ...] = ()
    """Whom a second reading of the claim finds beside the words, where the parser of statements errs."""


def check_speaker(comparison: Comparison) -> Finding:
    """Checks every credit of the claim against the statements of the cited text."""
    spoken_by_outlet = _check_outlet_speaking(comparison)
    if spoken_by_outlet is not None:
        return spoken_by_outlet
    if _stands_in_source(comparison):
        return Finding(name="speaker", passed=True, detail="credited word for word as in the cited text")
    found = read_credits(comparison.body) or _read_beside(comparison)
    if len(found) > _MOST_CREDITS:
        detail = f"the claim credits {len(found)} statements; one sentence is checked for {_MOST_CREDITS}"
        return Finding(name="speaker", passed=False, detail=detail)
    findings = [_check_one(credit, comparison) for credit in found] or _check_unread(comparison)
    return join_findings("speaker", findings, "nobody is credited with a statement")


def _check_outlet_speaking(comparison: Comparison) -> Finding | None:
    """``The Harbour Post said: “...”``: an outlet does not say what its article has somebody say.

    Only where the quotation is most of the claim, and neither it nor the rest credits anybody itself.
    """
    body = comparison.body.strip()
    quotations = find_quotations(body)
    if body == comparison.plain or len(quotations) != 1:
        return None
    credited = comparison.plain.replace(body, " ")
    quotation = quotations[0]
    content = body[quotation.inner_start : quotation.inner_end]
    rest = f"{body[: quotation.start]} {body[quotation.end :]}"
    most = len(content.split()) > len(rest.split())
    if not most or SPEECH.search(rest) or _SAYS.search(credited) is None or read_credits(content):
        return None
    outlets = [source.evidence.outlet for source in comparison.cited if source.evidence.outlet]
    for quote in _find_statements(Credit("", content, "asserted", True), comparison):
        speaker = quote.speaker
        if speaker and _is_spoken(quote) and not any(same_outlet(speaker, outlet) for outlet in outlets):
            named = find_outlets(credited, outlets) or outlets
            return _fail(Credit(named[0], content, "asserted", True), speaker)
    return None


def is_credited(mention: NameMention, comparison: Comparison) -> bool:
    """Whether a name of the claim's body is that of a speaker, to whom the cited text credits the same."""
    name = mention.name
    found = read_credits(comparison.body) or _read_beside(comparison)
    return any(
        name in (credit.speaker, *credit.beside)
        and not _is_inside(mention, credit, comparison)
        and _check_one(replace(credit, speaker=name, beside=()), comparison).passed is True
        for credit in found[:_MOST_CREDITS]
    )


def _is_inside(mention: NameMention, credit: Credit, comparison: Comparison) -> bool:
    """Whether a name stands among the words credited, and not beside them."""
    start = comparison.body.find(credit.content)
    return start <= mention.start < start + len(credit.content)


def read_credits(plain: str) -> list[Credit]:
    """Reads who is to have said what in a claim; pronouns are left out."""
    found = [
        Credit(
            speaker,
            quote.text,
            quote.polarity,
            _is_spoken(quote),
            _read_again(plain, quote),
        )
        for quote in extract_quotes(Article(text=plain))[: _MOST_CREDITS + 1]
        if (speaker := quote.speaker) is not None
        and not _is_passive(plain, quote)
        and not _opens_only(plain, quote)
    ]
    return found or _read_passive(plain)


def _read_again(plain: str, quote: Quote) -> tuple[str, ...]:
    return find_names_beside(plain, Span(quote.start, quote.end), Span(0, len(plain)))


def _opens_only(plain: str, quote: Quote) -> bool:
    """Whether the speaker may be a capitalised word that opens the sentence: ``Shortly after ..., he said``.

    A lone word there is a name where its verb follows at once or a name of two words or more has it.
    """
    if quote.speaker is None or " " in quote.speaker or not plain.startswith(quote.speaker):
        return False
    return SPEECH.match(plain[len(quote.speaker) :].lstrip(" ,")) is None and quote.cue_start not in (
        None,
        len(quote.speaker) + 1,
    )


def _is_passive(plain: str, quote: Quote) -> bool:
    """Whether the one taken for the speaker is spoken to: ``Hale was told by Ward that``."""
    if quote.cue_start is None or quote.cue_end is None:
        return False
    auxiliary = re.search(r"\b(?:was|were|is|are|been|being)\s+(?:\w+ly\s+)?\Z", plain[: quote.cue_start])
    cue = plain[quote.cue_start : quote.cue_end]
    within = re.match(r"(?:was|were|is|are|been|being)\s", cue)
    return (auxiliary or within) is not None and re.match(r"\s+by\b", plain[quote.cue_end :]) is not None


def _read_beside(comparison: Comparison) -> list[Credit]:
    """Reads a quotation credited to a name beside it in a way that the parser does not know."""
    body = comparison.body
    found: list[Credit] = []
    for quotation in find_quotations(body)[:_MOST_CREDITS]:
        content = Span(quotation.inner_start, quotation.inner_end)
        names = find_names_beside(body, content, Span(0, len(body)))
        if names:
            found.append(Credit(names[0], body[content.start : content.end], "asserted", True, names))
    return found


def _find_beside(credit: Credit, comparison: Comparison) -> tuple[str, ...]:
    """Whom the sentence credits in which the credited words stand in a row; empty where they do not."""
    wanted = [word.stem for word in split_words(credit.content)]
    if len(wanted) < _FEWEST_WORDS:
        return ()
    for source in comparison.cited:
        span = _find_row(wanted, source)
        if span is None:
            continue
        around = [sentence for sentence in source.sentences if _overlap(sentence, span)]
        sentence = Span(around[0].start, _end_with_credit(source, around[-1]))
        names = find_names_beside(source.evidence.text, span, sentence)
        if names:
            return names
    return ()


def _find_row(wanted: Sequence[str], source: Source) -> Span | None:
    """Where a text has some words in a row."""
    at = source.row.find(f" {' '.join(wanted)} ")
    if at < 0:
        return None
    first = source.row.count(" ", 0, at)
    return Span(source.words[first].start, source.words[first + len(wanted) - 1].end)


def _end_with_credit(source: Source, sentence: Span) -> int:
    """The end of a sentence, or of the few words after a quotation that only say whose it was."""
    text = source.evidence.text
    following = next((span for span in source.sentences if span.start >= sentence.end), None)
    if following is None or text[sentence.start : sentence.end].rstrip()[-1:] not in "”\"'":
        return sentence.end
    after = text[following.start : following.end]
    short = len(after.split()) <= LONGEST_CREDIT and SPEECH.search(after) is not None
    return following.end if short and find_names(after) else sentence.end


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _is_spoken(quote: Quote) -> bool:
    return quote.kind != "indirect" or (quote.cue is not None and SPEECH.search(quote.cue) is not None)


def _read_passive(plain: str) -> list[Credit]:
    """Reads ``"..." was said by X``, ``in X's words`` and ``as X put it``."""
    for match in _CREDITS_AFTER_NAME.finditer(plain):
        named = next((name for name in find_names(plain) if name.start >= match.end()), None)
        if named is not None and len(plain[match.end() : named.start].split()) <= _LONGEST_TITLE:
            content = f"{plain[: match.start()]} {plain[named.end :]}"
            return [Credit(named.name, content, "asserted", True)]
    return []


def _check_one(  # noqa: PLR0911  one for each kind of evidence, the surest first
    credit: Credit, comparison: Comparison
) -> Finding:
    named = [quote for quote in _find_statements(credit, comparison) if quote.speaker]
    beside = _find_beside(credit, comparison)
    claimed = (credit.speaker, *credit.beside)
    stands_beside = any(_is_speaker(own, name) for name in beside for own in claimed)
    said = next((quote for quote in named for own in claimed if _is_speaker(own, quote.speaker or "")), None)
    if said is not None and (stands_beside or not beside or not credit.spoken or _is_spoken(said)):
        return _check_polarity(credit, said)
    if stands_beside:
        return Finding(
            name="speaker", passed=True, detail=f"“{credit.speaker}” stands beside it as the speaker"
        )
    outlets = [source.evidence.outlet for source in comparison.cited if source.evidence.outlet]
    quoted = any(quote.kind == "direct" for quote in named)
    if not quoted and any(same_outlet(credit.speaker, outlet) for outlet in outlets):
        return Finding(name="speaker", passed=None, detail=f"“{credit.speaker}” is the outlet itself")
    if not _is_direct(credit, comparison) and _is_thing(credit.speaker, comparison):
        return Finding(name="speaker", passed=None, detail=f"“{credit.speaker}” is nobody by name")
    if _speaks_for(credit.speaker, named, comparison):
        return Finding(name="speaker", passed=True, detail=f"“{credit.speaker}” is who said it there")
    if _is_role(credit.speaker):
        return _check_role(credit, named, comparison)
    if named or (beside and credit.spoken):
        return _fail(credit, named[0].speaker or "" if named else beside[0])
    return _check_without_statement(credit, comparison)


def _is_direct(credit: Credit, comparison: Comparison) -> bool:
    """Whether the claim has the credited words in quotation marks."""
    quoted = (comparison.plain[q.inner_start : q.inner_end] for q in comparison.quotations)
    return any(credit.content.strip(" .,") in inner or inner in credit.content for inner in quoted)


def _is_thing(speaker: str, comparison: Comparison) -> bool:
    """Whether a speaker is no person: ``DNA profiling``, or ``Couple`` where it only opens the claim."""
    words = split_words(speaker)
    if len(words) == 1:
        opens = comparison.body.startswith(speaker)
        return opens and any(
            word.stem == words[0].stem and not word.capital
            for source in comparison.cited
            for word in source.words
        )
    last = words[-1] if words else None
    return last is not None and last.text.islower() and last.text not in ROLES


def _is_role(speaker: str) -> bool:
    """Whether a speaker is told by what they are: ``the union leader``, ``The former Labour leader``."""
    words = split_words(speaker)
    if not find_names(speaker) and not any(word.capital for word in words[1:]):
        return True
    described = bool(words) and words[0].text.casefold() in {"the", "a", "an", "his", "her", "their", "whose"}
    return described and words[-1].text.casefold() in ROLES


def _speaks_for(speaker: str, named: Sequence[Quote], comparison: Comparison) -> bool:
    """Whether ``Brightwater's spokeswoman`` is one of the speakers: a sentence has name, body and role."""
    owned = _ROLE_OF.fullmatch(speaker)
    if owned is None:
        return False
    wanted = {word.stem for word in split_words(speaker) if word.content}
    return any(
        wanted <= stems and any(fold(part) in stems for part in (quote.speaker or "").split()[-1:])
        for quote in named
        for source in comparison.cited
        for stems in source.sentence_stems
    )


def _fail(credit: Credit, speaker: str) -> Finding:
    return Finding(
        name="speaker",
        passed=False,
        detail=f"the cited text credits it to “{speaker}”, not to “{credit.speaker}”",
        contradicts=bool(find_names(speaker)),
    )


def _check_role(credit: Credit, named: list[Quote], comparison: Comparison) -> Finding:
    """A speaker told by a role only ("the union leader"): wrong where the text gives that role to another."""
    role = {word.stem for word in split_words(credit.speaker) if word.content}
    if not credit.spoken or len(role) < _FEWEST_ROLE_WORDS:
        return Finding(name="speaker", passed=None, detail=f"“{credit.speaker}” is not named")
    bearers = {
        mention.name
        for source in comparison.cited
        for mention in find_names(source.evidence.text)
        if role and role <= _stems_before(source.evidence.text, mention.start)
    }
    said = [quote.speaker for quote in named if quote.speaker]
    if said and bearers and not any(_is_speaker(bearer, speaker) for bearer in bearers for speaker in said):
        return _fail(credit, said[0])
    return Finding(name="speaker", passed=None, detail=f"“{credit.speaker}” is not named")


def _stems_before(text: str, position: int) -> frozenset[str]:
    """The stems of the words right before a name."""
    before = split_words(text[max(0, position - _ROLE_CHARACTERS) : position])
    return frozenset(word.stem for word in before[-_LONGEST_ROLE:])


def _check_without_statement(credit: Credit, comparison: Comparison) -> Finding:
    """No statement of a known speaker has the credited words: they are told in others, or not said at all."""
    name = f"“{credit.speaker}”"
    if not credit.spoken:
        return Finding(name="speaker", passed=None, detail=f"what {name} thinks or does is no statement")
    if any(_is_speaker(credit.speaker, speaker) for speaker in _speakers_nearby(comparison)):
        return Finding(name="speaker", passed=None, detail=f"{name} speaks there, in other words")
    return Finding(name="speaker", passed=False, detail=f"the cited text does not credit it to {name}")


def _speakers_nearby(comparison: Comparison) -> list[str]:
    """Who speaks in the aligned windows."""
    speakers = []
    for window in comparison.windows:
        offset = window.source.quotes_offset
        speakers += [
            quote.speaker
            for quote in window.source.quotes
            if quote.speaker
            and quote.start - offset < window.span.end
            and window.span.start < quote.end - offset
        ]
    return speakers


def _check_unread(comparison: Comparison) -> list[Finding]:
    """Checks quotations credited in a way the parser cannot read: the claim must name their speaker."""
    outside = comparison.body
    for quotation in reversed(find_quotations(outside)):
        outside = outside[: quotation.start] + " " + outside[quotation.end :]
    words = {word.stem for word in split_words(outside)}
    if not SPEECH.search(outside) or not _PRONOUNS.isdisjoint(words):
        return []
    findings = []
    for quotation in find_quotations(comparison.body):
        content = comparison.body[quotation.inner_start : quotation.inner_end]
        named = [
            quote
            for quote in _find_statements(Credit("", content, "asserted", True), comparison)
            if quote.speaker
        ]
        known = [name for quote in named for name in (quote.speaker or "").split()]
        if len(content.split()) >= _FEWEST_WORDS and named and words.isdisjoint(fold(name) for name in known):
            findings.append(
                Finding(
                    name="speaker",
                    passed=False,
                    detail=f"the cited text credits it to “{named[0].speaker}”, whom the claim does not name",
                    contradicts=True,
                )
            )
    return findings


def _is_speaker(claimed: str, speaker: str) -> bool:
    if claimed == speaker or same_name(claimed, speaker) or _shortens(claimed, speaker):
        return True
    own = {fold(word.text) for word in split_words(claimed) if word.content}
    theirs = {fold(word.text) for word in split_words(speaker) if word.content}
    if not own or not theirs or not (own <= theirs or theirs <= own):
        return False
    return min(len(own), len(theirs)) >= 2 or not find_names(claimed) or not find_names(speaker)


def _shortens(claimed: str, speaker: str) -> bool:
    """Whether a body's name leaves out its end: ``Exxon`` for ``Exxon Mobil``."""
    long = next(iter(find_names(speaker)), None)
    return long is not None and long.sort != "person" and speaker.startswith(f"{claimed} ")


def _check_polarity(credit: Credit, quote: Quote) -> Finding:
    """Compares how the speaker stands to it: who denied it did not say it."""
    name = f"“{credit.speaker}”"
    own = _is_denied(credit.polarity, credit.content)
    if own != _is_denied(quote.polarity, quote.text):
        return Finding(
            name="speaker",
            passed=False,
            detail=(
                f"{name} {'denied' if own else 'asserted'} it in the claim"
                f" and {'asserted' if own else 'denied'} it in the source"
            ),
            contradicts=True,
        )
    return Finding(name="speaker", passed=True, detail=f"{name} said it in the cited text")


def _is_denied(polarity: QuotePolarity, words: str) -> bool:
    """Whether a statement denies: by its verb, or by calling it false."""
    return (polarity == "denied") != (_FALSE_THAT.search(words) is not None)


def _find_statements(credit: Credit, comparison: Comparison) -> list[Quote]:
    """The statements that have the credited words, the best first."""
    words = split_words(credit.content)
    wanted = {word.stem for word in words if word.content} or {word.stem for word in words}
    if not wanted:
        return []
    scored = []
    for source in comparison.cited:
        for quote, stems in zip(source.quotes, source.quote_stems, strict=True):
            share = len(wanted & stems) / len(wanted)
            if share >= _SAME_STATEMENT:
                scored.append((share, len(stems), quote if quote.speaker else _name_beside(quote, source)))
    if not scored:
        return []
    row = _row(credit.content)
    in_a_row = [
        entry for entry in scored if row in f" {' '.join(w.stem for w in split_words(entry[2].text))} "
    ]
    scored = in_a_row or scored
    best = max(share for share, _, _ in scored)
    kept = [entry for entry in scored if entry[0] >= _AS_GOOD * best]
    return [quote for _, _, quote in sorted(kept, key=lambda entry: (-entry[0], entry[1], entry[2].start))]


def _row(text: str) -> str:
    return f" {' '.join(word.stem for word in split_words(text))} "


def _name_beside(quote: Quote, source: Source) -> Quote:
    """A quotation whose speaker the parser leaves open, credited to the one name that its sentence has.

    Only where a word of speech stands in the sentence, too, and no pronoun does.
    """
    text, offset = source.evidence.text, source.quotes_offset
    sentence = next((span for span in source.sentences if span.start <= quote.end - offset <= span.end), None)
    if sentence is None or quote.kind != "direct":
        return quote
    before = text[sentence.start : max(sentence.start, quote.start - offset)]
    around = f"{before} | {text[quote.end - offset : sentence.end]}"
    names = list(dict.fromkeys(mention.name for mention in find_names(around)))
    words = {word.stem for word in split_words(around)}
    if len(names) != 1 or not SPEECH.search(around) or not _PRONOUNS.isdisjoint(words):
        return quote
    return replace(quote, speaker=names[0])


def _stands_in_source(comparison: Comparison) -> bool:
    """Whether the whole claim stands in the source word for word, whoever it credits."""
    claimed = _row(comparison.body)
    return any(claimed in source.row for source in comparison.cited)
