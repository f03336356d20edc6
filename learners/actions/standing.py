"""Keep the summaries in step with the facts: who is reached, how, and where.

One function, `assess`, decides for one person or for seventy thousand, so that the page
that is quick and the recount that is thorough cannot disagree.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from courses.choices import ECOMMERCE_TOPICS
from learners.choices import COUNTED_STAFF, REACHED, RecordState, Status
from learners.models import (
    Enrolment,
    Participation,
    ParticipationTally,
    Post,
    ReportingPeriod,
    StaffTally,
    Standing,
    TrainingRecord,
)
from learners.periods import period_month

BATCH = 2000

StaffKey = tuple[int, str, int]
"""organisation id, status, month of the period (0: not reached)"""

ParticipationKey = tuple[int, str, str, int]
"""organisation id, audience, topic, month of the period"""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where one person of the denominator stands, by the rule in force."""

    organisation_id: int
    status: str
    reached_on: date | None
    name_key: str

    def tally_key(self, period: ReportingPeriod) -> StaffKey:
        month = period_month(self.reached_on, period.starts_on) if self.reached_on else 0
        return (self.organisation_id, self.status, month)


# ------------------------------------------------------------------ deciding


def assess(period: ReportingPeriod, people: Collection[int] | None = None) -> dict[int, Assessment]:
    """Every person of the denominator (or those among `people`) with their standing.

    Counts a person once, at the main post in force on the cut-off day. Somebody without
    a counted post on that day is absent: leavers drop out of both sides of the percentage.
    """
    day = period.cut_off()
    posts = Post.objects.on(day).filter(staff_kind__in=COUNTED_STAFF)
    records = TrainingRecord.objects.filter(completed_on__range=(period.starts_on, day)).exclude(
        state=RecordState.RETURNED
    )
    open_courses = Enrolment.objects.filter(completed_at__isnull=True)
    if people is not None:
        posts = posts.filter(person__in=people)
        records = records.filter(person__in=people)
        open_courses = open_courses.filter(person__in=people)

    status: dict[int, str] = dict.fromkeys(
        open_courses.values_list("person_id", flat=True).iterator(), Status.LEARNING
    )
    reached_on: dict[int, date] = {}
    rows = records.values_list("person_id", "mode", "state", "completed_on")
    for person_id, mode, state, completed_on in rows.iterator():
        found = _status_of(mode, state)
        if _RANK[found] < _RANK[status.get(person_id, Status.NOTHING)]:
            status[person_id] = found
        if found in REACHED:
            first = reached_on.get(person_id, completed_on)
            reached_on[person_id] = min(first, completed_on)

    assessments: dict[int, Assessment] = {}
    in_order = posts.order_by("person_id", "-is_main", "valid_from", "pk")
    for person_id, organisation_id, name_key in in_order.values_list(
        "person_id", "managing_unit_id", "person__name_key"
    ).iterator():
        if person_id not in assessments:
            assessments[person_id] = Assessment(
                organisation_id,
                str(status.get(person_id, Status.NOTHING)),
                reached_on.get(person_id),
                name_key,
            )
    return assessments


_RANK: dict[str, int] = {status: rank for rank, status in enumerate(Status)}


def _status_of(mode: str, state: str) -> Status:
    if state == RecordState.APPROVED:
        return Status(mode)
    return Status.WAITING if state == RecordState.WAITING else Status.DECLARED


def tally_participations(period: ReportingPeriod) -> Counter[ParticipationKey]:
    """Participations in e-commerce classes of the period, recounted from the facts."""
    rows = Participation.objects.filter(
        happened_on__range=(period.starts_on, period.ends_on),
        class_group__topic__in=ECOMMERCE_TOPICS,
    ).values_list("organisation_id", "audience", "class_group__topic", "happened_on")
    return Counter(
        (organisation_id, audience, topic, period_month(day, period.starts_on))
        for organisation_id, audience, topic, day in rows.iterator()
    )


# ------------------------------------------------------------------ keeping in step


@transaction.atomic
def refresh_people(people: Collection[int], period: ReportingPeriod) -> None:
    """Bring the standing of a few people and their units' tallies up to date.

    Idempotent. Call it in the transaction that writes the facts, after writing them.
    """
    _lock(period)
    before = {s.person_id: s for s in Standing.objects.filter(period=period, person__in=people)}
    after = assess(period, people)
    moved: Counter[StaffKey] = Counter()
    for person_id in sorted(before.keys() | after.keys()):
        old, new = before.get(person_id), after.get(person_id)
        if old is not None:
            moved[_key_of(old, period)] -= 1
        if new is not None:
            moved[new.tally_key(period)] += 1
            Standing.objects.update_or_create(
                period=period,
                person_id=person_id,
                defaults={
                    "organisation_id": new.organisation_id,
                    "status": new.status,
                    "reached_on": new.reached_on,
                    "name_key": new.name_key,
                },
            )
        elif old is not None:
            old.delete()
    for (organisation_id, status, month), change in moved.items():
        if change:
            tally, _created = StaffTally.objects.get_or_create(
                period=period,
                organisation_id=organisation_id,
                status=status,
                month=month,
                defaults={"people": 0},
            )
            StaffTally.objects.filter(pk=tally.pk).update(people=F("people") + change)


def _lock(period: ReportingPeriod) -> None:
    """One writer of a period's summaries at a time.

    A fact written before the lock is either seen by the recount that holds it, or added
    by its own refresh after that recount has committed: never both, never neither.
    """
    ReportingPeriod.objects.select_for_update().get(pk=period.pk)


def _key_of(standing: Standing, period: ReportingPeriod) -> StaffKey:
    return Assessment(standing.organisation_id, standing.status, standing.reached_on, "").tally_key(
        period
    )


def add_participation_to_tally(participation: Participation) -> None:
    """Count one new participation; called in the transaction that records it."""
    topic = participation.class_group.topic
    if topic not in ECOMMERCE_TOPICS:
        return
    for period in ReportingPeriod.objects.covering(participation.happened_on):
        _lock(period)
        tally, _created = ParticipationTally.objects.get_or_create(
            period=period,
            organisation_id=participation.organisation_id,
            audience=participation.audience,
            topic=topic,
            month=period_month(participation.happened_on, period.starts_on),
            defaults={"participations": 0},
        )
        ParticipationTally.objects.filter(pk=tally.pk).update(
            participations=F("participations") + 1
        )


def remove_participation_from_tally(participation: Participation) -> None:
    """Take one participation out again; called in the transaction that removes it."""
    topic = participation.class_group.topic
    if topic not in ECOMMERCE_TOPICS:
        return
    for period in ReportingPeriod.objects.covering(participation.happened_on):
        _lock(period)
        ParticipationTally.objects.filter(
            period=period,
            organisation_id=participation.organisation_id,
            audience=participation.audience,
            topic=topic,
            month=period_month(participation.happened_on, period.starts_on),
        ).update(participations=F("participations") - 1)


# ------------------------------------------------------------------ recounting


@dataclass(frozen=True, slots=True)
class Difference:
    """A summary that does not agree with the facts."""

    where: str
    stored: int
    counted: int


def differences(period: ReportingPeriod) -> list[Difference]:
    """What a recount would change; empty in a healthy system. Changes nothing."""
    assessments = assess(period)
    stored_people = {
        standing.person_id: _assessment_of(standing)
        for standing in Standing.objects.filter(period=period).iterator()
    }
    wrong = [
        Difference(
            f"person {person_id}",
            int(person_id in stored_people),
            int(person_id in assessments),
        )
        for person_id in sorted(stored_people.keys() | assessments.keys())
        if stored_people.get(person_id) != assessments.get(person_id)
    ]
    staff = Counter(a.tally_key(period) for a in assessments.values())
    wrong += _compare("unit", _stored_staff(period), staff)
    wrong += _compare(
        "participations", _stored_participations(period), tally_participations(period)
    )
    return wrong


def _assessment_of(standing: Standing) -> Assessment:
    return Assessment(
        standing.organisation_id,
        standing.status,
        standing.reached_on,
        standing.name_key,
    )


def _compare(what: str, stored: Counter, counted: Counter) -> list[Difference]:
    return [
        Difference(f"{what} {key}", stored[key], counted[key])
        for key in sorted(stored.keys() | counted.keys())
        if stored[key] != counted[key]
    ]


def _stored_staff(period: ReportingPeriod) -> Counter[StaffKey]:
    rows = StaffTally.objects.filter(period=period).values_list(
        "organisation_id", "status", "month", "people"
    )
    return Counter({(unit, status, month): people for unit, status, month, people in rows})


def _stored_participations(period: ReportingPeriod) -> Counter[ParticipationKey]:
    rows = ParticipationTally.objects.filter(period=period).values_list(
        "organisation_id", "audience", "topic", "month", "participations"
    )
    return Counter({(unit, group, topic, month): n for unit, group, topic, month, n in rows})


@transaction.atomic
def recount_period(period: ReportingPeriod) -> int:
    """Rebuild the period's summaries from the facts; returns the size of the denominator.

    Idempotent; one transaction, so a reader sees the old figures or the new, never half.
    """
    _lock(period)
    assessments = assess(period)
    Standing.objects.filter(period=period).delete()
    _bulk(
        Standing,
        (
            Standing(
                period=period,
                person_id=person_id,
                organisation_id=found.organisation_id,
                status=found.status,
                reached_on=found.reached_on,
                name_key=found.name_key,
            )
            for person_id, found in assessments.items()
        ),
    )
    StaffTally.objects.filter(period=period).delete()
    staff = Counter(found.tally_key(period) for found in assessments.values())
    _bulk(
        StaffTally,
        (
            StaffTally(
                period=period,
                organisation_id=unit,
                status=status,
                month=month,
                people=people,
            )
            for (unit, status, month), people in staff.items()
        ),
    )
    ParticipationTally.objects.filter(period=period).delete()
    _bulk(
        ParticipationTally,
        (
            ParticipationTally(
                period=period,
                organisation_id=unit,
                audience=audience,
                topic=topic,
                month=month,
                participations=count,
            )
            for (unit, audience, topic, month), count in tally_participations(period).items()
        ),
    )
    return len(assessments)


def _bulk(model: Any, rows: Iterable) -> None:
    model.objects.bulk_create(rows, batch_size=BATCH)
