"""Classes as people sign up for them, and the list of a session as its keeper reads it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from courses.models import ClassGroup, ClassSession
from learners.choices import SeatState
from learners.models import Attendance, Person, Post, Seat
from learners.normalise import name_key
from learners.person_codes import CHECK_IN, code_of
from learners.reports.names import short_name, unit_names
from learners.tree import tree_on


def open_classes() -> QuerySet[ClassGroup]:
    """What one can sign up for today, the next first, with the seats taken."""
    today = timezone.localdate()
    open_now = ClassGroup.objects.filter(is_open=True, ends_on__gte=today, cancellation=None)
    return with_seats(open_now).select_related("provider").order_by("starts_on", "code")


def with_seats(classes: QuerySet[ClassGroup]) -> QuerySet[ClassGroup]:
    """Each with `seated` and `waiting`."""
    return classes.annotate(
        seated=Count("seats", filter=Q(seats__state=SeatState.SEATED)),
        waiting=Count("seats", filter=Q(seats__state=SeatState.WAITING)),
    )


def place_in_queue(seat: Seat) -> int:
    """1 for the person who gets the next free seat."""
    before = Seat.objects.filter(class_group=seat.class_group_id, state=SeatState.WAITING).filter(
        Q(queued_at__lt=seat.queued_at) | Q(queued_at=seat.queued_at, pk__lt=seat.pk)
    )
    return before.count() + 1


@dataclass(frozen=True)
class RosterRow:
    person: Person
    unit: str
    code: str
    is_present: bool
    way: str
    is_walk_in: bool


def roster(session: ClassSession) -> list[RosterRow]:
    """Everybody who has a seat or was there, by given name. Four queries."""
    seated = set(
        Seat.objects.filter(class_group=session.class_group_id, state=SeatState.SEATED).values_list(
            "person_id", flat=True
        )
    )
    standing = Attendance.objects.filter(
        session__class_group=session.class_group_id, revoked_at__isnull=True
    )
    here = {row.person_id: row for row in standing if row.session_id == session.pk}
    ids = seated | {row.person_id for row in standing}
    people = sorted(Person.objects.filter(pk__in=ids), key=lambda p: (p.name_key, p.pk))
    units = units_of(people)
    return [
        RosterRow(
            person=person,
            unit=units.get(person.pk, ""),
            code=code_of(person.pk, CHECK_IN),
            is_present=person.pk in here,
            way=here[person.pk].get_way_display() if person.pk in here else "",
            is_walk_in=person.pk not in seated,
        )
        for person in people
    ]


def class_roster(group: ClassGroup) -> list[Person]:
    """Everybody who has a seat in the class or was there, by given name. One query."""
    seated = Seat.objects.filter(class_group=group, state=SeatState.SEATED)
    standing = Attendance.objects.filter(session__class_group=group, revoked_at__isnull=True)
    listed = Q(pk__in=seated.values("person")) | Q(pk__in=standing.values("person"))
    return list(Person.objects.filter(listed).order_by("name_key", "pk"))


def units_of(people: list[Person]) -> dict[int, str]:
    """Where each belongs today, unit or commune, by person. Two queries at the most."""
    today = timezone.localdate()
    posts = Post.objects.on(today).filter(person__in=people, is_main=True)
    units = dict(posts.values_list("person_id", "managing_unit_id"))
    for person in people:
        if person.pk not in units and person.commune_id:
            units[person.pk] = person.commune_id
    names = unit_names(units.values(), tree_on(today))
    return {pk: short_name(names.get(unit, "")) for pk, unit in units.items()}


@dataclass(frozen=True)
class SheetDifference:
    """A person on one list and not on the other."""

    name: str
    on_sheet: bool


def compare_with_sheet(session: ClassSession, names: list[str]) -> list[SheetDifference]:
    """Names read from the signed sheet against the attendances, by name without capitals and
    spaces; a name that occurs twice must be there twice."""
    present = [row.person.full_name for row in roster(session) if row.is_present]
    on_sheet, seen = _counted(names), _counted(present)
    return [
        SheetDifference((here or there)[0], on_sheet=len(here) > len(there))
        for key in sorted(on_sheet.keys() | seen.keys())
        for here, there in [(on_sheet.get(key, []), seen.get(key, []))]
        for _number in range(abs(len(here) - len(there)))
    ]


def _counted(names: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        if name.strip():
            found.setdefault(name_key(name), []).append(name.strip())
    return found


def sessions_with_counts(group: ClassGroup) -> list[tuple[ClassSession, int]]:
    """Each session with how many were there. One query."""
    standing = Count("attendances", filter=Q(attendances__revoked_at__isnull=True))
    return [(session, session.present) for session in group.sessions.annotate(present=standing)]


def near_session(group: ClassGroup) -> ClassSession | None:
    """The session that runs or comes next within the day; otherwise the last one."""
    sessions = list(group.sessions.all())
    soon = timezone.now() - timedelta(hours=2)
    coming = [session for session in sessions if session.ends_at >= soon]
    return next(iter(coming or sessions[-1:]), None)
