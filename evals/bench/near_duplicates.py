"""Are copies of one text found, and is nothing else taken for a copy?

Run with ``python -m evals.bench.near_duplicates --data DIR``. bbc2225 marks 139 of its 2,225 articles as
copies of an earlier one. giveme5w1h_clusters holds 169 articles on 31 events, up to ten outlets on one:
articles on different events are never copies, those on one event may be, and those merged are printed for
reading. Clusters are those of the archive, made by `Archive.add`, so what is counted is what a user gets.
Intervals are Wilson's for independent articles, and clustered by text or event otherwise.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.data import read_articles, read_rows
from evals.statistics import mean_interval
from index import Archive
from index.syndication import signature, similarity
from index.testing import HashEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.types import Article

    Pair = tuple[str, str]

MARKED = "bbc2225"
EVENTS = "giveme5w1h_clusters"


def clusters_of(articles: Sequence[Article]) -> dict[str, str]:
    """The cluster of each article, by id, in an archive that holds all of them."""
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, embedder=HashEmbedder()) as archive:
        report = archive.add(articles, wait=False)
        assert not report.failed, report.failed
        return {article.id: article.cluster or article.id for article in archive.articles()}


def pairs_in(groups: Mapping[str, str]) -> set[Pair]:
    """All pairs of members with the same group, each in order of id."""
    members: dict[str, list[str]] = defaultdict(list)
    for member, group in groups.items():
        members[group].append(member)
    return {pair for group in members.values() for pair in combinations(sorted(group), 2)}


def compare_pairs(found: set[Pair], wanted: set[Pair], group: Mapping[str, str]) -> dict[str, str]:
    """Precision and recall of pairs, each with its interval, clustered by the group of the first member."""
    return {
        "precision": rate([pair in wanted for pair in sorted(found)], [group[a] for a, _b in sorted(found)]),
        "recall": rate([pair in found for pair in sorted(wanted)], [group[a] for a, _b in sorted(wanted)]),
    }


def rate(values: Sequence[bool], clusters: Sequence[str]) -> str:
    """A share with its count and its 95 % interval."""
    if not values:
        return "no cases"
    interval = mean_interval([float(value) for value in values], clusters)
    bounds = "" if interval is None else f" [{interval.low:.4f}, {interval.high:.4f}]"
    return f"{sum(values)} of {len(values)} = {sum(values) / len(values):.4f}{bounds}"


def show_marked(rows: Iterable[Mapping[str, Any]], articles: Sequence[Article]) -> None:
    """Print precision and recall against the marked copies, and the pairs that are not marked."""
    original = {row["id"]: row["duplicate_of"] or row["id"] for row in rows}
    found, wanted = pairs_in(clusters_of(articles)), pairs_in(original)
    print(f"{MARKED}: {len(articles)} articles, {len(wanted)} marked pairs")
    for name, value in compare_pairs(found, wanted, original).items():
        print(f"  {name:9} {value}")
    show_pairs("not marked", found - wanted, articles)


def show_events(rows: Iterable[Mapping[str, Any]], articles: Sequence[Article]) -> None:
    """Print how many articles were merged across events and within one."""
    event = {row["id"]: str(row["event_id"]) for row in rows}
    found = pairs_in(clusters_of(articles))
    across = {pair for pair in found if event[pair[0]] != event[pair[1]]}
    sizes = Counter(event.values())
    possible = len(articles) * (len(articles) - 1) // 2 - sum(n * (n - 1) // 2 for n in sizes.values())
    merged = {member for pair in across for member in pair}
    print(f"{EVENTS}: {len(articles)} articles on {len(sizes)} events")
    print(f"  merged across events: {len(across)} of {possible} pairs")
    wrong = rate([member in merged for member in event], list(event.values()))
    print(f"  articles merged across events: {wrong}")
    show_pairs("merged across events", across, articles)
    show_pairs("merged within one event, to be read", found - across, articles)


def show_pairs(words: str, pairs: set[Pair], articles: Sequence[Article]) -> None:
    """Print pairs with how alike their texts are and how both begin."""
    by_id = {article.id: article for article in articles}
    print(f"  {words}: {len(pairs)}")
    for pair in sorted(pairs):
        alike = similarity(*(signature(by_id[member].text) for member in pair))
        print(
            f"    {alike:.2f}  "
            + "  |  ".join(f"{by_id[member].outlet}: {by_id[member].title[:60]}" for member in pair)
        )


def main() -> None:
    """Print both sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    show_marked(read_rows(data, MARKED), read_articles(data, MARKED))
    show_events(read_rows(data, EVENTS), read_articles(data, EVENTS))


if __name__ == "__main__":
    main()
