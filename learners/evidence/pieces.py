"""What an evidence pack is made of, and how an app above adds what it knows.

A part is a function of the class that gives pieces. The same state must give the same pieces
in the same order with the same bytes: no clock, no key of the database, no random name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, TypeAlias

from courses.models import ClassGroup
from learners.exports import Sheet, workbook


@dataclass(frozen=True)
class Piece:
    """One file of a pack."""

    path: str
    """Without marks and spaces, so that every system unpacks it under the same name."""
    what: str
    """One sentence, in Vietnamese."""
    open: Callable[[], IO[bytes]]
    """Raises FileNotFoundError when the store has lost it: the pack then says so."""


Part: TypeAlias = Callable[[ClassGroup], Iterable[Piece]]

_parts: list[Part] = []


def register_part(part: Part) -> None:
    """Add to every pack from now on. Idempotent; called once, when the site starts."""
    if part not in _parts:
        _parts.append(part)


def registered_parts() -> tuple[Part, ...]:
    return tuple(_parts)


def table(path: str, what: str, sheet: Sheet) -> Piece:
    """A list as a workbook whose bytes depend on its rows alone."""
    return Piece(path, what, lambda: workbook(sheet, dated=False))
