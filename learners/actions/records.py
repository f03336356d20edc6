"""Evidence written down, and the targets moved with it in one transaction."""

from datetime import date

from django.utils import timezone

from courses.choices import Audience
from courses.models import ClassGroup
from learners.actions import participation_tallies
from learners.actions.standing import refresh_people
from learners.choices import COUNTED_STAFF, ONLINE_SOURCE, PROVINCE_CODE, Mode, RecordState
from learners.models import (
    Enrolment,
    OrganisationVersion,
    Participation,
    Person,
    Post,
    ReportingPeriod,
    TrainingRecord,
)


def record_completion(enrolment: Enrolment) -> TrainingRecord:
    """The training record of a completed online course, and its participation if a class ran it.

    Call inside the transaction that completes the enrolment. Idempotent.
    """
    day = timezone.localdate(enrolment.completed_at)
    record, _created = TrainingRecord.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "person_id": enrolment.person_id,
            "mode": Mode.ONLINE,
            "state": RecordState.APPROVED,
            "title": enrolment.title,
            "hours": enrolment.hours or enrolment.edition.hours,
            "completed_on": day,
            "source": ONLINE_SOURCE,
        },
    )
    if enrolment.class_group is not None:
        record_participation(
            person=enrolment.person,
            class_group=enrolment.class_group,
            day=day,
            completed=True,
            source=ONLINE_SOURCE,
        )
    for period in ReportingPeriod.objects.covering(day):
        refresh_people([enrolment.person_id], period)
    return record


def record_participation(
    *, person: Person, class_group: ClassGroup, day: date, completed: bool, source: str
) -> Participation | None:
    """One person in one class, once: a second call returns the first row.

    The audience and the unit are copied as they are that day and stay so. None, and no
    row, for somebody who belongs to none of the plan's seven groups.
    """
    group = _group_on(person, day)
    if group is None:
        return None
    audience, organisation_id = group
    participation, created = Participation.objects.get_or_create(
        person=person,
        class_group=class_group,
        defaults={
            "audience": audience,
            "organisation_id": organisation_id,
            "business_id": None if audience == Audience.OFFICIAL else person.business_id,
            "happened_on": day,
            "completed": completed,
            "source": source,
        },
    )
    if created:
        participation_tallies.add(participation)
    elif completed and not participation.completed:
        Participation.objects.filter(pk=participation.pk).update(completed=True)
    return participation


def _group_on(person: Person, day: date) -> tuple[str, int] | None:
    """Staff with a counted post are officials of that unit; others as their record says."""
    post = (
        Post.objects.on(day)
        .filter(person=person, staff_kind__in=COUNTED_STAFF)
        .order_by("-is_main", "valid_from", "pk")
        .first()
    )
    if post is not None:
        return Audience.OFFICIAL, post.managing_unit_id
    if not person.audience:
        return None
    return person.audience, person.commune_id or _province_on(day)


def _province_on(day: date) -> int:
    return OrganisationVersion.objects.on(day).get(code=PROVINCE_CODE).organisation_id
