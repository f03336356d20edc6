"""What is measured, and what came out of it. Knows nothing of Django: `make bench --scale` reads
the rows of processes that do."""

from collections.abc import Callable
from dataclasses import dataclass

BARE_PAGE = "bare Wagtail page, same body, same viewer"


@dataclass(frozen=True)
class Reference:
    """The least that could be done for the same, and for how many pieces it is done at once."""

    name: str
    work: Callable[[], object]
    pieces: int = 1


@dataclass(frozen=True)
class Floor:
    """A ratio of at most `limit`; `by_second`, at least so many pieces a CPU second of Python."""

    limit: float
    by_second: bool = False

    def __str__(self) -> str:
        return f"≥{self.limit:,.0f}/s" if self.by_second else f"≤{self.limit:g}"


@dataclass(frozen=True)
class Row:
    """Work to be measured beside its reference. `once` for what changes that on which it is
    measured, or takes minutes: it is neither warmed up nor repeated."""

    name: str
    work: Callable[[], object]
    of: Reference
    floor: Floor | None = None
    pieces: int = 1
    once: bool = False


@dataclass(frozen=True)
class Measured:
    """One line of the table: what a piece costs, and the same of the reference in this run."""

    name: str
    cost: float
    """CPU ms of Python; or, as `unit` says, kB."""
    of: str
    reference: float
    """Of the reference, with the database's part."""
    database: float | None = None
    """CPU ms of the server's process; None where it is not on this machine, and of SQLite, whose
    work is Python's."""
    queries: int | None = None
    by_second: bool = False
    """The pieces are many: how many a second says more than what one costs."""
    floor: Floor | None = None
    unit: str = "ms"
    peak_mb: int | None = None
    """The most memory of the process so far."""

    @property
    def ratio(self) -> float:
        return (self.cost + (self.database or 0)) / self.reference

    @property
    def rate(self) -> float:
        return 1000 / self.cost

    @property
    def is_below_floor(self) -> bool:
        if self.floor is None:
            return False
        if self.floor.by_second:
            return self.rate < self.floor.limit
        return self.ratio > self.floor.limit
