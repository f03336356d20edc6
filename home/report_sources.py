"""Which sheet an address asks for: the same for a page, a download, a job and a mail.

Whoever asks is asked again for the right each time: a job draws nothing that its owner may
no longer see.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from home.models import ReportFile
from learners.exports import Sheet
from learners.models import User
from learners.permissions import EXPORT_PEOPLE
from learners.views.downloads import participations_sheet, people_sheet, units_sheet
from learners.views.frame import PARAMETERS
from learners.views.lots import LISTS, lot_list_sheet, lot_table_sheet
from learners.views.matrix_sheets import course_matrix_sheet, matrix_people_sheet
from learners.views.plan_indicators import institutions_sheet, it_officers_sheet
from learners.views.plan_tags import plan_tags_sheet, tag_list_sheet
from learners.views.selection import participation_selection, people_selection
from learners.views.staff_register import register_sheet


@dataclass(frozen=True)
class Source:
    sheet: Sheet
    rows: int
    """How many are expected: what the page shows."""
    name: str
    """Of the file, without its ending."""


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
    sheet = units_sheet(request)
    return Source(sheet, 0, "don-vi")


def _people(request: HttpRequest) -> Source:
    selection = people_selection(request, EXPORT_PEOPLE)
    name = f"danh-sach-{selection.status}-{selection.frame.period}"
    return Source(people_sheet(selection), selection.count, name)


def _participations(request: HttpRequest) -> Source:
    selection = participation_selection(request, EXPORT_PEOPLE)
    kind = request.GET.get(PARAMETERS["list"], "")
    if kind in LISTS:
        sheet, count = lot_list_sheet(selection, kind)
        return Source(sheet, count, f"{kind}-{selection.frame.period}")
    name = f"luot-tham-gia-{selection.frame.period}"
    return Source(participations_sheet(selection), selection.count, name)


def _participation_table(request: HttpRequest) -> Source:
    return Source(lot_table_sheet(request), 0, "bang-luot-tham-gia")


def _register(request: HttpRequest) -> Source:
    sheet, count = register_sheet(request)
    return Source(sheet, count, "can-bo")


def _institutions(request: HttpRequest) -> Source:
    return Source(institutions_sheet(request), 0, "co-so-giao-duc")


def _it_officers(request: HttpRequest) -> Source:
    return Source(it_officers_sheet(request), 0, "phu-trach-cntt")


def _course_matrix(request: HttpRequest) -> Source:
    return Source(course_matrix_sheet(request), 0, "hoan-thanh-theo-khoa-hoc")


def _course_matrix_people(request: HttpRequest) -> Source:
    sheet, count = matrix_people_sheet(request)
    return Source(sheet, count, "nguoi-hoc-theo-khoa-hoc")


def _plan_tags(request: HttpRequest) -> Source:
    return Source(plan_tags_sheet(request), 0, "nhiem-vu-ke-hoach")


def _plan_tag_list(request: HttpRequest) -> Source:
    sheet, count = tag_list_sheet(request)
    return Source(sheet, count, "ket-qua-theo-nhiem-vu")


_SOURCES: dict[str, Callable[[HttpRequest], Source]] = {
    ReportFile.Kind.UNITS: _units,
    ReportFile.Kind.PEOPLE: _people,
    ReportFile.Kind.PARTICIPATIONS: _participations,
    ReportFile.Kind.PARTICIPATION_TABLE: _participation_table,
    ReportFile.Kind.REGISTER: _register,
    ReportFile.Kind.INSTITUTIONS: _institutions,
    ReportFile.Kind.IT_OFFICERS: _it_officers,
    ReportFile.Kind.COURSE_MATRIX: _course_matrix,
    ReportFile.Kind.COURSE_MATRIX_PEOPLE: _course_matrix_people,
    ReportFile.Kind.PLAN_TAGS: _plan_tags,
    ReportFile.Kind.PLAN_TAG_LIST: _plan_tag_list,
}
