"""Whether an answer states the expected facts, names the right speaker, and is right as a whole."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from evals.types import Score
from index.names import fold, same_name

if TYPE_CHECKING:
    from evals.judging import Judged
    from evals.types import EvalCase, SystemAnswer

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:['’][^\W\d_]+)?|[%$€£¥]")

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def tokens_of(text: str) -> list[str]:
    """Words and numbers of a text, case folded; ``1,994`` and ``1994`` are the same number."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [re.sub(r"(?<=\d),(?=\d{3}\b)", "", token) for token in _TOKEN.findall(folded)]


def states(text: str, fact: str) -> bool:
    """Whether the words of any alternative of `fact` stand in `text`, in order and without a gap."""
    words = f" {' '.join(tokens_of(text))} "
    return any(
        f" {' '.join(found)} " in words for option in fact.split(" | ") if (found := tokens_of(option))
    )


def is_right(case: EvalCase, answer: SystemAnswer) -> bool:
    """Whether an answer to an answerable case is right.

    It states every expected fact and no forbidden one, names the asked speaker, and, where the
    case gives only gold spans, cites or repeats one of them.
    """
    if answer.abstained or any(states(answer.text, fact) for fact in case.forbidden):
        return False
    if not all(states(answer.text, fact) for fact in case.expected):
        return False
    if case.speaker is not None and not names_speaker(answer, case.speaker):
        return False
    return bool(case.expected) or not case.gold or any(covers_gold(answer, case))


def covers_gold(answer: SystemAnswer, case: EvalCase) -> list[bool]:
    """For each gold span: does a cited text hold it, lie in it, or does the answer repeat it?"""
    texts = [" ".join(tokens_of(source.text)) for _, source in answer.citations]
    texts.append(" ".join(tokens_of(answer.text)))
    golds = [" ".join(tokens_of(span.quote)) for span in case.gold]
    return [any(gold in text or (text and text in gold) for text in texts) for gold in golds]


def names_speaker(answer: SystemAnswer, speaker: str) -> bool:
    """Whether the answer credits `speaker`: as speaker of a source it cites, or by surname in its text.

    Spellings of one name count as one ("Zelensky", "Zelenskyy").
    """
    if any(source.speaker and same_name(source.speaker, speaker) for _, source in answer.citations):
        return True
    surname = fold(speaker.rsplit(maxsplit=1)[-1])
    return any(fold(word) == surname for word in _WORD.findall(answer.text))


def score_facts(judged: Judged) -> list[Score]:
    """`expected_stated`, `forbidden_absent`, `gold_cited`, `gold_recall`, `speaker_named`, `right`.

    `gold_cited` asks for any gold span, `gold_recall` for the share: gold spans may be several
    tellings of one fact or several facts.
    """
    case, answer = judged.case, judged.answer
    if answer.abstained:
        reason = "the system abstained"
        names = ("expected_stated", "forbidden_absent", "gold_cited", "gold_recall", "speaker_named")
        return [Score(metric=name, value=None, reason=reason) for name in names] + [_score_right(judged)]
    covered = covers_gold(answer, case)
    return [
        _share("expected_stated", [states(answer.text, fact) for fact in case.expected], "expected facts"),
        _share("forbidden_absent", [not states(answer.text, fact) for fact in case.forbidden], "mistakes"),
        _share("gold_cited", [any(covered)] if covered else [], "gold span"),
        _share("gold_recall", covered, "gold spans"),
        _share(
            "speaker_named",
            [] if case.speaker is None else [names_speaker(answer, case.speaker)],
            f"speaker ({case.speaker})",
        ),
        _score_right(judged),
    ]


def _score_right(judged: Judged) -> Score:
    """1 for a right answer, or for abstaining where no article holds one: accuracy of the whole system."""
    case, answer = judged.case, judged.answer
    right = answer.abstained if case.unanswerable else is_right(case, answer)
    return Score(metric="right", value=float(right), reason="abstained" if answer.abstained else "answered")


def _share(metric: str, outcomes: list[bool], what: str) -> Score:
    if not outcomes:
        return Score(metric=metric, value=None, reason=f"the case names no {what}")
    return Score(
        metric=metric,
        value=sum(outcomes) / len(outcomes),
        reason=f"{sum(outcomes)} of {len(outcomes)} {what}",
    )
