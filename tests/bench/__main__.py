"""Measure pages in process, through every middleware, at 70,000 people.

CPU is process time per request, the median of RUNS; queries are counted once. The yardstick
is a bare Wagtail page with the same body, measured in the same run: ratios travel between
machines, milliseconds do not. The world is built once in .cache/bench.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 60


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=70_000)
    people = options.parse_args().people
    folder = ROOT / ".cache" / "bench" / str(people)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from tests.bench.world import build, pages

    build(people)
    report(pages())


def report(pages: dict[str, Callable[[], object]]) -> None:
    """The yardstick first, then each page in turns with it.

    Whatever else the machine does slows both alike.
    """
    write = sys.stdout.write
    write(f"{'page':<46}{'CPU ms':>8}{'queries':>9}{'of a bare page':>16}\n")
    bare = next(iter(pages.values()))
    for name, visit in pages.items():
        queries = warm_queries(visit)
        bare()
        pairs = [(cpu_ms(bare), cpu_ms(visit)) for _run in range(RUNS)]
        yardstick, cost = (statistics.median(column) for column in zip(*pairs, strict=True))
        write(f"{name:<46}{cost:>8.2f}{queries:>9}{cost / yardstick:>16.3f}\n")


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


main()
