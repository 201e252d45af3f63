"""Is the outlet that the claim names the one that published the cited article, or named in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.checks.finding import Finding, join_findings
from assistant.outlets import find_outlets, same_outlet

if TYPE_CHECKING:
    from assistant.alignment import Comparison

_WELL_KNOWN = (
    "Reuters", "Associated Press", "AP", "Agence France-Presse", "AFP", "BBC", "BBC News", "CNN",
    "Fox News", "NBC News", "CBS News", "ABC News", "MSNBC", "NPR", "PBS", "Bloomberg",
    "The New York Times", "New York Times", "NYT", "The Washington Post", "Washington Post",
    "The Wall Street Journal", "Wall Street Journal", "WSJ", "USA Today", "Los Angeles Times",
    "The Guardian", "Guardian", "The Times", "The Telegraph", "Daily Telegraph", "Daily Mail",
    "The Independent", "Financial Times", "The Economist", "The Sun", "Sky News", "HuffPost",
    "Huffington Post", "Politico", "Axios", "The Hill", "Vox", "BuzzFeed News", "Breitbart", "Time",
    "Newsweek", "The Atlantic", "The New Yorker", "The Week", "Al Jazeera", "Deutsche Welle", "DW",
    "Le Monde", "Le Figaro", "Der Spiegel", "Die Zeit", "El País", "La Repubblica", "Interfax", "TASS",
    "RIA Novosti", "Xinhua", "Kyodo", "Kyiv Independent", "Ukrinform", "Haaretz", "Times of India",
    "The Hindu", "South China Morning Post", "Sydney Morning Herald", "Globe and Mail", "Chicago Tribune",
    "Boston Globe", "Western Journal", "Daily Beast", "Mother Jones", "National Review", "Wikinews",
    "Voice of America",
)  # fmt: skip
"""Outlets recognised in a claim also where no evidence comes from them."""


def check_outlet(comparison: Comparison) -> Finding:
    """Checks the outlets that the claim names against those of the cited articles."""
    evidence = [source.evidence for source in (*comparison.cited, *comparison.others)]
    known = tuple(dict.fromkeys([e.outlet for e in evidence if e.outlet] + list(_WELL_KNOWN)))
    named = find_outlets(comparison.plain, known)
    if not named:
        return Finding(name="outlet", passed=None, detail="no outlet named")
    own = [source.evidence.outlet for source in comparison.cited if source.evidence.outlet]
    findings = [_check_one(name, own, comparison) for name in named]
    return join_findings("outlet", findings, "no outlet named")


def _check_one(name: str, own: list[str], comparison: Comparison) -> Finding:
    matching = next((outlet for outlet in own if same_outlet(name, outlet)), None)
    if matching:
        return Finding(name="outlet", passed=True, detail=f"“{name}” is the outlet of the cited article")
    if any(_stands_in(name, window.text) for window in comparison.windows):
        return Finding(name="outlet", passed=True, detail=f"“{name}” is named in the cited words")
    published = f"was published by {own[0]}" if own else "names no outlet"
    return Finding(
        name="outlet",
        passed=False,
        detail=f"the claim names “{name}”, the cited article {published}",
        contradicts=bool(own),
    )


def _stands_in(name: str, text: str) -> bool:
    return any(same_outlet(name, other) for other in find_outlets(text, (name,)))
