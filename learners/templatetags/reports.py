"""Addresses and words of the report pages."""

import math
from datetime import date
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from learners.exports import Cell
from learners.reports.completion import UnitRow
from learners.views.frame import OUTSIDE_TREE, OWN_PEOPLE, Frame
from learners.views.selection import ParticipationSelection, audience_label, topic_label
from learners.views.wording import mark_label, status_label

register = template.Library()

register.filter("status_label", status_label)
register.filter("audience_label", audience_label)
register.filter("topic_label", topic_label)
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
    """The address of a report for the same unit and year, with changes."""
    return f"{reverse(name)}?{frame.query(**changes)}"


@register.simple_tag
def report_query(frame: Frame, **changes: object) -> str:
    """The parameters alone, for an address that also names a row."""
    return frame.query(**changes)


@register.simple_tag
def lots_url(name: str, selection: ParticipationSelection, **changes: object) -> str:
    """The address of a page about the same participations, with changes."""
    return f"{reverse(name)}?{selection.frame.query(**(selection.asked | changes))}"


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
    return f"{reverse(name)}?{frame.query(**place, **changes)}"


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
def person_url(frame: Frame, person_id: int) -> str:
    return f"{reverse('reports:person', args=[person_id])}?{frame.query(unit=None, part='')}"


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
