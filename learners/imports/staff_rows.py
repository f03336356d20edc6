"""One row of a list of staff, read into what the register keeps. No database."""

import difflib
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
    Broken,
    Unreadable,
    bare_name,
    day,
    digits,
    is_broken,
    is_masked,
    is_shortened,
    name_fault,
    plain_name,
    proper_name,
    text,
    yes_or_no,
)
from learners.imports.sheets import Cell, column_letters
from learners.imports.staff_columns import COLUMNS, KINDS
from learners.normalise import phone_number, staff_number
from learners.personal_numbers import fault_of, is_plain, is_restorable, mask

_AGES = range(14, 91)
"""Of whoever can be in a list of staff."""
TITLE = 120
"""Letters that a position has room for."""
ONE_YEAR = timedelta(days=366)
_STAFF_NUMBER = re.compile(r"[\w./\-]*")
_PLAIN_STAFF_NUMBER = re.compile(r"[A-Z][A-Z0-9]{1,39}")
"""What begins with a digit may be a personal number, or a shortened one."""
_OLD_MOBILE = re.compile(r"(?:0|\+?84)?1(2[0-9]|6[2-9]|8[68]|99)(\d{7})", re.ASCII)
_SINCE_2018 = (
    {f"6{last}": f"3{last}" for last in "23456789"}
    | {"20": "70", "21": "79", "22": "77", "26": "76", "28": "78"}
    | {"23": "83", "24": "84", "25": "85", "27": "81", "29": "82"}
    | {"86": "56", "88": "58", "99": "59"}
)
"""The prefixes of eleven-digit mobile numbers, and those that took their place in 2018."""
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

    numbered: bool = False
    """Whether the list counts it; asked only of a row that does not say who it is about."""
    filled: int = 0
    """How many of the known columns say something."""

    @property
    def is_heading(self) -> bool:
        """ "I. Phòng Tổ chức", a total, a signature: no line about a person."""
        if self.personal_number or self.staff_number or self.birth_date:
            return False
        if _CLOSING.match(fold(self.full_name)):
            return True
        if self.numbered:
            return False
        if not self.full_name and self.filled < 2:
            return True
        return not (self.unit or self.unit_code or self.staff_kind or self.phone or self.wants)

    @property
    def wants(self) -> bool:
        """Whether it tried to say who somebody is."""
        return any(fault.column in _TELLING for fault in self.faults)


_TELLING = {"personal_number", "staff_number", "birth_date", "birth_date_2"}
_CLOSING = re.compile(
    r"\W*(?:(?:tong|cong)\W*(?:\d|$)|(?:tong cong|tong so|cong danh sach"
    r"|danh sach (?:nay )?(?:co|gom)"
    r"|an dinh danh sach|nguoi lap|lap bieu|can bo lap|thu truong|hieu truong|giam doc|chu tich"
    r"|pho chu tich|ke toan|truong phong|truong ban|xac nhan|noi nhan|ghi chu|ky ten|ky,|ky va"
    r"|tm\.|kt\.|tl\.|q\.|ngay \d+ thang|.{0,30}, ngay .{0,6}thang)\b)"
)
"""How the lines below a list begin, without marks: its total, and who signs."""


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

    def __init__(
        self,
        places: Mapping[str, int],
        today: date,
        counted: int | None = None,
        *,
        first: int = 0,
    ) -> None:
        """`counted` is the place of the column that numbers the rows; `first` how many empty
        columns stand before the table."""
        self.today = today
        self._counted = counted
        self._first = first
        self._readers: list[tuple[int, str, Read, str, Known]] = [
            (place, column, getattr(self, f"_{column}"), _FIELDS.get(column, ""), {})
            for column, place in places.items()
            if column in COLUMNS
        ]

    def read(self, line: int, cells: Sequence[Cell], *, accept: bool = False) -> StaffRow:
        row, width, filled = StaffRow(line), len(cells), 0
        for place, column, reader, fills, known in self._readers:
            cell = cells[place] if place < width else None
            if cell is None or (cell == "" and not isinstance(cell, Broken)):
                continue
            filled += 1
            keeps = fills and type(cell) in _COMPARABLE
            if keeps and cell in known:
                setattr(row, fills, known[cell])
                continue
            try:
                # Plain text without the sign is none of Excel's errors: most cells.
                if (type(cell) is not str or "#" in cell) and is_broken(cell):
                    where = f"{column_letters(self._first + place)}{line}"
                    _refuse_broken(column, where, cell, accept)
                    continue
                told = len(row.notes)
                reader(row, cell, accept)
            except Unreadable as fault:
                better = fault.better is not None
                row.faults.append(Fault(column, fault.why, fault.repair, better))
                continue
            # What tells something of its own row is read each time.
            if keeps and not accept and len(row.notes) == told:
                if len(known) >= _REMEMBERED:
                    known.clear()
                known[cell] = getattr(row, fills)
        row.filled = filled
        says = row.personal_number or row.staff_number or row.birth_date
        if not says and self._counted is not None and self._counted < width:
            row.numbered = text(cells[self._counted]).rstrip(".").isdecimal()
        if row.full_name:
            _check_name(row, accept)
        if row.numbered and row.full_name and filled == 1:
            row.faults.append(
                Fault(
                    "full_name",
                    _("The row says nothing but a name."),
                    _("Add the personal number or the date of birth; delete what is no person."),
                    better=False,
                )
            )
        return row

    # -------------------------------------------------------------- one column each

    def _full_name(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.full_name = proper_name(text(cell))

    def _family_name(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.full_name = f"{proper_name(text(cell))} {row.full_name}".strip()

    def _given_name(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.full_name = f"{row.full_name} {proper_name(text(cell))}".strip()

    def _birth_date(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.birth_date = self._born(cell, accept)

    def _birth_date_2(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.birth_date = self._born(cell, accept)

    def _born(self, cell: object, accept: bool) -> date | None:
        found = _day(cell, self.today, accept)
        if found is not None and (age := self.today.year - found.year) not in _AGES:
            raise Unreadable(
                _("Born on %(date)s, the person would be %(n)d years old.")
                % {"date": f"{found:%d/%m/%Y}", "n": age},
                _("Check the year of birth."),
            )
        return found

    def _since(self, row: StaffRow, cell: object, accept: bool) -> None:
        row.since = _day(cell, self.today + ONE_YEAR, accept)

    def _personal_number(self, row: StaffRow, cell: object, accept: bool) -> None:
        if isinstance(cell, str) and is_plain(cell):
            row.personal_number = cell  # As it should be, and as most are.
            return
        if is_masked(cell):
            return
        _refuse_shortened(cell)
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
        if type(cell) is str and _PLAIN_STAFF_NUMBER.fullmatch(cell):
            row.staff_number = cell  # As most are.
            return
        number = text(cell)
        if isinstance(cell, str):
            _refuse_shortened(cell)
        if not (number.isascii() and number.isalnum() and number == number.upper()):
            number = staff_number(number)
        if len(number) > 40:
            raise Unreadable(
                _("The staff number has more than 40 signs."), _("Check the staff number.")
            )
        if not _STAFF_NUMBER.fullmatch(number):
            raise Unreadable(
                _("“%(number)s” holds signs that belong to no staff number.")
                % {"number": number[:40]},
                _("Check the staff number."),
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
        if kind is None and (near := _nearest_kind(written)):
            if accept:
                row.staff_kind = near
                return
            raise Unreadable(
                _("“%(kind)s” is no kind of staff.") % {"kind": written[:60]},
                _("Take it as %(kind)s.") % {"kind": near.label},
                near.value,
            )
        if kind is None:
            raise Unreadable(
                _("“%(kind)s” is no kind of staff.") % {"kind": written[:60]},
                _("Write cán bộ, công chức, viên chức, người lao động or không chuyên trách."),
            )
        row.staff_kind = kind

    def _title(self, row: StaffRow, cell: object, accept: bool) -> None:
        title = text(cell)
        if len(title) > TITLE and not accept:
            raise Unreadable(
                _("The position has %(n)d letters; %(most)d have room.")
                % {"n": len(title), "most": TITLE},
                _("Keep its beginning: “…%(end)s”.") % {"end": title[TITLE - 30 : TITLE].strip()},
                title[:TITLE],
            )
        row.title = title[:TITLE].strip()

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
        if found := _OLD_MOBILE.fullmatch(number):
            row.phone = f"+84{_SINCE_2018[found[1]]}{found[2]}"
            row.notes.append(
                _("The telephone number %(old)s has been %(new)s since 2018.")
                % {"old": number, "new": f"0{row.phone[3:]}"}
            )
            return
        row.phone = phone_number(text(cell))
        if not row.phone and not accept:
            raise Unreadable(
                _("“%(phone)s” is no telephone number.") % {"phone": text(cell)[:20]},
                _("Leave the telephone number out."),
                "",
            )

    def _second(self, row: StaffRow, cell: object, accept: bool) -> None:
        said = yes_or_no(cell)
        row.second = bool(said)
        if said is None:
            row.notes.append(
                _(
                    "“%(text)s” in the column “Kiêm nhiệm” was not taken: a second post has a row"
                    " of its own, with x in this column."
                )
                % {"text": text(cell)[:60]}
            )

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


def _nearest_kind(written: str) -> StaffKind | None:
    """What a misspelt kind probably means."""
    alike = difflib.get_close_matches(fold(written), KINDS, n=1, cutoff=0.85)
    return KINDS[alike[0]] if alike and len(alike[0]) > 4 else None


def _check_name(row: StaffRow, accept: bool) -> None:
    name = row.full_name
    if plain_name(name):
        if " " not in name and not accept:
            row.faults.append(
                Fault(
                    "full_name",
                    _("The name “%(name)s” is a single word.") % {"name": name},
                    _("This is the whole name."),
                    better=True,
                )
            )
        return
    bare = proper_name(bare_name(name))
    if bare != name and " " in bare and not name_fault(bare):
        if accept:
            row.full_name = bare
            return
        row.faults.append(
            Fault(
                "full_name",
                _("“%(name)s” holds more than the name.") % {"name": name[:100]},
                _("Take it as %(name)s.") % {"name": bare},
                better=True,
            )
        )
    elif wrong := name_fault(name):
        row.faults.append(Fault("full_name", wrong, _("Write the name in full."), better=False))


_OPTIONAL = {"title", "phone", "using_unit", "second", "it_officer"}


def _refuse_broken(column: str, where: str, cell: object, accept: bool) -> None:
    """A formula that failed says nothing; what the register can do without may be left out."""
    if accept and column in _OPTIONAL:
        return
    fault = broken_cell(where, cell)
    if column in _OPTIONAL:
        raise Unreadable(fault.why, _("Leave this cell out."), "")
    raise fault


def broken_cell(where: str, cell: object) -> Unreadable:
    """Of a cell with a formula that failed, as Excel calls it."""
    said = {"cell": where, "error": text(cell)}
    return Unreadable(
        _("Cell %(cell)s shows the error %(error)s.") % said
        if said["error"]
        else _("Cell %(cell)s holds a formula without its result.") % said,
        _("Write the value itself into the cell instead of the formula."),
    )


def _refuse_shortened(cell: object) -> None:
    if is_shortened(cell):
        raise Unreadable(
            _("Excel has shortened the number to %(number)s; its last digits are lost.")
            % {"number": f"{cell:.3G}" if isinstance(cell, float | int) else text(cell)},
            _("Format the column as text in Excel, then copy the whole number once more."),
        )
