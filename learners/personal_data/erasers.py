"""What an erasure takes away and what has to stay, and how an app above has its say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from learners.personal_data.sources import Subject, Words
from learners.reading import count_each


@dataclass(frozen=True)
class Kind:
    """One kind of data, and the rows that hold it."""

    what: Words
    rows: Sequence[QuerySet[Any]]
    stays_by: Words = ""
    """The law or the reason by which it stays; empty: it goes."""


@dataclass(frozen=True)
class Line:
    """One kind of data of the effect that is shown before, counted."""

    what: Words
    number: int
    stays_by: Words = ""


@dataclass(frozen=True)
class Eraser:
    """One app's part. `erase` runs inside the transaction and returns the names of files in the
    private store, which go after the commit; it may run again and then finds nothing."""

    kinds: Callable[[Subject], Iterable[Kind | Line]]
    erase: Callable[[Subject], list[str]] = lambda _subject: []
    naming: Callable[[Subject], Sequence[QuerySet[Any]]] = lambda _subject: ()
    """Rows of registers of this app that have to go on saying the name."""


_erasers: list[Eraser] = []


def register_eraser(eraser: Eraser) -> None:
    """Idempotent; called once, when the site starts."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def counted(kinds: Iterable[Kind | Line]) -> list[Line]:
    """In the order given. One query."""
    kinds = list(kinds)
    asked = [rows for kind in kinds if isinstance(kind, Kind) for rows in kind.rows]
    numbers = iter(count_each(*(rows.order_by().values("pk") for rows in asked)))
    return [
        kind
        if isinstance(kind, Line)
        else Line(kind.what, sum(next(numbers) for _rows in kind.rows), kind.stays_by)
        for kind in kinds
    ]


def registered_erasers() -> tuple[Eraser, ...]:
    return tuple(_erasers)
