"""One row of a list of staff, read into what the register keeps. No database."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from courses.text import fold
from learners.choices import StaffKind
from learners.imports.cells import (
    Unreadable,
    day,
    digits,
    is_masked,
    name_fault,
    proper_name,
    text,
    yes_or_no,
)
from learners.imports.sheets import Cell
from learners.imports.staff_columns import COLUMNS, KINDS
from learners.normalise import phone_number, staff_number
from learners.personal_numbers import fault_of, is_plain, is_restorable, mask

ONE_YEAR = timedelta(days=366)
_MOBILE = re.compile(r"0?((?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7})", re.ASCII)


@dataclass(slots=True)
class Fault:
    """Why a row is not taken as it stands."""

    column: str
    why: str
    repair: str
    better: bool
    """Whether the repair can be accepted as it is proposed."""

    def kept(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "why": self.why,
            "repair": self.repair,
            "better": self.better,
        }


@dataclass(slots=True)
class StaffRow:
    """What a row says; empty where it says nothing."""

    line: int
    full_name: str = ""
    birth_date: date | None = None
    personal_number: str = ""
    staff_number: str = ""
    unit_code: str = ""
    unit: str = ""
    using_unit: str = ""
    staff_kind: str = ""
    title: str = ""
    phone: str = ""
    since: date | None = None
    second: bool = False
    it_officer: bool | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        """ "I. Phòng Tổ chức", a total, a signature: no line about a person."""
        says = self.personal_number or self.staff_number or self.birth_date
        return not (says or self.unit or self.unit_code or self.staff_kind or self.phone)


Read = Callable[[StaffRow, object, bool], None]
Known = dict[object, Any]
_FIELDS = {
    "full_name": "full_name",
    "birth_date": "birth_date",
    "birth_date_2": "birth_date",
    "since": "since",
    "unit_code": "unit_code",
    "unit": "unit",
    "using_unit": "using_unit",
    "staff_kind": "staff_kind",
    "title": "title",
    "second": "second",
    "it_officer": "it_officer",
}
"""What a column fills, where equal cells say the same of everybody: seventy thousand rows name
few units, kinds and days. Numbers are everybody's own."""
_REMEMBERED = 20_000
"""Cells of one column, so that memory stays bounded."""
_COMPARABLE = frozenset([str, date, datetime])
"""1, 1.0 and True are equal, and not the same in a list."""


class RowReader:
    """Reads rows whose columns stand at `places`; `today` bounds the dates.

    With `accept` the proposed repairs are made instead of reported.
    """

    def __init__(self, places: Mapping[str, int], today: date) -> None:
        self.today = today
        self._readers: list[tuple[int, str, Read, str, Known]] = [
            (place, column, getattr(self, f"_{column}"), _FIELDS.get(column, ""), {})
            for column, place in places.items()
            if column in COLUMNS
        ]

    def read(self, line: int, cells: Sequence[Cell], *, accept: bool = False) -> StaffRow:
        row, width = StaffRow(line), len(cells)
        for place, column, reader, fills, known in self._readers:
            cell = cells[place] if place < width else None
            if cell is None or cell == "":
                continue
            keeps = fills and type(cell) in _COMPARABLE
            if keeps and cell in known:
                setattr(row, fills, known[cell])
                continue
            try:
                reader(row, cell, accept)
            except Unreadable as fault:
                better = fault.better is not None
                row.faults.append(Fault(column, fault.why, fault.repair, better))
                continue
            if keeps and not accept:
                if len(known) >= _REMEMBERED:
                    known.clear()
                known[cell] = getattr(row, fills)
        if row.full_name and (wrong := name_fault(row.full_name)):
            row.faults.append(Fault("full_name", wrong, _("Write the name in full."), better=False))
        return row

    # -------------------------------------------------------------- one column each

    def _full_name(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.full_name = proper_name(text(cell))

    def _family_name(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.full_name = f"{proper_name(text(cell))} {row.full_name}".strip()

    def _given_name(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.full_name = f"{row.full_name} {proper_name(text(cell))}".strip()

    def _birth_date(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.birth_date = _day(cell, self.today, accept)

    def _birth_date_2(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.birth_date = _day(cell, self.today, accept)

    def _since(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.since = _day(cell, self.today + ONE_YEAR, accept)

    def _personal_number(self, row: StaffRow, cell: object, accept: bool) -> None:
        if isinstance(cell, str) and is_plain(cell):
            row.personal_number = cell  # As it should be, and as most are.
            return
        if is_masked(cell):
            return
        number = digits(cell)
        if accept and is_restorable(number):
            number = f"0{number}"
        row.personal_number = number
        if not (wrong := fault_of(number)):
            return
        row.personal_number = ""
        if is_restorable(number):
            raise Unreadable(
                _("The personal number has %(n)d digits: a leading nought was lost.")
                % {"n": len(number)},
                _("Take it as %(number)s, with a nought in front.") % {"number": mask(number)},
                number,
            )
        raise Unreadable(wrong, _("Copy the number from the card, as text."))

    def _staff_number(self, row: StaffRow, cell: object, accept: bool) -> None:
        number = text(cell)
        if not (number.isascii() and number.isalnum() and number == number.upper()):
            number = staff_number(number)
        if len(number) > 40:
            raise Unreadable(
                _("The staff number has more than 40 signs."), _("Check the staff number.")
            )
        if len(number) in (9, 12) and number.isdigit() and not fault_of(number):
            # A personal number in the wrong column must not end up in the clear.
            row.personal_number = row.personal_number or number
            return
        row.staff_number = number

    def _unit_code(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.unit_code = text(cell)

    def _unit(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.unit = text(cell)

    def _using_unit(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.using_unit = text(cell)

    def _staff_kind(self, row: StaffRow, cell: object, accept: bool) -> None:
        written = text(cell)
        kind = _kind(written)
        if kind is None:
            raise Unreadable(
                _("“%(kind)s” is no kind of staff.") % {"kind": written[:60]},
                _("Write cán bộ, công chức, viên chức, người lao động or không chuyên trách."),
            )
        row.staff_kind = kind

    def _title(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.title = text(cell)[:120]

    def _phone(self, row: StaffRow, cell: object, accept: bool) -> None:
        if type(cell) is str and (found := _MOBILE.fullmatch(cell)):
            row.phone = f"+84{found[1]}"
            return
        if is_masked(cell):
            return
        number = digits(cell)
        if found := _MOBILE.fullmatch(number):
            row.phone = f"+84{found[1]}"
            return
        row.phone = phone_number(text(cell))
        if not row.phone and not accept:
            raise Unreadable(
                _("“%(phone)s” is no telephone number.") % {"phone": text(cell)[:20]},
                _("Leave the telephone number out."),
                "",
            )

    def _second(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.second = bool(yes_or_no(cell))

    def _it_officer(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.it_officer = yes_or_no(cell)


def _day(cell: object, latest: date, accept: bool) -> date | None:
    try:
        return day(cell, latest=latest)
    except Unreadable as fault:
        if accept and fault.better is not None:
            return fault.better if isinstance(fault.better, date) else None
        raise


@lru_cache(maxsize=1000)
def _kind(written: str) -> StaffKind | None:
    return KINDS.get(fold(written).rstrip("."))
