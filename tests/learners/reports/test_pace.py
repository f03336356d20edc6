from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learners.periods import month_bounds, period_month
from learners.reports.pace import Pace, Point, Verdict, pace_of

STARTS_ON, ENDS_ON = date(2025, 12, 15), date(2026, 12, 14)
DAYS = st.dates(STARTS_ON, ENDS_ON)


def pace_on(today: date, by_month: list[int], target: int, ceiling: int | None = None) -> Pace:
    by_month = by_month + [0] * (12 - len(by_month))
    return pace_of(
        by_month,
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        today=today,
        target=target,
        ceiling=ceiling,
    )


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    """Any state of a year: nobody is reached in a month that has not begun."""
    today = draw(DAYS)
    month = period_month(today, STARTS_ON)
    by_month = draw(st.lists(st.integers(0, 8000), min_size=month, max_size=month))
    target = draw(st.integers(1, 70_000))
    ceiling = draw(st.none() | st.integers(sum(by_month), 100_000))
    return pace_on(today, by_month, target, ceiling)


def test_pace_after_six_even_months_is_on_pace():
    pace = pace_on(date(2026, 6, 14), [31, 31, 28, 31, 30, 31], target=365)

    assert (pace.days_passed, pace.days_left, pace.reached) == (182, 183, 182)
    assert (pace.recent_per_day, pace.whole_per_day) == (1.0, 1.0)
    assert (pace.forecast, pace.forecast_low, pace.forecast_high) == (365, 365, 365)
    assert pace.verdict == Verdict.ON_PACE


def test_pace_of_a_late_surge_is_close_and_its_band_runs_from_whole_to_recent():
    pace = pace_on(date(2026, 6, 14), [0, 0, 0, 31, 30, 31], target=270)

    assert pace.recent_since == date(2026, 3, 15)
    assert (pace.forecast_low, pace.forecast_high) == (92 + 92, 92 + 183)
    assert pace.forecast == pace.forecast_high
    assert pace.verdict == Verdict.CLOSE


def test_pace_that_meets_the_target_in_neither_forecast_is_behind():
    assert pace_on(date(2026, 6, 14), [10] * 6, target=3000).verdict == Verdict.BEHIND


def test_pace_in_the_first_weeks_gives_no_verdict():
    assert pace_on(date(2026, 1, 12), [5], target=100).verdict == Verdict.TOO_EARLY
    assert pace_on(date(2026, 1, 13), [5], target=100).verdict == Verdict.BEHIND


def test_pace_of_a_goal_already_met_is_reached_even_in_the_first_week():
    assert pace_on(date(2025, 12, 20), [100], target=100).verdict == Verdict.REACHED


def test_pace_on_the_last_day_needs_all_that_is_missing():
    pace = pace_on(ENDS_ON, [10] * 12, target=130)

    assert (pace.days_left, pace.needed_per_day, pace.forecast) == (0, 10.0, 120)
    assert pace.verdict == Verdict.BEHIND


def test_pace_after_the_period_is_final():
    pace = pace_on(ENDS_ON + timedelta(days=40), [10] * 12, target=130)

    assert (pace.is_over, pace.today, pace.days_left) == (True, ENDS_ON, 0)
    assert pace.verdict == Verdict.MISSED
    assert not pace.has_forecast


def test_points_start_at_zero_and_end_today():
    assert pace_on(date(2026, 2, 1), [3, 4], target=10).points == (
        Point(STARTS_ON, 0),
        Point(date(2026, 1, 14), 3),
        Point(date(2026, 2, 1), 7),
    )


@given(paces())
def test_days_passed_and_days_left_make_the_whole_period(pace: Pace):
    assert pace.days_passed + pace.days_left == pace.days_total == 365


@given(paces())
def test_forecast_lies_within_its_band_and_the_band_never_below_what_is_reached(
    pace: Pace,
):
    assert pace.reached <= pace.forecast_low <= pace.forecast <= pace.forecast_high
    assert pace.ceiling is None or pace.forecast_high <= pace.ceiling


@given(paces())
def test_needed_pace_kept_to_the_end_meets_the_target(pace: Pace):
    assert pace.reached + pace.needed_per_day * max(1, pace.days_left) >= pace.target - 1e-6


@given(paces())
def test_verdict_follows_the_printed_rule(pace: Pace):
    words = {
        Verdict.REACHED: pace.reached >= pace.target,
        Verdict.ON_PACE: pace.reached < pace.target <= pace.forecast_low,
        Verdict.CLOSE: pace.forecast_low < pace.target <= pace.forecast_high,
        Verdict.BEHIND: pace.forecast_high < pace.target,
        Verdict.TOO_EARLY: pace.reached < pace.target and pace.days_passed < 30,
    }
    assert words[pace.verdict]


@given(paces())
def test_points_rise_to_the_number_reached(pace: Pace):
    reached = [point.reached for point in pace.points]

    assert reached == sorted(reached)
    assert pace.points[-1] == Point(pace.today, pace.reached)


@given(DAYS)
def test_recent_window_spans_at_most_three_months(today: date):
    pace = pace_on(today, [0] * period_month(today, STARTS_ON), target=1)

    first_month = period_month(pace.recent_since, STARTS_ON)
    assert pace.recent_since == month_bounds(first_month, STARTS_ON)[0]
    assert period_month(today, STARTS_ON) - first_month <= 2


def test_paces_below_one_a_day_are_told_by_the_week():
    assert pace_on(date(2026, 6, 14), [10] * 6, target=100).is_slow
    assert not pace_on(date(2026, 6, 14), [40] * 6, target=3000).is_slow
