"""How statuses, their groups and parts of a year are called on every page and in every workbook."""

from django.utils.translation import gettext as _

from learners.choices import Calendar, IndicatorCode, Status
from learners.periods import MONTHS_OF, Window
from learners.reports.assignments import DONE, LEARNING, LEFT, NOT_BEGUN
from learners.reports.course_matrix import NOT_ASKED
from learners.reports.windows import IN_WINDOW

ROMAN = ("I", "II", "III", "IV")


def status_label(name: str) -> str:
    """The label of a status or of a group of statuses."""
    groups = {
        "all": _("All staff"),
        "reached": _("Reached"),
        "missing": _("Not reached yet"),
        IN_WINDOW: _("Newly reached in the period"),
    }
    return groups.get(name) or str(Status(name).label)


def indicator_label(code: str) -> str:
    """What is counted; the code itself where it is counted no more."""
    return str(IndicatorCode(code).label) if code in IndicatorCode.values else code


def part_label(part: str) -> str:
    """ "Quý I", "6 tháng đầu năm": a part of a year without the year."""
    kind, _dash, number = part.rpartition("-")
    if kind == "thang":
        return _("Month %(number)s") % {"number": number}
    if kind == "quy":
        return _("Quarter %(number)s") % {"number": ROMAN[int(number) - 1]}
    halves = {"6-thang-1": _("First half-year"), "6-thang-2": _("Second half-year")}
    return halves.get(part) or _("Whole year")


def parts() -> list[tuple[str, str]]:
    """Every part of a year and what it is called, as a form offers them."""
    return [(part, part_label(part)) for part in MONTHS_OF]


def window_label(window: Window) -> str:
    """ "Quý I/2026", "6 tháng đầu năm 2026", and which calendar when it is not the administrative
    one."""
    name = _year_and_part(window.part) % {
        "part": part_label(window.part),
        "year": window.year,
    }
    if window.calendar == Calendar.ADMINISTRATIVE:
        return name
    return _("%(name)s, statistical calendar") % {"name": name}


def _year_and_part(part: str) -> str:
    is_short = part.startswith(("thang", "quy"))
    return _("%(part)s/%(year)s") if is_short else _("%(part)s of %(year)s")


def state_labels() -> dict[str, str]:
    """How far people are with a course, by the names in addresses."""
    return {
        "": _("Everybody it was given to"),
        LEFT: _("Still to do"),
        NOT_BEGUN: _("Not begun"),
        LEARNING: _("Under way"),
        DONE: _("Done"),
    }


def mark_label(state: str) -> str:
    """How far one person is with one course."""
    return _("Not counted here") if state == NOT_ASKED else state_labels()[state]
