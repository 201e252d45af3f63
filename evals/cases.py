"""Cases in and out of JSON Lines, each fault named by file, line and field."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from evals.canonical import canonical_json, digest, plain, write_atomically
from evals.errors import CaseError
from evals.types import EvalCase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pydantic import TypeAdapter


def read_cases(path: Path) -> list[EvalCase]:
    """The cases of a JSONL file, in file order.

    Raises:
        CaseError: The file is missing, empty, or holds a line that is no valid case; every faulty
            line is named, with its field.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028
    except FileNotFoundError:
        raise CaseError(f"no case file at {path}; write one with `byline eval new --out {path}`") from None
    except UnicodeDecodeError as error:
        raise CaseError(f"{path} is not UTF-8 ({error}); save it as UTF-8") from None
    cases: list[EvalCase] = []
    faults: list[str] = []
    line_of_id: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        case, found = _read_case(line)
        if case is not None:
            found += _contradictions(case)
            if case.id in line_of_id:
                found.append(f"field id: {case.id!r} is also the id of line {line_of_id[case.id]}")
            line_of_id.setdefault(case.id, number)
            cases.append(case)
        faults += [f"{path}, line {number}, {fault}" for fault in found]
    if faults:
        raise CaseError("\n".join(faults))
    if not cases:
        raise CaseError(f"{path} holds no cases; write some with `byline eval new --out {path}`")
    return cases


def _read_case(line: str) -> tuple[EvalCase | None, list[str]]:
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(line, strict=True), []
    except ValidationError as error:
        return None, [
            f"field {_field_path(fault['loc'])}: {fault['msg']}" for fault in error.errors(include_url=False)
        ]


def _field_path(location: Sequence[int | str]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "(whole line)"


def _contradictions(case: EvalCase) -> list[str]:
    """Faults that no single field shows."""
    faults = [
        f"field {name}: is empty" for name in ("id", "question", "kind") if not getattr(case, name).strip()
    ]
    if case.unanswerable and (case.gold or case.expected):
        faults.append("field unanswerable: true, but the case gives gold or expected")
    if not case.unanswerable and not (case.gold or case.expected or case.forbidden):
        faults.append("field expected: an answerable case needs expected, gold or forbidden")
    for position, span in enumerate(case.gold):
        if not span.quote.strip():
            faults.append(f"field gold[{position}].quote: is empty")
    for name in ("expected", "forbidden"):
        for position, fact in enumerate(getattr(case, name)):
            if not all(part.strip() for part in fact.split(" | ")):
                faults.append(f"field {name}[{position}]: has an empty alternative")
    if case.now is not None and case.now.tzinfo is None:
        faults.append("field now: has no time zone; write for example 2024-12-02T12:00:00Z")
    return faults


def check_gold(cases: Iterable[EvalCase], read_text: Callable[[str], str | None]) -> list[str]:
    """Faults of gold spans against the articles: unknown article, or words that do not stand in it.

    Args:
        cases: What to check.
        read_text: The text of an article by id, None where there is no such article.
    """
    faults = []
    for case in cases:
        own = {article.id: article.text for article in case.evidence}
        for position, span in enumerate(case.gold):
            text = own.get(span.article_id) if own else read_text(span.article_id)
            field = f"case {case.id}, field gold[{position}]"
            if text is None:
                faults.append(f"{field}.article_id: no article {span.article_id!r}")
            elif span.quote not in text:
                faults.append(f"{field}.quote: not in article {span.article_id!r}: {span.quote!r}")
    return faults


def write_cases(path: Path, cases: Iterable[EvalCase]) -> None:
    """Write cases as JSONL, fields that hold their default left out, replacing the file in one step."""
    empty = plain(EvalCase(id="", question=""))
    rows = []
    for case in cases:
        row = plain(case)
        rows.append({key: value for key, value in row.items() if key == "kind" or value != empty[key]})
    write_atomically(path, "".join(canonical_json(row) for row in rows))


def digest_cases(cases: Iterable[EvalCase]) -> str:
    """sha256 over the cases ordered by id: the same for the same cases in any order."""
    return digest(sorted((plain(case) for case in cases), key=lambda row: str(row["id"])))


def cluster_cases(cases: Sequence[EvalCase]) -> dict[str, str]:
    """Case id to cluster: cases that share a gold article, also through others, are one cluster.

    Their outcomes are not independent, so intervals resample clusters, not cases. A case without
    gold is its own cluster. The cluster is named by the smallest case id in it.
    """
    leader = {case.id: case.id for case in cases}

    def find(case_id: str) -> str:
        while leader[case_id] != case_id:
            leader[case_id] = leader[leader[case_id]]
            case_id = leader[case_id]
        return case_id

    first_of_article: dict[str, str] = {}
    for case in cases:
        for span in case.gold:
            a, b = find(case.id), find(first_of_article.setdefault(span.article_id, case.id))
            leader[max(a, b)] = min(a, b)
    return {case.id: find(case.id) for case in cases}


@cache
def _adapter() -> TypeAdapter[EvalCase]:
    from pydantic import TypeAdapter

    return TypeAdapter(EvalCase)
