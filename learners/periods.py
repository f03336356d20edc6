"""The year of two calendars and its parts. Pure functions: no database, no clock.

The administrative year runs from 15 December to 14 December, and each of its months from the
15th to the 14th; the statistical year is the calendar year. Both ends of a period count.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from learners.choices import Calendar

MONTHS_OF: dict[str, tuple[int, int]] = {
    "": (1, 12),
    "6-thang-1": (1, 6),
    "6-thang-2": (7, 12),
    **{f"quy-{number}": (3 * number - 2, 3 * number) for number in range(1, 5)},
    **{f"thang-{number}": (number, number) for number in range(1, 13)},
}
"""Parts of a year as they stand in addresses, with their first and last month. Empty: all of it."""


class Span(NamedTuple):
    """Days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Window:
    """The part of a year for which a report is read."""

    calendar: Calendar
    year: int
    part: str
    """A key of MONTHS_OF."""
    year_starts_on: date
    """Where sums "since the beginning of the year" begin."""
    starts_on: date
    ends_on: date

    @property
    def is_year(self) -> bool:
        """The whole administrative year: what the summaries are kept for."""
        return self.calendar == Calendar.ADMINISTRATIVE and not self.part

    def cut_off(self, today: date) -> date:
        """The day on which the register is read: today, or the last day once it has passed."""
        return min(today, self.ends_on)


def window_of(
    year: int,
    starts_on: date,
    ends_on: date,
    part: str = "",
    calendar: Calendar = Calendar.ADMINISTRATIVE,
) -> Window:
    """A part of the administrative year given by its days, or of the calendar year of the same
    number. Raises KeyError for a part that does not exist."""
    first_month, last_month = MONTHS_OF[part]
    if calendar == Calendar.STATISTICAL:
        starts_on, ends_on = date(year, 1, 1), date(year, 12, 31)
    begins, _last = month_bounds(first_month, starts_on)
    _first, ends = month_bounds(last_month, starts_on)
    return Window(calendar, year, part, starts_on, begins, ends_on if last_month == 12 else ends)


def period_month(day: date, starts_on: date) -> int:
    """Month of the period, 1 to 12: month 1 runs from the period's first day (15 December)
    to the day before the 15th of the next calendar month.
    """
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    return months + (day.day >= starts_on.day)


def month_bounds(month: int, starts_on: date) -> tuple[date, date]:
    """First and last day of one month of the period; the inverse of `period_month`."""
    return _month_start(month, starts_on), _month_start(month + 1, starts_on) - timedelta(days=1)


def _month_start(month: int, starts_on: date) -> date:
    months = starts_on.month - 1 + month - 1
    return date(starts_on.year + months // 12, months % 12 + 1, starts_on.day)
