"""Which sheet an address asks for: the same for a page, a download, a job and a mail.

Whoever asks is asked again for the right each time: a job draws nothing that its owner may
no longer see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import IO, TypeAlias

from django.http import Http404, HttpRequest, QueryDict
from django.utils import translation

from home.models import ReportFile
from learners.choices import PROVINCE_CODE
from learners.exports import Sheet
from learners.history.pack import make_pack
from learners.history.people import StaffOf
from learners.history.sheets import history_sheet
from learners.models import User
from learners.permissions import EXPORT_PEOPLE
from learners.views.downloads import participations_sheet, people_sheet, units_sheet
from learners.views.frame import frame_of
from learners.views.selection import participation_selection, people_selection
from learners.views.staff_register import register_sheet

Pack: TypeAlias = Callable[[Callable[[int], None]], IO[bytes]]
"""Given whom to tell how many people are done, the file open at its beginning."""


@dataclass(frozen=True)
class Source:
    sheet: Sheet
    rows: int
    """How many are expected: what the page shows."""
    name: str
    """Of the file, without its ending."""
    pack: Pack | None = None
    """Draws the zip, where the list can be had as one."""


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
    name = f"luot-tham-gia-{selection.frame.period}"
    return Source(participations_sheet(selection), selection.count, name)


def _register(request: HttpRequest) -> Source:
    sheet, count = register_sheet(request)
    return Source(sheet, count, "can-bo")


def _histories(request: HttpRequest) -> Source:
    frame = frame_of(request, EXPORT_PEOPLE)
    if not frame.is_of_today:
        raise Http404
    staff = StaffOf(frame.units)
    code = frame.tree[frame.unit].code if frame.unit is not None else PROVINCE_CODE
    with translation.override("vi"):
        pack = partial(make_pack, staff, frame.name, code)
    sheet = history_sheet(staff, of=frame.name)
    return Source(sheet, staff.count(), f"qua-trinh-dao-tao-{code}", pack)


_SOURCES: dict[str, Callable[[HttpRequest], Source]] = {
    ReportFile.Kind.UNITS: _units,
    ReportFile.Kind.PEOPLE: _people,
    ReportFile.Kind.PARTICIPATIONS: _participations,
    ReportFile.Kind.REGISTER: _register,
    ReportFile.Kind.HISTORIES: _histories,
}
