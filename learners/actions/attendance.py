"""Presence in the sessions of a class, and what follows from it.

The participation and the training record of a class are derived from its attendances, in the
transaction that changes them: the first attendance makes the participation, the last one taken
back removes it; enough sessions complete the class.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.models import ClassGroup, ClassSession
from learners.actions import participation_tallies
from learners.actions.records import record_participation
from learners.actions.standing import refresh_people
from learners.choices import CheckInWay, RecordState
from learners.models import (
    Attendance,
    Participation,
    Person,
    ReportingPeriod,
    TrainingRecord,
    User,
)
from learners.models.records import CLASS_SOURCE


@dataclass(frozen=True)
class Sighting:
    """Somebody seen at a session, perhaps an hour ago by a phone without a network."""

    person: Person
    way: CheckInWay
    at: datetime


@transaction.atomic
def check_in(
    *, session: ClassSession, person: Person, way: CheckInWay, at: datetime, by: User | None
) -> bool:
    """Note that the person was there; False when that was known.

    Two phones at once, and the same list sent again, leave one row: the database holds the
    pair unique. A clock that runs ahead is set back to the moment of arrival.
    """
    try:
        with transaction.atomic():
            Attendance.objects.create(
                session=session, person=person, way=way, at=min(at, timezone.now()), by=by
            )
    except IntegrityError:
        return False
    _settle(session.class_group, person)
    return True


def check_in_many(
    *, session: ClassSession, sightings: Iterable[Sighting], by: User
) -> tuple[int, int]:
    """How many were new and how many known. Each in a transaction of its own, so what has
    arrived stays when the network breaks in the middle."""
    results = [
        check_in(session=session, person=seen.person, way=seen.way, at=seen.at, by=by)
        for seen in sightings
    ]
    return sum(results), len(results) - sum(results)


@transaction.atomic
def take_back(*, session: ClassSession, person: Person, by: User) -> bool:
    """Undo a wrong tick; False when there was none. The row stays, marked as taken back."""
    standing = Attendance.objects.filter(session=session, person=person, revoked_at__isnull=True)
    changed = standing.update(revoked_at=timezone.now(), revoked_by=by)
    if changed:
        _settle(session.class_group, person)
    return bool(changed)


def _settle(group: ClassGroup, person: Person) -> None:
    """Make participation and record say what the attendances say now."""
    # One at a time per person: two sessions synchronised at once must both be counted.
    Person.objects.select_for_update().get(pk=person.pk)
    days = days_attended(group, person)
    planned = group.sessions.count()
    completed = len(days) >= group.sessions_needed(planned)
    mine = Participation.objects.filter(person=person, class_group=group, source=CLASS_SOURCE)
    for participation in mine:
        # A first session that becomes known later moves the day, and with it perhaps the month.
        if not days or participation.happened_on != days[0]:
            participation_tallies.remove(participation)
            participation.delete()
    if days:
        record_participation(
            person=person,
            class_group=group,
            day=days[0],
            completed=completed,
            source=CLASS_SOURCE,
        )
    if not completed:
        mine.filter(completed=True).update(completed=False)
    _settle_record(group, person, days[-1] if completed else None)


def days_attended(group: ClassGroup, person: Person) -> list[date]:
    """The days of the sessions attended, in order; a day twice for two sessions."""
    sessions = group.sessions.filter(
        attendances__person=person, attendances__revoked_at__isnull=True
    )
    starts = sessions.order_by("starts_at").values_list("starts_at", flat=True)
    return [timezone.localdate(start) for start in starts]


def _settle_record(group: ClassGroup, person: Person, day: date | None) -> None:
    """The training record of a completed class; one that no longer holds is returned, not
    removed. Each period whose count it may change is refreshed."""
    record = TrainingRecord.objects.filter(person=person, class_group=group).first()
    if record is None:
        if day is None:
            return
        record = TrainingRecord.of_class(group, person, day)
        record.save()
    else:
        state = RecordState.APPROVED if day else RecordState.RETURNED
        if record.state == state:
            return
        record.state = state
        record.save(update_fields=["state"])
    for period in ReportingPeriod.objects.covering(record.completed_on):
        refresh_people([person.pk], period)
