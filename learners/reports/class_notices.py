"""Who has a class ahead, how each is reached, and what became of what was told."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from courses.models import ClassGroup, ClassSession
from learners.choices import NoticeKind, ReminderChannel, SeatState, ToldState
from learners.models import ClassCancellation, ClassNotice, ClassTold, Leave, Person, Seat
from learners.reports.channels import channel_of
from learners.reports.classes import units_of

SHOWN_FOR = timedelta(days=14)
"""So long a change stands on the own page, and the text for it on the trainer's."""


@dataclass(frozen=True)
class Hours:
    """Of one session."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class News:
    """What was told of a class."""

    kind: str
    made_at: datetime


@dataclass(frozen=True)
class OwnClass:
    """A class in which somebody has a seat or waits for one."""

    seat: Seat
    session: Hours | None
    """The next one; None where none is planned any more."""
    news: News | None
    """What was told last, as long as it is new."""
    cancellation: ClassCancellation | None

    @property
    def group(self) -> ClassGroup:
        return self.seat.class_group

    @property
    def is_soon(self) -> bool:
        """Within the hours in which people are reminded; it then stands first on the page."""
        lead = timedelta(hours=settings.CLASS_REMINDER_HOURS)
        return (
            self.cancellation is None
            and self.seat.state == SeatState.SEATED
            and self.session is not None
            and self.session.starts_at <= timezone.now() + lead
        )


def own_classes(person: Person) -> list[OwnClass]:
    """The classes ahead, the next first. One query."""
    now = timezone.now()
    group = OuterRef("class_group")
    ahead = ClassSession.objects.filter(class_group=group, ends_at__gt=now)
    ahead = ahead.order_by("starts_at", "pk")
    told = ClassNotice.objects.filter(
        class_group=group, told__person=person, made_at__gte=now - SHOWN_FOR
    )
    told = told.exclude(kind=NoticeKind.REMINDER).order_by("-pk")
    held = person.seats.exclude(state=SeatState.WITHDRAWN)
    held = held.filter(class_group__ends_on__gte=timezone.localdate())
    seats = held.select_related("class_group__cancellation").annotate(
        starts_at=Subquery(ahead.values("starts_at")[:1]),
        ends_at=Subquery(ahead.values("ends_at")[:1]),
        told_kind=Subquery(told.values("kind")[:1]),
        told_at=Subquery(told.values("made_at")[:1]),
    )
    found = [
        OwnClass(
            seat,
            Hours(seat.starts_at, seat.ends_at) if seat.starts_at else None,
            News(seat.told_kind, seat.told_at) if seat.told_at else None,
            getattr(seat.class_group, "cancellation", None),
        )
        for seat in seats
    ]
    return sorted(found, key=_when)


def _when(own: OwnClass) -> tuple[str, int]:
    day = own.group.starts_on.isoformat()
    return (own.session.starts_at.isoformat() if own.session else day, own.group.pk)


# ------------------------------------------------------------------ for trainers and officers


@dataclass(frozen=True)
class Reached:
    """Somebody to be told, and by what way it can be done."""

    person: Person
    unit: str
    channel: ReminderChannel
    is_waiting: bool


@dataclass(frozen=True)
class Meeting:
    """One session ahead, and whom of those asked about it concerns."""

    session: ClassSession
    people: list[Reached]

    @property
    def by_hand(self) -> list[Reached]:
        return [one for one in self.people if one.channel == ReminderChannel.HAND]


def reached(group: ClassGroup, *, with_waiting: bool) -> list[Reached]:
    """Those with a seat in a class, and those who wait for one, by name. Four queries."""
    states = [SeatState.SEATED, SeatState.WAITING] if with_waiting else [SeatState.SEATED]
    return _reached(Seat.objects.filter(class_group=group, state__in=states))


def meetings_of(people: QuerySet[Person], until: datetime) -> list[Meeting]:
    """The sessions until then in which some of these people have a seat, the next first. A fixed
    number of queries."""
    seats = Seat.objects.filter(
        person__in=people.order_by(), state=SeatState.SEATED, class_group__cancellation=None
    )
    ahead = ClassSession.objects.filter(
        class_group__in=seats.values("class_group"),
        starts_at__gt=timezone.now(),
        starts_at__lte=until,
    )
    sessions = list(ahead.select_related("class_group").order_by("starts_at", "pk"))
    here = seats.filter(class_group__in={session.class_group_id for session in sessions})
    by_class: dict[int, list[Reached]] = {}
    for one, group in _with_class(here):
        by_class.setdefault(group, []).append(one)
    return [Meeting(session, by_class.get(session.class_group_id, [])) for session in sessions]


def _reached(seats: QuerySet[Seat]) -> list[Reached]:
    return [one for one, _group in _with_class(seats)]


def _with_class(seats: QuerySet[Seat]) -> list[tuple[Reached, int]]:
    """By name; nobody who is on a long leave."""
    away = Leave.objects.on(timezone.localdate()).values("person")
    found = list(
        seats.exclude(person__in=away)
        .select_related("person__user")
        .order_by("person__name_key", "pk")
    )
    units = units_of([seat.person for seat in found])
    return [
        (
            Reached(
                seat.person,
                units.get(seat.person_id, ""),
                channel_of(seat.person),
                seat.state == SeatState.WAITING,
            ),
            seat.class_group_id,
        )
        for seat in found
    ]


@dataclass(frozen=True)
class ToldFigures:
    """What became of one notice."""

    notice: ClassNotice
    ways: list[tuple[ReminderChannel, int]]
    waiting: int
    spared: int
    failed: list[ClassTold]


def told_figures(group: ClassGroup) -> list[ToldFigures]:
    """Every notice of a class, the newest first. Three queries."""
    rows = ClassTold.objects.filter(notice__class_group=group)
    counted = rows.order_by().values_list("notice_id", "channel", "state").annotate(n=Count("pk"))
    ways: dict[int, Counter[str]] = {}
    states: dict[int, Counter[str]] = {}
    for notice, channel, state, n in counted:
        ways.setdefault(notice, Counter())[channel] += n
        states.setdefault(notice, Counter())[state] += n
    failed: dict[int, list[ClassTold]] = {}
    for row in rows.filter(state=ToldState.FAILED).select_related("person"):
        failed.setdefault(row.notice_id, []).append(row)
    return [
        ToldFigures(
            notice,
            [(way, ways[notice.pk][way]) for way in ReminderChannel if ways[notice.pk][way]],
            states[notice.pk][ToldState.QUEUED] + states[notice.pk][ToldState.SENDING],
            states[notice.pk][ToldState.SPARED],
            failed.get(notice.pk, []),
        )
        for notice in group.notices.select_related("class_group__cancellation")
        if notice.pk in ways
    ]
