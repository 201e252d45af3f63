"""An acknowledged article survives kill -9, and a damaged index is never believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.bench.crashes import DAMAGES, damage_often, kill_often


@pytest.mark.timeout(120)
def test_killing_an_ingest_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    survival = kill_often(tmp_path / "newsroom", kills=4, articles=120)
    assert survival.acknowledged > 0
    assert (survival.lost, survival.duplicates, survival.half_visible) == (0, 0, 0)
    assert survival.healthy_at_end


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_many_kills_of_one_archive_lose_nothing(tmp_path: Path) -> None:
    survival = kill_often(tmp_path / "newsroom", kills=16, articles=120, seed=1)
    assert (survival.lost, survival.duplicates, survival.half_visible) == (0, 0, 0)
    assert survival.healthy_at_end


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_damage_is_detected_answered_around_and_rebuilt(tmp_path: Path) -> None:
    count = damage_often(tmp_path, damages=len(DAMAGES))
    assert (count.detected, count.same_answers, count.rebuilt) == (8, 8, 8)
