"""Seats in a class: signing up, waiting, giving the seat back.

Every change locks the class's row first, so that seats are counted and handed on by one
transaction at a time: never more people seated than there are seats, and nobody overtaken.
Whoever moves up is told in the same transaction.
"""

from django.db import transaction
from django.utils import timezone

from courses.models import ClassGroup
from learners.actions.class_notices import note_plan, tell_of_seat
from learners.choices import SeatState
from learners.models import ClassCancellation, Person, Seat, User


class SignUpIsClosed(Exception):
    """The class is over or takes nobody: nothing was changed."""


@transaction.atomic
def take_seat(*, person: Person, class_group: ClassGroup, by: User | None) -> Seat:
    """A seat, or a place at the end of the waiting list. Idempotent: pressing twice changes
    nothing. Raises SignUpIsClosed."""
    group = _locked(class_group)
    if not group.takes_sign_ups() or not _goes_on(group):
        raise SignUpIsClosed
    note_plan(group)
    seat = Seat.objects.filter(person=person, class_group=group).first()
    if seat is not None and seat.state != SeatState.WITHDRAWN:
        return seat
    state = SeatState.SEATED if _free(group) else SeatState.WAITING
    fields = {"state": state, "queued_at": timezone.now(), "by": by}
    seat, _created = Seat.objects.update_or_create(
        person=person, class_group=group, defaults=fields
    )
    return seat


@transaction.atomic
def give_seat_back(*, person: Person, class_group: ClassGroup) -> Person | None:
    """Withdraw; the first who waits gets the seat and is returned. Idempotent."""
    group = _locked(class_group)
    held = Seat.objects.filter(person=person, class_group=group)
    was_seated = held.filter(state=SeatState.SEATED).exists()
    held.update(state=SeatState.WITHDRAWN)
    return _promote(group) if was_seated and _goes_on(group) else None


@transaction.atomic
def fill_seats(class_group: ClassGroup) -> list[Person]:
    """Hand out seats that a larger room has made free; whoever got one."""
    group = _locked(class_group)
    seated = []
    while _goes_on(group) and (person := _promote(group)):
        seated.append(person)
    return seated


def _goes_on(group: ClassGroup) -> bool:
    """Whether a seat in it is still worth something; sign-up may be closed by then."""
    is_over = group.ends_on < timezone.localdate()
    return not is_over and not ClassCancellation.objects.filter(class_group=group).exists()


def _promote(group: ClassGroup) -> Person | None:
    if not _free(group):
        return None
    waiting = Seat.objects.filter(class_group=group, state=SeatState.WAITING)
    following = waiting.select_related("person").order_by("queued_at", "pk").first()
    if following is None:
        return None
    Seat.objects.filter(pk=following.pk).update(state=SeatState.SEATED)
    tell_of_seat(group, following.person)
    return following.person


def _free(group: ClassGroup) -> bool:
    if group.capacity is None:
        return True
    seated = Seat.objects.filter(class_group=group, state=SeatState.SEATED)
    return seated.count() < group.capacity


def _locked(class_group: ClassGroup) -> ClassGroup:
    return ClassGroup.objects.select_for_update().get(pk=class_group.pk)
