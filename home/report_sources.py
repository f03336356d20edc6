"""Which sheet an address asks for: the same for a page, a download, a job and a mail.

Whoever asks is asked again for the right each time: a job draws nothing that its owner may
no longer see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from home.models import ReportFile
from learners.choices import Calendar
from learners.exports import Sheet
from learners.models import User
from learners.permissions import EXPORT_PEOPLE
from learners.reports.windows import AT_ONCE
from learners.views.downloads import participations_sheet, people_sheet, units_sheet
from learners.views.frame import Frame, frame_of
from learners.views.movement import (
    movement_frame,
    movement_people_sheet,
    movement_selection,
    movement_sheet,
    row_address,
)
from learners.views.selection import participation_selection, people_selection
from learners.views.staff_register import register_sheet
from learners.views.windows import is_too_long
from learners.views.wording import status_label


@dataclass(frozen=True)
class Source:
    """A report before it is drawn. The right was asked for; what takes long is not counted yet."""

    make: Callable[[], Sheet]
    rows: int
    """How many are expected: what the page shows."""
    name: str
    """Of the file, without its ending."""
    title: str

    @cached_property
    def sheet(self) -> Sheet:
        return self.make()


def source_of(kind: str, request: HttpRequest) -> Source:
    """The rows that the address names, in the viewer's scope; 404 outside of it."""
    return _SOURCES[ReportFile.Kind(kind)](request)


def request_of(user: User, query: str) -> HttpRequest:
    """The same question without a browser."""
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(query)
    request.user = user
    return request


def _units(request: HttpRequest) -> Source:
    frame = frame_of(request, EXPORT_PEOPLE, windows=True)
    rows = AT_ONCE if is_too_long(frame) else 0
    title = _("Digital training of staff by unit")
    return Source(lambda: units_sheet(request), rows, f"don-vi-{days_name(frame)}", title)


def _people(request: HttpRequest) -> Source:
    selection = people_selection(request, EXPORT_PEOPLE, windows=True)
    reach = f"-{selection.reach}" if selection.reach else ""
    name = f"danh-sach-{selection.status}{reach}-{days_name(selection.frame)}"
    rows = AT_ONCE if is_too_long(selection.frame) else selection.count
    title = _("Staff list: %(status)s") % {"status": status_label(selection.status)}
    return Source(lambda: people_sheet(selection), rows, name, title)


def _participations(request: HttpRequest) -> Source:
    selection = participation_selection(request, EXPORT_PEOPLE)
    reach = "-luy-ke" if selection.is_since_new_year else ""
    name = f"luot-tham-gia-{days_name(selection.frame)}{reach}"
    title = _("Participations in e-commerce training")
    return Source(lambda: participations_sheet(selection), selection.count, name, title)


def _register(request: HttpRequest) -> Source:
    sheet, count = register_sheet(request)
    return Source(lambda: sheet, count, "can-bo", sheet.title)


def _movement(request: HttpRequest) -> Source:
    frame = movement_frame(request, EXPORT_PEOPLE)
    name, title = f"bien-dong-{days_name(frame)}", _("Headcount movement")
    return Source(lambda: movement_sheet(frame), 0, name, title)


def _movement_people(request: HttpRequest) -> Source:
    selection = movement_selection(request, EXPORT_PEOPLE)
    row = row_address(selection.row)
    name = "-".join(filter(None, ["bien-dong", selection.line, row, days_name(selection.frame)]))
    title = _("People of the headcount movement")
    return Source(lambda: movement_people_sheet(selection), selection.count, name, title)


def days_name(frame: Frame) -> str:
    """ "2026-quy-1": the days in a file's name."""
    window = frame.window
    calendar = window.calendar.value if window.calendar == Calendar.STATISTICAL else ""
    return "-".join(filter(None, [str(window.year), window.part, calendar]))


_SOURCES: dict[str, Callable[[HttpRequest], Source]] = {
    ReportFile.Kind.UNITS: _units,
    ReportFile.Kind.PEOPLE: _people,
    ReportFile.Kind.PARTICIPATIONS: _participations,
    ReportFile.Kind.REGISTER: _register,
    ReportFile.Kind.MOVEMENT: _movement,
    ReportFile.Kind.MOVEMENT_PEOPLE: _movement_people,
}
