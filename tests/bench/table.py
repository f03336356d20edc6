"""The one table, a line for each row: 120 columns, the last of them for the floor."""

import sys

from tests.bench.history import Ratios
from tests.bench.rows import Measured

MORE_MEMORY = 1.1


def head(title: str) -> None:
    _write(
        f"\n{title}\n{'CPU ms of one piece':<41}{'Python':>8}{'database':>9}{'queries':>9}"
        f"{'of the reference':>20}{'ratio':>7}{'last':>7}{'growth':>7}\n"
    )


def line(row: Measured, last: Ratios, first: dict[str, Measured]) -> None:
    """`last` holds the ratios of the last runs, `first` the rows of a smaller world."""
    before = last.get((row.name, row.of))
    growth = f"{row.ratio / first[row.name].ratio:.2f}" if row.name in first else ""
    cost = _figure(row.cost) + ("" if row.unit == "ms" else f" {row.unit}")
    database = "" if row.database is None else _figure(row.database)
    queries = f"{row.rate:,.0f}/s" if row.by_second else "" if row.queries is None else row.queries
    floor = f" {row.floor} {'✗' if row.is_below_floor else '✓'}" if row.floor else ""
    text = (
        f"{row.name:<41}{cost:>8}{database:>9}{queries:>9}"
        f"{row.of:>13}{_figure(row.reference):>7}{_figure(row.ratio):>7}"
        f"{'' if before is None else _figure(before):>7}{growth:>7}{floor}"
    )
    _write(f"{text.rstrip()}\n")


def foot(rows: list[Measured]) -> None:
    """At which rows the process needed notably more memory than ever before."""
    peak = 0.0
    for row in rows:
        if row.peak_mb and row.peak_mb > peak * MORE_MEMORY:
            peak = row.peak_mb
            _write(f"{row.peak_mb:,} MB of memory from here on: {row.name}\n")


def verdict(people: int, rows: list[Measured]) -> str:
    """One sentence on the floors that are missed; "" when all are kept."""
    missed = [row.name for row in rows if row.is_below_floor]
    return f"At {people:,} people a floor is missed: {'; '.join(missed)}." if missed else ""


def _figure(value: float) -> str:
    places = 3 if value < 1 else 2 if value < 100 else 0
    return f"{value:,.{places}f}"


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
