"""Somebody who comes new to a unit: entered, unless a record of the same person is there already.

One person has one record for life. What a list of staff would find (learners.imports.staff_match)
is found here too, for one person.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from courses.text import fold
from learners.actions.posts import (
    Taken,
    Work,
    change_main_post,
    correct_person,
    enter_person,
)
from learners.models import Organisation, Person, PersonalNumber, User
from learners.permissions import MANAGE_STAFF, people_for

SHOWN = 9


class IsKnown(Exception):
    """`person` has this number and this name: the record goes on, no second one is made."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.pk)
        self.person = person


class MayBeKnown(Exception):
    """`people` have this name, or this phone: whoever enters has to say that it is another."""

    def __init__(self, people: list[Person]) -> None:
        super().__init__([person.pk for person in people])
        self.people = people


@transaction.atomic
def enter_newcomer(
    facts: Mapping[str, Any],
    number: str,
    work: Work,
    *,
    day: date,
    by: User,
    why: str,
    other_than: Collection[int] = (),
) -> Person:
    """A new record with its first post. The unit is locked: of two clicks the second finds what
    the first has made. Raises Taken, IsKnown, or MayBeKnown: people whom `other_than` leaves out.
    """
    Organisation.objects.select_for_update().get(pk=work.managing_unit_id)
    if known := known_record(facts, number, by=by):
        raise IsKnown(known)
    twins = [twin for twin in _twins(facts, work, by) if twin.pk not in other_than]
    if twins:
        raise MayBeKnown(twins)
    return enter_person(facts, number, work, day=day, by=by, why=why)


@transaction.atomic
def take_over(
    person: Person,
    facts: Mapping[str, Any],
    number: str,
    work: Work,
    *,
    day: date,
    by: User,
    why: str,
) -> Person:
    """The record of somebody who worked elsewhere goes on here, with all that was learnt; facts
    that it lacked are filled in. Raises Taken when the numbers are not this person's or it is the
    officer himself, TooEarly, NothingChanges.
    """
    if known_record(facts, number, by=by) != person or person.user_id == by.pk:
        raise Taken
    lacking = {name: value for name, value in facts.items() if value and not getattr(person, name)}
    has_kind = person.personal_numbers.filter(length=len(number)).exists()
    correct_person(person, lacking, "" if has_kind else number, by=by, why=why)
    change_main_post(person, work, day=day, by=by, why=why)
    return person


def known_record(facts: Mapping[str, Any], number: str, *, by: User) -> Person | None:
    """The record that has the personal number, or else the staff number, of somebody with this
    name. A staff number alone says enough only about people in the officer's own units.

    Raises Taken when the number belongs to somebody else.
    """
    held = PersonalNumber.objects.of([number]).first() if number else None
    if held is not None:
        person = held.person.current
        return _sure(person, _is_alike(person, facts, whole=False))
    staff_number = facts.get("staff_number")
    found = Person.objects.filter(staff_number=staff_number).first() if staff_number else None
    if found is None:
        return None
    person = found.current
    is_mine = people_for(by, MANAGE_STAFF).filter(pk=person.pk).exists()
    return _sure(person, _is_alike(person, facts, whole=not is_mine))


def _sure(person: Person, is_alike: bool) -> Person:
    if not is_alike or person.erased_at is not None:
        raise Taken
    return person


def _is_alike(person: Person, facts: Mapping[str, Any], *, whole: bool) -> bool:
    """Name or day of birth agree; both, where the whole is asked for."""
    named = fold(person.full_name) == fold(facts["full_name"])
    born = person.birth_date is not None and person.birth_date == facts.get("birth_date")
    return (named and born) if whole else (named or born)


def _twins(facts: Mapping[str, Any], work: Work, by: User) -> list[Person]:
    """Of the officer's people: the same name, marks aside, and day of birth; the same name in the
    same unit, where one of the days is unknown; the same phone."""
    here = Q(posts__managing_unit=work.managing_unit_id, posts__valid_to__isnull=True)
    born = facts.get("birth_date")
    born_then = Q(birth_date=born) | (Q(birth_date__isnull=True) & here)
    alike = Q(folded_name=fold(facts["full_name"])) & (born_then if born else here)
    if phone := facts.get("phone"):
        alike |= Q(phone=phone)
    people = people_for(by, MANAGE_STAFF).filter(merged_into__isnull=True).filter(alike)
    return list(people.distinct().order_by("name_key", "pk")[:SHOWN])
