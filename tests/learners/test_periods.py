import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.choices import Calendar
from learners.periods import MONTHS_OF, Window, month_bounds, period_month, window_of

STARTS_ON, ENDS_ON = date(2025, 12, 15), date(2026, 12, 14)


def window(part: str, calendar: Calendar = Calendar.ADMINISTRATIVE) -> Window:
    return window_of(2026, STARTS_ON, ENDS_ON, part, calendar)


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("", (2025, 12, 15), (2026, 12, 14)),
        ("6-thang-1", (2025, 12, 15), (2026, 6, 14)),
        ("6-thang-2", (2026, 6, 15), (2026, 12, 14)),
        ("quy-1", (2025, 12, 15), (2026, 3, 14)),
        ("quy-4", (2026, 9, 15), (2026, 12, 14)),
        ("thang-1", (2025, 12, 15), (2026, 1, 14)),
        ("thang-3", (2026, 2, 15), (2026, 3, 14)),
        ("thang-12", (2026, 11, 15), (2026, 12, 14)),
    ],
)
def test_parts_of_the_administrative_year(part, first, last):
    assert (window(part).starts_on, window(part).ends_on) == (date(*first), date(*last))


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("", (1, 1), (12, 31)),
        ("6-thang-1", (1, 1), (6, 30)),
        ("quy-3", (7, 1), (9, 30)),
        ("thang-2", (2, 1), (2, 28)),
        ("thang-12", (12, 1), (12, 31)),
    ],
)
def test_parts_of_the_statistical_year(part, first, last):
    found = window(part, Calendar.STATISTICAL)

    assert (found.starts_on, found.ends_on) == (date(2026, *first), date(2026, *last))
    assert found.year_starts_on == date(2026, 1, 1)


@pytest.mark.parametrize("calendar", Calendar)
@pytest.mark.parametrize("kind", ["6-thang", "quy", "thang"])
def test_parts_of_one_kind_follow_one_another_and_fill_the_year(calendar, kind):
    found = [window(part, calendar) for part in MONTHS_OF if part.startswith(kind)]

    whole = window("", calendar)
    assert (found[0].starts_on, found[-1].ends_on) == (whole.starts_on, whole.ends_on)
    for one, after in itertools.pairwise(found):
        assert one.ends_on + timedelta(days=1) == after.starts_on


def test_only_the_administrative_year_is_what_summaries_are_kept_for():
    assert window("").is_year
    assert not window("quy-1").is_year
    assert not window("", Calendar.STATISTICAL).is_year


def test_register_is_read_today_until_the_last_day_has_passed():
    assert window("quy-1").cut_off(date(2026, 2, 1)) == date(2026, 2, 1)
    assert window("quy-1").cut_off(date(2026, 11, 23)) == date(2026, 3, 14)


def test_period_month_of_the_days_at_its_edges():
    days = [
        date(2025, 12, 15),
        date(2026, 1, 14),
        date(2026, 1, 15),
        date(2026, 12, 14),
    ]

    assert [period_month(day, STARTS_ON) for day in days] == [1, 1, 2, 12]


def test_month_bounds_of_the_first_and_the_last_month():
    assert month_bounds(1, STARTS_ON) == (date(2025, 12, 15), date(2026, 1, 14))
    assert month_bounds(12, STARTS_ON) == (date(2026, 11, 15), date(2026, 12, 14))


@given(st.dates(STARTS_ON, date(2026, 12, 14)))
def test_every_day_lies_within_the_bounds_of_its_month(day: date):
    first, last = month_bounds(period_month(day, STARTS_ON), STARTS_ON)

    assert first <= day <= last
