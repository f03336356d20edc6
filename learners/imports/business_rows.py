"""One row of a list of businesses, read into what the register keeps. No database but what
`Communes` has in memory."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from courses.text import fold
from learners.business_numbers import fault_of, is_personal, tidy
from learners.choices import BusinessKind
from learners.imports.business_columns import BEGINNINGS, KINDS
from learners.imports.business_communes import Communes
from learners.imports.cells import Unreadable, day, is_broken, is_masked, text
from learners.imports.sheets import Cell, column_letters
from learners.imports.staff_rows import Fault, broken_cell
from learners.personal_numbers import digest_of, holds_number, is_restorable, mask

LONGEST_NAME = 200
LONGEST_RECOGNITION = 120
TAX_CODE = 10
"""Signs of the plain one; what is longer may be somebody's number and is shown masked."""
NO_BUSINESS = re.compile(
    r"(tong cong|tong so|cong|nguoi lap|lap bieu|thu truong|ghi chu|[ivxlc]+[.)]|[a-z][.)])( .*)?"
)
"""A total, a signature, a heading between rows: said of a line without any number."""


@dataclass(slots=True)
class BusinessRow:
    """What a row says; empty where it says nothing."""

    line: int
    name: str = ""
    kind: str = ""
    says_kind: bool = False
    """Whether the row itself names the kind: only then it corrects the register."""
    number: str = ""
    commune: int | None = None
    says_commune: bool = False
    recognition: str = ""
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_heading: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What one business is known by within a list; no number in the clear."""
        if is_personal(self.number):
            return (digest_of(self.number),)
        return (self.number,) if self.number else self.place

    @property
    def place(self) -> tuple[str, str, int | None]:
        """What a business without a number is known by."""
        return (self.kind, fold(self.name), self.commune)


class RowReader:
    """Reads rows whose columns stand at `places`. With `accept` the proposed repairs are made
    instead of reported."""

    def __init__(
        self,
        places: Mapping[str, int],
        communes: Communes,
        today: date,
        *,
        default_kind: str = "",
        default_commune: int | None = None,
        first: int = 0,
    ) -> None:
        """`first` is how many empty columns stand before the table."""
        self._places = dict(places)
        self._first = first
        self.communes, self.today = communes, today
        self.default_kind, self.default_commune = default_kind, default_commune

    def read(self, line: int, cells: Sequence[Cell], *, accept: bool = False) -> BusinessRow:
        row = BusinessRow(line)
        self._cells = cells
        typed = self._text("number") or self._text("household_number")
        no_name = not self._text("name") and not is_broken(self._cell("name"))
        if not typed and (no_name or self._is_no_business()):
            row.is_heading = True
            return row
        row.faults = self._broken(line)
        if row.faults:
            return row
        for column, reader in (
            ("name", self._name),
            ("kind", self._kind),
            ("number", self._number),
            ("commune", self._commune),
            ("recognition", self._recognition),
        ):
            try:
                reader(row, accept)
            except Unreadable as fault:
                better = fault.better is not None
                row.faults.append(Fault(column, fault.why, fault.repair, better))
        return row

    def _broken(self, line: int) -> list[Fault]:
        """Formulas that failed say nothing of a business."""
        found = []
        for column, place in self._places.items():
            if is_broken(cell := self._cell(column)):
                where = f"{column_letters(self._first + place)}{line}"
                fault = broken_cell(where, cell)
                found.append(Fault(column, fault.why, fault.repair, better=False))
        return found

    def _text(self, column: str) -> str:
        return text(self._cell(column))

    def _cell(self, column: str) -> Cell:
        place = self._places.get(column, -1)
        return self._cells[place] if 0 <= place < len(self._cells) else None

    def _is_no_business(self) -> bool:
        rest = ("kind", "commune", "commune_code", "recognition")
        says_more = any(self._text(column) for column in rest)
        return not says_more and NO_BUSINESS.fullmatch(fold(self._text("name"))) is not None

    # -------------------------------------------------------------- one thing each

    def _name(self, row: BusinessRow, accept: bool) -> None:
        name = self._text("name")
        if holds_number(name):
            raise Unreadable(
                _("The name holds a personal number."),
                _("Write the name alone; the number has a column of its own."),
            )
        if not name or len(name) > LONGEST_NAME:
            raise Unreadable(
                _("The name is missing or has more than %(n)d letters.") % {"n": LONGEST_NAME},
                _("Write the name as it stands in the registration."),
            )
        if "\ufffd" in name:
            raise Unreadable(
                _("The name has lost letters: “%(name)s”.") % {"name": name},
                _("Write the name as it stands in the registration."),
            )
        row.name = name

    def _kind(self, row: BusinessRow, accept: bool) -> None:
        written = self._text("kind")
        known = KINDS.get(fold(written).rstrip("."))
        if written and known is None:
            raise Unreadable(
                _("“%(kind)s” is no kind of business.") % {"kind": written[:60]},
                _("Write doanh nghiệp, hợp tác xã, làng nghề or hộ kinh doanh."),
            )
        row.says_kind = known is not None
        row.kind = known or self.default_kind or _kind_by_name(row.name)
        if not row.kind:
            raise Unreadable(
                _("The row does not say what kind of business it is."),
                _("Write doanh nghiệp, hợp tác xã, làng nghề or hộ kinh doanh."),
            )

    def _number(self, row: BusinessRow, accept: bool) -> None:
        cell = self._cell("number")
        if text(cell) == "":
            cell = self._cell("household_number")
        if text(cell) == "":
            return
        if is_masked(cell):
            raise Unreadable(
                _("The number is covered: it comes from an export."),
                _("Write the whole number, or take the row out."),
            )
        number = tidy(text(cell))
        is_household = row.kind == BusinessKind.HOUSEHOLD_BUSINESS
        whole = _with_nought(number, is_household)
        if whole and not accept:
            raise Unreadable(
                _("The number has lost a leading nought: it has %(n)d digits.")
                % {"n": len(number.replace("-", ""))},
                _("Take it as %(number)s, with a nought in front.")
                % {"number": whole if len(whole) == TAX_CODE else mask(whole)},
                whole,
            )
        number = whole or number
        if is_personal(number) and row.kind and not is_household:
            raise Unreadable(
                _("Only a household business has twelve digits."),
                _("Write the tax code of 10 or 13 digits, or correct the kind."),
            )
        if wrong := fault_of(number):
            raise Unreadable(wrong, _("Copy the number from the registration, as text."))
        row.number = number

    def _commune(self, row: BusinessRow, accept: bool) -> None:
        code, name = self._text("commune_code"), self._text("commune")
        if not code and not name:
            row.commune = self.default_commune
            if row.commune is None:
                raise Unreadable(
                    _("No commune is given."),
                    _("Write the commune's code or its name, of today or of before."),
                )
            return
        found = self.communes.find(code, name)
        if found.unit is None and accept and found.proposed is not None:
            row.commune = found.proposed
        elif found.unit is None:
            raise Unreadable(found.why, found.repair, "" if found.proposed else None)
        else:
            row.commune = found.unit
        row.says_commune = True
        if found.note:
            row.notes.append(found.note)

    def _recognition(self, row: BusinessRow, accept: bool) -> None:
        number = self._text("recognition")
        signed = day(self._cell("recognised_on"), latest=self.today)
        written = f"{signed:%d/%m/%Y}" if signed else ""
        row.recognition = number if written in number else f"{number}, {written}".strip(", ")
        if len(row.recognition) > LONGEST_RECOGNITION:
            raise Unreadable(
                _("The recognition decision has more than %(n)d signs.")
                % {"n": LONGEST_RECOGNITION},
                _("Write its number and its date alone."),
            )


def _kind_by_name(name: str) -> str:
    folded = f"{fold(name)} "
    found = (kind for start, kind in BEGINNINGS.items() if folded.startswith(start))
    return next(found, "")


def _with_nought(number: str, is_household: bool) -> str:
    """The number that Excel took a leading nought from; "" when it did not."""
    digits = number.replace("-", "")
    if is_household and len(digits) == 11:
        return f"0{digits}" if is_restorable(digits) else ""
    if len(digits) == 9 or (len(digits) == 12 and not is_household):
        whole = tidy(f"0{digits}")
        return whole if fault_of(whole) == "" else ""
    return ""
