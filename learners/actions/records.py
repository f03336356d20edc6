"""Evidence written down, and the targets moved with it in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
            # Locked: the person may be checking in to the same class. Not against whoever writes
            # rows about the person, as this transaction did: two courses ended at once would
            # wait for each other.
            person=Person.objects.select_for_update(no_key=True).get(pk=enrolment.person_id),
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
    """As `record_participations`, for one; None for somebody of no group."""
    part = Part(person, day, completed)
    found = record_participations(class_group=class_group, parts=[part], source=source)
    return found.get(person.pk)


@dataclass(frozen=True)
class Part:
    """Somebody took part in a class, on a day."""

    person: Person
    day: date
    completed: bool


def record_participations(
    *, class_group: ClassGroup, parts: Sequence[Part], source: str
) -> dict[int, Participation]:
    """Each person in the class, once: whoever has a row keeps it. By person.

    The audience and the unit are copied as they are that day and stay so. No row for somebody who
    belongs to none of the plan's seven groups. As many queries for forty people as for one, as
    long as they began on one day. Call it in a transaction that holds the people's rows: then
    nobody else adds one meanwhile, else the database refuses the second.
    """
    people = {part.person.pk: part for part in parts}
    rows = Participation.objects.filter(class_group=class_group, person__in=people)
    found = {row.person_id: row for row in rows}
    finished = [
        row.pk for person, row in found.items() if people[person].completed and not row.completed
    ]
    if finished:
        Participation.objects.filter(pk__in=finished).update(completed=True)
    missing = [part for person, part in people.items() if person not in found]
    groups = _groups_of(missing)
    new = [
        Participation(
            person=part.person,
            class_group=class_group,
            audience=audience,
            organisation_id=organisation_id,
            business_id=None if audience == Audience.OFFICIAL else part.person.business_id,
            happened_on=part.day,
            completed=part.completed,
            source=source,
        )
        for part in missing
        if part.person.pk in groups
        for audience, organisation_id in [groups[part.person.pk]]
    ]
    Participation.objects.bulk_create(new)
    participation_tallies.add(new)
    return found | {row.person_id: row for row in new}


def _groups_of(parts: Iterable[Part]) -> dict[int, tuple[str, int]]:
    """By person: staff with a counted post on their day are officials of that unit; others as their
    record says. Who belongs to no group is absent."""
    by_day: dict[date, list[Person]] = defaultdict(list)
    for part in parts:
        by_day[part.day].append(part.person)
    groups: dict[int, tuple[str, int]] = {}
    for day, people in by_day.items():
        posts = Post.objects.on(day).filter(person__in=people, staff_kind__in=COUNTED_STAFF)
        for person, unit in posts.order_by("-is_main", "valid_from", "pk").values_list(
            "person_id", "managing_unit_id"
        ):
            groups.setdefault(person, (Audience.OFFICIAL, unit))
        for person in people:
            if person.pk not in groups and person.audience:
                place = person.commune_id or _province_on(day)
                groups[person.pk] = (person.audience, place)
    return groups


def _province_on(day: date) -> int:
    return OrganisationVersion.objects.on(day).get(code=PROVINCE_CODE).organisation_id
