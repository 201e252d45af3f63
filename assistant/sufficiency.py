"""Whether what was found is enough to answer a question of fact at all.

Evidence is too thin when names or numbers of the question stand in none of the passages, or when no
passage covers enough of its terms. Then the honest answer is "not in these articles", with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer_kinds import describe_kind, wanted_answer
from assistant.relevance import RankedSentence, passage_terms, term_weights
from assistant.terms import asked_names, asked_numbers, asked_terms, share_of_name, terms_of
from index.types import Passage

NAMES_FOUND = 0.95
"""Mean share of each asked name's words that must stand somewhere in the passages."""
COVERED_BY_ONE = 0.5
"""Share of a short question's weighted terms that one passage must cover."""
COVERED_BY_FEW = 0.32
"""Share of a long question's terms that the articles of the best passages must cover together: such
questions describe several articles at once."""
LONG_QUESTION = 10
"""Terms from which a question is long.

All four chosen on the development halves of RealTime QA (289 answerable) and MultiHop-RAG (158 answerable,
183 without an answer); see `python -m evals.bench.short_answers`."""
BEST_PASSAGES = 8


def find_gap(question: str, passages: Sequence[Passage], outlets: Iterable[str] = ()) -> str | None:
    """What the passages lack to answer the question, as a reason for a reader; None if nothing.

    Args:
        question: A standalone question.
        passages: What a search found, best first.
        outlets: Names of the archive's outlets; a question that names one need not find it in a text.
    """
    if not passages:
        return "No article matches the question."
    seen = [passage_terms(passage) for passage in passages]
    everything = frozenset().union(*seen)
    missing = _missing_names(question, everything.union(*map(terms_of, outlets)))
    if missing:
        return f"The articles found do not mention {_listed(missing)}."
    terms = asked_terms(question)
    absent = [number for number in asked_numbers(terms) if number not in everything]
    is_long = len(terms) > LONG_QUESTION
    if absent and not is_long:
        return f"The articles found do not mention {_listed(absent)}."
    weights = term_weights(terms, passages)
    if is_long:
        leading = {passage.article_id for passage in passages[:BEST_PASSAGES]}
        best = frozenset().union(*(s for s, p in zip(seen, passages, strict=True) if p.article_id in leading))
        enough = _coverage(weights, best) >= COVERED_BY_FEW
    else:
        enough = max(_coverage(weights, found) for found in seen) >= COVERED_BY_ONE
    return None if enough else "No article found covers what the question asks."


def find_answer_gap(question: str, ranked: Sequence[RankedSentence]) -> str | None:
    """Why no sentence answers although the articles speak of the matter; None if one does.

    Args:
        question: A standalone question.
        ranked: The sentences of what a search found.
    """
    wanted = wanted_answer(question)
    if any(sentence.answers for sentence in ranked) or not wanted.strict:
        return None
    names = asked_names(question)
    about = f" for {_listed(names)}" if names else ""
    return f"The articles found come near the question, but give no {describe_kind(wanted)}{about}."


def _coverage(weights: dict[str, float], found: frozenset[str]) -> float:
    return sum(weight for term, weight in weights.items() if term in found) / (sum(weights.values()) or 1.0)


def _missing_names(question: str, found: frozenset[str]) -> list[str]:
    """Names whose words are not in the passages; empty if enough of them are."""
    names = asked_names(question)
    shares = [share_of_name(name, found) for name in names]
    if not names or sum(shares) / len(shares) >= NAMES_FOUND:
        return []
    return [name for name, share in zip(names, shares, strict=True) if share < 1.0]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
