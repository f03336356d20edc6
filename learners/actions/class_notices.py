"""Telling those with a seat: before a session, when the plan changes, when the class is off.

Who is told what is decided in the database: a reminder is unique by class and start of the
session, a change by the plan that had been told, and each person is in the ledger once for each.
So the task may run twice, at once, or be killed anywhere.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.models import ClassGroup, ClassSession
from learners.actions.class_plans import Plan, plan_of, plans_of, still_ahead
from learners.choices import NoticeKind, ReminderChannel, SeatState, ToldState
from learners.models import (
    ClassCancellation,
    ClassNotice,
    ClassTold,
    Leave,
    Person,
    Seat,
    ToldPlan,
    User,
)
from learners.reports.channels import channel_of

WITH_A_SEAT = (SeatState.SEATED,)
WITH_A_SEAT_OR_WAITING = (SeatState.SEATED, SeatState.WAITING)


def write_due() -> None:
    """Write down everything that is to be told by now. Two at once write it once."""
    groups = list(_meeting())
    plans = plans_of(groups)
    told = dict(ToldPlan.objects.filter(class_group__in=groups).values_list("pk", "plan"))
    for group in groups:
        if told.get(group.pk) != plans[group.pk].as_json():
            _tell_of_change(group)
    lead = timedelta(hours=settings.CLASS_REMINDER_HOURS)
    if lead:
        _remind(groups, lead)


def _meeting() -> QuerySet[ClassGroup]:
    """Classes that are not over or called off, and in which somebody has a seat or waits."""
    held = Seat.objects.filter(state__in=WITH_A_SEAT_OR_WAITING)
    # The day before yesterday: one that meets until after midnight is not over.
    since = timezone.localdate() - timedelta(days=1)
    not_over = Q(ends_on__gte=since) | Q(sessions__ends_at__gte=timezone.now())
    return (
        ClassGroup.objects.filter(not_over, pk__in=held.values("class_group"))
        .filter(cancellation__isnull=True)
        .distinct()
        .order_by("pk")
    )


# ------------------------------------------------------------------ a plan that changed


@transaction.atomic
def note_plan(group: ClassGroup) -> None:
    """Remember what whoever signs up now has read. Call with the class's row locked."""
    if not ToldPlan.objects.filter(pk=group.pk).exists():
        ToldPlan.objects.create(class_group=group, plan=plan_of(group).as_json())


@transaction.atomic
def _tell_of_change(group: ClassGroup) -> None:
    """Tell everybody what was changed since, in one notice, however often it was changed. What
    lies behind is corrected in silence."""
    group = ClassGroup.objects.select_for_update().get(pk=group.pk)
    plan, now = plan_of(group), timezone.now()
    known = ToldPlan.objects.filter(pk=group.pk).first()
    if known is None:
        ToldPlan.objects.create(class_group=group, plan=plan.as_json())
        return
    was = Plan.from_json(known.plan)
    if was == plan:
        return
    known.plan = plan.as_json()
    known.save()
    if still_ahead(was, now) != still_ahead(plan, now):
        notice = ClassNotice.objects.create(
            class_group=group, kind=NoticeKind.CHANGED, was=was.as_json(), plan=plan.as_json()
        )
        _tell(notice, _people(group, WITH_A_SEAT_OR_WAITING))


# ------------------------------------------------------------------ before a session


def _remind(groups: Collection[ClassGroup], lead: timedelta) -> None:
    now = timezone.now()
    soon = ClassSession.objects.filter(
        class_group__in=groups, starts_at__gt=now, starts_at__lte=now + lead
    )
    for session in soon.select_related("class_group").order_by("starts_at", "pk"):
        _remind_of(session, lead)


@transaction.atomic
def _remind_of(session: ClassSession, lead: timedelta) -> None:
    """Everybody who has a seat now and has not heard of it: also whoever got the seat since the
    first were reminded. Who was told of the plan within the same hours knows."""
    group = session.class_group
    notice, _created = ClassNotice.objects.get_or_create(
        class_group=group,
        kind=NoticeKind.REMINDER,
        session_at=session.starts_at,
        defaults={"plan": plan_of(group).as_json()},
    )
    lately = ClassTold.objects.filter(
        notice__class_group=group,
        notice__kind__in=(NoticeKind.CHANGED, NoticeKind.SEATED),
        notice__made_at__gte=session.starts_at - lead,
    ).exclude(state=ToldState.SPARED)
    knows = Q(pk__in=lately.values("person")) | Q(pk__in=notice.told.values("person"))
    _tell(notice, _people(group, WITH_A_SEAT, session.starts_at).exclude(knows))


# ------------------------------------------------------------------ one person, or all


@transaction.atomic
def tell_of_seat(group: ClassGroup, person: Person) -> None:
    """Somebody moved up from the waiting list."""
    notice = ClassNotice.objects.create(
        class_group=group, kind=NoticeKind.SEATED, plan=plan_of(group).as_json()
    )
    _tell(notice, _people(group, WITH_A_SEAT).filter(pk=person.pk))


class CannotCancel(Exception):
    """Somebody was there, or it is over: nothing was changed."""


@transaction.atomic
def cancel_class(group: ClassGroup, *, reason: str, by: User) -> ClassCancellation:
    """Call a class off: it takes nobody any more, and whoever has a seat or waits is told.
    Pressing twice tells once. Raises CannotCancel."""
    group = ClassGroup.objects.select_for_update().get(pk=group.pk)
    done = ClassCancellation.objects.filter(class_group=group).first()
    if done is not None:
        return done
    if not may_be_cancelled(group):
        raise CannotCancel
    done = ClassCancellation.objects.create(class_group=group, reason=reason, by=by)
    ClassGroup.objects.filter(pk=group.pk).update(is_open=False)
    notice = ClassNotice.objects.create(
        class_group=group, kind=NoticeKind.CANCELLED, plan=plan_of(group).as_json()
    )
    _tell(notice, _people(group, WITH_A_SEAT_OR_WAITING))
    return done


def may_be_cancelled(group: ClassGroup) -> bool:
    """A class that has begun is not: those who were there keep what they attended."""
    seen = group.sessions.filter(attendances__revoked_at__isnull=True, attendances__isnull=False)
    return group.ends_on >= timezone.localdate() and not seen.exists()


# ------------------------------------------------------------------ the ledger


def _people(
    group: ClassGroup, states: Iterable[SeatState], at: datetime | None = None
) -> QuerySet[Person]:
    """Whom to tell: nobody who is away for long today or on the day, and nobody without a
    face."""
    seats = Seat.objects.filter(class_group=group, state__in=list(states))
    days = {timezone.localdate(), timezone.localdate(at)} if at else {timezone.localdate()}
    away = Q()
    for day in days:
        away |= Q(pk__in=Leave.objects.on(day).values("person"))
    return Person.objects.filter(pk__in=seats.values("person"), erased_at__isnull=True).exclude(
        away
    )


def _tell(notice: ClassNotice, people: QuerySet[Person]) -> None:
    """Enter them into the ledger; whoever is in it already stays as he is."""
    rows = []
    for person in people.select_related("user").order_by("pk"):
        channel = channel_of(person)
        is_mail = channel == ReminderChannel.MAIL
        state = ToldState.QUEUED if is_mail else ToldState.SENT
        rows.append(ClassTold(notice=notice, person=person, channel=channel, state=state))
    ClassTold.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
