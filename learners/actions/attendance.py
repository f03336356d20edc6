"""Presence in the sessions of a class, and what follows from it.

The participation and the training record of a class are derived from its attendances, in the
transaction that changes them: the first attendance makes the participation, the last one taken
back removes it; enough sessions complete the class.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from courses.models import ClassGroup, ClassSession
from learners.actions import participation_tallies
from learners.actions.records import Part, record_participations
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


def check_in(
    *, session: ClassSession, person: Person, way: CheckInWay, at: datetime, by: User | None
) -> bool:
    """Note that the person was there; False when that was known. As `check_in_many`."""
    added, _known = check_in_many(session=session, sightings=[Sighting(person, way, at)], by=by)
    return added == 1


@transaction.atomic
def check_in_many(
    *,
    session: ClassSession,
    sightings: Iterable[Sighting],
    by: User | None,
    from_queue: bool = False,
) -> tuple[int, int]:
    """How many were new and how many known. All of them or, when it breaks, none.

    Two phones at once, and the same list sent again, leave one row: people are locked first, and
    the database holds the pair unique. With `from_queue`, a glance that was taken back meanwhile
    (the same person at the same moment) stays taken back when it is sent again. A clock that runs
    ahead is set back to the moment of arrival. As many queries for forty people as for one.
    """
    sightings = list(sightings)
    people = _locked({seen.person.pk for seen in sightings})
    there = Attendance.objects.filter(session=session, person__in=people)
    known = set(there.filter(revoked_at__isnull=True).values_list("person_id", flat=True))
    gone = there.filter(revoked_at__isnull=False) if from_queue else there.none()
    taken_back = set(gone.values_list("person_id", "at"))
    first: dict[int, Sighting] = {}
    for seen in sightings:
        if (seen.person.pk, seen.at) not in taken_back:
            first.setdefault(seen.person.pk, seen)
    now = timezone.now()
    new = [first[pk] for pk in people if pk in first and pk not in known]
    Attendance.objects.bulk_create(
        Attendance(session=session, person=seen.person, way=seen.way, at=min(seen.at, now), by=by)
        for seen in new
    )
    if new:
        _settle(session.class_group, [people[seen.person.pk] for seen in new])
    return len(new), len(sightings) - len(new)


@transaction.atomic
def take_back(*, session: ClassSession, person: Person, by: User) -> bool:
    """Undo a wrong tick; False when there was none. The row stays, marked as taken back."""
    people = _locked([person.pk])
    standing = Attendance.objects.filter(session=session, person=person, revoked_at__isnull=True)
    changed = standing.update(revoked_at=timezone.now(), revoked_by=by)
    if changed:
        _settle(session.class_group, list(people.values()))
    return bool(changed)


def _locked(people: Iterable[int]) -> dict[int, Person]:
    """One at a time per person: two sessions synchronised at once must both be counted. In one
    order, so that two lists of the same people do not wait for each other; and not against those
    who write a row about one of them, of whom one might wait in turn."""
    found = Person.objects.select_for_update(no_key=True).filter(pk__in=people)
    return {person.pk: person for person in found.order_by("pk")}


def _settle(group: ClassGroup, people: Sequence[Person]) -> None:
    """Make participations and records say what the attendances say now; the people are locked."""
    days = days_attended(group, people)
    needed = group.sessions_needed(group.sessions.count())
    completed = {person for person, found in days.items() if len(found) >= needed}
    mine = Participation.objects.filter(person__in=people, class_group=group, source=CLASS_SOURCE)
    for participation in mine:
        attended = days.get(participation.person_id)
        # A first session that becomes known later moves the day, and with it perhaps the month.
        if not attended or participation.happened_on != attended[0]:
            participation_tallies.remove(participation)
            participation.delete()
    record_participations(
        class_group=group,
        parts=[
            Part(person, days[person.pk][0], completed=person.pk in completed)
            for person in people
            if person.pk in days
        ],
        source=CLASS_SOURCE,
    )
    mine.filter(completed=True).exclude(person__in=completed).update(completed=False)
    # The session that was enough, in whatever order the lists arrive.
    ends = {person: found[needed - 1] for person, found in days.items() if person in completed}
    _settle_records(group, people, ends)


def days_attended(group: ClassGroup, people: Iterable[Person]) -> dict[int, list[date]]:
    """By person, the days of the sessions attended, in order; a day twice for two sessions. Whoever
    attended none is absent."""
    attended = Attendance.objects.filter(
        session__class_group=group, person__in=people, revoked_at__isnull=True
    )
    days: dict[int, list[date]] = defaultdict(list)
    rows = attended.order_by("session__starts_at").values_list("person_id", "session__starts_at")
    for person, start in rows:
        days[person].append(timezone.localdate(start))
    return dict(days)


def _settle_records(group: ClassGroup, people: Sequence[Person], ends: Mapping[int, date]) -> None:
    """The training records of a completed class, which it is for the people of `ends` since that
    day; one that no longer holds is returned, not removed. Each period whose count it may change
    is refreshed."""
    found = TrainingRecord.objects.filter(person__in=people, class_group=group)
    known = {record.person_id: record for record in found}
    changed = [
        TrainingRecord.of_class(group, person, ends[person.pk])
        for person in people
        if person.pk in ends and person.pk not in known
    ]
    TrainingRecord.objects.bulk_create(changed)
    touched: list[tuple[int, date]] = []
    for record in known.values():
        state = RecordState.APPROVED if record.person_id in ends else RecordState.RETURNED
        day = ends.get(record.person_id, record.completed_on)
        if (record.state, record.completed_on) != (state, day):
            touched.append((record.person_id, record.completed_on))
            record.state, record.completed_on = state, day
            record.save(update_fields=["state", "completed_on"])
            changed.append(record)
    touched += [(record.person_id, record.completed_on) for record in changed]
    if not touched:
        return
    days = [day for _person, day in touched]
    # In the order in which all who refresh several periods take their locks.
    reached = ReportingPeriod.objects.filter(starts_on__lte=max(days), ends_on__gte=min(days))
    for period in reached.order_by("pk"):
        within = {person for person, day in touched if period.starts_on <= day <= period.ends_on}
        if within:
            refresh_people(sorted(within), period)
