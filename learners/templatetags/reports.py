"""Addresses and words of the report pages."""

import math
from datetime import date
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from learners.choices import Calendar
from learners.exports import Cell
from learners.reading import once
from learners.reports.completion import UnitRow
from learners.reports.movement import Figures, Line
from learners.views.frame import OUTSIDE_TREE, OWN_PEOPLE, PARAMETERS, Frame
from learners.views.movement import line_label
from learners.views.selection import ParticipationSelection, audience_label, topic_label
from learners.views.wording import indicator_label, mark_label, parts, status_label

register = template.Library()

register.filter("status_label", status_label)
register.filter("indicator_label", indicator_label)
register.filter("audience_label", audience_label)
register.filter("topic_label", topic_label)
register.filter("line_label", line_label)
register.filter("mark_label", mark_label)


@register.filter
def cell(value: Cell) -> str:
    """What stands in a cell of a list: 1.234, 7,5 and 23/11/2026."""
    if value is None:
        return ""
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, int | Decimal):
        whole = value == int(value)
        return number_format(int(value) if whole else value, force_grouping=True)
    return value


@register.simple_tag
def report_url(name: str, frame: Frame, **changes: object) -> str:
    """The address of a report for the same unit and days, with changes."""
    return f"{_address(_of_these_days(name, frame))}?{frame.query(**changes)}"


@once
def _address(name: str) -> str:
    return reverse(name)


def _of_these_days(name: str, frame: Frame) -> str:
    """Both goals stand on one page for a year, and on another for a part of it."""
    return "reports:window" if frame.is_part and name == "reports:goals" else name


@register.inclusion_tag("learners/reports/_window.html")
def window_picker(
    name: str,
    frame: Frame,
    keep: dict[str, object] | None = None,
    is_open: bool = False,
    with_tree: bool = True,
) -> dict[str, object]:
    """The choice of calendar, year and part of the year, for the page called `name`; `keep` are
    its filters, which stay."""
    kept = {"unit": frame.unit, "part": frame.part} | (keep or {})
    return {
        "frame": frame,
        "is_open": is_open,
        "address": reverse(name),
        "hidden": [
            (PARAMETERS[key], value) for key, value in kept.items() if value not in (None, "")
        ],
        "calendars": Calendar.choices,
        "parts": parts(),
        # Only who sees the whole province may group by another day's tree.
        "picks_tree": with_tree and frame.roots is None,
    }


@register.simple_tag
def report_query(frame: Frame, **changes: object) -> str:
    """The parameters alone, for an address that also names a row."""
    return frame.query(**changes)


@register.simple_tag
def lots_url(name: str, selection: ParticipationSelection, **changes: object) -> str:
    """The address of a page about the same participations, with changes."""
    return f"{_address(name)}?{selection.frame.query(**(selection.asked | changes))}"


@register.simple_tag
def lots_query(selection: ParticipationSelection, **changes: object) -> str:
    """The parameters alone."""
    return selection.frame.query(**(selection.asked | changes))


@register.simple_tag
def row_url(name: str, frame: Frame, row: UnitRow, **changes: object) -> str:
    """The address of a report for one line of the table of units."""
    place: dict[str, object]
    if row.unit_id is None:
        place = {"unit": None, "part": OUTSIDE_TREE}
    else:
        place = {"unit": row.unit_id, "part": OWN_PEOPLE if row.is_own else ""}
    return report_url(name, frame, **place, **changes)


@register.simple_tag
def row_number(frame: Frame, row: UnitRow, status: str) -> str:
    """A figure of the table of units as a link to its people; nobody needs no link."""
    count = row.counts.of(status)
    shown = number_format(count, force_grouping=True)
    if not count:
        return shown
    url = row_url("reports:people", frame, row, status=status)
    return format_html('<a href="{}">{}</a>', url, shown)


@register.simple_tag
def movement_number(frame: Frame, figures: Figures, line: Line, row: str = "") -> str:
    """A figure of a movement as a link to its names; nobody needs no link."""
    count = figures.of[line]
    shown = number_format(count, force_grouping=True)
    if not count:
        return shown
    url = report_url("reports:movement_people", frame, line=line.value, row=row)
    return format_html('<a href="{}">{}</a>', url, shown)


@register.simple_tag
def person_url(frame: Frame, person_id: int) -> str:
    """Somebody's page is about a year."""
    year = frame.query(unit=None, part="", calendar="", window="")
    return f"{reverse('reports:person', args=[person_id])}?{year}"


@register.simple_tag
def rate(per_day: float, unit: str, *, weekly: bool, up: bool = False) -> str:
    """A pace that people can act on: by day, or by week where a day would be a fraction.

    A needed pace is rounded up: who keeps one that was rounded down comes out short.
    """
    value = per_day * 7 if weekly else per_day
    value = math.ceil(value * 10 - 1e-9) / 10 if up else value
    words = _("%(figure)s %(unit)s a week") if weekly else _("%(figure)s %(unit)s a day")
    figure = number_format(value, decimal_pos=1, force_grouping=True)
    return words % {"figure": figure, "unit": unit}
