"""Lists of results from other platforms: what a row says."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.text import fold
from learners import personal_numbers
from learners.imports.cells import Unreadable, day, digits, name_fault, proper_name, text
from learners.imports.sheets import Cell, Headings
from learners.models import OutsideFile
from learners.normalise import phone_number, staff_number

ALIASES = {
    "full_name": ("Họ và tên", "Họ tên", "Tên học viên", "Họ và tên học viên", "Full name"),
    "staff_number": ("Số hiệu", "Mã cán bộ", "Số hiệu cán bộ", "Mã nhân viên", "Mã số cán bộ"),
    "personal_number": (
        "Số CCCD",
        "CCCD",
        "Số định danh",
        "Số định danh cá nhân",
        "CMND",
        "CMND/CCCD",
    ),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT", "Di động"),
    "birth_date": ("Ngày sinh", "Ngày tháng năm sinh", "Năm sinh"),
    "unit": ("Đơn vị", "Cơ quan", "Đơn vị công tác", "Cơ quan công tác", "Nơi công tác"),
    "title": ("Khóa học", "Tên khóa học", "Tên lớp", "Lớp", "Nội dung", "Chuyên đề"),
    "hours": ("Số giờ", "Thời lượng", "Số tiết", "Giờ học"),
    "completed_on": ("Ngày hoàn thành", "Hoàn thành ngày", "Ngày cấp", "Ngày hoàn thành khóa học"),
    "certificate_number": (
        "Số chứng nhận",
        "Số giấy chứng nhận",
        "Số chứng chỉ",
        "Số hiệu văn bằng",
    ),
}
"""Headings of OneTouch, Bình dân học vụ số and paper lists; marks and capitals aside."""


@dataclass(frozen=True)
class Faulty:
    """A row that cannot be taken as it stands."""

    line: int
    cells: dict[str, str]
    why: str
    repair: str


@dataclass(frozen=True)
class Result:
    """What one row says, made canonical."""

    line: int
    cells: dict[str, str]
    """As it was written, without the personal number."""
    full_name: str
    staff_number: str
    number_digest: str
    """Keyed hash of the personal number; empty for none."""
    phone: str
    birth_date: date | None
    unit: str
    title: str
    hours: Decimal
    completed_on: date
    certificate_number: str

    def fingerprint(self, source_id: int) -> str:
        """Equal for the same result of the same person, whichever file it comes in."""
        parts = [
            str(source_id),
            self.number_digest or self.staff_number,
            fold(self.full_name),
            self.phone,
            str(self.birth_date or ""),
            "" if self.number_digest or self.staff_number else fold(self.unit),
            fold(self.title),
            str(self.completed_on),
        ]
        return sha256("\x1f".join(parts).encode()).hexdigest()


def read_row(line: int, row: list[Cell], headings: Headings, file: OutsideFile) -> Result | Faulty:
    """One row by its headings. A fault comes with the repair."""
    raw = {
        name: row[place] if place < len(row) else None for name, place in headings.places.items()
    }
    cells = {
        name: text(cell)[:300]
        for name, cell in raw.items()
        if name != "personal_number" and text(cell)
    }
    try:
        return _result(line, raw, cells, file)
    except Unreadable as fault:
        return Faulty(line, cells, str(fault), fault.repair)


def _result(line: int, raw: dict, cells: dict[str, str], file: OutsideFile) -> Result:
    name = proper_name(cells.get("full_name", ""))
    if not name:
        raise Unreadable(_("The row has no name."), _("Write the full name."))
    if fault := name_fault(name):
        raise Unreadable(fault, _("Write the name as on the identity card."))
    today = timezone.localdate()
    completed_on = day(raw.get("completed_on"), latest=today)
    if completed_on is None:
        raise Unreadable(
            _("The day of completion is missing."), _("Fill in the column “Ngày hoàn thành”.")
        )
    title = cells.get("title", "") or file.title
    if not title:
        raise Unreadable(
            _("The row names no course."), _("Add a column “Khóa học”, or name it for the file.")
        )
    return Result(
        line=line,
        cells=cells,
        full_name=name,
        staff_number=staff_number(cells.get("staff_number", "")),
        number_digest=_digest(raw.get("personal_number")),
        phone=phone_number(cells.get("phone", "")) if cells.get("phone") else "",
        birth_date=_birth_date(raw.get("birth_date"), today),
        unit=cells.get("unit", ""),
        title=title[:255],
        hours=_hours(raw.get("hours"), file.hours),
        completed_on=completed_on,
        certificate_number=cells.get("certificate_number", "").upper()[:60],
    )


def _birth_date(cell: Cell, today: date) -> date | None:
    """A year alone, or what cannot be read, does not help to find anybody: it is passed over."""
    try:
        return day(cell, latest=today)
    except Unreadable:
        return None


def _digest(cell: Cell) -> str:
    number = digits(cell)
    if not number:
        return ""
    if personal_numbers.is_restorable(number):
        number = f"0{number}"
    return "" if personal_numbers.fault_of(number) else personal_numbers.digest_of(number)


def _hours(cell: Cell, usual: Decimal) -> Decimal:
    written = text(cell).replace(",", ".")
    if not written and usual:
        return usual
    if not written:
        raise Unreadable(
            _("The row gives no hours."),
            _("Add a column “Số giờ”, or give the hours for the file."),
        )
    try:
        hours = Decimal(written).quantize(Decimal("0.1"))
    except InvalidOperation:
        hours = Decimal(0)
    if not 0 < hours <= 2000:
        raise Unreadable(
            _("“%(hours)s” is no number of hours.") % {"hours": written},
            _("Write a number, for example 8 or 7,5."),
        )
    return hours
