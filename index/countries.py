"""Countries and the words for what belongs to them: "Ukraine" and "Ukrainian" name one country."""

from __future__ import annotations

from index.word_lists import word_set

_PAIRS = """
american: america, united states, united states of america, us, u.s., usa, u.s.a.
british: britain, great britain, united kingdom, uk, u.k.
english: england
scottish: scotland
welsh: wales
irish: ireland
french: france
german: germany
italian: italy
spanish: spain
portuguese: portugal
russian: russia, russian federation
ukrainian: ukraine
polish: poland
hungarian: hungary
chinese: china
japanese: japan
indian: india
pakistani: pakistan
iranian: iran
iraqi: iraq
syrian: syria
israeli: israel
palestinian: palestine
egyptian: egypt
turkish: turkey, türkiye
greek: greece
mexican: mexico
canadian: canada
brazilian: brazil
argentine: argentina
australian: australia
african: africa
european: europe
asian: asia
swedish: sweden
norwegian: norway
finnish: finland
danish: denmark
dutch: netherlands, holland
belgian: belgium
austrian: austria
swiss: switzerland
serbian: serbia
croatian: croatia
romanian: romania
bulgarian: bulgaria
czech: czechia, czech republic
slovak: slovakia
lithuanian: lithuania
latvian: latvia
estonian: estonia
belarusian: belarus
afghan: afghanistan
libyan: libya
yemeni: yemen
lebanese: lebanon
jordanian: jordan
saudi: saudi arabia
cuban: cuba
venezuelan: venezuela
colombian: colombia
chilean: chile
peruvian: peru
korean: korea
vietnamese: vietnam
thai: thailand
indonesian: indonesia
malaysian: malaysia
filipino: philippines
nigerian: nigeria
kenyan: kenya
ethiopian: ethiopia
sudanese: sudan
"""
_ADJECTIVES = {
    name: adjective
    for adjective, names in (line.split(": ") for line in _PAIRS.strip().splitlines())
    for name in (adjective, f"{adjective}s", *names.split(", "))
}
_SIDES = word_set("north south east west central northern southern eastern western")
COUNTRY_ADJECTIVES = frozenset(_ADJECTIVES.values())
"""What belongs to a country or continent is called so, in lower case: "ukrainian"."""


def same_country(a: str, b: str) -> bool:
    """Whether two names mean one country or continent, or what belongs to it.

    ``same_country("Ukraine", "Ukrainian")`` and ``same_country("US", "American")`` are true; two
    spellings of anything else are not for this function to tell.
    """
    first, second = _read(a), _read(b)
    return first is not None and first == second


def is_nationality(word: str) -> bool:
    """Whether a word says of which country or continent somebody is: "Ukrainian", "Ukrainians"."""
    return word.casefold().removesuffix("s") in COUNTRY_ADJECTIVES


def _read(name: str) -> str | None:
    """The adjective of a country's name or of a part of the world ("south african"); None of any other."""
    words = name.casefold().removeprefix("the ")
    side, _, last = words.rpartition(" ")
    if words in _ADJECTIVES:
        return _ADJECTIVES[words]
    return f"{side} {_ADJECTIVES[last]}" if side in _SIDES and last in _ADJECTIVES else None
