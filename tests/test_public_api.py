"""What the packages offer is declared once, documented, and importing it loads nothing heavy."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

PUBLIC = {
    "index": {
        "Archive",
        "ArchiveDamaged",
        "ArchiveError",
        "ArchiveLocked",
        "ArchiveMissing",
        "ArchiveStats",
        "Article",
        "ArticleNotFound",
        "BylineError",
        "Chunk",
        "EmbeddingError",
        "ExtractError",
        "Failure",
        "FetchError",
        "IndexConfig",
        "IngestReport",
        "Ingested",
        "Passage",
        "Quote",
        "SourceError",
    },
    "assistant": {"Answer", "Assistant", "Check", "Citation", "Claim", "check_answer"},
}

HEAVY = {
    "torch",
    "sentence_transformers",
    "chromadb",
    "gradio",
    "llama_index",
    "trafilatura",
    "sqlalchemy",
    "scipy",
}

ARCHIVE_VERBS = {
    "add": ["sources", "wait", "progress"],
    "search": ["query", "k", "outlet", "since", "until", "speaker", "near", "parts", "retrievers"],
    "quotes": ["speaker", "about", "since", "until", "outlet", "article_id", "limit"],
    "article": ["article_id", "version"],
    "remove": ["article_id"],
    "backup": ["file"],
}


def test_the_index_exports_exactly_the_declared_names() -> None:
    assert set(importlib.import_module("index").__all__) == PUBLIC["index"]


@pytest.mark.parametrize("package", sorted(PUBLIC))
def test_every_name_of_the_contract_can_be_imported(package: str) -> None:
    module = importlib.import_module(package)
    assert PUBLIC[package] <= set(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("package", sorted(PUBLIC))
def test_every_exported_name_has_a_docstring(package: str) -> None:
    module = importlib.import_module(package)
    undocumented = [
        name
        for name in module.__all__
        if inspect.isclass(getattr(module, name)) and not inspect.getdoc(getattr(module, name))
    ]
    assert undocumented == []


@pytest.mark.parametrize("verb", sorted(ARCHIVE_VERBS))
def test_the_archive_takes_the_arguments_of_the_contract(verb: str) -> None:
    from index import Archive

    names = list(inspect.signature(getattr(Archive, verb)).parameters)[1:]
    assert names == ARCHIVE_VERBS[verb]


@pytest.mark.parametrize("package", ["index", "assistant", "evals", "assistant.cli"])
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    program = f"import sys, {package}; print(*(name for name in sys.modules if name in {sorted(HEAVY)}))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.split() == []
