"""Measure pages in process, through every middleware, at 70,000 people.

CPU is process time per visit, the median of RUNS; queries are counted once. The yardstick
is a bare Wagtail page with the same body, measured in the same run: ratios travel between
machines, milliseconds do not. The world is built once in .cache/bench, or in the database of
DATABASE_URL. Each run is added to docs/bench/history.jsonl, so that a change's cost is seen.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT / "docs" / "bench" / "history.jsonl"
RUNS = 60
LONG_SECONDS = 0.2
"""What takes longer is measured less often: its median moves less."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=70_000, help="2200000 is the country.")
    options.add_argument("--only", default="", help="Only rows with this in their name.")
    options.add_argument(
        "--scale",
        nargs="?",
        const="own",
        help="70,000 and 2,200,000 people on PostgreSQL, in one"
        " run; on a server of our own, or on the local one at this address.",
    )
    options.add_argument("--forget", action="store_true", help="Do not add to the history.")
    asked = options.parse_args()
    if asked.scale:
        scale(asked)
        return
    folder = ROOT / ".cache" / "bench" / str(asked.people)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from django.db import connection

    from tests.bench.papers import papers
    from tests.bench.volume import volume
    from tests.bench.work import work
    from tests.bench.world import build, pages

    build(asked.people)
    visits = pages()
    bare = next(iter(visits.values()))
    chosen = {k: v for k, v in (visits | work()).items() if asked.only in k or v is bare}
    rows = report(bare, chosen, last_rows(asked.people, connection.vendor))
    weights()
    papers()
    volume()
    if not asked.forget:
        remember(asked.people, connection.vendor, rows)


def scale(asked: argparse.Namespace) -> None:
    from tests.bench.scale import compare

    for size, world in compare("" if asked.scale == "own" else asked.scale).items():
        if not asked.forget:
            remember(size, "postgresql", world["rows"])


def report(
    bare: Callable[[], object], chosen: dict[str, Callable[[], object]], before: dict
) -> dict[str, list[float]]:
    """The yardstick first, then each row in turns with it.

    Whatever else the machine does slows both alike.
    """
    write = sys.stdout.write
    head = f"{'row':<46}{'CPU ms':>10}{'queries':>9}{'of a bare page':>16}{'last time':>11}\n"
    write(head)
    rows = {}
    for name, visit in chosen.items():
        queries = warm_queries(visit)
        bare()
        begun = time.perf_counter()
        pairs = [(cpu_ms(bare), cpu_ms(visit))]
        runs = 5 if time.perf_counter() - begun > LONG_SECONDS else RUNS
        pairs += [(cpu_ms(bare), cpu_ms(visit)) for _run in range(runs - 1)]
        yardstick, cost = (statistics.median(column) for column in zip(*pairs, strict=True))
        last = f"{before[name][2]:.3f}" if name in before else "-"
        write(f"{name:<46}{cost:>10.2f}{queries:>9}{cost / yardstick:>16.3f}{last:>11}\n")
        sys.stdout.flush()
        rows[name] = [round(cost, 2), queries, round(cost / yardstick, 3)]
    return rows


def cpu_ms(visit: Callable[[], object]) -> float:
    begun = time.process_time()
    visit()
    return (time.process_time() - begun) * 1000


def warm_queries(visit: Callable[[], object]) -> int:
    """The number of queries of a second visit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visit()
    with CaptureQueriesContext(connection) as captured:
        visit()
    # Now: each further request empties the log.
    return len(captured)


def weights() -> None:
    from tests.bench.wire import page_weights

    sys.stdout.write(
        f"\n{'page, first visit over the wire':<46}{'HTML':>8}{'with styles, scripts':>22}\n"
    )
    for name, (own, whole) in page_weights().items():
        sys.stdout.write(f"{name:<46}{own / 1024:>6.1f} kB{whole / 1024:>19.1f} kB\n")


def last_rows(people: int, vendor: str) -> dict:
    if not HISTORY.exists():
        return {}
    runs = [json.loads(line) for line in HISTORY.read_text().splitlines()]
    alike = [run["rows"] for run in runs if (run["people"], run["database"]) == (people, vendor)]
    return alike[-1] if alike else {}


def remember(people: int, vendor: str, rows: dict[str, list[float]]) -> None:
    HISTORY.parent.mkdir(exist_ok=True)
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
        "rows": rows,
    }
    with HISTORY.open("a") as lines:
        lines.write(json.dumps(run, ensure_ascii=False) + "\n")


main()
