"""What a person's record is made of, and how an app above adds what it keeps.

A new model that points at a person must be named here or in an app above: in a source, or among
what is left out with the reason (tests/test_personal_data.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.utils.functional import Promise, cached_property

from learners.evidence.pieces import Piece
from learners.models import Person, User

Words: TypeAlias = str | Promise


@dataclass(frozen=True)
class Subject:
    """Whose record is drawn up, and whether for himself: only he gets his numbers in full."""

    person: Person
    for_himself: bool

    @cached_property
    def people(self) -> list[Person]:
        """The record, and those that were merged into it: papers stay with them."""
        return [self.person, *self.person.merged_records.order_by("pk")]

    @property
    def account(self) -> User | None:
        return self.person.user


@dataclass(frozen=True)
class Source:
    """One table of the record."""

    name: str
    """Of its part of the JSON; never changed, programs read it."""
    title: Words
    columns: Mapping[str, Words]
    rows: Callable[[Subject], Iterable[Sequence[Any]]]
    covers: frozenset[str]
    """The columns that lead to a person and are told here: "learners.Post.person"."""
    files: Callable[[Subject], Iterable[Piece]] = field(default=lambda _subject: ())


_sources: list[Source] = []
_left_out: dict[str, Words] = {}


def register_sources(
    sources: Iterable[Source], left_out: Mapping[str, Words] | None = None
) -> None:
    """Add to every record from now on. Idempotent; called once, when the site starts."""
    _sources.extend(source for source in sources if source not in _sources)
    _left_out.update(left_out or {})


def registered_sources() -> tuple[Source, ...]:
    return tuple(_sources)


def left_out() -> Mapping[str, Words]:
    """Columns that lead to a person and are not told, each with the reason."""
    return _left_out


def columns(*paths: str) -> frozenset[str]:
    return frozenset(paths)


def name_of(account: User | None) -> str:
    """Who did something in office; empty for a job."""
    return account.get_full_name() if account else ""
