"""Near-duplicates share a cluster, led by the earliest article, whatever order they came in.

A cluster is a connected component of the graph whose edges are near-duplicate pairs. The edges depend
on the two texts only, so the components do not depend on the order of ingest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from index.syndication import is_near_duplicate

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from index.store import Store


def join_cluster(store: Store, connection: Connection, article_id: str) -> bool:
    """Put a stored article into the cluster of what it resembles.

    Returns:
        Whether it resembles an article that was there before.
    """
    alike = _neighbours(store, connection, article_id)
    clusters = {store.cluster_of(connection, member) for member in (article_id, *alike)}
    _lead(store, connection, store.cluster_members(connection, clusters))
    return bool(alike)


def leave_cluster(store: Store, connection: Connection, article_id: str) -> None:
    """Take an article out of its cluster, which may fall apart; call before its text changes or goes."""
    cluster = store.cluster_of(connection, article_id)
    members = {name: time for time, name in store.cluster_members(connection, [cluster])}
    members.pop(article_id, None)
    store.set_cluster(connection, [article_id], article_id)
    while members:
        component = _component(store, connection, min(members), members.keys())
        _lead(store, connection, [(members.pop(name), name) for name in sorted(component)])


def _component(store: Store, connection: Connection, start: str, among: Iterable[str]) -> set[str]:
    component, frontier, allowed = {start}, [start], set(among)
    while frontier:
        fresh = (_neighbours(store, connection, frontier.pop()) & allowed) - component
        component |= fresh
        frontier.extend(sorted(fresh))
    return component


def _neighbours(store: Store, connection: Connection, article_id: str) -> set[str]:
    signature, bands = store.signature(connection, article_id)
    candidates = store.look_alikes(connection, article_id, bands)
    return {name for name, other in candidates.items() if is_near_duplicate(signature, other)}


def _lead(store: Store, connection: Connection, members: list[tuple[float, str]]) -> None:
    """Name a cluster after its earliest member, by id where times are equal or unknown."""
    store.set_cluster(connection, [name for _time, name in members], min(members)[1])
