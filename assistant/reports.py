"""A reader's report of a mistake -> an eval case that carries its evidence with it.

The cases stand in ``reports.jsonl`` beside the archive, in the form that `evals.cases` reads: the
reported sentence is what a right answer must not hold, and the articles that were read are frozen in
the case, so that it stays answerable when the archive changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from typing import TYPE_CHECKING, Any, Literal, get_args

from index.errors import ArticleNotFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.types import Answer
    from index.types import Article

FILE_NAME = "reports.jsonl"

Problem = Literal["quotation", "speaker", "date", "unsupported", "outdated"]
PROBLEMS: tuple[Problem, ...] = get_args(Problem)
"""What can be wrong with a sentence: its quoted words, who said them, when, that its source says so, or that
it still holds."""

_MARKER = re.compile(r"[ \t]*\[\d{1,4}\]")
_appending = threading.Lock()


def report_case(
    answer: Answer, sentence: int, problem: Problem, read_article: Callable[[str, int], Article]
) -> dict[str, Any]:
    """The report as an eval case.

    Args:
        answer: The answer as it was given.
        sentence: Index of the wrong claim.
        problem: What is wrong with it.
        read_article: Gives an article in the version that was read.

    Raises:
        IndexError: There is no such sentence.
    """
    claim = answer.claims[sentence]
    name = hashlib.sha256(f"{answer.id}\n{sentence}\n{problem}".encode()).hexdigest()[:16]
    return {
        "id": f"report-{name}",
        "question": answer.standalone_question,
        "kind": f"reported_{problem}",
        "forbidden": [_MARKER.sub("", claim.text).strip()],
        "evidence": _freeze_evidence(answer, read_article),
    }


def _freeze_evidence(answer: Answer, read_article: Callable[[str, int], Article]) -> list[dict[str, Any]]:
    cited = [(citation.article_id, citation.version) for citation in answer.citations]
    read = [(passage.article_id, passage.version) for passage in answer.passages]
    frozen = []
    for article_id, version in dict.fromkeys([*cited, *read]):
        try:
            article = read_article(article_id, version)
        except ArticleNotFound:
            continue  # removed since; the case stands on the others
        frozen.append(
            {
                "id": article.id,
                "text": article.text,
                "title": article.title,
                "outlet": article.outlet,
                "url": article.url,
                "published": article.published.isoformat() if article.published else None,
            }
        )
    return frozen


def save_report(folder: Path, case: dict[str, Any]) -> bool:
    """Append a case to the reports of an archive; False where it stands there already."""
    path = folder / FILE_NAME
    with _appending:
        if path.exists():
            with path.open(encoding="utf-8") as known:
                if any(json.loads(line)["id"] == case["id"] for line in known):
                    return False
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(case, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return True
