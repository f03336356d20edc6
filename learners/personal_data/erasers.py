"""What an erasure takes away and what has to stay, and how an app above has its say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from learners.personal_data.sources import Subject, Words


@dataclass(frozen=True)
class Line:
    """One kind of data of the effect that is shown before."""

    what: Words
    number: int
    stays_by: Words = ""
    """The law or the reason by which it stays; empty: it goes."""


@dataclass(frozen=True)
class Eraser:
    """One app's part. `erase` runs inside the transaction and returns the names of files in the
    private store, which go after the commit; it may run again and then finds nothing."""

    lines: Callable[[Subject], Iterable[Line]]
    erase: Callable[[Subject], list[str]] = lambda _subject: []
    needs_name: Callable[[Subject], bool] = lambda _subject: False
    """Whether a register of this app has to go on saying the name."""


_erasers: list[Eraser] = []


def register_eraser(eraser: Eraser) -> None:
    """Idempotent; called once, when the site starts."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def registered_erasers() -> tuple[Eraser, ...]:
    return tuple(_erasers)
