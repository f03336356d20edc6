"""Write a batch of plans into the register: many rows, few statements, one transaction."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from courses.fast_rows import insert_rows, reserve_keys
from courses.text import fold, nfc
from learners.actions.standing import refresh_since
from learners.imports.staff_plan import Plan
from learners.models import Person, PersonalNumber, Post
from learners.normalise import name_key
from learners.personal_numbers import digest_of, seal_many

ONE_DAY = timedelta(days=1)
PERSON = ["full_name", "staff_number", "birth_date", "phone"]
NUMBER = ["person_id", "length", "sealed", "digest"]
POST = [
    "managing_unit_id",
    "using_unit_id",
    "staff_kind",
    "title",
    "is_main",
    "is_it_officer",
    "valid_from",
]


@transaction.atomic
def store(plans: Sequence[Plan]) -> None:
    """Create, change and move as planned, and bring the standings in step.

    Raises IntegrityError, with nothing written, when the register changed since the plan was
    made; the caller plans anew.
    """
    writing = [plan for plan in plans if plan.writes]
    if not writing:
        return
    _create_people(writing)
    created = {plan.row.line: plan.created for plan in writing if plan.created is not None}
    for plan in writing:
        if plan.joins:
            plan.created = created[plan.joins]
    people = {plan.row.line: pk for plan in writing if (pk := plan.person_id) is not None}
    _change_people([plan for plan in writing if plan.fields and (plan.person or plan.joins)])
    _add_numbers([(people[plan.row.line], plan.new_number) for plan in writing if plan.new_number])
    for plan in writing:
        if plan.closed is not None and plan.opens_on is not None:
            Post.objects.filter(pk=plan.closed.id).update(valid_to=plan.opens_on - ONE_DAY)
        if plan.post_fields and plan.person and plan.person.main:
            Post.objects.filter(pk=plan.person.main.id).update(**plan.post_fields)
    insert_rows(
        Post,
        ["person_id", *POST, "end_reason"],
        (
            (people[plan.row.line], *(plan.opened[name] for name in POST), "")
            for plan in writing
            if plan.opened
        ),
    )
    new = sorted(set(created.values()))
    first = _earliest(writing)
    refresh_since(new, first, are_new=True)
    refresh_since(sorted(set(people.values()) - set(new)), first)


def _add_numbers(found: Sequence[tuple[int, str]]) -> None:
    sealed = seal_many([number for _person, number in found])
    insert_rows(
        PersonalNumber,
        NUMBER,
        [
            (person, len(number), kept, digest_of(number))
            for (person, number), kept in zip(found, sealed, strict=True)
        ],
    )


def _create_people(plans: Sequence[Plan]) -> None:
    fresh = [plan for plan in plans if plan.person is None and not plan.joins]
    if not fresh:
        return
    for plan, key in zip(fresh, reserve_keys(Person, len(fresh)), strict=True):
        plan.created = key
    insert_rows(Person, ["id", *PERSON, "name_key", "folded_name", "audience"], map(_row, fresh))


def _row(plan: Plan) -> tuple[object, ...]:
    name = nfc(str(plan.fields["full_name"]))
    known = (plan.fields[fact] for fact in PERSON[1:])
    return (plan.created, name, *known, name_key(name), fold(name), "")


def _change_people(plans: Sequence[Plan]) -> None:
    """Few people change; each gets its own statement, in the order in which a list of check-ins
    locks them: in another one the two could wait for each other."""
    for plan in sorted(plans, key=lambda one: one.person_id or 0):
        fields = dict(plan.fields)
        if "full_name" in fields:
            renamed = Person(full_name=str(fields["full_name"]))
            renamed.set_names()
            fields |= {"name_key": renamed.name_key, "folded_name": renamed.folded_name}
        Person.objects.filter(pk__in=[plan.person_id]).update(**fields)


def _earliest(plans: Sequence[Plan]) -> date:
    days = [timezone.localdate()]
    for plan in plans:
        if plan.opens_on is not None:
            days.append(plan.opens_on)
        if plan.person is not None and plan.person.main is not None and plan.fields:
            days.append(plan.person.main.valid_from)
    return min(days)
