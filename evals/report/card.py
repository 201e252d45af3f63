"""The report card as a plain table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.report.figures import format_interval, format_value

if TYPE_CHECKING:
    from evals.card import Card


def format_card(card: Card) -> str:
    """One line for each kind of sentence, then one for each labelled set, then the verdict."""
    lines = [f"{'kind':22} {'n':>5} {'flagged':>8} {'95 %':16} {'limit':>8}"]
    lines += [
        f"{row.kind:22} {row.n:5} {format_value(row.flagged):>8} {format_interval(row.interval):16}"
        f" {'>=' if row.is_lie else '<='} {row.limit:5}  {row.outcome}"
        for row in card.rows
    ]
    if card.labelled:
        columns = f"{'bal.acc.':>8} {'95 %':16} {'limit':>8}{'AUROC':>21} {'kappa':>6} {'undecided':>9}"
        lines += ["", f"{'labelled by people':22} {'n':>5} {columns} {'flips':>5}"]
        lines += [
            f"{row.set:22} {row.n:5} {format_value(row.balanced_accuracy):>8}"
            f" {format_interval(row.interval):16} >= {check.limit:5}  {check.outcome:12}"
            f" {format_value(row.auroc):>6} {format_value(row.kappa):>6} {row.undecided:9} {row.flips:5}"
            for check in card.labelled
            for row in (check.row,)
        ]
    lines += [
        "",
        f"seeded sentences: balanced accuracy {format_value(card.balanced_accuracy)}; card: {card.outcome}",
    ]
    return "\n".join(lines)
