"""The catalogue of metrics, and from the scores of many cases to one estimate for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evals.statistics import estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evals.statistics import Estimate
    from evals.types import Score

Group = Literal["answer", "citation", "quotation", "attribution", "support", "abstention", "retrieval"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric means, for tables and for the bounds of failed cases."""

    name: str
    group: Group
    meaning: str
    """One line for a person: of what is it the share, and when does it not apply."""
    lower_is_better: bool = False
    lowest: float = 0.0
    highest: float = 1.0


METRICS: tuple[Metric, ...] = (
    Metric("right", "answer", "right answer, or abstained where no article holds one"),
    Metric("expected_stated", "answer", "expected facts that the answer states"),
    Metric("forbidden_absent", "answer", "forbidden words that the answer avoids"),
    Metric("gold_cited", "answer", "cases with any gold span cited or repeated"),
    Metric("gold_recall", "answer", "gold spans that the answer cites or repeats"),
    Metric("speaker_named", "answer", "the asked speaker is credited"),
    Metric("marker_valid", "citation", "markers that point to a source"),
    Metric("cited_share", "citation", "sentences with a living citation"),
    Metric("citation_recall", "citation", "sentences that follow from what they cite (ALCE)"),
    Metric("citation_precision", "citation", "citations that are needed (ALCE)"),
    Metric("citation_f1", "citation", "harmonic mean of both (ALCE)"),
    Metric("quote_exact", "quotation", "quotations verbatim in what their sentence cites"),
    Metric("quote_miscited", "quotation", "quotations verbatim only in another source", lower_is_better=True),
    Metric("quote_altered", "quotation", "quotations that change a few words", lower_is_better=True),
    Metric("quote_fabricated", "quotation", "quotations found nowhere", lower_is_better=True),
    Metric("speaker_ok", "attribution", "sentences whose speaker is the article's"),
    Metric("outlet_match", "attribution", "sentences whose named outlet is the cited one"),
    Metric("date_match", "attribution", "sentences whose dates are the cited ones"),
    Metric("supported", "support", "judged sentences that pass every check (RAGAS faithfulness)"),
    Metric("literal_support", "support", "sentences whose numbers, dates and names are the source's"),
    Metric("number_ok", "support", "sentences whose numbers are the source's"),
    Metric("name_ok", "support", "sentences whose names are the source's"),
    Metric("negation_ok", "support", "sentences that neither lose nor add a negation"),
    Metric("lexical_grounding", "support", "idf mass found in a cited window; ranks only, proves nothing"),
    Metric("crag", "abstention", "right +1, abstained 0, wrong -1 (CRAG)", lowest=-1.0),
    Metric("false_answer", "abstention", "unanswerable cases that were answered", lower_is_better=True),
    Metric("over_abstain", "abstention", "answerable cases that were declined", lower_is_better=True),
    Metric("abstention_precision", "abstention", "abstentions that were due"),
    Metric("retrieval_hit@1", "retrieval", "cases with a gold span in the first passage"),
    Metric("retrieval_hit@4", "retrieval", "cases with a gold span in the first 4 passages"),
    Metric("retrieval_hit@10", "retrieval", "cases with a gold span in the first 10 passages"),
    Metric("evidence_recall@10", "retrieval", "gold spans in the first 10 passages"),
    Metric("hits_all@10", "retrieval", "cases with every gold span in the first 10 passages"),
    Metric("mrr@10", "retrieval", "1 / rank of the first passage with a gold span"),
    Metric("map@10", "retrieval", "average precision over gold spans"),
    Metric("ndcg@10", "retrieval", "discounted gain over gold spans"),
    Metric("document_hit@1", "retrieval", "cases whose first article is a gold one"),
    Metric("document_hit@10", "retrieval", "cases with a gold article among the first 10"),
    Metric("document_mrr@10", "retrieval", "1 / rank of the first gold article"),
)

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}


def summarise(
    scores: Mapping[str, Sequence[Score] | None], clusters: Mapping[str, str]
) -> dict[str, Estimate]:
    """One estimate for each metric that any case was scored on, in the order of the catalogue.

    Args:
        scores: Case id to its scores; None for a case that failed, which counts against every metric.
        clusters: Case id to cluster (`evals.cases.cluster_cases`).
    """
    failed = sum(found is None for found in scores.values())
    values: dict[str, dict[str, float | None]] = {}
    for case_id, found in scores.items():
        for score in found or ():
            values.setdefault(score.metric, {})[case_id] = score.value
    return {
        metric.name: estimate(
            values[metric.name],
            clusters,
            failed=failed,
            worst=metric.highest if metric.lower_is_better else metric.lowest,
            best=metric.lowest if metric.lower_is_better else metric.highest,
        )
        for metric in METRICS
        if metric.name in values
    }
