"""Whom the rows of a list mean: by personal number, then staff number; else only proposed."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from courses.text import fold
from learners.imports.staff_rows import StaffRow
from learners.models import Person, PersonalNumber, Post, Tombstone
from learners.models.erasures import mark_of
from learners.normalise import name_key
from learners.personal_numbers import digest_of


class StoredPost(NamedTuple):
    id: int
    managing_unit: int
    using_unit: int
    staff_kind: str
    title: str
    is_main: bool
    is_it_officer: bool
    valid_from: date


@dataclass(slots=True)
class StoredPerson:
    """Somebody in the register, with the posts that have not ended."""

    id: int
    full_name: str
    staff_number: str
    birth_date: date | None
    phone: str
    main: StoredPost | None = None
    seconds: list[StoredPost] = field(default_factory=list)
    digests: dict[int, str] = field(default_factory=dict)
    """By length of the number."""

    @property
    def is_bare(self) -> bool:
        """Nothing but the name tells who it is."""
        return not (self.staff_number or self.birth_date or self.digests)

    def has_the_name(self, name: str) -> bool:
        """The same name, wherever its tones are written: Hoà is Hòa."""
        return self.full_name == name or _tones(self.full_name) == _tones(name)


def _tones(name: str) -> tuple:
    return tuple(
        (fold(word), *sorted(filter(unicodedata.combining, unicodedata.normalize("NFD", word))))
        for word in name.lower().split()
    )


NameBirth = tuple[str, date]


class Register:
    """What the database holds about the people a batch of rows may mean: seven queries."""

    def __init__(self, rows: Sequence[StaffRow], day: date, accepted: Collection[int] = ()) -> None:
        self.day = day
        self.digests = {
            row.personal_number: digest_of(row.personal_number)
            for row in rows
            if row.personal_number
        }
        self.by_digest: dict[str, int] = dict(
            PersonalNumber.objects.filter(digest__in=self.digests.values()).values_list(
                "digest", "person"
            )
        )
        numbers = {row.staff_number for row in rows if row.staff_number}
        by_number = Person.objects.filter(staff_number__in=numbers)
        current = Coalesce("merged_into", "pk")
        self.by_staff_number: dict[str, int] = {
            number: pk for number, pk in by_number.values_list("staff_number", current) if number
        }
        self.namesakes = self._namesakes(row for row in rows if self.number_match(row) is None)
        wanted = {*self.by_digest.values(), *self.by_staff_number.values()}
        wanted.update(pk for pks in self.namesakes.values() for pk in pks)
        self.undated = _undated([row for row in rows if self.number_match(row) is None])
        wanted.update(pk for pks in self.undated.values() for pk in pks)
        self.people = _people(wanted, day)
        self.erased = _erased(rows, self.digests)

    def number_match(self, row: StaffRow) -> int | None:
        """The person who has the row's personal number, or else its staff number."""
        by_digest = self.by_digest.get(self.digests.get(row.personal_number, ""))
        return by_digest or self.by_staff_number.get(row.staff_number)

    def was_erased(self, row: StaffRow) -> date | None:
        """The day on which the data of whom the row means was erased at his request."""
        found = [self.erased[mark] for mark in _marks(row, self.digests) if mark in self.erased]
        return max(found, default=None)

    def same_name_and_birth(self, row: StaffRow) -> list[StoredPerson]:
        if row.birth_date is None or not self.namesakes:
            return []
        found = self.namesakes.get((name_key(row.full_name), row.birth_date), ())
        return [self.people[pk] for pk in found]

    def same_name_undated(self, row: StaffRow) -> list[StoredPerson]:
        """Of this name, where the row's day of birth or the register's is unknown."""
        found = [self.people[pk] for pk in self.undated.get(name_key(row.full_name), ())]
        return [person for person in found if not (row.birth_date and person.birth_date)]

    def _namesakes(self, rows: Iterable[StaffRow]) -> dict[NameBirth, list[int]]:
        wanted = {
            (name_key(row.full_name), row.birth_date)
            for row in rows
            if row.full_name and row.birth_date
        }
        found: dict[NameBirth, list[int]] = defaultdict(list)
        if wanted:
            people = Person.objects.filter(
                merged_into__isnull=True,
                name_key__in={key for key, _day in wanted},
                birth_date__in={day for _key, day in wanted},
            )
            for pk, key, birth in people.order_by("pk").values_list("pk", "name_key", "birth_date"):
                if birth is not None and (key, birth) in wanted:
                    found[key, birth].append(pk)
        return found


def _undated(rows: Sequence[StaffRow]) -> dict[str, list[int]]:
    """By name: who has no day of birth in the register, or in the list. One query."""
    names = {name_key(row.full_name) for row in rows if row.full_name}
    undated = {name_key(row.full_name) for row in rows if row.full_name and not row.birth_date}
    found: dict[str, list[int]] = defaultdict(list)
    if names:
        one_unknown = Q(birth_date__isnull=True) | Q(name_key__in=undated)
        people = Person.objects.filter(one_unknown, merged_into__isnull=True, name_key__in=names)
        for pk, name in people.order_by("pk").values_list("pk", "name_key"):
            found[name].append(pk)
    return found


def _marks(row: StaffRow, digests: dict[str, str]) -> Iterator[str]:
    """By what an erased person would be known again."""
    if row.personal_number:
        yield digests[row.personal_number]
    if row.staff_number:
        yield mark_of("staff", row.staff_number)
    if row.full_name and row.birth_date:
        yield mark_of("born", f"{name_key(row.full_name)}|{row.birth_date:%Y-%m-%d}")


def _erased(rows: Sequence[StaffRow], digests: dict[str, str]) -> dict[str, date]:
    """The marks among the rows', with the day of the erasure; asked only where there are any."""
    if not Tombstone.objects.exists():
        return {}
    wanted = {mark for row in rows for mark in _marks(row, digests)}
    found = Tombstone.objects.filter(digest__in=wanted).values_list("digest", "erasure__closed_at")
    return {mark: localdate(at) for mark, at in found if at is not None}


def _people(wanted: Collection[int], day: date) -> dict[int, StoredPerson]:
    people = {
        pk: StoredPerson(pk, name, number or "", birth, phone)
        for pk, name, number, birth, phone in Person.objects.filter(pk__in=wanted)
        .order_by()
        .values_list("pk", "full_name", "staff_number", "birth_date", "phone")
    }
    open_posts = Post.objects.filter(person__in=wanted, valid_to__isnull=True).order_by("pk")
    for person, *post in open_posts.values_list(
        "person_id",
        "pk",
        "managing_unit_id",
        "using_unit_id",
        "staff_kind",
        "title",
        "is_main",
        "is_it_officer",
        "valid_from",
    ):
        stored = StoredPost._make(post)
        if stored.is_main:
            people[person].main = stored
        else:
            people[person].seconds.append(stored)
    for person, length, digest in (
        PersonalNumber.objects.filter(person__in=wanted)
        .order_by()
        .values_list("person_id", "length", "digest")
    ):
        people[person].digests[length] = digest
    return people
