"""Seats: never more people than seats, and the first who waits is the first who gets one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from learners.actions.seats import SignUpIsClosed, fill_seats, give_seat_back, take_seat
from learners.choices import SeatState
from learners.models import Person, Seat
from tests.factories.classes import class_of


def people(count: int) -> list[Person]:
    return [Person.objects.create(full_name=f"Lê Văn {n}") for n in range(count)]


def states(group) -> list[str]:
    return [
        seat.state for seat in Seat.objects.filter(class_group=group).order_by("queued_at", "pk")
    ]


@pytest.mark.django_db
class TestSeats:
    def test_third_of_two_waits_and_moves_up(self):
        group, (an, binh, chi) = class_of(capacity=2), people(3)
        for someone in (an, binh, chi):
            take_seat(person=someone, class_group=group, by=None)
        assert states(group) == [SeatState.SEATED, SeatState.SEATED, SeatState.WAITING]
        assert give_seat_back(person=an, class_group=group) == chi
        assert states(group) == [SeatState.WITHDRAWN, SeatState.SEATED, SeatState.SEATED]

    def test_pressing_twice_changes_nothing(self):
        group, (an,) = class_of(capacity=2), people(1)
        first = take_seat(person=an, class_group=group, by=None)
        again = take_seat(person=an, class_group=group, by=None)
        assert (first.queued_at, again.pk) == (again.queued_at, first.pk)
        give_seat_back(person=an, class_group=group)
        assert give_seat_back(person=an, class_group=group) is None

    def test_coming_back_queues_at_the_end(self):
        group, (an, binh, chi) = class_of(capacity=1), people(3)
        for someone in (an, binh, chi):
            take_seat(person=someone, class_group=group, by=None)
        give_seat_back(person=an, class_group=group)
        take_seat(person=an, class_group=group, by=None)
        assert give_seat_back(person=binh, class_group=group) == chi

    def test_waiting_person_who_withdraws_frees_no_seat(self):
        group, (an, binh, chi) = class_of(capacity=1), people(3)
        for someone in (an, binh, chi):
            take_seat(person=someone, class_group=group, by=None)
        assert give_seat_back(person=binh, class_group=group) is None
        assert give_seat_back(person=an, class_group=group) == chi

    def test_larger_room_lets_those_who_wait_move_up(self):
        group, everybody = class_of(capacity=1), people(4)
        for someone in everybody:
            take_seat(person=someone, class_group=group, by=None)
        group.capacity = 3
        group.save()
        assert fill_seats(group) == everybody[1:3]

    @pytest.mark.parametrize("closed", [{"is_open": False}, {"past": True}])
    def test_closed_class_takes_nobody(self, closed):
        past = timezone.localdate() - timedelta(days=9) if closed.pop("past", None) else None
        with pytest.raises(SignUpIsClosed):
            take_seat(person=people(1)[0], class_group=class_of(starts_on=past, **closed), by=None)
        assert Seat.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite lets one writer in at a time; an in-memory one serves one thread",
)
def test_sixteen_at_once_never_overfill_five_seats():
    group, everybody = class_of(capacity=5), people(16)

    def take(person: Person) -> None:
        try:
            take_seat(person=person, class_group=group, by=None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(take, everybody))
    found = Seat.objects.filter(class_group=group)
    assert (found.filter(state=SeatState.SEATED).count(), found.count()) == (5, 16)
