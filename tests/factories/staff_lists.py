"""Lists of staff as offices send them."""

import io
from datetime import date
from typing import Any

import openpyxl

from learners.imports.staff import apply_list, check_list, open_list
from learners.models import Organisation, StaffImport

HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Mã cán bộ", "Mã đơn vị", "Phân loại",
            "Chức vụ"]  # fmt: skip
BEFORE = date(2026, 1, 1)
DAY = date(2026, 6, 1)


def line(number: int, **changes: Any) -> list:
    """One good row about somebody of unit U1."""
    cells = {
        "Họ và tên": f"Nguyễn Thị Hoa {'ABCDEFGHIJ'[number // 10 % 10]}{'ABCDEFGHIJ'[number % 10]}",
        "Ngày sinh": "05/04/1990",
        "Số CCCD": f"040190{number:06}",
        "Mã cán bộ": f"CB{number:04}",
        "Mã đơn vị": "U1",
        "Phân loại": "Viên chức",
        "Chức vụ": "Giáo viên",
    } | changes
    return [number, *(cells[heading] for heading in HEADINGS[1:])]


def workbook(*lines: list, headings: list[str] = HEADINGS) -> bytes:
    book = openpyxl.Workbook()
    for row in [["DANH SÁCH CÁN BỘ, VIÊN CHỨC"], headings, *lines]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def opened(*lines: list, unit: Organisation | None = None, **fields: Any) -> StaffImport:
    fields = {"effective_on": DAY, "name": "danh-sach.xlsx"} | fields
    headings = fields.pop("headings", HEADINGS)
    run, _sheet = open_list(
        workbook(*lines, headings=headings), unit=unit.pk if unit else None, **fields
    )
    return run


def checked(*lines: list, **fields: Any) -> StaffImport:
    run = opened(*lines, **fields)
    StaffImport.objects.filter(pk=run.pk).update(state="checking")
    check_list(run)
    run.refresh_from_db()
    return run


def applied(*lines: list, accept_all: bool = False, **fields: Any) -> StaffImport:
    run = checked(*lines, **fields)
    StaffImport.objects.filter(pk=run.pk).update(state="applying", read=0)
    apply_list(run, accept_all=accept_all)
    run.refresh_from_db()
    return run
