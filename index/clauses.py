"""A sentence as words, with each quotation as one word, and where its noun phrases begin and end.

There is no part-of-speech tagger here: closed classes of words (auxiliaries, prepositions, conjunctions,
determiners, pronouns) and capitals bound the phrases. That is enough around a reporting verb, whose
neighbours news style keeps in few orders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.mentions import PRONOUNS, ROLES, TITLES
from index.speech_verbs import CUES
from index.word_lists import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.quotation_marks import Quotation
    from index.types import Span

QUOTE = "\ue000"
"""Stands for a whole quotation in `Words.lower` and opens it in masked text."""
_FILL = "\ue001"

_TOKEN = re.compile(
    r"[a-z]+(?![^\W_]|[-–’'&/.])"  # most words, told at once; the rest of the pattern reads them the same
    r"|\ue000\ue001*[.?!…]?"
    r"|['’](?:s|ll|ve|re|d|m)\b"
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Rev|Prof|St|Jr|Sr|Adm|Capt|Maj|Sens|Reps|No|vs)\."
    r"|(?:[A-Z]-)?(?:[^\W\d_]\.)+(?=[\s,’']|[^\W\d_])"
    r"|[^\W_]+(?:[-–’'&/.](?!(?:s|ll|ve|re|d|m)\b)[^\W_]+|,(?=\d)\d+)*"
    r"|--|\S"
)

_SPEAKS = "|".join(
    sorted(form for form, cue in CUES.items() if "speech" in cue.frames and cue.form in ("past", "third"))
)
_LED_ON = re.compile(rf"\s*(?:[a-z]|(?:[A-Z][\w.’'-]*\s+){{1,6}}?(?:\w+ly\s+)?(?:{_SPEAKS})\b)")
"""What follows a quotation that ends in "?" or "!" when its sentence goes on: "Really?" Obama asked."""

AUXILIARIES = word_set(
    """has have had is are was were be been being am do does did will would can could may might must shall
    should hasn't haven't hadn't isn't aren't wasn't weren't don't doesn't didn't won't wouldn't can't
    couldn't hasn’t haven’t hadn’t isn’t aren’t wasn’t weren’t don’t doesn’t didn’t won’t wouldn’t can’t
    couldn’t 'd ’d 've ’ve 'll ’ll 're ’re 'm ’m"""
)
BE = word_set(
    """is are was were be been being am 're ’re 'm ’m isn't aren't wasn't weren't isn’t aren’t wasn’t
    weren’t"""
)
NEGATIONS = word_set(
    """not never n't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't hasn’t
    haven’t hadn’t don’t doesn’t didn’t won’t wouldn’t can’t couldn’t"""
)
_ADVERBS = word_set(
    """also later then now still just even only never not once again always often sometimes ever first
    further twice long soon since earlier yesterday today thus both all simply quickly there here too
    himself herself themselves itself in-turn instead likewise nonetheless nevertheless perhaps already
    afterward afterwards meanwhile however very much"""
)
_NO_ADVERBS = word_set("family only-child ally italy july reply supply assembly anomaly monopoly homily")
PREPOSITIONS = word_set(
    """of in on at for from to with by about during after before against between among through throughout
    under over into onto across within without near around behind beyond despite per via amid upon
    toward towards outside inside along alongside like unlike until since following including"""
)
CONJUNCTIONS = word_set(
    """that because if when while as although though whether where how why what but so than unless whereas
    which who whose whom once and or nor"""
)
DETERMINERS = word_set(
    """the a an this that these those his her its their our my your some many several few both all any each
    every another other most more two three four five six seven eight nine ten dozens hundreds thousands
    one no certain various numerous"""
)
_TIMES = word_set(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight earlier
    later afterward afterwards recently early late week month year morning afternoon evening night last
    this next again january february march april may june july august september october november
    december jan feb aug sept oct nov dec jan. feb. aug. sept. oct. nov. dec. once bluntly simply
    publicly privately flatly previously then there here too time"""
)
DASHES = frozenset(("-", "–", "—", "―", "‒", "--"))
_STOPS = frozenset(",;:()[]—–―‒-.?!…*•") | {"--", QUOTE}

_SUBJECT_PRONOUNS = word_set("he she they i we you it who")

_PEOPLE = word_set(
    """officials lawmakers senators governors leaders ministers diplomats analysts experts critics
    supporters opponents aides advisers advisors allies democrats republicans conservatives liberals
    voters americans europeans residents witnesses activists researchers scientists economists
    strategists pollsters reporters journalists sources insiders people others authorities police
    prosecutors investigators lawyers attorneys campaign campaigns administration government ministry
    department committee party group groups organization organizations agency company firm report study
    poll polls survey surveys statement letter memo document documents article book email emails message
    tweet post newspaper magazine paper editorial white-house council commission court board union
    association network station outlet outlets media press website site spokesmen family friends
    colleagues parents women men students veterans workers employees members delegates commentators
    observers historians scholars pundits backers donors team camp army military kremlin pentagon
    congress senate house nation country state university institute center everyone everybody someone
    somebody nobody anyone many some most few several both neither advocates protesters demonstrators
    fans skeptics detractors doctors teachers candidates hopefuls contenders rivals staffers executives
    directors professors authors writers columnists editors hosts commanders soldiers majority half
    percent pair couple trio duo crowd audience analysis data figures numbers results findings bill law
    lawsuit complaint filing transcript indictment affidavit resolution platform plan ad advert ads
    video headline caption sign banner note speech release superdelegates speakers scientists percent
    third quarter quarters thirds fifth half five ten child children kids pupil pupils couples neighbors
    neighbours shareholders investors donors tourists passengers patients nurses farmers"""
)
"""Nouns other than roles that can speak: groups, bodies and documents."""


@dataclass(slots=True)
class Words:
    """The words of one sentence."""

    text: list[str]
    lower: list[str]
    """Lower case; `QUOTE` for a quotation."""
    starts: list[int]
    """Offsets in the article."""
    ends: list[int]
    quotations: dict[int, Quotation]
    """The quotation at each index where `lower` is `QUOTE`."""

    def __len__(self) -> int:
        return len(self.lower)

    def is_headline(self) -> bool:
        """Whether most words start with a capital, so that capitals tell nothing."""
        return 2 * sum(1 for word in self.text if word[0].isupper()) > len(self.text)

    def is_capital(self, index: int) -> bool:
        """Whether the word at `index` starts with a capital."""
        return self.text[index][0].isupper()

    def is_name(self, index: int) -> bool:
        """Whether a word of grammar has the capital of a name inside a sentence: the chairman Will Rogers."""
        return index > 0 and self.is_capital(index) and not self.is_headline()

    def is_adverb(self, index: int) -> bool:
        """Whether the word at `index` is an adverb that may stand between subject and verb; Kelly is none."""
        word = self.lower[index]
        if word in _ADVERBS:
            return True
        if not (word.endswith("ly") and len(word) > 4) or word in _NO_ADVERBS:
            return False
        if not self.is_capital(index):
            return True
        return index == 0 and not (len(self.lower) > 1 and self._is_verb_of_name(1))

    def _is_verb_of_name(self, index: int) -> bool:
        """Whether a verb stands at `index`: what opens the sentence right before one is a name."""
        word = self.lower[index]
        cue = CUES.get(word)
        return (
            word in AUXILIARIES
            or word in ("'s", "’s", "who", "also")
            or word in PAST_TENSES
            or (cue is not None and cue.form in ("past", "third") and not self.is_capital(index))
        )

    def is_time_word(self, index: int) -> bool:
        """Whether the word at `index` tells a time or a manner: it may stand between verb and content."""
        return self.lower[index] in _TIMES or self.is_adverb(index)


def mask_quotations(text: str, quotations: Sequence[Quotation]) -> str:
    """Hides the words of quotations, keeping all offsets and a final ". ? ! ..." inside the marks."""
    if QUOTE in text or _FILL in text:
        text = text.replace(QUOTE, " ").replace(_FILL, " ")
    pieces: list[str] = []
    done = 0
    for quotation in quotations:
        pieces.append(text[done : quotation.start])
        length = quotation.end - quotation.start
        last = text[quotation.inner_end - 1]
        ends = last in ".?!…" and length > 1 and not (last != "." and _LED_ON.match(text, quotation.end))
        fill = QUOTE + _FILL * (length - 1)
        pieces.append(fill[: length - 1] + last if ends else fill)
        done = quotation.end
    pieces.append(text[done:])
    return "".join(pieces)


def read_words(masked: str, sentence: Span, by_start: dict[int, Quotation]) -> Words:
    """Cuts a sentence of masked text into words."""
    spans = [match.span() for match in _TOKEN.finditer(masked, sentence[0], sentence[1])]
    text = [masked[start:end] for start, end in spans]
    lower = list(map(str.lower, text))
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    quotations: dict[int, Quotation] = {}
    if masked.find(QUOTE, sentence[0], sentence[1]) >= 0:
        for index, word in enumerate(text):
            if word[0] == QUOTE:
                lower[index] = text[index] = QUOTE
                if starts[index] in by_start:
                    quotations[index] = by_start[starts[index]]
                    ends[index] = quotations[index].end
    return Words(text, lower, starts, ends, quotations)


def find_verb_group(words: Words, verb: int) -> int:
    """Index of the first auxiliary or adverb that belongs to the verb at `verb`."""
    first = verb
    while first > 0 and (
        words.lower[first - 1] in AUXILIARIES
        or words.is_adverb(first - 1)
        or (words.lower[first - 1] in ("'s", "’s") and words.lower[first - 2] in _SUBJECT_PRONOUNS)
    ):
        first -= 1
    while first < verb and first == 0 and words.is_adverb(first):
        first += 1
    return first


def can_speak(words: Words, first: int, last: int) -> bool:
    """Whether the phrase from `first` to `last` (inclusive) holds a word that can name a speaker."""
    for index in range(first, last + 1):
        word = words.lower[index]
        if (
            word in ROLES
            or word in _PEOPLE
            or (word in PRONOUNS and (first == last or word not in DETERMINERS))
        ):
            return True
        if words.is_capital(index) and (index > 0 or word not in DETERMINERS) and word not in PREPOSITIONS:
            return True
        if word.endswith(("ist", "ists", "ian", "ians", "man", "men", "woman", "women")):
            return True
        if word.endswith("s") and (word[:-1] in ROLES or word[:-2] in ROLES):
            return True
    return False


def find_subject_before(  # noqa: PLR0911  # one for each word that can end a subject
    words: Words, end: int
) -> tuple[int, int] | None:
    """Finds the noun phrase that ends right before index `end`.

    Returns:
        First and last index (inclusive), appositions included; None where there is none or it cannot speak.
    """
    last = end - 1
    if last < 0:
        return None
    word = words.lower[last]
    if word in (")", "]"):
        opened = _find_back(words, last, "(" if word == ")" else "[")
        if opened is None:
            return None
        if opened and words.lower[opened - 1] in _SUBJECT_PRONOUNS and words.is_capital(opened + 1):
            return (opened + 1, last - 1)  # he (Osman Rao) said
        return find_subject_before(words, opened)
    if word in ("who", "which"):
        head = last - 1
        if head >= 0 and words.lower[head] == ",":
            head -= 1
        return _shorten(words, _phrase_ending_at(words, head, anybody=word == "who"))
    if word == ",":
        aside = find_aside(words, last)
        if aside is not None:
            return _subject_with_apposition(words, aside) or _phrase_ending_at(words, aside - 1)
        return _subject_with_apposition(words, last)
    phrase = _phrase_ending_at(words, last)
    return _find_head_of_relative(words, last if phrase is None else phrase[0]) or phrase


_LONGEST_RESTRICTION = 12
"""Words of a relative clause without commas between a subject and verb. Not tuned: it keeps time linear."""


def _find_head_of_relative(words: Words, before: int) -> tuple[int, int] | None:
    """The head of a phrase that a relative clause ends: "the company that runs the ferry" denied."""
    for index in range(before - 1, max(0, before - _LONGEST_RESTRICTION), -1):
        word = words.lower[index]
        if word in ("who", "that", "which"):
            cue = CUES.get(words.lower[index - 1])
            head = _phrase_ending_at(words, index - 1, anybody=True)
            opens = head is not None and (head[0] == 0 or words.lower[head[0] - 1] in _STOPS)
            determined = head is not None and words.lower[head[0]] in ("the", "a", "an")
            return head if opens and determined and (cue is None or cue.noun) else None
        if word in _STOPS or word in CONJUNCTIONS:
            return None
    return None


def find_thing_before(words: Words, end: int) -> tuple[int, int] | None:
    """Finds the noun phrase that ends right before index `end`, whether it can speak or not."""
    return find_subject_before(words, end) or _phrase_ending_at(words, end - 1, anybody=True)


_OPENS_APPOSITION = word_set(
    """who which whose now then former formerly himself herself speaking of from in at on aged age also
    writing appearing both and along while when as"""
)

_PARTICIPLES = word_set("struck known seen born caught torn shaken driven drawn taken given chosen held")
"""Irregular participles that open a phrase on the name before: "Rao, struck by the news, said"."""

_ASIDES = frozenset(
    (
        "for example", "for instance", "for his part", "for her part", "for its part", "for their part",
        "in particular", "in turn", "by contrast", "of course", "in fact", "for one", "too", "however",
        "meanwhile", "though", "instead", "likewise", "again",
    )
)  # fmt: skip
_LONGEST_ASIDE = 3


def find_aside(words: Words, comma: int) -> int | None:
    """Index of the comma that opens an aside which closes at `comma`: Rao, for his part, said."""
    opening = _find_back(words, comma, ",", reach=_LONGEST_ASIDE + 1)
    if opening is None or opening < 1 or " ".join(words.lower[opening + 1 : comma]) not in _ASIDES:
        return None
    return opening


_MOST_COMMAS = 6
"""Commas looked over between a subject and its verb ("Jane Doe, 49, a nurse in Salem, Mass., said")."""


def _subject_with_apposition(words: Words, comma: int) -> tuple[int, int] | None:
    """Reads "Lavrov, the foreign minister," or "the foreign minister, Sergei Lavrov," before a verb."""
    best: tuple[int, int] | None = None
    closing = comma
    for _ in range(_MOST_COMMAS):
        opening = _find_back(words, closing, ",", reach=30)
        if opening is not None and not is_apposition(words, opening + 1, closing - 1):
            opening = _find_relative(words, opening)
        if opening is None or opening < 1 or closing - opening < 2:
            break
        head = (
            find_subject_before(words, opening)
            if words.lower[opening - 1] == ")"
            else _phrase_ending_at(words, opening - 1)
        )
        if head is not None:
            best = (head[0], comma - 1)
        closing = opening
    if best is not None:
        return best
    phrase = _phrase_ending_at(words, comma - 1)
    return phrase if phrase is not None and (phrase[0] == 0 or words.lower[phrase[0] - 1] == ",") else None


def _find_relative(words: Words, before: int) -> int | None:
    """Index of the comma before a relative clause with commas of its own: "Rao, whose firm, Orbit, ..."."""
    for index in range(before - 1, max(0, before - _LONGEST_RELATIVE), -1):
        if words.lower[index] == "," and words.lower[index + 1] in ("who", "whose", "which"):
            return index
    return None


_LONGEST_RELATIVE = 25
"""Words of a relative clause looked back over. Not tuned: it keeps the time linear."""


def find_subject_before_title(words: Words, quote: int) -> tuple[int, int] | None:
    """Finds the subject whose apposition ends with a quoted title: "Rao, host of “Dawn,” said"."""
    opening = _find_back(words, quote, ",", reach=12)
    if opening is None or opening < 1 or quote - opening < 2 or is_stop(words.lower[quote - 1]):
        return None
    if not is_apposition(words, opening + 1, quote - 1):
        return None
    head = _phrase_ending_at(words, opening - 1)
    return None if head is None else (head[0], quote)


def is_apposition(words: Words, first: int, last: int) -> bool:
    """Whether the words between two commas only say more about the name before them."""
    word = words.lower[first]
    if word in _OPENS_APPOSITION or word[0].isdigit() or word.endswith("ing"):
        return True
    passive = word in _PARTICIPLES or (word.endswith("ed") and not words.is_capital(first))
    if passive and first < last and words.lower[first + 1] in PREPOSITIONS:
        return True
    if last - first <= 1 and words.is_capital(first):
        return True
    if any(
        words.lower[index] in AUXILIARIES or words.lower[index] in PAST_TENSES
        for index in range(first, last + 1)
    ):
        return any(
            relative in words.lower[first : last + 1] for relative in ("who", "which", "that", "whose")
        )
    return (
        word in DETERMINERS
        or words.is_capital(first)
        or any(w in ROLES for w in words.lower[first : last + 1])
    )


def _shorten(words: Words, phrase: tuple[int, int] | None) -> tuple[int, int] | None:
    """Cuts the head of "who" out of a longer phrase ("a lecture from the president, who")."""
    if phrase is None:
        return None
    for index in range(phrase[1], phrase[0], -1):
        if words.lower[index] in PREPOSITIONS and words.lower[index] not in ("of", "for", "at", "in"):
            return (index + 1, phrase[1]) if can_speak(words, index + 1, phrase[1]) else None
    return phrase


def _find_back(words: Words, index: int, wanted: str, reach: int = 25) -> int | None:
    """Index of the nearest `wanted` before `index`."""
    for position in range(index - 1, max(-1, index - 1 - reach), -1):
        if words.lower[position] == wanted:
            return position
    return None


def _phrase_ending_at(words: Words, last: int, *, anybody: bool = False) -> tuple[int, int] | None:
    """Finds the noun phrase that ends at `last`; `anybody`: whatever its noun, it means a person."""
    if last < 0:
        return None
    lower = words.lower
    if lower[last] == ")":
        opened = _find_back(words, last, "(")
        return _phrase_ending_at(words, opened - 1) if opened else None
    if lower[last] in _SUBJECT_PRONOUNS:
        return (last, last)
    if (
        lower[last] in ("'s", "’s")
        or lower[last] in _STOPS
        or lower[last] in CONJUNCTIONS
        or lower[last] in PREPOSITIONS
        or lower[last] in AUXILIARIES
        or (last > 0 and _is_finite(words, last))
    ):
        return None
    first = last
    while first > 0 and last - first < 14:
        previous = lower[first - 1]
        if previous in _STOPS or (previous in CONJUNCTIONS and previous != "and"):
            break
        if previous in AUXILIARIES and not words.is_name(first - 1):
            break
        if previous in _SUBJECT_PRONOUNS or previous in ("after", "before", "since", "until"):
            break
        if previous == "and" and not _joins_names(words, first - 1):
            break
        if _is_finite(words, first - 1):
            break
        first -= 1
    first = _skip_opening(words, first, last)
    if first > last or not (can_speak(words, first, last) or (anybody and words.lower[first] in DETERMINERS)):
        return None
    return (first, last)


def _is_finite(words: Words, index: int) -> bool:
    """Whether a word is a finite verb, as far as its form and the word before it tell."""
    word = words.lower[index]
    if words.is_capital(index):
        return False
    previous = words.lower[index - 1] if index else ","
    opened = (
        previous in DETERMINERS
        or previous in PREPOSITIONS
        or (previous in _STOPS and previous != ")")
        or (index > 0 and words.is_adverb(index - 1))
    )
    cue = CUES.get(word)
    if cue is not None and not cue.noun and cue.form != "gerund":
        return cue.form != "past" or not word.endswith("ed") or not opened
    return (word in PAST_TENSES or (word.endswith("ed") and len(word) > 4)) and not opened


PAST_TENSES = word_set(
    """made took went got came gave did had told won lost ran left kept put set led met paid sent spoke
    began became knew thought saw found felt brought bought built held stood understood drew rose fell
    grew broke chose wore cut hurt let beat fought caught taught sat threw wrote drove flew"""
)
"""Frequent past tenses without "-ed"."""


def has_finite_verb(words: Words, index: int) -> bool:
    """Whether a clause seems to start at `index`: a finite verb follows before the next pause."""
    if words.lower[index] in ("he", "she", "it", "they", "we", "i", "you", "there"):
        return True
    for position in range(index + 1, min(len(words), index + 14)):
        word = words.lower[position]
        if (
            word in AUXILIARIES
            or word in PAST_TENSES
            or (word in ("'s", "’s") and words.lower[position - 1] in PRONOUNS)
        ):
            return True
        if word in _STOPS:
            return False
        cue = CUES.get(word)
        if (word.endswith("ed") and len(word) > 4) or (
            cue is not None and cue.form in ("past", "third") and not cue.noun
        ):
            return True
    return False


def _joins_names(words: Words, index: int) -> bool:
    """Whether "and" joins two names, or others to one ("Cruz and Rubio", "Cruz and others")."""
    return (
        index > 0
        and index + 1 < len(words)
        and words.is_capital(index - 1)
        and (words.is_capital(index + 1) or words.lower[index + 1] in ("others", "colleagues"))
    )


def _skip_opening(words: Words, first: int, last: int) -> int:
    """Skips adverbials that open a clause before its subject ("On Thursday the minister")."""
    lower = words.lower
    while first <= last and (lower[first] in ("but", "and", "yet", "so") or words.is_adverb(first)):
        first += 1
    if first <= last and lower[first] in PREPOSITIONS:
        index = last
        while index > first and (
            words.is_capital(index)
            or lower[index] in ROLES
            or lower[index] in TITLES
            or lower[index] == "'s"
            or lower[index] == "’s"
        ):
            index -= 1
        if index == last:
            while index > first and lower[index] not in DETERMINERS:
                index -= 1
            return index if lower[index] in DETERMINERS and index > first + 1 else last + 1
        if lower[index] in PREPOSITIONS:
            return last + 1
        return index if lower[index] in DETERMINERS else index + 1
    return first


def find_phrase_after(  # noqa: PLR0911  # one for each opening of a phrase
    words: Words, first: int
) -> tuple[int, int] | None:
    """Finds the noun phrase that starts at `first`: the subject of an inverted "said the minister".

    Returns:
        First and last index (inclusive); None where none starts there.
    """
    lower = words.lower
    total = len(words)
    while first < total and words.is_adverb(first):
        first += 1
    if first >= total:
        return None
    if lower[first] in ("he", "she", "they", "i", "we", "it", "you", "one", "another"):
        return (first, first)
    if (
        lower[first] in _STOPS
        or lower[first] in _TIMES
        or lower[first] in PREPOSITIONS
        or lower[first] in CONJUNCTIONS
    ):
        return None
    described = _find_role_and_name(words, first)
    if described is not None:
        return described
    if not (
        words.is_capital(first)
        or lower[first] in DETERMINERS
        or lower[first] in ROLES
        or lower[first] in _PEOPLE
        or lower[first] in ("former", "senior", "top")
    ):
        return None
    last = first
    seen_head = lower[first] in ROLES or words.is_capital(first) or lower[first] in _PEOPLE
    while last + 1 < total:
        word = lower[last + 1]
        if word == "and" and _goes_on_after_and(words, last + 1):
            last += 2
            continue
        if word in _STOPS or word in CONJUNCTIONS or word in AUXILIARIES or (word in _TIMES and seen_head):
            break
        if word in PREPOSITIONS and not (
            word in ("of", "for", "at", "with", "from") and last + 2 < total and not _is_time(words, last + 2)
        ):
            break
        if not words.is_capital(last + 1) and (
            word.endswith("ing") or word in PAST_TENSES or _is_finite(words, last + 1)
        ):
            break
        seen_head = True
        last += 1
    if last == first and lower[first] in DETERMINERS:
        return None
    last = _take_name_after(words, first, last)
    return (first, last) if can_speak(words, first, last) else None


def _find_role_and_name(words: Words, first: int) -> tuple[int, int] | None:
    """Reads a bare description with its name: wrote film director Osman Rao."""
    for role in range(first + 1, min(first + 3, len(words) - 1)):
        if words.is_capital(role - 1) or not words.lower[role - 1].isalpha():
            return None
        if words.lower[role] in ROLES and words.is_capital(role + 1):
            last = role + 1
            while last + 1 < len(words) and words.is_capital(last + 1):
                last += 1
            return (first, last)
    return None


def _goes_on_after_and(words: Words, index: int) -> bool:
    """Whether "and" joins two roles of one person, or others to a name: said lawyer and activist Ana Rao."""
    if index + 2 >= len(words):
        return False
    before, after = words.lower[index - 1], words.lower[index + 1]
    if after in ("others", "colleagues"):
        return is_stop(words.lower[index + 2])
    return before in ROLES and (
        after in ROLES or (words.is_capital(index + 1) and words.lower[index + 2] in ROLES)
    )


def _take_name_after(words: Words, first: int, last: int) -> int:
    """Extends "a spokesman" to the name after it: said a spokesman, Ivan Petrov."""
    total = len(words)
    described = not words.is_capital(last) or any(word in ROLES for word in words.lower[first : last + 1])
    if not described or last + 2 >= total or words.lower[last + 1] != "," or not words.is_capital(last + 2):
        return last
    end = last + 2
    while end + 1 < total and words.is_capital(end + 1):
        end += 1
    return end if end + 1 >= total or words.lower[end + 1] in (",", ".", QUOTE) else last


def _is_time(words: Words, index: int) -> bool:
    return words.lower[index] in _TIMES or words.text[index][0].isdigit()


def is_stop(word: str) -> bool:
    """Whether a word is punctuation or a quotation: no phrase runs over it."""
    return word in _STOPS
