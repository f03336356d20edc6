"""The lines of a reorganisation, as an annex to a decision lists them: XLSX or CSV."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from courses.import_report import Skipped
from courses.text import fold, nfc
from learners.actions.reorganisation_tree import ONE_DAY
from learners.choices import ChangeKind, Level, PeopleGo
from learners.imports.cells import text
from learners.imports.sheets import Cell, open_sheet
from learners.imports.staff_units import Units
from learners.models import ReorganisationLine

MOST_LINES = 2000
"""More lines than any annex has: the file is a list of something else."""

ALIASES = {
    "kind": ["Hình thức sắp xếp", "Hình thức", "Nội dung sắp xếp", "kind"],
    "from_code": ["Mã đơn vị cũ", "Mã đơn vị", "Mã cũ", "from code", "predecessor code"],
    "from_name": ["Tên đơn vị cũ", "Tên đơn vị", "Đơn vị cũ", "Đơn vị", "from name"],
    "to_code": ["Mã đơn vị mới", "Mã đơn vị kế thừa", "Mã mới", "to code", "successor code"],
    "to_name": ["Tên đơn vị mới", "Đơn vị mới", "Đơn vị kế thừa", "to name"],
    "to_level": ["Cấp của đơn vị mới", "Cấp", "to level"],
    "to_parent_code": ["Mã đơn vị cấp trên", "Trực thuộc", "to parent code"],
    "people": ["Người chuyển theo", "Nhân sự", "people"],
    "staff_numbers": ["Số hiệu người chuyển", "Số hiệu cán bộ", "Số hiệu", "staff numbers"],
    "note": ["Ghi chú", "note"],
}

Words = dict[TextChoices, list[str]]
"""How people write the members of a vocabulary."""

KINDS: Words = {
    ChangeKind.MERGE: ["hợp nhất", "nhập", "thành lập trên cơ sở hợp nhất"],
    ChangeKind.ABSORB: ["sáp nhập", "sáp nhập vào"],
    ChangeKind.RENAME: ["đổi tên", "thay thế", "đổi tên hoặc thay thế"],
    ChangeKind.SPLIT: ["tách", "chia", "tách một bộ phận"],
    ChangeKind.REPARENT: ["chuyển trực thuộc", "chuyển cơ quan quản lý", "chuyển về"],
    ChangeKind.DISSOLVE: ["giải thể", "kết thúc hoạt động"],
    ChangeKind.FOUND: ["thành lập mới", "thành lập"],
    ChangeKind.FUNCTION_TRANSFER: ["chuyển chức năng", "chuyển nhiệm vụ", "chuyển giao chức năng"],
}
LEVELS: Words = {
    Level.PROVINCE: ["tỉnh", "cấp tỉnh"],
    Level.DISTRICT: ["huyện", "cấp huyện"],
    Level.COMMUNE: ["xã", "cấp xã", "phường"],
}
PEOPLE: Words = {
    PeopleGo.ALL: ["tất cả", "toàn bộ"],
    PeopleGo.NAMED: ["theo danh sách", "nêu tên", "có tên"],
    PeopleGo.NONE: ["không", "không ai", "không chuyển"],
}

_DIGITS = re.compile(r"\d{5}")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-]{0,39}")
DIVIDER = " · "
"""Between code and name where a page offers units to choose from."""


class UnitCodes:
    """The register of the day before a document, by code or by name."""

    def __init__(self, day: date) -> None:
        self._units = Units(day - ONE_DAY, None)

    def offered(self) -> list[str]:
        """Every unit in force, as a page offers it."""
        nodes = self._units.tree.nodes.values()
        return sorted(f"{node.code}{DIVIDER}{node.name}" for node in nodes)

    def existing(self, typed: str, name: str = "") -> tuple[str, str]:
        """The code of a unit that is there, and why none was found."""
        code = typed.partition(DIVIDER)[0].strip()
        found = self._units.find(code, name.strip())
        if found.unit is not None and not found.note:
            return self._units.tree[found.unit].code, ""
        why = found.why or found.note
        return "", f"{why} {found.repair}".strip()

    def any(self, typed: str) -> str:
        """A code as the register writes it, whether the unit is there or yet to come; empty for
        what is no code."""
        code = nfc(typed.partition(DIVIDER)[0]).strip().upper()
        code = f"X{code}" if _DIGITS.fullmatch(code) else code
        if _CODE.fullmatch(code):
            return code
        known, _why = self.existing(typed)
        return known


class _Faulty(Exception):
    def __init__(self, what: str, why: str, repair: str) -> None:
        super().__init__(why)
        self.what, self.why, self.repair = what, why, repair


def read_lines(data: bytes, day: date) -> tuple[list[ReorganisationLine], list[Skipped]]:
    """Lines not yet stored, and the rows that could not be understood.

    Raises ImportRefused for what is no table.
    """
    sheet = open_sheet(data, ALIASES)
    codes = UnitCodes(day)
    lines: list[ReorganisationLine] = []
    skipped: list[Skipped] = []
    for number, cells in sheet.rows():
        if len(lines) + len(skipped) == MOST_LINES:
            why = _("Only the first %(n)d rows were read.") % {"n": MOST_LINES}
            skipped.append(Skipped(str(number), "", why, _("Divide the file.")))
            break
        row = _row(cells, sheet.headings.places)
        try:
            line = _line(row, codes)
        except _Faulty as fault:
            skipped.append(Skipped(str(number), fault.what, fault.why, fault.repair))
            continue
        line.position = len(lines) + 1
        lines.append(line)
    return lines, skipped


def _row(cells: Sequence[Cell], places: Mapping[str, int]) -> dict[str, str]:
    return {
        name: nfc(text(cells[place])) if place < len(cells) else ""
        for name, place in places.items()
    }


def _line(row: Mapping[str, str], codes: UnitCodes) -> ReorganisationLine:
    kind = _meant(row.get("kind", ""), KINDS, "kind")
    typed, name = row.get("from_code", ""), row.get("from_name", "")
    from_code = ""
    if kind != ChangeKind.FOUND:
        from_code, why = codes.existing(typed, name)
        if not from_code:
            raise _Faulty(typed or name, why, "")
    line = ReorganisationLine(
        kind=kind,
        from_code=from_code,
        to_code=_code(row.get("to_code", ""), codes),
        to_name=_fitting(row.get("to_name", ""), 200),
        to_level=_meant(row.get("to_level", ""), LEVELS, "to_level", required=False),
        to_parent_code=_code(row.get("to_parent_code", ""), codes),
        people=_meant(row.get("people", ""), PEOPLE, "people", required=False),
        staff_numbers=row.get("staff_numbers", ""),
        note=_fitting(row.get("note", ""), 190),
    )
    line.people = line.people or line.default_people()
    return line


def _meant(typed: str, words: Words, column: str, *, required: bool = True) -> str:
    if not typed and not required:
        return ""
    for value, known in words.items():
        if fold(typed) in {fold(word) for word in (value, str(value.label), *known)}:
            return str(value.value)
    heading = ALIASES[column][0]
    raise _Faulty(
        typed,
        _("“%(typed)s” in the column “%(column)s” is not known.")
        % {"typed": typed[:60], "column": heading},
        _("Write one of: %(words)s.") % {"words": ", ".join(known[0] for known in words.values())},
    )


def _code(typed: str, codes: UnitCodes) -> str:
    if not typed:
        return ""
    code = codes.any(typed)
    if not code:
        why = _("“%(typed)s” is no code of a unit.") % {"typed": typed[:60]}
        raise _Faulty(typed, why, _("Write letters without marks, digits and hyphens."))
    return code


def _fitting(typed: str, letters: int) -> str:
    if len(typed) > letters:
        why = _("The text is longer than %(n)d letters.") % {"n": letters}
        raise _Faulty(typed[:60], why, _("Shorten it."))
    return typed
