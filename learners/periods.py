"""The administrative year and its months. Pure functions."""

from datetime import date


def period_month(day: date, starts_on: date) -> int:
    """Month of the period, 1 to 12: month 1 runs from the period's first day (15 December)
    to the day before the 15th of the next calendar month.
    """
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    return months + (day.day >= starts_on.day)
