"""Whom the rows of a list mean: by personal number, then staff number; else only proposed."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from courses.fast_rows import among, keys_where
from courses.text import fold
from learners.imports.staff_rows import StaffRow
from learners.models import Person, PersonalNumber, Post, Tombstone
from learners.models.erasures import mark_of
from learners.normalise import name_key
from learners.personal_numbers import digest_of

FACTS = ("full_name", "staff_number", "birth_date", "phone")
"""Of a person, in the order of StoredPerson."""


class StoredPost(NamedTuple):
    id: int
    managing_unit: int
    using_unit: int
    staff_kind: str
    title: str
    is_main: bool
    is_it_officer: bool
    valid_from: date


POST = (
    "pk",
    "managing_unit_id",
    "using_unit_id",
    "staff_kind",
    "title",
    "is_main",
    "is_it_officer",
    "valid_from",
)
"""In the order of StoredPost."""


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
    """What the database holds about the people a batch of rows may mean: two queries where all
    are known by their personal numbers, six at most."""

    def __init__(self, rows: Sequence[StaffRow]) -> None:
        self.digests = {
            row.personal_number: digest_of(row.personal_number)
            for row in rows
            if row.personal_number
        }
        self.people: dict[int, StoredPerson] = {}
        self.by_digest: dict[str, int] = {}
        self._find_digests()
        self.by_staff_number: dict[str, int] = {}
        wanted = self._find_staff_numbers(rows)
        unknown = [row for row in rows if self.number_match(row) is None]
        self.namesakes = _namesakes(unknown)
        self.undated = _undated(unknown)
        wanted.update(pk for pks in self.namesakes.values() for pk in pks)
        wanted.update(pk for pks in self.undated.values() for pk in pks)
        self._add_people(wanted)
        self._add_posts()
        self.erased = _erased(unknown, self.digests)

    def _find_digests(self) -> None:
        """Whose the personal numbers are, with what is held about them. One query."""
        if not self.digests:
            return
        found = PersonalNumber.objects.filter(digest__in=among(self.digests.values())).order_by()
        facts = [f"person__{name}" for name in FACTS]
        for digest, length, pk, name, number, birth, phone in found.values_list(
            "digest", "length", "person_id", *facts
        ):
            person = self.people.get(pk)
            if person is None:
                person = StoredPerson(pk, name, number or "", birth, phone)
                self.people[pk] = person
            person.digests[length] = digest
            self.by_digest[digest] = pk

    def _find_staff_numbers(self, rows: Sequence[StaffRow]) -> set[int]:
        """Whose the staff numbers are; known without asking for whoever has the row's personal
        number as well. Returns the others: of them every number must be at hand, whatever number
        another row knows them by. One query at most."""
        asked = set()
        for row in rows:
            number = row.staff_number
            if not number:
                continue
            pk = self.by_digest.get(self.digests.get(row.personal_number, ""))
            if pk is not None and self.people[pk].staff_number == number:
                self.by_staff_number[number] = pk
            else:
                asked.add(number)
        if not asked:
            return set()
        current = Coalesce("merged_into", "pk")
        found = Person.objects.filter(staff_number__in=among(asked)).order_by()
        others = {number: pk for number, pk in found.values_list("staff_number", current) if number}
        self.by_staff_number |= others
        return set(others.values())

    def _add_people(self, wanted: Collection[int]) -> None:
        """Those met otherwise than by personal number, with all their numbers. Two queries."""
        if not wanted:
            return
        found = Person.objects.filter(pk__in=among(wanted)).order_by()
        for pk, name, number, birth, phone in found.values_list("pk", *FACTS):
            if pk not in self.people:
                self.people[pk] = StoredPerson(pk, name, number or "", birth, phone)
        numbers = PersonalNumber.objects.filter(person__in=among(wanted)).order_by()
        for pk, length, digest in numbers.values_list("person_id", "length", "digest"):
            self.people[pk].digests[length] = digest

    def _add_posts(self) -> None:
        """The posts that have not ended. One query."""
        if not self.people:
            return
        found = Post.objects.filter(person__in=among(self.people), valid_to__isnull=True)
        for person, *post in found.order_by("pk").values_list("person_id", *POST):
            stored = StoredPost._make(post)
            if stored.is_main:
                self.people[person].main = stored
            else:
                self.people[person].seconds.append(stored)

    def number_match(self, row: StaffRow) -> int | None:
        """The person who has the row's personal number, or else its staff number."""
        by_digest = self.by_digest.get(self.digests.get(row.personal_number, ""))
        return by_digest or self.by_staff_number.get(row.staff_number)

    def was_erased(self, row: StaffRow) -> date | None:
        """The day on which the data of whom the row means was erased at his request."""
        if not self.erased:
            return None
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


def _namesakes(rows: Sequence[StaffRow]) -> dict[NameBirth, list[int]]:
    """By name and day of birth. One query at most."""
    wanted = {
        (name_key(row.full_name), row.birth_date)
        for row in rows
        if row.full_name and row.birth_date
    }
    found: dict[NameBirth, list[int]] = defaultdict(list)
    if wanted:
        people = Person.objects.filter(
            merged_into__isnull=True, pk__in=keys_where(Person, ["name_key", "birth_date"], wanted)
        )
        for pk, key, birth in people.order_by("pk").values_list("pk", "name_key", "birth_date"):
            if birth is not None:
                found[key, birth].append(pk)
    return found


def _undated(rows: Sequence[StaffRow]) -> dict[str, list[int]]:
    """By name: who has no day of birth in the register, or in the list. One query."""
    names = {name_key(row.full_name) for row in rows if row.full_name}
    undated = {name_key(row.full_name) for row in rows if row.full_name and not row.birth_date}
    found: dict[str, list[int]] = defaultdict(list)
    if names:
        one_unknown = Q(birth_date__isnull=True)
        if undated:
            one_unknown |= Q(name_key__in=among(undated))
        people = Person.objects.filter(
            one_unknown, merged_into__isnull=True, name_key__in=among(names)
        )
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
    found = Tombstone.objects.filter(digest__in=among(wanted)).values_list(
        "digest", "erasure__closed_at"
    )
    return {mark: localdate(at) for mark, at in found if at is not None}
