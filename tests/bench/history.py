"""What earlier runs found: one line of JSON for each run, none ever changed.

A row is {"cost", "database", "queries", "of", "reference", "ratio",
"peak_mb"}, without those that are not known. Until 29 November 2026 it was
a list: [cost, queries, ratio to a bare page], or of two worlds [cost, database, queries].
"""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.bench.rows import BARE_PAGE, Measured

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT / "docs" / "bench" / "history.jsonl"
OF_TWO_WORLDS = "bare Wagtail page"
"""The first row of an old line about two worlds."""
NAMES_NOW = {
    OF_TWO_WORLDS: BARE_PAGE,
    "both goals, province": "dashboard of the province",
    "both goals, one unit": "dashboard of one unit",
    "missing people, province": "list of people missing, province",
    "missing people, province, from the middle": "list of people missing, from the middle",
    "missing people, one unit": "list of people missing, one unit",
}

Ratios = dict[tuple[str, str], float]
"""By the names of the row and of its reference: against another one it is another ratio."""


def last_ratios(people: int, vendor: str) -> Ratios:
    """Of each row the newest that was measured with as many people on the same database."""
    found: Ratios = {}
    for line in HISTORY.read_text().splitlines() if HISTORY.exists() else ():
        run = json.loads(line)
        if (run["people"], run["database"]) == (people, vendor):
            found |= _ratios(run["rows"])
    return found


def _ratios(rows: dict[str, Any]) -> Ratios:
    found = {}
    for name, row in rows.items():
        of, ratio = "bare page", 0.0
        if isinstance(row, dict):
            of, ratio = row["of"], row["ratio"]
        elif OF_TWO_WORLDS in rows:
            ratio = sum(row[:2]) / sum(rows[OF_TWO_WORLDS][:2])
        else:
            ratio = row[2]
        found[NAMES_NOW.get(name, name), of] = ratio
    return found


def remember(people: int, vendor: str, rows: list[Measured]) -> None:
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    run = {
        "day": time.strftime("%Y-%m-%d"),
        "commit": head.stdout.strip(),
        "people": people,
        "database": vendor,
        "rows": {row.name: _kept(row) for row in rows},
    }
    with HISTORY.open("a") as lines:
        lines.write(json.dumps(run, ensure_ascii=False) + "\n")


def _kept(row: Measured) -> dict[str, Any]:
    facts = {
        "cost": round(row.cost, 3),
        "database": None if row.database is None else round(row.database, 3),
        "queries": row.queries,
        "of": row.of,
        "reference": round(row.reference, 3),
        "ratio": round(row.ratio, 3),
        "peak_mb": row.peak_mb,
    }
    return {name: value for name, value in facts.items() if value is not None}
