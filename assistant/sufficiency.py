"""Whether what was found is enough to answer a question of fact at all.

Evidence is too thin when names or numbers of the question stand in none of the passages, or when no
passage covers enough of its terms. Then the honest answer is "not in these articles", with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer_kinds import describe_kind, wanted_answer
from assistant.dates import read_dates
from assistant.question import without_outlets
from assistant.relevance import RankedSentence, passage_terms, source_terms, term_weights
from assistant.terms import asked_names, asked_numbers, asked_terms, share_of_name, terms_of
from index.types import Passage

NAMES_FOUND = 0.95
"""Mean share of each asked name's words that must stand somewhere in the passages."""
COVERED_BY_ONE = 0.4
"""Share of a short question's weighted terms that one passage must cover."""
COVERED_BY_FEW = 0.32
"""Share of a long question's terms that the articles of the best passages must cover together: such
questions describe several articles at once."""
LONG_QUESTION = 10
"""Terms from which a question is long.

All four chosen on the development halves that `python -m evals.bench.short_answers` reads."""
NEARLY_ABOUT = 0.55
"""Share of the question's words with which a sentence of the wanted kind forbids a refusal although not all
that is asked about stands with it. With 0.4 instead, 4 more of the sample's 149 answerable questions are
answered and 5 more of its 66 unanswerable ones; with no refusal for want of a kind, 5 and 9 more."""
NEARLY_ABOUT_A_TIME = 0.45
"""The same for a time: "the committee" meets on a day in a passage that does not name it in full. Between 0.3
and 0.5 at most one of the sample's answers and two of RGB's 50 change."""
BEST_PASSAGES = 8


def find_gap(
    question: str, passages: Sequence[Passage], outlets: Iterable[str] = (), *, strictness: float = 1.0
) -> str | None:
    """What the passages lack to answer the question, as a reason for a reader; None if nothing.

    Args:
        question: A standalone question.
        passages: What a search found, best first.
        outlets: Names of the archive's outlets; a question that names one need not find it in a text.
        strictness: Times the share of its words that must be covered; other values are for measuring.
    """
    outlets = tuple(outlets)
    if not passages:
        return "No article matches the question."
    seen = [passage_terms(passage) for passage in passages]
    everything = frozenset().union(*seen, *map(source_terms, passages))
    missing = _missing_names(question, everything.union(*map(terms_of, outlets)))
    if missing:
        return f"The articles found do not mention {_listed(missing)}."
    terms = asked_terms(question)
    absent = [number for number in asked_numbers(terms) if number not in everything]
    is_long = len(terms) > LONG_QUESTION
    if absent and not is_long:
        return f"The articles found do not mention {_listed(absent)}."
    weights = term_weights(_told_terms(question, terms, outlets), passages)
    if is_long:
        leading = {passage.article_id for passage in passages[:BEST_PASSAGES]}
        best = frozenset().union(*(s for s, p in zip(seen, passages, strict=True) if p.article_id in leading))
        enough = _coverage(weights, best) >= strictness * COVERED_BY_FEW
    else:
        enough = max(_coverage(weights, found) for found in seen) >= strictness * COVERED_BY_ONE
    return None if enough else "No article found covers what the question asks."


def find_answer_gap(question: str, ranked: Sequence[RankedSentence]) -> str | None:
    """Why no sentence answers although the articles speak of the matter; None if one does.

    Args:
        question: A standalone question.
        ranked: The sentences of what a search found.
    """
    wanted = wanted_answer(question)
    if not wanted.strict or len(asked_terms(question)) > LONG_QUESTION:
        return None
    nearly = NEARLY_ABOUT_A_TIME if wanted.kind == "date" else NEARLY_ABOUT
    if any(one.answers or (one.misleads and one.covered >= nearly) for one in ranked):
        return None
    names = asked_names(question)
    about = f" for {_listed(names)}" if names else ""
    return f"The articles found come near the question, but give no {describe_kind(wanted)}{about}."


def find_caveat(question: str, ranked: Sequence[RankedSentence]) -> str | None:
    """What a reader should know of an answer to "why" whose sentences give no reason in so many words."""
    if wanted_answer(question).kind != "reason" or any(one.answers for one in ranked):
        return None
    return "The articles found speak of it, but none says in so many words why."


def _told_terms(question: str, terms: Sequence[str], outlets: Iterable[str]) -> list[str]:
    """The terms that an article's own words have to cover: not those of outlets and dates."""
    told = without_outlets(question, outlets)
    for date in reversed(read_dates(told)):
        told = f"{told[: date.start]} {told[date.end :]}"
    left = terms_of(told)
    return [term for term in terms if term in left]


def _coverage(weights: dict[str, float], found: frozenset[str]) -> float:
    if not weights:
        return 1.0
    return sum(weight for term, weight in weights.items() if term in found) / sum(weights.values())


def _missing_names(question: str, found: frozenset[str]) -> list[str]:
    """Names whose words are not in the passages; empty if enough of them are."""
    names = asked_names(question)
    shares = [share_of_name(name, found) for name in names]
    if not names or sum(shares) / len(shares) >= NAMES_FOUND:
        return []
    return [name for name, share in zip(names, shares, strict=True) if share < 1.0]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
