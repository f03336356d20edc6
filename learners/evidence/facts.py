"""What the register knows about one class, read once so that all lists of a pack agree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from courses.models import ClassGroup, ClassSession
from learners.choices import SeatState
from learners.models import (
    Attendance,
    Participation,
    Person,
    PersonalNumber,
    Post,
    Seat,
    TrainingRecord,
)
from learners.reports.names import names_on, short_name


@dataclass(frozen=True)
class Member:
    """Somebody who signed up or was there. The number is the same in every list of the pack."""

    number: int
    person: Person
    unit: str
    masked_number: str
    seat: Seat | None
    participation: Participation | None
    record: TrainingRecord | None
    attended: int


@dataclass(frozen=True)
class ClassFacts:
    group: ClassGroup
    sessions: list[ClassSession]
    members: list[Member]
    attendances: list[Attendance]
    """Those taken back too, by session and then by time."""

    def session_number(self, session_id: int) -> int:
        """1 for the first session."""
        return [session.pk for session in self.sessions].index(session_id) + 1

    @property
    def needed(self) -> int:
        return self.group.sessions_needed(len(self.sessions))


def facts_of(group: ClassGroup) -> ClassFacts:
    """Nine queries, however many people came. Call it in a transaction."""
    sessions = list(group.sessions.order_by("starts_at", "pk"))
    attendances = list(
        Attendance.objects.filter(session__class_group=group)
        .select_related("by", "revoked_by")
        .order_by("session__starts_at", "at", "pk")
    )
    seats = {seat.person_id: seat for seat in Seat.objects.filter(class_group=group)}
    took_part = {row.person_id: row for row in Participation.objects.filter(class_group=group)}
    signed_up = {pk for pk, seat in seats.items() if seat.state != SeatState.WITHDRAWN}
    ids = signed_up | {row.person_id for row in attendances} | took_part.keys()
    people = sorted(Person.objects.filter(pk__in=ids), key=lambda p: (p.name_key, p.pk))
    records = {row.person_id: row for row in TrainingRecord.objects.filter(class_group=group)}
    attended: dict[int, set[int]] = defaultdict(set)
    for row in attendances:
        if row.revoked_at is None:
            attended[row.person_id].add(row.session_id)
    units = _units(people, took_part, group.ends_on)
    numbers = _masked_numbers(ids)
    members = [
        Member(
            number=number,
            person=person,
            unit=units.get(person.pk, ""),
            masked_number=numbers.get(person.pk, ""),
            seat=seats.get(person.pk),
            participation=took_part.get(person.pk),
            record=records.get(person.pk),
            attended=len(attended[person.pk]),
        )
        for number, person in enumerate(people, start=1)
    ]
    return ClassFacts(group, sessions, members, attendances)


def _units(people: list[Person], took_part: dict[int, Participation], day: date) -> dict[int, str]:
    """The unit or commune as it was when the class took place: later moves change no evidence."""
    posts = Post.objects.on(day).filter(person__in=people, is_main=True).order_by("pk")
    places = {person.pk: (person.commune_id, day) for person in people if person.commune_id}
    places |= {person: (unit, day) for person, unit in posts.values_list("person", "managing_unit")}
    places |= {pk: (row.organisation_id, row.happened_on) for pk, row in took_part.items()}
    names = names_on(places.values())
    return {pk: short_name(names.get(place, "")) for pk, place in places.items()}


def _masked_numbers(people: set[int]) -> dict[int, str]:
    """The newest kind of number of each, as far as a page may show it."""
    rows = PersonalNumber.objects.filter(person__in=people).order_by("length")
    return {row.person_id: row.masked for row in rows}


def moment(at: datetime | None) -> str:
    """A time as people here write it; nothing for none."""
    return f"{timezone.localtime(at):%H:%M:%S %d/%m/%Y}" if at else ""
