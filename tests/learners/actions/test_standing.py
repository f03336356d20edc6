"""The summaries behind the goals: in step with the facts, whoever writes them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from courses.choices import ClassMode
from courses.models import ClassGroup, Provider
from learners.actions.enrolments import enrol
from learners.actions.records import record_participation
from learners.actions.recounting import differences, recount_period
from learners.actions.standing import refresh_people
from learners.choices import Mode, RecordState, StaffKind, Status
from learners.models import (
    Participation,
    ParticipationTally,
    Post,
    StaffTally,
    Standing,
    TrainingRecord,
)
from tests.factories.learning import learnt, small_course, staff, this_period, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    return this_period()


def record(person, *, mode=Mode.OUTSIDE, state=RecordState.APPROVED, on=None):
    return TrainingRecord.objects.create(
        person=person,
        mode=mode,
        state=state,
        title="Kỹ năng số",
        hours=Decimal(4),
        completed_on=on or timezone.localdate(),
        source="OneTouch",
    )


def status_of(person):
    return Standing.objects.get(person=person).status


def tallied(status):
    return sum(StaffTally.objects.filter(status=status).values_list("people", flat=True))


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (RecordState.APPROVED, Status.SELF_STUDY),
        (RecordState.WAITING, Status.WAITING),
        (RecordState.DECLARED, Status.DECLARED),
        (RecordState.RETURNED, Status.NOTHING),
    ],
)
def test_only_an_approved_record_counts_as_reached(period, state, status):
    hoa = staff()
    record(hoa, mode=Mode.SELF_STUDY, state=state)
    recount_period(period)
    assert status_of(hoa) == status


def test_one_mode_per_person_the_first_in_order(period):
    hoa = staff()
    record(hoa, mode=Mode.SELF_STUDY)
    record(hoa, mode=Mode.CLASS)
    recount_period(period)
    assert status_of(hoa) == Status.CLASS


def test_a_record_of_last_year_does_not_count_this_year(period):
    hoa = staff()
    record(hoa, on=period.starts_on - timedelta(days=1))
    recount_period(period)
    assert status_of(hoa) == Status.NOTHING


def test_contract_staff_are_outside_the_denominator(period):
    staff(kind=StaffKind.CONTRACT)
    assert recount_period(period) == 0


def test_somebody_with_two_posts_counts_once_at_the_main_one(period):
    hoa = staff(at=unit("Trường Tiểu học Cửa Nam"))
    Post.objects.create(
        person=hoa,
        managing_unit=unit("Trung tâm học tập cộng đồng"),
        using_unit=unit("Trung tâm học tập cộng đồng"),
        staff_kind=StaffKind.PUBLIC_EMPLOYEE,
        is_main=False,
        valid_from=date(2020, 1, 1),
    )
    recount_period(period)
    assert Standing.objects.get().organisation == hoa.posts.get(is_main=True).managing_unit


def test_a_leaver_drops_out_of_both_sides(period):
    hoa = staff()
    record(hoa)
    recount_period(period)
    Post.objects.filter(person=hoa).update(valid_to=timezone.localdate() - timedelta(days=1))
    refresh_people([hoa.pk], period)
    assert Standing.objects.count() == 0
    assert tallied(Status.OUTSIDE) == 0
    assert differences(period) == []


def test_completing_a_course_moves_the_number_by_one(period):
    hoa = staff()
    staff("Trần Văn Minh")
    course = small_course()
    recount_period(period)
    assert (tallied(Status.NOTHING), tallied(Status.ONLINE)) == (2, 0)
    enrolment = enrol(person=hoa, course=course)
    assert (tallied(Status.NOTHING), tallied(Status.LEARNING)) == (1, 1)
    learnt(enrolment)
    assert (
        tallied(Status.NOTHING),
        tallied(Status.LEARNING),
        tallied(Status.ONLINE),
    ) == (1, 0, 1)
    assert differences(period) == []


def test_refreshing_twice_moves_nothing_twice(period):
    hoa = staff()
    record(hoa)
    refresh_people([hoa.pk], period)
    refresh_people([hoa.pk], period)
    assert tallied(Status.OUTSIDE) == 1


def test_recount_shows_what_a_foreign_hand_changed(period):
    hoa = staff()
    recount_period(period)
    record(hoa)
    units = [d for d in differences(period) if d.where.startswith("unit")]
    assert sorted((d.stored, d.counted) for d in units) == [(0, 1), (1, 0)]


@pytest.fixture
def online_class(period):
    provider = Provider.objects.create(name="Trường Đại học Vinh", is_educational_institution=True)
    course = small_course("Luật Thương mại điện tử", topic="ecommerce_law")
    return ClassGroup.objects.create(
        code="TT-1",
        title="Lớp trực tuyến",
        provider=provider,
        course=course,
        topic="ecommerce_law",
        mode=ClassMode.ONLINE,
        hours=3,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )


def participations():
    return sum(ParticipationTally.objects.values_list("participations", flat=True))


def test_completing_an_ecommerce_course_moves_both_goals(period, online_class):
    hoa = staff()
    enrolment = enrol(person=hoa, course=online_class.course)
    assert participations() == 0
    learnt(enrolment)
    assert participations() == 1
    assert tallied(Status.ONLINE) == 1
    assert Participation.objects.get().audience == "official"
    assert differences(period) == []


def test_the_same_class_twice_is_one_participation(period, online_class):
    hoa = staff()
    today = timezone.localdate()
    for _session in range(2):
        record_participation(
            person=hoa,
            class_group=online_class,
            day=today,
            completed=False,
            source="giấy",
        )
    assert participations() == Participation.objects.count() == 1


def test_somebody_of_no_group_is_no_participation(period, online_class):
    helper = staff(kind=StaffKind.CONTRACT)
    found = record_participation(
        person=helper,
        class_group=online_class,
        day=timezone.localdate(),
        completed=True,
        source="giấy",
    )
    assert found is None
    assert participations() == 0
