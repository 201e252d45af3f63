"""What is installed: one distribution, three typed packages, their data, and nothing of the repository."""

from __future__ import annotations

import importlib
import os
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

PACKAGES = ("index", "assistant", "evals")


def folder(package: str) -> Path:
    file = importlib.import_module(package).__file__
    assert file is not None
    return Path(file).parent


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_typed_and_belongs_to_byline_alone(package: str) -> None:
    assert (folder(package) / "py.typed").is_file()
    assert set(packages_distributions().get(package, ["byline"])) == {"byline"}


def test_what_is_tested_is_the_wheel_when_one_is_named() -> None:
    wheel = os.environ.get("BYLINE_WHEEL")
    if wheel is None:
        pytest.skip("BYLINE_WHEEL is not set; .ci/run sets it")
    assert {folder(package).parent for package in PACKAGES} == {Path(wheel)}


@pytest.mark.parametrize(
    "file",
    [
        "index/migrations/versions/0001_first_tables.py",
        "index/sample",
        "assistant/ui/static",
        "evals/sample/cases.jsonl",
        "evals/sample/baseline.json",
        "evals/sample/labelled.jsonl",
    ],
)
def test_data_that_is_read_at_run_time_is_installed(file: str) -> None:
    package, _slash, rest = file.partition("/")
    assert (folder(package) / rest).exists()


def test_the_command_and_its_plug_in_are_declared() -> None:
    entries = {(entry.group, entry.name): entry.value for entry in distribution("byline").entry_points}
    assert entries["console_scripts", "byline"] == "assistant.cli:main"
    assert entries["byline.commands", "eval"] == "evals.cli:app"
