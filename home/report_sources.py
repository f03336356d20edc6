"""Which sheet an address asks for: the same for a page, a download, a job and a mail.

Whoever asks is asked again for the right each time: a job draws nothing that its owner may
no longer see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import IO, TypeAlias

from django.http import Http404, HttpRequest, QueryDict
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.text import fold
from home.models import ReportFile
from learners.choices import PROVINCE_CODE, Calendar
from learners.exports import Sheet
from learners.history.pack import make_pack
from learners.history.people import StaffOf
from learners.history.sheets import history_sheet
from learners.models import User
from learners.permissions import EXPORT_PEOPLE
from learners.reports.windows import AT_ONCE, is_long
from learners.views.downloads import participations_sheet, people_sheet, units_sheet
from learners.views.frame import PARAMETERS, Frame, frame_of
from learners.views.lots import LISTS, lot_list_sheet, lot_table_sheet
from learners.views.matrix_sheets import course_matrix_sheet, matrix_people_sheet
from learners.views.movement import (
    movement_frame,
    movement_people_sheet,
    movement_selection,
    movement_sheet,
    row_address,
)
from learners.views.plan_indicators import institutions_sheet, it_officers_sheet
from learners.views.plan_tags import plan_tags_sheet, tag_list_sheet
from learners.views.selection import participation_selection, people_selection
from learners.views.staff_register import register_sheet
from learners.views.windows import is_too_long
from learners.views.wording import status_label

Pack: TypeAlias = Callable[[Callable[[int], None]], IO[bytes]]
"""Given whom to tell how many people are done, the file open at its beginning."""


@dataclass(frozen=True)
class Source:
    """A report before it is drawn. The right was asked for; what takes long is not counted yet."""

    make: Callable[[], Sheet]
    rows: int
    """How many are expected: what the page shows."""
    name: str
    """Of the file, without its ending."""
    title: str
    pack: Pack | None = None
    """Draws the zip, where the list can be had as one."""

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
    status = slugify(fold(status_label(selection.status)))
    name = f"danh-sach-{status}{reach}-{days_name(selection.frame)}"
    rows = AT_ONCE if is_too_long(selection.frame) else selection.count
    title = _("Staff list: %(status)s") % {"status": status_label(selection.status)}
    return Source(lambda: people_sheet(selection), rows, name, title)


def _participations(request: HttpRequest) -> Source:
    selection = participation_selection(request, EXPORT_PEOPLE)
    days = days_name(selection.frame)
    kind = request.GET.get(PARAMETERS["list"], "")
    if kind in LISTS:
        return _of(*lot_list_sheet(selection, kind), f"{kind}-{days}")
    reach = "-luy-ke" if selection.is_since_new_year else ""
    title = _("Participations in e-commerce training")
    name = f"luot-tham-gia-{days}{reach}"
    return Source(lambda: participations_sheet(selection), selection.count, name, title)


def _of(sheet: Sheet, rows: int, name: str) -> Source:
    """Of a sheet whose figures are known."""
    return Source(lambda: sheet, rows, name, sheet.title)


def _participation_table(request: HttpRequest) -> Source:
    return _of(lot_table_sheet(request), 0, "bang-luot-tham-gia")


def _register(request: HttpRequest) -> Source:
    return _of(*register_sheet(request), "can-bo")


def _movement(request: HttpRequest) -> Source:
    frame = movement_frame(request, EXPORT_PEOPLE)
    name, title = f"bien-dong-{days_name(frame)}", _("Headcount movement")
    rows = AT_ONCE if is_long(frame.cut_off, frame.units) else 0
    return Source(lambda: movement_sheet(frame), rows, name, title)


def _movement_people(request: HttpRequest) -> Source:
    selection = movement_selection(request, EXPORT_PEOPLE)
    row = row_address(selection.row)
    name = "-".join(filter(None, ["bien-dong", selection.line, row, days_name(selection.frame)]))
    title = _("People of the headcount movement")
    is_too_large = is_long(selection.frame.cut_off, selection.frame.units)
    rows = AT_ONCE if is_too_large else selection.count
    return Source(lambda: movement_people_sheet(selection), rows, name, title)


def days_name(frame: Frame) -> str:
    """ "2026-quy-1": the days in a file's name."""
    window = frame.window
    calendar = window.calendar.value if window.calendar == Calendar.STATISTICAL else ""
    return "-".join(filter(None, [str(window.year), window.part, calendar]))


def _histories(request: HttpRequest) -> Source:
    frame = frame_of(request, EXPORT_PEOPLE)
    if not frame.is_of_today:
        raise Http404
    staff = StaffOf(frame.units)
    code = frame.tree[frame.unit].code if frame.unit is not None else PROVINCE_CODE
    with translation.override("vi"):
        pack = partial(make_pack, staff, frame.name, code)
    sheet = history_sheet(staff, of=frame.name)
    name = f"qua-trinh-dao-tao-{code}"
    return Source(lambda: sheet, staff.count(), name, sheet.title, pack)


def _institutions(request: HttpRequest) -> Source:
    return _of(institutions_sheet(request), 0, "co-so-giao-duc")


def _it_officers(request: HttpRequest) -> Source:
    return _of(it_officers_sheet(request), 0, "phu-trach-cntt")


def _course_matrix(request: HttpRequest) -> Source:
    return _of(course_matrix_sheet(request), 0, "hoan-thanh-theo-khoa-hoc")


def _course_matrix_people(request: HttpRequest) -> Source:
    return _of(*matrix_people_sheet(request), "nguoi-hoc-theo-khoa-hoc")


def _plan_tags(request: HttpRequest) -> Source:
    return _of(plan_tags_sheet(request), 0, "nhiem-vu-ke-hoach")


def _plan_tag_list(request: HttpRequest) -> Source:
    return _of(*tag_list_sheet(request), "ket-qua-theo-nhiem-vu")


_SOURCES: dict[str, Callable[[HttpRequest], Source]] = {
    ReportFile.Kind.UNITS: _units,
    ReportFile.Kind.PEOPLE: _people,
    ReportFile.Kind.PARTICIPATIONS: _participations,
    ReportFile.Kind.PARTICIPATION_TABLE: _participation_table,
    ReportFile.Kind.REGISTER: _register,
    ReportFile.Kind.MOVEMENT: _movement,
    ReportFile.Kind.MOVEMENT_PEOPLE: _movement_people,
    ReportFile.Kind.HISTORIES: _histories,
    ReportFile.Kind.INSTITUTIONS: _institutions,
    ReportFile.Kind.IT_OFFICERS: _it_officers,
    ReportFile.Kind.COURSE_MATRIX: _course_matrix,
    ReportFile.Kind.COURSE_MATRIX_PEOPLE: _course_matrix_people,
    ReportFile.Kind.PLAN_TAGS: _plan_tags,
    ReportFile.Kind.PLAN_TAG_LIST: _plan_tag_list,
}
