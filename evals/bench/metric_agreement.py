"""Every metric beside a second implementation, over random inputs: the largest difference.

Run with ``byline eval bench metric_agreement``. It reads no data. Ranking metrics stand beside
``ir-measures`` (trec_eval), agreement with people beside scikit-learn, the script-faithful MultiHop-RAG
metrics and ALCE's citation recall and precision beside loops written after the published scripts
(``retrieval_evaluate.py``, arXiv 2401.15391; ``compute_autoais``, arXiv 2305.14627), the rest beside the
textbook formula. Exit code 1 where a difference is above 1e-9; the bootstrap, which draws at random, is
printed with its own tolerance.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from random import Random
from typing import TYPE_CHECKING, Any

from evals.agreement import area_under_roc, balanced_accuracy, cohen_kappa
from evals.judging import judge_answer
from evals.scorers.abstention import abstention_f1, crag_points, risk_coverage_area
from evals.scorers.citations import count_precise, is_recalled
from evals.scorers.retrieval import (
    average_precision,
    average_precision_script,
    evidence_recall,
    hits_any,
    locate_facts,
    ndcg,
    reciprocal_rank,
)
from evals.statistics import adjust_holm, compare_paired, mean_interval, wilson_interval
from evals.types import EvalCase, Source, SystemAnswer

if TYPE_CHECKING:
    from assistant.citations import DraftClaim

EXACT = 1e-9
SAMPLED = 0.01
"""What two bootstraps of 10,000 resamples may differ by in a bound."""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric beside its reference."""

    metric: str
    reference: str
    n: int
    """Random inputs compared."""
    difference: float
    """The largest absolute difference."""
    allowed: float = EXACT


def compare_ranking(random: Random, n: int) -> list[Row]:
    """Ranking metrics beside ir-measures: up to six golds at distinct ranks to 14, some not retrieved."""
    import ir_measures

    found: list[list[int | None]] = []
    for _ in range(n):
        ranks: list[int | None] = [*random.sample(range(1, 15), random.randint(1, 6))]
        found.append(ranks + [None] * random.randint(0, 3))
    qrels = [ir_measures.Qrel(str(q), f"g{g}", 1) for q, ranks in enumerate(found) for g in range(len(ranks))]
    run = []
    for q, ranks in enumerate(found):
        named = {rank: f"g{g}" for g, rank in enumerate(ranks) if rank is not None}
        run += [
            ir_measures.ScoredDoc(str(q), named.get(rank, f"o{rank}"), -float(rank)) for rank in range(1, 15)
        ]
    ours: dict[str, tuple[Any, Callable[[list[int | None]], float]]] = {
        "hit@1": (ir_measures.Success @ 1, lambda ranks: hits_any(ranks, 1)),
        "hit@4": (ir_measures.Success @ 4, lambda ranks: hits_any(ranks, 4)),
        "hit@10": (ir_measures.Success @ 10, lambda ranks: hits_any(ranks, 10)),
        "evidence_recall@10": (ir_measures.R @ 10, lambda ranks: evidence_recall(ranks, 10)),
        "mrr@10": (ir_measures.RR @ 10, reciprocal_rank),
        "map@10": (ir_measures.AP @ 10, average_precision),
        "ndcg@10": (ir_measures.nDCG @ 10, ndcg),
    }
    rows = []
    for name, (measure, function) in ours.items():
        theirs = {value.query_id: value.value for value in ir_measures.iter_calc([measure], qrels, run)}
        rows.append(
            Row(
                name,
                f"ir-measures {measure}",
                n,
                max(abs(function(ranks) - theirs[str(q)]) for q, ranks in enumerate(found)),
            )
        )
    return rows


def walk_multihop_rag(facts: Sequence[str], retrieved: Sequence[str]) -> dict[str, float]:
    """One question as ``retrieval_evaluate.py`` of MultiHop-RAG walks over it."""
    wanted = ["".join(fact.split()) for fact in facts]
    found: set[str] = set()
    hits10 = hits4 = False
    precision_sum, first = 0.0, 0
    for rank, text in enumerate(retrieved[:11], start=1):
        squeezed = "".join(text.split())
        new = {fact for fact in wanted if fact in squeezed} - found
        if new:
            hits10, hits4 = hits10 or rank <= 10, hits4 or rank <= 4
            first = first or rank
            precision_sum += len(new) / rank
            found |= new
    return {
        "hits10": float(hits10),
        "hits4": float(hits4),
        "map": precision_sum / min(len(wanted), 10),
        "mrr": 1 / first if 0 < first <= 10 else 0.0,
    }


def compare_script(random: Random, n: int) -> list[Row]:
    """The script-faithful metrics over random facts and passages of a few letters."""
    worst = dict.fromkeys(("map", "hits10", "hits4", "mrr"), 0.0)
    for _ in range(n):
        facts = random.sample("abcdef", random.randint(1, 4))
        retrieved = ["".join(random.choices("abcdefxyz ", k=random.randint(0, 3))) for _ in range(14)]
        found_at = locate_facts(facts, retrieved)
        theirs = walk_multihop_rag(facts, retrieved)
        ours = {
            "map": average_precision_script(found_at),
            "hits10": hits_any(found_at, 10),
            "hits4": hits_any(found_at, 4),
            "mrr": reciprocal_rank(found_at),
        }
        worst = {name: max(worst[name], abs(ours[name] - theirs[name])) for name in worst}
    return [Row(f"MultiHop-RAG {name}", "its script's loop", n, value) for name, value in worst.items()]


def walk_alce(sentence: str, cited: Sequence[str], entails: Callable[[str, str], bool]) -> tuple[bool, int]:
    """A sentence as ALCE's ``compute_autoais`` walks over it: recalled, and citations that count."""
    joint = entails(" ".join(cited), sentence) if cited else False
    if not joint:
        return False, 0
    if len(cited) == 1:
        return True, 1
    count = 0
    for position, passage in enumerate(cited):
        rest = [text for at, text in enumerate(cited) if at != position]
        if entails(passage, sentence) or not entails(" ".join(rest), sentence):
            count += 1
    return True, count


def compare_alce(random: Random, n: int) -> list[Row]:
    """Citation recall and precision, with an entailment that asks whether all words are there."""

    def has_words(text: str, sentence: str) -> bool:
        return set(sentence.split()) <= set(text.split())

    def entails(sources: Sequence[Source], draft: DraftClaim) -> bool:
        return has_words(" ".join(source.text for source in sources), draft.plain.rstrip("."))

    recall = precision = 0.0
    for _ in range(n):
        passages = [" ".join(random.sample("abcdefg", 4)) for _ in range(5)]
        sentence = " ".join(random.sample("abcdefg", random.randint(1, 3)))
        markers = random.sample(range(1, 6), random.randint(0, 4))
        text = f"{sentence}. {''.join(f'[{marker}]' for marker in markers)}".strip()
        answer = SystemAnswer(
            text=text,
            abstained=False,
            citations=tuple((at, Source(text=passage)) for at, passage in enumerate(passages, start=1)),
        )
        (judged,) = judge_answer(EvalCase(id="q", question="q"), answer).sentences
        recalled = is_recalled(judged, entails)
        theirs = walk_alce(sentence, [passages[marker - 1] for marker in markers], has_words)
        recall = max(recall, abs(recalled - theirs[0]))
        counted = count_precise(judged, recalled=recalled, entails=entails)
        precision = max(precision, abs(counted - theirs[1]))
    return [
        Row("citation_recall", "ALCE's loop", n, recall),
        Row("citation_precision", "ALCE's loop", n, precision),
    ]


def compare_agreement(random: Random, n: int) -> list[Row]:
    """Agreement with people, and abstention F1, beside scikit-learn."""
    from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score, f1_score, roc_auc_score

    worst = dict.fromkeys(("balanced accuracy", "AUROC", "kappa", "abstention_f1"), 0.0)
    for _ in range(n):
        truth = [True, False, *random.choices((True, False), k=20)]
        said = [False, True, *random.choices((True, False), k=20)]
        scores = random.choices(range(8), k=22)
        pairs = {
            "balanced accuracy": (balanced_accuracy(said, truth), balanced_accuracy_score(truth, said)),
            "AUROC": (area_under_roc(scores, truth), roc_auc_score(truth, scores)),
            "kappa": (cohen_kappa(said, truth), cohen_kappa_score(truth, said)),
            "abstention_f1": (abstention_f1(said, truth), f1_score(truth, said)),
        }
        for name, (ours, theirs) in pairs.items():
            worst[name] = max(worst[name], abs((ours or 0.0) - float(theirs)))
    return [Row(name, "scikit-learn", n, value) for name, value in worst.items()]


def compare_abstention(random: Random, n: int) -> list[Row]:
    """CRAG's score, and the area under risk and coverage, beside their formulas."""
    crag = area = 0.0
    for _ in range(n):
        outcomes = random.choices(("right", "missing", "wrong"), k=30)
        points = [crag_points(abstained=o == "missing", right=o == "right") for o in outcomes]
        formula = (2 * outcomes.count("right") + outcomes.count("missing")) / 30 - 1
        crag = max(crag, abs(sum(points) / 30 - formula))
        confidence, loss = random.sample(range(100), 30), [random.random() for _ in range(30)]
        ranked = [found for _, found in sorted(zip(confidence, loss, strict=True), reverse=True)]
        risks = [sum(ranked[:kept]) / kept for kept in range(1, 31)]
        area = max(area, abs((risk_coverage_area(confidence, loss) or 0.0) - sum(risks) / 30))
    return [
        Row("crag", "(2 right + missing) / n - 1", n, crag),
        Row("risk_coverage_area", "mean of risks, one by one", n, area),
    ]


def compare_statistics(random: Random, n: int) -> list[Row]:
    """Wilson, exact McNemar, Holm and the clustered bootstrap beside their formulas."""
    import numpy as np

    wilson = mcnemar = holm = 0.0
    z = 1.959963984540054
    for _ in range(n):
        total = random.randint(1, 300)
        hits = random.randint(0, total)
        share, found = hits / total, wilson_interval(hits, total)
        middle = (share + z * z / (2 * total)) / (1 + z * z / total)
        half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
        wilson = max(wilson, abs(found.low - max(0.0, middle - half)), abs(found.high - middle - half))

        better, worse = random.randint(0, 12), random.randint(0, 12)
        changes = [1.0] * better + [-1.0] * worse + [0.0]
        before = {str(at): 0.5 - change / 2 for at, change in enumerate(changes)}
        after = {str(at): 0.5 + change / 2 for at, change in enumerate(changes)}
        paired = compare_paired(before, after, {name: name for name in before})
        flips = better + worse
        tail = sum(comb(flips, k) for k in range(min(better, worse) + 1)) / 2**flips
        mcnemar = max(mcnemar, abs((paired.p_value if paired else 1.0) - min(1.0, 2 * tail)))

        p_values = {str(at): random.random() / 5 for at in range(8)}
        ordered = sorted(p_values, key=lambda name: p_values[name])
        textbook = {
            name: max(min(1.0, (8 - step) * p_values[ordered[step]]) for step in range(at + 1))
            for at, name in enumerate(ordered)
        }
        adjusted = adjust_holm(p_values)
        holm = max(holm, *(abs(adjusted[name] - textbook[name]) for name in p_values))

    boot, rounds = 0.0, 20
    for _ in range(rounds):
        clusters = [str(random.randint(0, 40)) for _ in range(150)]
        values = [random.random() for _ in clusters]
        ours = mean_interval(values, clusters)
        grouped = [[v for v, c in zip(values, clusters, strict=True) if c == name] for name in set(clusters)]
        sums, counts = np.array([sum(g) for g in grouped]), np.array([len(g) for g in grouped])
        picks = np.random.default_rng(random.randint(0, 2**32)).integers(
            len(grouped), size=(10_000, len(grouped))
        )
        low, high = np.percentile(sums[picks].sum(axis=1) / counts[picks].sum(axis=1), [2.5, 97.5])
        if ours is not None:
            boot = max(boot, abs(ours.low - float(low)), abs(ours.high - float(high)))
    return [
        Row("Wilson interval", "closed form", n, wilson),
        Row("McNemar, exact", "binomial sum", n, mcnemar),
        Row("Holm", "definition", n, holm),
        Row("clustered bootstrap", "plain resampling, another seed", rounds, boot, SAMPLED),
    ]


def measure(seed: int, n: int) -> list[Row]:
    """Every comparison over `n` random inputs."""
    random = Random(seed)  # noqa: S311  reproducible, not secret
    compared = (
        compare_ranking, compare_script, compare_alce, compare_agreement, compare_abstention,
        compare_statistics,
    )  # fmt: skip
    return [row for compare in compared for row in compare(random, n)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a metric is not what its reference is."""
    parser = argparse.ArgumentParser(
        prog="byline eval bench metric_agreement",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--n", type=int, default=500, help="random inputs for each metric")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rows = measure(options.seed, options.n)
    print(f"{'metric':24} {'beside':32} {'n':>5}  largest difference")
    for row in rows:
        print(
            f"{row.metric:24} {row.reference:32} {row.n:5}  {row.difference:.1e} (allowed {row.allowed:.0e})"
        )
    return int(any(row.difference > row.allowed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
