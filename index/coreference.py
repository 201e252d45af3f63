"""The cast of an article: which mentions are one person, and who a title, a role or a pronoun means.

The cast is built once from all names of an article and then asked in text order. It answers None where
two people fit equally well: no speaker is better than a wrong one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from index.mentions import DEMONYMS, GENDERS, PRONOUNS, ROLES, Gender, NameMention, Sort, role_gender
from index.names import fold, parse_name, same_name
from index.word_lists import word_set

_APPOSITION = re.compile(
    r"\s?,\s(?!(?:but|and|or|so|yet|while|when|as|which|that|because|although|though|"
    r"if|after|before|where)\s)"
    r"(?:(?:who is|then|now|currently) )?"
    r"((?:an?|the|his|her|its|their|former|one of)\s[^,.;:()“\"]{3,90}|[a-z][^,.;:()“\"]{2,60})[,.;)]"
)
_PRE_APPOSITION = re.compile(r"\b(?:the|an?|his|her|its|their)\s[^,.;:()“\"]+\Z", re.IGNORECASE)

_SAME_ROLE = {
    "lawmaker": ("senator", "congressman", "congresswoman", "representative", "legislator"),
    "legislator": ("senator", "congressman", "congresswoman", "representative", "lawmaker"),
    "politician": ("senator", "congressman", "congresswoman", "governor", "president", "minister", "mayor"),
    "businessman": ("billionaire", "mogul", "magnate", "tycoon", "developer", "executive", "investor"),
    "billionaire": ("businessman", "mogul", "magnate", "tycoon"),
    "mogul": ("businessman", "billionaire", "magnate", "tycoon", "developer"),
    "tycoon": ("businessman", "billionaire", "magnate", "mogul", "developer"),
    "candidate": ("nominee", "hopeful", "contender", "front-runner", "frontrunner"),
    "nominee": ("candidate",),
    "diplomat": ("ambassador", "minister", "secretary", "envoy", "negotiator"),
    "leader": ("president", "minister", "premier", "chancellor", "king", "speaker"),
    "premier": ("minister",),
    "spokesperson": ("spokesman", "spokeswoman"),
    "representative": ("congressman", "congresswoman"),
    "congressman": ("representative",),
    "congresswoman": ("representative",),
    "lawyer": ("attorney",),
    "attorney": ("lawyer",),
    "aide": ("adviser", "advisor"),
    "adviser": ("advisor", "aide"),
    "chief": ("director", "head", "boss"),
    "head": ("director", "chief", "chairman", "boss"),
}
"""Role nouns that may stand for another one; the keys are what a later mention says."""

_TITLE_ROLES = {
    "sen.": "senator",
    "rep.": "representative",
    "gov.": "governor",
    "gen.": "general",
    "prof.": "professor",
    "dr.": "doctor",
    "prime": "minister",
}
"""The role a title before a name tells."""

_OFFICES = word_set("president governor senator secretary mayor minister congressman congresswoman premier")
"""Offices of which a person who bears one is not called by another: of two Raos the secretary is not he who
was president."""

_RELATIVE_OF = re.compile(
    r"(?:mother|father|parents?|wife|husband|widow|widower|sons?|daughters?|brothers?|sisters?|child|"
    r"children|friend|colleague|successor|predecessor)\s(?:of|to)\s(?:[\w’'-]+\s){0,4}\Z"
)
"""What stands before the name of a relative by whom somebody is told apart."""
_RELATION_REACH = 70
_ASIDE = 4
"""Mentions up to which a relative named so is not the one an article is about. By judgement, not tuned."""

_NEAR = 3
"""Sentences back within which a pronoun looks for its person; news rarely reaches further."""


_EARLY = 3
"""Uses of a bare surname before the first full name from which it means somebody else."""


@dataclass(eq=False, slots=True)
class Person:
    """A person, organisation or place of one article, with everything the article calls it."""

    name: str
    """The fullest usual name in the article."""
    sort: Sort
    gender: Gender | None = None
    roles: set[str] = field(default_factory=set)
    """Role nouns said of the person, singular and in lower case."""
    qualifiers: set[str] = field(default_factory=set)
    """Nationality and party words that stand with the roles."""
    positions: list[int] = field(default_factory=list)
    """Offsets of the mentions by name, ascending."""
    forms: dict[str, int] = field(default_factory=dict)
    order: int = 0
    """Rank of the first mention in the article."""


class Cast:
    """Everybody an article names."""

    def __init__(self, text: str, names: list[NameMention], title: list[NameMention]) -> None:
        self._people: list[Person] = []
        self._by_surname: dict[str, list[Person]] = {}
        self._by_given: dict[str, list[Person]] = {}
        self._by_form: dict[str, Person | None] = {}
        self._of_mention: dict[int, Person] = {}
        self._starts: list[int] = []
        self._at: list[Person] = []
        self._add_full_names(text, names, title)
        self._add_short_names(text, names)
        for mention in names:
            person = self._of_mention.get(mention.start)
            if person is None:
                continue
            person.positions.append(mention.start)
            self._starts.append(mention.start)
            self._at.append(person)
            self._learn(text, mention, person)
        for person in self._people:
            person.name = _choose_name(person)

    def at(self, start: int) -> Person | None:
        """Who is named by the mention that starts at this offset."""
        return self._of_mention.get(start)

    def within(self, start: int, end: int) -> list[Person]:
        """Everybody named between two offsets, in text order, each once."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return list(dict.fromkeys(self._at[first:last]))

    def named_between(self, start: int, end: int) -> list[tuple[int, Person]]:
        """Offsets and people of all mentions between two offsets, in text order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return list(zip(self._starts[first:last], self._at[first:last], strict=True))

    def find_role(self, role: str, qualifiers: frozenset[str], before: int) -> Person | None:
        """Finds who "the Ukrainian president" means at an offset: the bearer of the role mentioned last.

        Args:
            role: Role noun, singular, lower case.
            qualifiers: Nationality and party words of the mention, lower case.
            before: Offset of the mention; only people named before it are meant.

        Returns:
            The person, or None where nobody bears the role or two bear it and none is nearer.
        """
        wanted = {role, *_SAME_ROLE.get(role, ())}
        gender = role_gender(role)
        exact = [p for p in self._people if role in p.roles]
        bearers = exact or [p for p in self._people if not wanted.isdisjoint(p.roles)]
        fitting = [
            p
            for p in bearers
            if p.positions
            and p.positions[0] < before
            and (not qualifiers or not p.qualifiers or not qualifiers.isdisjoint(p.qualifiers))
            and not (gender and p.gender and gender != p.gender)
        ]
        if qualifiers and any(not qualifiers.isdisjoint(p.qualifiers) for p in fitting):
            fitting = [p for p in fitting if not qualifiers.isdisjoint(p.qualifiers)]
        if not fitting:
            return None
        return max(fitting, key=lambda p: p.positions[bisect_left(p.positions, before) - 1])

    def find_body(self, noun: str, before: int) -> Person | None:
        """Finds the organisation that "the board" means: the only one named before with that word at its end.

        Args:
            noun: The head noun, lower case.
            before: Offset of the mention.
        """
        bodies = [
            person
            for person in self._people
            if person.sort == "organisation"
            and person.positions
            and person.positions[0] < before
            and " " in person.name
            and noun in (person.name.split()[-1].lower(), person.name.split(" of ")[0].split()[-1].lower())
        ]
        return bodies[0] if len(bodies) == 1 else None

    def _add_full_names(self, text: str, names: list[NameMention], title: list[NameMention]) -> None:
        """Makes a person of every name of two words or more; spellings of one name are joined."""
        articled = {mention.start for mention in names if _has_article(text, mention)}
        for mention in [*names, *title]:
            if " " not in mention.name and mention.sort in ("person", "unknown"):
                continue
            person = self._by_form.get(mention.name)
            if person is None:
                person = self._find_same(mention) or self._make(mention, is_thing=mention.start in articled)
                self._by_form[mention.name] = person
            self._note(person, mention)

    def _find_same(self, mention: NameMention) -> Person | None:
        if mention.sort not in ("person", "unknown"):
            return None
        for person in self._by_surname.get(parse_name(mention.name).surname, ()):
            if same_name(person.name, mention.name):
                return person
        return None

    def _make(self, mention: NameMention, *, is_thing: bool = False) -> Person:
        """Makes a person of a mention; a thing ("the Rao Plan") is not called by its first word."""
        person = Person(mention.name, mention.sort, order=len(self._people))
        self._people.append(person)
        if mention.sort in ("person", "unknown"):
            parsed = parse_name(mention.name)
            self._by_surname.setdefault(parsed.surname, []).append(person)
            if parsed.given and not is_thing:
                self._by_given.setdefault(parsed.given[0], []).append(person)
        return person

    def _make_apart(self, mention: NameMention) -> Person:
        """Makes a person of a name whose office fits two namesakes equally well: none is meant for sure."""
        person = Person(mention.name, mention.sort, order=len(self._people))
        self._people.append(person)
        return person

    def _note(self, person: Person, mention: NameMention) -> None:
        person.forms[mention.name] = person.forms.get(mention.name, 0) + 1
        if person.sort in ("person", "unknown"):
            for title in mention.titles:
                self._learn_word(person, title)
        person.gender = person.gender or mention.gender
        if person.sort == "unknown":
            person.sort = mention.sort
        self._of_mention[mention.start] = person

    def _add_short_names(self, text: str, names: list[NameMention]) -> None:
        """Gives single words to the full name they shorten, else makes a person of them."""
        recent: dict[str, Person] = {}
        apart: dict[str, tuple[Person, Person]] = {}
        early = self._find_early(text, names)
        counts = Counter({id(person): sum(person.forms.values()) for person in self._people})
        for mention, following in zip(names, [*names[1:], None], strict=False):
            known = self._of_mention.get(mention.start)
            if known is not None and " " in mention.name:
                if known.sort in ("person", "unknown"):
                    parsed = parse_name(mention.name)
                    aside = parsed.surname in recent and _RELATIVE_OF.search(
                        text, max(0, mention.start - _RELATION_REACH), mention.start
                    )
                    if aside:  # Ana Rao, mother of the victim Lee Rao: Rao is Ana
                        apart[parsed.surname] = (recent[parsed.surname], known)
                    else:
                        recent[parsed.surname] = known
                        apart.pop(parsed.surname, None)
                    recent[parsed.words[0]] = known
                continue
            if known is not None or mention.sort not in ("person", "unknown"):
                continue
            folded = fold(mention.name)
            person = (
                self._find_apposition(text, mention, following)
                or self._find_couple(text, mention, following)
                or self._pick_apart(apart.get(folded), counts)
                or self._pick_short(mention, folded, recent, counts, early)
            )
            if person is None:
                person = self._make(mention)
            counts[id(person)] += 1
            self._note(person, mention)

    def _find_apposition(
        self, text: str, mention: NameMention, following: NameMention | None
    ) -> Person | None:
        """Finds the full name that explains a short one at once: "the other Mr Kim, Kim Min-ho"."""
        if following is None or text[mention.end : following.start] != ", ":
            return None
        words = following.name.split()
        return self._of_mention.get(following.start) if mention.name in words and len(words) > 1 else None

    def _pick_apart(self, pair: tuple[Person, Person] | None, counts: Counter[int]) -> Person | None:
        """Picks who was told apart by a relative, unless the relative is the one written about."""
        return pair[0] if pair is not None and counts[id(pair[1])] <= _ASIDE else None

    def _find_couple(self, text: str, mention: NameMention, following: NameMention | None) -> Person | None:
        """Finds or makes whom a given name before another means: David Rao in "David and Jeanne Rao"."""
        if following is None or text[mention.end : following.start] != " and ":
            return None
        words = following.name.split()
        if mention.name.lower() not in GENDERS or len(words) != 2 or words[0].lower() not in GENDERS:
            return None
        name = f"{mention.name} {words[1]}"
        same = [
            p for p in self._by_surname.get(fold(words[1]), ()) if same_name(p.name, name) and " " in p.name
        ]
        person = same[0] if same else self._make(replace(mention, name=name, sort="person"))
        person.forms[name] = person.forms.get(name, 0) + 1
        return person

    def _find_early(self, text: str, names: list[NameMention]) -> frozenset[str]:
        """Surnames used alone several times before anybody with that surname is named in full.

        News names a person in full first; a headline and a summary may use the surname before. More than
        that is somebody too well known to be introduced, not the namesake who comes later.
        """
        alone: Counter[str] = Counter()
        introduced: set[str] = set()
        early: set[str] = set()
        for mention in names:
            if mention.sort not in ("person", "unknown"):
                continue
            if " " in mention.name:
                parsed = parse_name(mention.name)
                for word in (parsed.surname, parsed.words[0]):
                    if alone[word] >= _EARLY and word not in introduced:
                        early.add(word)
                    introduced.add(word)
            elif not _is_in_heading(text, mention.end):
                alone[fold(mention.name)] += 1
        return frozenset(early)

    def _pick_short(
        self,
        mention: NameMention,
        folded: str,
        recent: dict[str, Person],
        counts: Counter[int],
        early: frozenset[str],
    ) -> Person | None:
        candidates = self._by_surname.get(folded, [])
        gender = mention.gender if mention.titles else None
        if gender:
            candidates = [p for p in candidates if p.gender in (None, gender)]
        if folded in early and folded not in recent:
            candidates = [p for p in candidates if " " not in p.name]
            return candidates[0] if candidates else None
        if not gender and mention.titles:  # "Secretary Clinton" is the one with that office
            bearers = [p for p in candidates if not p.roles.isdisjoint(mention.titles)]
            candidates = bearers or [p for p in candidates if p.roles.isdisjoint(_OFFICES)] or candidates
            if len(candidates) > 1 and not bearers and not _OFFICES.isdisjoint(mention.titles):
                return self._make_apart(mention)
        if not candidates and (not mention.titles or mention.name.lower() not in GENDERS):
            candidates = self._by_given.get(folded, [])
            if mention.titles and folded in recent:  # "Mr Han" where the surname stands first
                return recent[folded]
        if len(candidates) <= 1:
            return candidates[0] if candidates else None
        persons = [p for p in candidates if p.sort == "person" or " " not in p.name] or candidates
        leading = sorted(persons, key=lambda p: (-counts[id(p)], p.order))
        if len(leading) > 1 and counts[id(leading[0])] == counts[id(leading[1])] and folded in recent:
            return recent[folded]
        return leading[0]

    def _learn(self, text: str, mention: NameMention, person: Person) -> None:
        """Learns roles, nationality and gender from titles and appositions around a mention."""
        if person.sort not in ("person", "unknown"):
            return
        if " " not in mention.name and not mention.titles:
            return
        before = text[max(0, mention.start - 70) : mention.start]
        if not mention.titles and before[-1:].isspace() and (words := before.split()):
            self._learn_adjacent(person, words)
        if before.endswith(", "):
            phrase = before[:-2].rpartition(",")[2].strip()
            apposition = _PRE_APPOSITION.search(phrase)
            if apposition:
                self._learn_phrase(person, apposition[0])
        after = _APPOSITION.match(text, mention.end, mention.end + 110)
        if after:
            self._learn_phrase(person, after[1])

    def _learn_adjacent(self, person: Person, words: list[str]) -> None:
        """Reads the role words that stand right before a name ("campaign manager Paul Manafort")."""
        if words[-1].lower() not in ROLES:
            return
        for word in reversed(words):
            lowered = word.lower()
            if lowered not in ROLES and lowered not in DEMONYMS and lowered != "former":
                break
            self._learn_word(person, lowered)

    def _learn_phrase(self, person: Person, phrase: str) -> None:
        """Reads an apposition: the role is the last noun before a preposition."""
        head = re.split(
            r"\s(?:of|for|from|in|at|to|on|who|and|with|under|whose|since|during)\s", phrase, maxsplit=1
        )
        for word in head[0].replace("'s", "").replace("’s", "").split():
            self._learn_word(person, word.lower())
        lowered = phrase.lower()
        if "head of state" in lowered:
            person.roles.update(("head", "president"))
        if "diplomacy" in lowered or "top diplomat" in lowered:
            person.roles.update(("minister", "diplomat"))
        for word in lowered.split():
            if word in DEMONYMS:
                person.qualifiers.add(word)

    def _learn_word(self, person: Person, word: str) -> None:
        word = _TITLE_ROLES.get(word, word)
        if word in ROLES:
            person.roles.add(word)
            person.sort = "person" if person.sort == "unknown" else person.sort
            person.gender = person.gender or role_gender(word)
        if word in DEMONYMS:
            person.qualifiers.add(word)


def _has_article(text: str, mention: NameMention) -> bool:
    """Whether "the" stands before a name of which nothing says that it is a person's."""
    before = text[max(0, mention.start - len("the ")) : mention.start]
    return mention.sort == "unknown" and not mention.titles and before.lower() == "the "


def _is_in_heading(text: str, offset: int) -> bool:
    """Whether the line around an offset ends without punctuation, as a headline does."""
    end = text.find("\n", offset)
    return text[offset : end if end >= 0 else len(text)].rstrip()[-1:].isalnum()


def _choose_name(person: Person) -> str:
    """The canonical name: the form used most among those with most words that is no odd one out."""
    if person.sort in ("organisation", "place"):
        return max(person.forms, key=person.forms.__getitem__)
    full = [(count, form) for form, count in person.forms.items() if " " in form]
    if not full:
        return max(person.forms, key=person.forms.__getitem__)
    return max(full, key=lambda pair: (pair[0], -len(pair[1]), pair[1]))[1]


class Focus:
    """Whom a pronoun can mean at a point of the text: people by how lately and how prominently named."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._recent: list[tuple[int, int, Person]] = []

    def enter(self, sentence: int, person: Person, *, prominent: bool) -> None:
        """Notes that a person is the subject (prominent) or is named in the sentence with this number."""
        self._recent.append((sentence, 1 if prominent else 0, person))
        if len(self._recent) > 24:
            del self._recent[:8]

    def find_subject(self, sentence: int) -> Person | None:
        """Finds the only person who was the subject of the sentence before the one with this number."""
        subjects = {
            id(person): person
            for number, prominence, person in self._recent
            if number == sentence - 1 and prominence and person.sort in ("person", "unknown")
        }
        return next(iter(subjects.values())) if len(subjects) == 1 else None

    def resolve(
        self,
        pronoun: str,
        sentence: int,
        named_before: list[Person],
        *,
        not_meant: Collection[Person] = (),
    ) -> Person | None:
        """Finds the person a pronoun means.

        Args:
            pronoun: Lower-case "he", "she", "his", "her" and so on.
            sentence: Number of the sentence the pronoun stands in.
            named_before: People named earlier in that sentence, in text order.
            not_meant: People the pronoun cannot mean.

        Returns:
            The person; None where nobody fits or two people fit equally well.
        """
        gender = PRONOUNS.get(pronoun)
        if gender is None:
            return None
        for person in named_before:
            if _fits(person, gender) and person not in not_meant:
                return person
        doubtful: Person | None = None
        nearest = -1
        for number, prominence, person in reversed(self._recent):
            if number >= sentence:
                continue
            if sentence - number > _NEAR or (nearest >= 0 and number < nearest):
                break
            if not _fits(person, gender) or person in not_meant:
                continue
            if person.gender == gender or (prominence and person.sort == "person"):
                best, nearest = self._first_in(number, gender, not_meant), number
                return best or person
            if doubtful is None or (" " in person.name and " " not in doubtful.name):
                doubtful = person  # of two the full name: a word alone may be a place
        return doubtful

    def _first_in(self, number: int, gender: Gender, not_meant: Collection[Person]) -> Person | None:
        """The likeliest person of one sentence: its subject, else the first named of the right gender."""
        entries = [
            (-prominence, at, person)
            for at, (n, prominence, person) in enumerate(self._recent)
            if n == number and person not in not_meant
        ]
        ordered = sorted(entries, key=lambda entry: entry[:2])
        for negative, _, person in ordered:
            if _fits(person, gender) and (
                person.gender == gender or (negative and person.sort == "person" and " " in person.name)
            ):
                return person
        for negative, _, person in ordered:
            if negative and _fits(person, gender) and person.sort == "person":
                return person
        return None


def _fits(person: Person, gender: Gender) -> bool:
    if person.sort == "unknown" and any(character.isdigit() for character in person.name):
        return False  # an event or a product: COP29
    return person.sort in ("person", "unknown") and person.gender in (gender, None)
