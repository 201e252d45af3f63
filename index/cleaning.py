"""Plain text as an article: no invisible characters, no leftovers of the page it came from.

Every rule works on whole lines or on single characters that no reader sees, is general (no outlet,
no story) and leaves quotation marks, dashes inside lines and sub-headings alone. Cleaning is
idempotent: clean text comes back unchanged.
"""

from __future__ import annotations

import re
import unicodedata

CLEANING_VERSION = 2
"""Raised whenever a rule changes what an article's text becomes; part of every raw digest, so that
articles are read again after such a change and not before."""

_BREAKING = "\r\x0b\x0c\x85\u2028\u2029"
_BLANK = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"  # soft hyphen, fillers, joiners of nothing
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width, direction marks and overrides
    "\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff"  # tag characters and variation selectors that can carry hidden text
)
_UNUSUAL = re.compile(f"[{_BREAKING}{_BLANK}{_UNSEEN}\u200c\u200d\ufe00-\ufe0f\ud800-\udfff]")
_LINE_BREAKS = re.compile(f"\r\n?|[{_BREAKING}]")
_BLANKS = re.compile(f"[{_BLANK}]")
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_LONELY_JOINERS = re.compile("(?<![\u0600-\u1fff\U0001f000-\U0001ffff\u2600-\u27bf\ufe0f])[\u200c\u200d]+")
"""Zero-width joiners shape Arabic, Indic and emoji; after anything else they only hide something."""
_VARIATION_RUNS = re.compile("[\ufe00-\ufe0f]{2,}")
"""One variation selector styles a character; a run of them encodes bytes."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile("  +")

_DASHES_ONLY = re.compile(r"[-–—―_*•·|.=~+#<>«»‹›/\\\s]+")
_LONGEST_FURNITURE = 250
"""Characters: links to other stories carry whole headlines, share lines are shorter."""

_OTHER_STORY = re.compile(
    r"(?:PREV|PREVIOUS)\b(?![.,;])"
    r"|(?i:(?:prev(?:ious)?|next|older|newer)\s+(?:article|post|story|entry|page)s?\b"
    r"|(?:«|‹|<<?|←|➔|➜)\s*(?:prev(?:ious)?|older)\b"
    r"|(?:next|newer)\s*(?:»|›|>>?|→)"
    r"|(?:read|see|watch|listen)\s+(?:also|more|next)\s*:"
    r"|(?:also|more)\s+(?:read|on this topic|on this story|from [\w ]{2,30})\s*:"
    r"|related\s*:)",
)
_NEXT_STORY = re.compile(r"NEXT\b(?![.,;])")
_LINK_LIST_HEADING = re.compile(
    r"(?:related(?: (?:articles?|stories|posts?|content|news|topics?|links?|coverage|reading))?"
    r"|most (?:read|popular|viewed|shared|commented)"
    r"|(?:recommended|suggested)(?: (?:for you|articles?|stories|reading|videos?))?"
    r"|more (?:from|on|in|about) [^.!?]{2,60}|more (?:articles?|stories|news|headlines)"
    r"|you (?:may|might) (?:also )?(?:like|be interested in|enjoy)"
    r"|(?:read|see|watch) (?:also|next)|also (?:read|in the news)|up next|don[’']t miss"
    r"|trending(?: now| stories)?|(?:latest|top) (?:news|stories|articles|headlines)|editor[’']?s[’']? picks?"
    r"|(?:previous|next|older|newer) (?:article|post|story)"
    r"|tags|topics|filed under)(?:\s*:.*|[\s.…»›>→]*)",
    re.IGNORECASE,
)

_PLATFORM = (
    r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|instagram|bluesky|threads|mastodon"
    r"|tiktok|youtube|flipboard|e-?mail|google\ news|print)"
)
_SHARE_WORD = (
    r"(?:this|it|us|on|to|via|by|with|a|an|the|your|article|story|page|post|link|friends?|me|now|in|and"
    rf"|{_PLATFORM})"
)
_SHARE_LINE = re.compile(
    rf"""(?:
      (?:click\ to\ )?(?:share|tweet|email|print|save|pin|send|post|like|follow)(?:\ {_SHARE_WORD})*
        (?:\ \(opens\ in\ (?:a\ )?new\ (?:window|tab)\))?
    | {_PLATFORM}(?:(?:\s*[,|/·•&]\s*|\s+(?:and\s+)?){_PLATFORM}){{0,9}}
    | (?:copy|copied)\ (?:the\ )?(?:link|url)(?:\ to\ clipboard)?
    | (?:link\ copied|comments?|leave\ a\ comment|reply|loading)
    | (?:read|see|show|load|view|learn)\ (?:more|less|full\ (?:story|article)|comments|all)(?:\ here)?
    | continue\ reading(?:\ the\ main\ story)?
    | (?:click|tap)\ here\ (?:to|for)\ .{{2,80}}
    | (?:subscribe|register|log\ in|sign\ up|join)(?:\ (?:now|today|here|free|for\ free))?
    | (?:subscribe|register|sign\ up)\ (?:to|for)\ [^?]{{2,60}}
        \b(?:today|now|here|newsletters?|alerts?|updates?|briefing|channel|podcast|inbox|e-?mails?)\b[^?]{{0,60}}
    | (?:advertisement|advertisment|sponsored(?:\ content)?|promoted|ad)
    | (?:story|article)\ continues\ (?:below|after)(?:\ (?:this\ )?(?:ad|advertisement))?
    | (?:scroll|swipe)\ (?:down\ )?to\ continue(?:\ .{{2,40}})?
    | skip\ (?:ad|advertisement|to\ (?:main\ )?content)
    )[\s.!:…»›>→]*""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTATION_MARK = re.compile('["“”„«»‘]')
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")


def clean_text(text: str, title: str = "") -> str:
    """Make raw text the body of an article.

    Args:
        text: As read from a file or page.
        title: The headline, where known: its repetitions at the top are dropped.

    Returns:
        NFC text, paragraphs parted by one blank line, no line with blanks at its ends.
    """
    before, body = None, normalise(text)
    while body != before:  # again: a link or headline wrapped over two lines shows once they are joined
        before = body
        lines = _drop_furniture(body.split("\n"))
        body = _join_paragraphs(_drop_title(lines, title))
    return body


def clean_line(text: str) -> str:
    """Normalise a text of one line: a title, a name."""
    return " ".join(normalise(text).split())


def split_title(text: str) -> tuple[str, str]:
    """Part a plain text into its headline ("" where it has none) and the rest.

    The headline is a short first line that ends like no sentence and is parted from what follows:
    by a blank line, or by standing there twice.
    """
    lines = normalise(text).lstrip("\n").split("\n")
    first = lines[0] if lines else ""
    rest = lines[1:]
    following = next((line for line in rest if line), "")
    is_parted = bool(rest) and (not rest[0] or _title_key(rest[0]) == _title_key(first))
    if not (is_parted and following and 0 < len(first) <= _LONGEST_FURNITURE):
        return "", text
    if _SENTENCE_END.search(first) and not first.endswith(("?", "!", "…")):
        return "", text
    return first, "\n".join(rest)


def normalise(text: str) -> str:
    """NFC, plain blanks and line breaks, and nothing that a reader cannot see.

    Unpaired surrogates, which no file can hold, become U+FFFD.
    """
    if _UNUSUAL.search(text):  # in 2 of 100 articles; looking costs a fraction of substituting
        text = _SURROGATES.sub("\ufffd", text)
        text = _LINE_BREAKS.sub("\n", text)
        text = _INVISIBLE.sub("", text)
        text = _LONELY_JOINERS.sub("", text)
        text = _VARIATION_RUNS.sub("", text)
        text = _BLANKS.sub(" ", text)
    text = _SPACES.sub(" ", text).replace(" \n", "\n").replace("\n ", "\n").strip(" ")
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _drop_furniture(lines: list[str]) -> list[str]:
    """Blank every line that belongs to the page and not to the article."""
    kept = ["" if _is_furniture(line) else line for line in lines]
    _blank_next_links(lines, kept)
    _blank_link_list(kept)
    return kept


def _is_furniture(line: str) -> bool:
    if not line or len(line) > _LONGEST_FURNITURE:
        return False
    if _DASHES_ONLY.fullmatch(line):
        return True
    if _SHARE_LINE.fullmatch(line):
        return True
    return _OTHER_STORY.match(line) is not None and not _SENTENCE_END.search(line)


def _blank_next_links(lines: list[str], kept: list[str]) -> None:
    """Blank "NEXT <headline>" where only page furniture follows; elsewhere it may open a sentence."""
    for index in range(len(kept) - 1, -1, -1):
        if not kept[index]:
            continue
        if not _NEXT_STORY.match(lines[index]) or len(lines[index]) > _LONGEST_FURNITURE:
            return
        kept[index] = ""


def _blank_link_list(kept: list[str]) -> None:
    """Blank a list of headlines that ends the page, from its heading on ("Most read", "Related stories").

    Only lines that end like no sentence are passed on the way up, so no paragraph can be lost.
    """
    start = len(kept)
    for index in range(len(kept) - 1, -1, -1):
        line = kept[index]
        if len(line) <= _LONGEST_FURNITURE and _LINK_LIST_HEADING.fullmatch(line):
            start = index
        elif len(line) > _LONGEST_FURNITURE or _SENTENCE_END.search(line):
            break
    kept[start:] = [""] * (len(kept) - start)


def _drop_title(lines: list[str], title: str) -> list[str]:
    """Drop the headline where it stands again above the body."""
    wanted = _title_key(title)
    if not wanted:
        return lines
    for index, line in enumerate(lines):
        if line and _title_key(line) != wanted:
            return lines[index:]
    return lines


def _title_key(line: str) -> str:
    return "".join(character for character in line.casefold() if character.isalnum())


def _join_paragraphs(lines: list[str]) -> str:
    """Part paragraphs by one blank line, whatever parted them before."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return "\n\n".join(_join_lines(block) for block in blocks if block)


def _join_lines(lines: list[str]) -> str:
    """Lines without a blank one between them: wrapped prose is one paragraph, others are many."""
    return (" " if _is_wrapped(lines) else "\n\n").join(lines)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether an editor broke the lines at a fixed width, mostly in the middle of a sentence."""
    full = lines[:-1]
    ending = sum(1 for line in full if _SENTENCE_END.search(line))
    return bool(full) and all(50 <= len(line) <= 120 for line in full) and 2 * ending < len(full)
