"""CPU of a row and of its reference, in turns: whatever else the machine does slows both alike."""

import gc
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.rows import Measured, Reference, Row

RUNS = 60
RUNS_OF_LONG = 5
LONG_SECONDS = 0.2
"""What takes longer with its reference is measured less often: its median moves less."""
RUNS_BESIDE_ONE = 3
"""Of the reference, where the row itself can be measured only once."""

Work = Callable[[], object]
Cost = tuple[float, float | None]
"""CPU ms of this process, and of the database's process that serves it."""


def measured(row: Row) -> Measured:
    """Medians of Python's CPU and means of the database's, for one piece."""
    queries = None
    if not row.once:
        queries = warm_queries(row.work)
    with _only_own_garbage():
        ours, theirs = _alone(row) if row.once else _in_turns(row)
    python, database = _middle(ours, row.pieces)
    reference = _middle(theirs, row.of.pieces)
    return Measured(
        row.name,
        python,
        row.of.name,
        reference[0] + (reference[1] or 0),
        database=database,
        queries=queries if row.pieces == 1 else None,
        by_second=row.pieces > 1,
        floor=row.floor,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


@contextmanager
def _only_own_garbage() -> Iterator[None]:
    """Python's search for cycles goes through what the work makes, not through all that the
    process has loaded: that cost a naive paper as much again, two times of three."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


_known: dict[Reference, list[Cost]] = {}
"""What each reference cost beside the last row that was measured with it."""


def _alone(row: Row) -> tuple[list[Cost], list[Cost]]:
    """The reference before the work, and only for the first row of a story: what the work leaves
    may make it impossible."""
    if row.of not in _known:
        row.of.work()
        _known[row.of] = [_cost(row.of.work) for _run in range(RUNS_BESIDE_ONE)]
    return [_cost(row.work)], _known[row.of]


def _in_turns(row: Row) -> tuple[list[Cost], list[Cost]]:
    row.of.work()
    begun = time.perf_counter()
    pairs = [(_cost(row.work), _cost(row.of.work))]
    is_long = time.perf_counter() - begun > LONG_SECONDS
    runs = RUNS_OF_LONG if is_long else RUNS
    pairs += [(_cost(row.work), _cost(row.of.work)) for _run in range(runs - 1)]
    ours, theirs = zip(*pairs, strict=True)
    _known[row.of] = list(theirs)
    return list(ours), list(theirs)


def warm_queries(work: Work) -> int:
    """The number of queries of a second visit."""
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    # Now: each further request empties the log.
    return len(captured)


def _cost(work: Work) -> Cost:
    database, python = _database_seconds(), time.process_time()
    work()
    python = time.process_time() - python
    after = _database_seconds()
    known = None if after is None or database is None else (after - database) * 1000
    return python * 1000, known


def _middle(costs: list[Cost], pieces: int) -> Cost:
    python, database = zip(*costs, strict=True)
    known = None if None in database else statistics.mean(database) / pieces
    return statistics.median(python) / pieces, known


def _database_seconds() -> float | None:
    """So far, of the process that serves this connection: it does all the work itself, see
    `alone`. None of SQLite, and of a server on another machine."""
    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    process = Path("/proc", str(connection.connection.info.backend_pid))
    try:
        if not (process / "comm").read_text().startswith("postgres"):
            return None
        return int((process / "schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return None


def alone() -> None:
    """Let PostgreSQL use no helpers, whose CPU would be missed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
