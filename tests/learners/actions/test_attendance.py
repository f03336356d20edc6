"""What a presence makes, and what taking it back undoes: participation, record, both goals."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from courses.choices import Audience, Topic
from learners.actions.attendance import Sighting, check_in, check_in_many, take_back
from learners.actions.enrolments import enrol
from learners.actions.progress import complete_course
from learners.actions.recounting import differences
from learners.actions.walk_ins import NameDiffers, claim, known_or_new
from learners.choices import CheckInWay, Mode, RecordState, Status
from learners.models import (
    Attendance,
    Participation,
    Person,
    Standing,
    TrainingRecord,
    User,
)
from tests.factories.classes import class_of
from tests.factories.learning import small_course
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fixed_day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    return world()


@pytest.fixture
def hoa(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    recount(province)
    return hoa


@pytest.fixture
def trainer():
    return viewer("giangvien")


def attend(who: Person, *sessions, by: User | None = None) -> list[bool]:
    return [
        check_in(session=session, person=who, way=CheckInWay.TICK, at=timezone.now(), by=by)
        for session in sessions
    ]


def status_of(who: Person) -> str:
    return Standing.objects.get(person=who, period__year=2026).status


CHECK_IN_QUERIES = 40
"""Attendances, participations, records, standings and tallies; however many people."""


class TestParticipation:
    def test_is_one_however_many_sessions(self, province, hoa):
        group = class_of(sessions=3)
        assert attend(hoa, *group.sessions.all()) == [True, True, True]
        assert Participation.objects.count() == 1

    def test_two_classes_are_two(self, province, hoa):
        for group in (class_of(), class_of()):
            attend(hoa, *group.sessions.all())
        assert Participation.objects.count() == 2

    def test_second_phone_and_second_synchronisation_add_nothing(self, province, hoa, trainer):
        session = class_of().sessions.get()
        seen = [Sighting(hoa, CheckInWay.SCAN, timezone.now())] * 2
        assert check_in_many(session=session, sightings=seen, by=trainer) == (1, 1)
        assert check_in_many(session=session, sightings=seen, by=trainer) == (0, 2)
        assert (Attendance.objects.count(), Participation.objects.count()) == (1, 1)

    @pytest.mark.parametrize("people", [1, 3])
    def test_a_list_costs_the_same_queries_for_one_person_as_for_three(
        self, province, trainer, people, django_assert_num_queries
    ):
        session = class_of().sessions.get()
        everybody = [person(f"Nguyễn {number}", province.hospital) for number in range(people)]
        recount(province)
        seen = [Sighting(one, CheckInWay.SCAN, timezone.now()) for one in everybody]
        with django_assert_num_queries(CHECK_IN_QUERIES):
            assert check_in_many(session=session, sightings=seen, by=trainer) == (people, 0)
        assert Participation.objects.filter(completed=True).count() == people

    def test_copies_audience_and_unit_of_the_day(self, province, hoa):
        attend(hoa, class_of().sessions.get())
        made = Participation.objects.get()
        assert (made.audience, made.organisation, made.happened_on) == (
            Audience.OFFICIAL,
            province.hospital,
            date(2026, 11, 23),
        )

    def test_clock_that_runs_ahead_is_set_back(self, province, hoa):
        session = class_of().sessions.get()
        tomorrow = timezone.now() + timedelta(days=1)
        check_in(session=session, person=hoa, way=CheckInWay.SCAN, at=tomorrow, by=None)
        assert Attendance.objects.get().at == timezone.now()

    def test_earlier_session_that_becomes_known_later_moves_the_day(self, province, hoa):
        group = class_of(sessions=2, starts_on=date(2026, 10, 31))
        first, second = group.sessions.all()
        attend(hoa, second)
        attend(hoa, first)
        assert Participation.objects.get().happened_on == date(2026, 10, 31)
        assert differences(province.period) == []


class TestCompletion:
    @pytest.mark.parametrize(
        ("sessions", "attended", "completes"),
        [(1, 1, True), (5, 3, False), (5, 4, True), (2, 1, False), (2, 2, True), (3, 2, False)],
    )
    def test_takes_four_fifths_of_the_sessions(self, province, hoa, sessions, attended, completes):
        group = class_of(sessions=sessions)
        attend(hoa, *group.sessions.all()[:attended])
        assert Participation.objects.get().completed is completes
        assert TrainingRecord.objects.filter(mode=Mode.CLASS).count() == int(completes)

    @pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 2, 3, 1, 0), (3, 4, 0, 1)])
    def test_is_of_the_session_that_was_enough_in_whatever_order_lists_arrive(
        self, province, hoa, order
    ):
        """Five sessions around the end of the year 2025 of the plan, 14/12; four are enough."""
        group = class_of(sessions=5, starts_on=date(2025, 12, 11))
        sessions = list(group.sessions.all())
        attend(hoa, *(sessions[place] for place in order))
        days = {5: date(2025, 12, 14), 4: date(2025, 12, 15)}
        assert TrainingRecord.objects.get().completed_on == days[len(order)]
        assert differences(province.period) == []

    def test_moves_the_goal_of_the_unit_with_it(self, province, hoa):
        assert status_of(hoa) == Status.NOTHING
        attend(hoa, class_of(topic=Topic.DIGITAL_SKILLS).sessions.get())
        assert status_of(hoa) == Status.CLASS
        assert differences(province.period) == []


class TestTakingBack:
    def test_last_presence_takes_participation_and_goal_with_it(self, province, hoa, trainer):
        session = class_of().sessions.get()
        attend(hoa, session)
        assert take_back(session=session, person=hoa, by=trainer) is True
        assert take_back(session=session, person=hoa, by=trainer) is False
        assert Participation.objects.count() == 0
        assert TrainingRecord.objects.get().state == RecordState.RETURNED
        assert status_of(hoa) == Status.NOTHING
        assert differences(province.period) == []

    def test_a_list_that_is_sent_again_does_not_undo_it(self, province, hoa, trainer):
        session = class_of().sessions.get()
        early, later = (timezone.now() - timedelta(minutes=n) for n in (9, 1))
        first = [Sighting(hoa, CheckInWay.SCAN, early)]
        check_in_many(session=session, sightings=first, by=trainer, from_queue=True)
        take_back(session=session, person=hoa, by=trainer)
        again = check_in_many(session=session, sightings=first, by=trainer, from_queue=True)
        assert (again, Participation.objects.count()) == ((0, 1), 0)
        # Seen anew, she is there.
        both = [*first, Sighting(hoa, CheckInWay.SCAN, later)]
        anew = check_in_many(session=session, sightings=both, by=trainer, from_queue=True)
        assert (anew, Participation.objects.count()) == ((1, 1), 1)

    def test_row_stays_readable_and_the_person_can_be_ticked_again(self, province, hoa, trainer):
        session = class_of().sessions.get()
        attend(hoa, session)
        take_back(session=session, person=hoa, by=trainer)
        attend(hoa, session)
        assert [(row.revoked_by, row.revoked_at is None) for row in Attendance.objects.all()] == [
            (trainer, False),
            (None, True),
        ]
        assert TrainingRecord.objects.get().state == RecordState.APPROVED
        assert differences(province.period) == []


MAI = {
    "full_name": "Lê Thị Mai",
    "phone": "+84912345678",
    "staff_number": "",
    "audience": Audience.HOUSEHOLD_BUSINESS,
}


class TestWalkIns:
    def test_same_name_and_phone_in_two_classes_is_one_person(self, province):
        given = MAI | {"commune_id": province.commune.pk}
        first, second = known_or_new(**given), known_or_new(**given | {"full_name": "LÊ THỊ MAI"})
        assert first == second

    def test_record_with_an_account_is_never_used(self, province):
        given = MAI | {"commune_id": province.commune.pk}
        owned = known_or_new(**given)
        owned.user = viewer("mai")
        owned.save()
        assert known_or_new(**given) != owned

    def test_staff_number_names_the_record_if_the_name_agrees(self, province, hoa):
        hoa.staff_number = "NA1"
        hoa.save()
        given = MAI | {"commune_id": None, "staff_number": "NA1"}
        assert known_or_new(**given | {"full_name": "nguyen thi hoa"}) == hoa
        with pytest.raises(NameDiffers):
            known_or_new(**given)

    def test_claimed_class_moves_once_and_stays_one_participation(self, province):
        mai = known_or_new(**MAI | {"commune_id": province.commune.pk})
        own = Person.objects.create(
            full_name="Lê Thị Mai", audience=Audience.HOUSEHOLD_BUSINESS, commune=province.commune
        )
        account = viewer("mai")
        own.user = account
        own.save()
        session = class_of().sessions.get()
        attend(mai, session)
        attend(own, session)
        assert claim(walk_in=mai, person=own, by=account) == 1
        assert claim(walk_in=mai, person=own, by=account) == 0
        assert [row.person for row in Participation.objects.all()] == [own]
        assert differences(province.period) == []


@pytest.fixture
def written_about():
    """Holds what everybody holds who writes a row about a person: its key stays as it is."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time and knows no locks of rows")
    other = connection.copy()
    other.set_autocommit(False)

    def hold(who: Person) -> None:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM learners_person WHERE id = %s FOR KEY SHARE", [who.pk])

    yield hold
    other.rollback()
    other.close()


@pytest.mark.django_db(transaction=True)
def test_who_writes_about_a_person_and_who_checks_it_in_do_not_wait(province, hoa, written_about):
    """Else two online courses that end at once, or a list of staff and a list of check-ins,
    would wait for each other."""
    group = class_of()
    written_about(hoa)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        assert attend(hoa, *group.sessions.all()) == [True]


@pytest.mark.django_db(transaction=True)
def test_two_courses_that_end_at_once_do_not_wait_for_each_other(province, hoa, written_about):
    enrolment = enrol(person=hoa, course=small_course())
    enrolment.class_group = class_of()
    enrolment.save()
    written_about(hoa)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        complete_course(enrolment=enrolment, items=list(enrolment.edition.items.all()))
    assert Participation.objects.get().person == hoa
