"""What things cost, as ratios measured in one run: `make bench`.

Measured in process, through every middleware, at 70,000 people; with --scale at 70,000 and at
2,200,000 on PostgreSQL. Each row stands beside the least that could be done for the same, measured
in turns with it: ratios travel between machines, milliseconds do not. A world is built once in
.cache/bench, or in the database of DATABASE_URL, and is not changed by being measured. Each run is
added to docs/bench/history.jsonl, so that a change's cost is seen. Exits 1 when a floor is missed.
"""

import argparse
import os
import sys
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from tests.bench import table
from tests.bench.history import last_ratios, remember
from tests.bench.rows import Measured
from tests.bench.scale import SIZES, compare

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    options = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--people", type=int, default=70_000, help="In the one world measured.")
    options.add_argument("--only", default="", help="Only groups of rows with this in their name.")
    options.add_argument(
        "--scale",
        nargs="?",
        const="own",
        metavar="URL",
        help="Two worlds on PostgreSQL: on a server of our own, or on the local one given.",
    )
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="Of these worlds.")
    options.add_argument("--forget", action="store_true", help="Do not add to the history.")
    asked = options.parse_args()
    sys.exit((two_worlds if asked.scale else one_world)(asked) or None)


def one_world(asked: argparse.Namespace) -> str:
    folder = ROOT / ".cache" / "bench" / str(asked.people)
    (folder / "static").mkdir(parents=True, exist_ok=True)
    os.environ |= {"DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from django.db import connection

    from tests.bench.work import AT_EVERY_SIZE, AT_ONE_SIZE, measure
    from tests.bench.world import build

    build(asked.people)
    last = last_ratios(asked.people, connection.vendor)
    table.head(f"{asked.people:,} people, {connection.vendor}")
    rows = []
    for row in measure(AT_EVERY_SIZE | AT_ONE_SIZE, asked.only):
        table.line(row, last, {})
        rows.append(row)
    return ended(asked, asked.people, connection.vendor, rows)


def two_worlds(asked: argparse.Namespace) -> str:
    server = "" if asked.scale == "own" else asked.scale
    first: dict[str, Measured] = {}
    missed = []
    for size, found in groupby(compare(server, asked.sizes, asked.only), key=itemgetter(0)):
        last = last_ratios(size, "postgresql")
        table.head(f"{size:,} people, postgresql")
        rows = []
        for _size, row in found:
            table.line(row, last, first)
            rows.append(row)
        first = first or {row.name: row for row in rows}
        missed.append(ended(asked, size, "postgresql", rows))
    return " ".join(filter(None, missed))


def ended(asked: argparse.Namespace, people: int, vendor: str, rows: list[Measured]) -> str:
    """What is missed in the world that was measured to its end; it goes into the history."""
    table.foot(rows)
    if rows and not asked.forget:
        remember(people, vendor, rows)
    return table.verdict(people, rows)


main()
