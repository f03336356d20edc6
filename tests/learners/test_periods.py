from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from learners.periods import month_bounds, period_month

STARTS_ON = date(2025, 12, 15)


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
