"""A judge of meaning beside the exact checks: an entailment model or a chat model, by one word.

entailment:NAME_OR_FOLDER   a `CrossEncoder` on this machine
model:URL_OR_FILE           a chat model behind an OpenAI-compatible endpoint, or a ``.gguf`` file

A judge is asked only where no exact check failed, each pair of sentence and source once. It may gate
only above the floors of its own report card (`evals.card`).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from evals.canonical import canonical_json, digest, write_atomically
from evals.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.checks.finding import Finding
    from assistant.verification import Verifier


def open_judge(choice: str) -> Verifier:
    """The judge that `choice` names; its model is loaded on first use.

    Raises:
        UnavailableError: The kind is unknown, or no model is named.
    """
    from assistant.config import Settings
    from assistant.entailment import EntailmentVerifier, JudgeVerifier
    from assistant.llm import connect_model

    kind, _, where = choice.partition(":")
    if kind == "entailment" and where:
        return EntailmentVerifier(where)
    if kind == "model" and where and (model := connect_model(where, Settings())) is not None:
        return JudgeVerifier(model)
    raise UnavailableError(
        f"--judge {choice!r} names no judge; write entailment:NAME_OR_FOLDER or model:URL_OR_FILE"
    )


class RememberedJudge:
    """A judge that is asked the same only once, and by one thread at a time."""

    def __init__(self, judge: Verifier, choice: str, folder: Path | None = None) -> None:
        """Keep what is decided in memory, and in `folder` for later runs.

        Args:
            judge: Asked where nothing is remembered.
            choice: What it is; another choice has other memories.
            folder: Made if missing; None forgets at the end.
        """
        self.name = judge.name
        self._judge = judge
        self.choice = choice
        self._folder = folder
        self._known: dict[str, Finding] = {}
        self._asking = threading.Lock()

    def verify(self, claim: str, text: str) -> Finding:
        """What the judge said of this sentence and this source, or says now."""
        key = digest([self.choice, claim, text])
        with self._asking:
            if key not in self._known:
                self._known[key] = self._recall(key) or self._ask(key, claim, text)
            return self._known[key]

    def _recall(self, key: str) -> Finding | None:
        from pydantic import TypeAdapter

        from assistant.checks.finding import Finding

        if self._folder is None or not (path := self._folder / f"judge-{key}.json").exists():
            return None
        return TypeAdapter(Finding).validate_json(path.read_bytes())

    def _ask(self, key: str, claim: str, text: str) -> Finding:
        found = self._judge.verify(claim, text)
        if self._folder is not None and found.passed is not None:
            write_atomically(self._folder / f"judge-{key}.json", canonical_json(found))
        return found
