"""What a quarter counts: newly reached in it, and reached since the year began."""

from collections import Counter
from datetime import date

import pytest
import time_machine

from learners.actions.enrolments import enrol
from learners.choices import Calendar, Status
from learners.models import Post, TrainingRecord
from learners.periods import MONTHS_OF, Window, window_of
from learners.reports import windows
from learners.reports.completion import staff_figures
from learners.reports.counting import assess, basis_for
from learners.reports.windows import IN_WINDOW, is_long, window_people
from tests.factories.learning import learnt, small_course
from tests.factories.reports import give_standing, person, recount, world

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture
def province():
    return world()


def window(part: str, calendar: Calendar = Calendar.ADMINISTRATIVE) -> Window:
    return window_of(2026, date(2025, 12, 15), date(2026, 12, 14), part, calendar)


def counted(part: str, units=None, calendar: Calendar = Calendar.ADMINISTRATIVE) -> list[int]:
    """Staff, newly reached, reached since the year began."""
    one = window(part, calendar)
    counts = window_people(one, one.cut_off(TODAY), units).counts
    return [counts.headcount, counts.of(IN_WINDOW), counts.reached]


def test_somebody_is_new_in_one_quarter_and_reached_in_each_later_one(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital, Status.CLASS, date(2026, 3, 14))
    give_standing(hoa, Status.OUTSIDE, date(2026, 8, 1))
    person("Lê Na", province.school, Status.CLASS, date(2026, 3, 15))

    assert [counted(f"quy-{n}") for n in (1, 2, 3, 4)] == [
        [2, 1, 1],
        [2, 1, 2],
        [2, 0, 2],
        [2, 0, 2],
    ]
    assert counted("6-thang-1") == [2, 2, 2]


def test_staff_of_a_quarter_are_those_of_its_last_day(province):
    """Binh left in May: he is in the first quarter's figures and in none later."""
    binh = person("Trần Bình", province.hospital, Status.CLASS, date(2026, 2, 1))
    Post.objects.filter(person=binh).update(valid_to=date(2026, 5, 31))
    new = person("Lê Na", province.hospital, Status.CLASS, date(2026, 9, 1))
    Post.objects.filter(person=new).update(valid_from=date(2026, 8, 1))

    assert [counted(f"quy-{n}") for n in (1, 2, 3)] == [[1, 1, 1], [0, 0, 0], [1, 1, 1]]


def test_waiting_and_learning_are_as_on_the_last_day(province):
    person("Nguyễn Thị Hoa", province.hospital, Status.WAITING, date(2026, 5, 1))

    first, second = (window(part) for part in ("quy-1", "quy-2"))

    assert window_people(first, first.ends_on, None).counts.of(Status.NOTHING) == 1
    assert window_people(second, second.ends_on, None).counts.of(Status.WAITING) == 1


def test_each_calendar_cuts_its_months_and_its_year_elsewhere(province):
    person("Nguyễn Thị Hoa", province.hospital, Status.CLASS, date(2025, 12, 20))
    person("Lê Na", province.hospital, Status.CLASS, date(2026, 3, 20))

    assert counted("quy-1") == [2, 1, 1]
    assert counted("quy-1", calendar=Calendar.STATISTICAL) == [2, 1, 1]
    assert counted("6-thang-1") == [2, 2, 2]
    assert counted("", calendar=Calendar.STATISTICAL) == [2, 1, 1]
    listed = window_people(window("quy-1"), date(2026, 3, 14), None)
    assert listed.listed([Status.CLASS], only_new=True) != []


@pytest.mark.parametrize(
    ("moment", "in_november", "in_december"),
    [
        ("2026-12-14T23:59:59+07:00", [1, 1, 1], None),
        ("2026-12-15T00:00:00+07:00", [1, 0, 0], [1, 1, 1]),
    ],
)
def test_a_course_counts_on_the_day_by_the_clocks_of_vinh(
    province, moment, in_november, in_december
):
    course = small_course(lessons=1, quiz=False)
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    with time_machine.travel(moment, tick=False):
        learnt(enrol(person=hoa, course=course))

    last, after = (
        window("thang-12"),
        window_of(2027, date(2026, 12, 15), date(2027, 12, 14), "thang-1"),
    )
    counts = [window_people(one, one.ends_on, None).counts for one in (last, after)]

    figures = [[one.headcount, one.of(IN_WINDOW), one.reached] for one in counts]
    assert figures[0] == in_november
    assert in_december is None or figures[1] == in_december


def test_months_of_a_year_sum_to_the_year_for_whoever_stayed(province):
    for month in range(1, 11):
        person(f"Lê Văn {month}", province.units()[month % 7], Status.CLASS, date(2026, month, 15))
    recount(province)

    whole = staff_figures(province.period, None).counts
    months = [counted(part) for part in MONTHS_OF if part.startswith("thang-")]

    assert sum(new for _all, new, _reached in months) == whole.reached == 10
    assert months[10] == [10, 1, 10]


@pytest.mark.parametrize("unit", ["health", "hospital", "province", None])
def test_whole_year_from_facts_is_what_the_summaries_say(province, unit):
    for place, status in enumerate([*Status, *Status]):
        person(f"Lê Văn {place}", province.units()[place % 7], status)
    recount(province)
    units = None
    if unit:
        below = {"health": [province.health, province.hospital], "hospital": [province.hospital]}
        units = frozenset(one.pk for one in below.get(unit, province.units()))

    from_facts = window_people(window(""), TODAY, units).counts.by_status
    summed = staff_figures(province.period, units).counts.by_status

    assert from_facts - Counter({IN_WINDOW: 99}) == summed


def test_second_post_here_counts_at_the_main_post_elsewhere(province):
    hoa = person("Nguyễn Thị Hoa", province.school, Status.CLASS, date(2026, 2, 1))
    Post.objects.create(
        person=hoa,
        managing_unit=province.hospital,
        using_unit=province.hospital,
        staff_kind="public_employee",
        is_main=False,
        valid_from=date(2026, 1, 1),
    )

    assert counted("quy-1", frozenset({province.hospital.pk})) == [0, 0, 0]
    assert counted("quy-1", frozenset({province.school.pk})) == [1, 1, 1]


def test_queries_do_not_grow_with_people(province, django_assert_num_queries):
    def count() -> None:
        window_people(window("quy-1"), date(2026, 3, 14), frozenset({province.hospital.pk}))

    person("Nguyễn Thị Hoa", province.hospital, Status.CLASS)
    with django_assert_num_queries(5):
        count()
    for number in range(3):
        person(f"Lê Văn {number}", province.hospital, Status.CLASS)
    with django_assert_num_queries(5):
        count()


def test_more_people_than_a_page_waits_for_are_left_to_a_job(province, monkeypatch):
    monkeypatch.setattr(windows, "AT_ONCE", 2)
    for number in range(2):
        person(f"Lê Văn {number}", province.hospital)
    assert not is_long(TODAY, None)

    person("Nguyễn Thị Hoa", province.hospital)

    assert is_long(TODAY, None)
    assert not is_long(TODAY, frozenset({province.school.pk}))


def test_nothing_but_assess_decides(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital, Status.CLASS, date(2026, 2, 1))
    TrainingRecord.objects.filter(person=hoa).update(hours=1)
    one = window("quy-1")
    basis = basis_for(2026, one.year_starts_on, one.ends_on)

    assert window_people(one, one.ends_on, None).found == assess(basis)
