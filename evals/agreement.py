"""How well a judge agrees with people: balanced accuracy, AUROC and kappa over labelled items.

Sources: balanced accuracy as in LLM-AggreFact (Tang et al. 2024, arXiv 2404.10774); AUROC as the
Mann-Whitney statistic (Hanley and McNeil 1982); kappa from Cohen 1960. Each is None where one of the
labels does not occur, because nothing can then be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.statistics import RESAMPLES, SEED, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def balanced_accuracy(said: Sequence[bool], supported: Sequence[bool]) -> float | None:
    """Mean of the shares of supported and of unsupported items that are judged right; 0.5 is chance."""
    positives = sum(supported)
    negatives = len(supported) - positives
    if not positives or not negatives:
        return None
    kept = sum(judged and truth for judged, truth in zip(said, supported, strict=True))
    caught = sum(not judged and not truth for judged, truth in zip(said, supported, strict=True))
    return (kept / positives + caught / negatives) / 2


def balanced_accuracy_interval(
    said: Sequence[bool], supported: Sequence[bool], clusters: Sequence[str]
) -> Interval | None:
    """95 % percentile bootstrap of whole clusters; resamples that lack one of the labels are left out.

    None with fewer than two clusters, or where `balanced_accuracy` is None.
    """
    import numpy as np

    counts = _count_by_cluster(said, supported, clusters)
    if len(counts) < 2 or balanced_accuracy(said, supported) is None:
        return None
    random = np.random.default_rng(SEED)
    values: list[NDArray[np.float64]] = []
    for _ in range(RESAMPLES // 500):
        kept, positives, caught, negatives = np.moveaxis(
            counts[random.integers(len(counts), size=(500, len(counts)))].sum(axis=1), 1, 0
        )
        whole = (positives > 0) & (negatives > 0)
        values.append((kept[whole] / positives[whole] + caught[whole] / negatives[whole]) / 2)
    low, high = np.percentile(np.concatenate(values), [2.5, 97.5])
    return Interval(float(low), float(high))


def _count_by_cluster(
    said: Sequence[bool], supported: Sequence[bool], clusters: Sequence[str]
) -> NDArray[np.float64]:
    """Kept, supported, caught and unsupported items of each cluster, shape (n_clusters, 4), by name."""
    import numpy as np

    row_of = {name: row for row, name in enumerate(sorted(set(clusters)))}
    counts = np.zeros((len(row_of), 4))
    for judged, truth, cluster in zip(said, supported, clusters, strict=True):
        counts[row_of[cluster]] += (judged and truth, truth, not judged and not truth, not truth)
    return counts


def area_under_roc(scores: Sequence[float], supported: Sequence[bool]) -> float | None:
    """Chance that a supported item scores higher than one that is not; ties count half."""
    import numpy as np
    from scipy.stats import rankdata

    labels = np.asarray(supported, dtype=bool)
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        return None
    ranks = rankdata(scores)
    return float((ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def cohen_kappa(said: Sequence[bool], supported: Sequence[bool]) -> float | None:
    """Agreement beyond what the two shares of yes would give by chance; None where chance is certain."""
    n = len(said)
    if not n:
        return None
    seen = sum(judged == truth for judged, truth in zip(said, supported, strict=True)) / n
    yes, true = sum(said) / n, sum(supported) / n
    chance = yes * true + (1 - yes) * (1 - true)
    return None if chance == 1 else (seen - chance) / (1 - chance)
