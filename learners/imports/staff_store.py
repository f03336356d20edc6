"""Write a batch of plans into the register: many rows, few statements, one transaction."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from learners.actions.standing import refresh_since
from learners.imports.staff_plan import Plan
from learners.models import Person, PersonalNumber, Post

ONE_DAY = timedelta(days=1)


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
    people = {plan.row.line: pk for plan in writing if (pk := plan.person_id) is not None}
    _change_people([plan for plan in writing if plan.person and plan.fields])
    PersonalNumber.objects.bulk_create(
        _number(people[plan.row.line], plan.new_number) for plan in writing if plan.new_number
    )
    for plan in writing:
        if plan.closed is not None and plan.opens_on is not None:
            Post.objects.filter(pk=plan.closed.id).update(valid_to=plan.opens_on - ONE_DAY)
        if plan.post_fields and plan.person and plan.person.main:
            Post.objects.filter(pk=plan.person.main.id).update(**plan.post_fields)
    Post.objects.bulk_create(
        Post(person_id=people[plan.row.line], **plan.opened) for plan in writing if plan.opened
    )
    refresh_since(list(people.values()), _earliest(writing))


def _create_people(plans: Sequence[Plan]) -> None:
    fresh = [plan for plan in plans if plan.person is None]
    made = []
    for plan in fresh:
        person = Person(**plan.fields)
        person.set_names()
        made.append(person)
    Person.objects.bulk_create(made)
    for plan, person in zip(fresh, made, strict=True):
        plan.created = person.pk


def _change_people(plans: Sequence[Plan]) -> None:
    """Few people change; each gets its own statement."""
    for plan in plans:
        fields = dict(plan.fields)
        if "full_name" in fields:
            renamed = Person(full_name=str(fields["full_name"]))
            renamed.set_names()
            fields |= {"name_key": renamed.name_key, "folded_name": renamed.folded_name}
        Person.objects.filter(pk__in=[plan.person_id]).update(**fields)


def _number(person_id: int | None, number: str) -> PersonalNumber:
    return PersonalNumber.made(Person(pk=person_id), number)


def _earliest(plans: Sequence[Plan]) -> date:
    days = [timezone.localdate()]
    for plan in plans:
        if plan.opens_on is not None:
            days.append(plan.opens_on)
        if plan.person is not None and plan.person.main is not None and plan.fields:
            days.append(plan.person.main.valid_from)
    return min(days)
