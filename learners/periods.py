"""The administrative year and its months. Pure functions."""

from datetime import date, timedelta


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
