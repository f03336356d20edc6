"""What stands in one cell of an office's list, made canonical. Pure functions, no database."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from courses.text import fold, nfc

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ODD = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff\u00ad]|[ÃÄÅÆáâ][\u0080-\u00bf\u0100-\u02ff\u2000-\u2fff]"
)
"""What is invisible, or was read in a wrong writing: seldom there, quickly looked for."""
_PLAIN_NAME = re.compile("[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ ]{1,100}")
_MANGLED = re.compile("[ÃÄÅÆáâ][\u0080-\u00bf\u0100-\u02ff\u2000-\u2fff]")
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)}
"""Digits as East Asian keyboards write them."""
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+?\d{1,2}")
_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_LONG_DAY = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}),? nam (\d{4})")
_EXCEL_BEGINS = date(1899, 12, 30)
_EXCEL_DAYS = range(60, 80_000)
"""March 1900 to the year 2119."""
_YEARS = range(1900, 2100)
_YES = {"x", "co", "1", "dung", "true", "v", "✓", "✔", "yes"}
_NO = {"", "0", "khong", "sai", "false", "no", "-"}


class Unreadable(Exception):
    """A value that cannot be taken as it stands; says why, what would mend it, and with what.

    `better` is the value that the repair would put in its place; None where only a person can
    know it.
    """

    def __init__(self, why: str, repair: str, better: str | date | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.repair = repair
        self.better = better


# ------------------------------------------------------------------ text


def text(cell: object) -> str:
    """A cell as one line of text in NFC; a whole number without Excel's ".0"."""
    if isinstance(cell, str):
        return _clean(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def _clean(typed: str) -> str:
    if typed.isascii():
        return " ".join(typed.split()).removeprefix("'")
    if _ODD.search(typed):
        if _MANGLED.search(typed):
            typed = unmangled(typed)
        typed = typed.translate(_INVISIBLE)
    return nfc(typed)


def unmangled(typed: str) -> str:
    """ "Nguyá»…n" is "Nguyễn" that was read as Windows-1252 on its way; otherwise as it was."""
    try:
        octets = b"".join(
            bytes([ord(letter)]) if ord(letter) < 0xA0 else letter.encode("cp1252")
            for letter in typed
        )
        return octets.decode("utf-8")
    except UnicodeError:
        return typed


def proper_name(typed: str) -> str:
    """NGUYỄN THỊ HOA and nguyễn thị hoa as they are written: Nguyễn Thị Hoa. A name that
    already has capitals and small letters stays ("H'Mông", "Ksor Y Blô")."""
    name = nfc(typed)
    if name not in (name.upper(), name.lower()):
        return name
    return " ".join(map(_capitalised, name.split()))


@lru_cache(maxsize=5000)
def _capitalised(word: str) -> str:
    """Names have few words between them: seventy thousand people some hundreds."""
    return "".join(part[:1].upper() + part[1:].lower() for part in re.split(r"(['’\-])", word))


_ADDRESSED = re.compile(
    r"(?:ông|bà|cô|thầy|đc|gs|pgs|ts|tskh|ths|bs|bsck\w*|ck\w*|cn|ks|ds|đd|ktv|ncs|ls) ",
    re.IGNORECASE,
)


def plain_name(name: str) -> bool:
    """Letters and single spaces, with nothing before the name that may be a degree: most are."""
    return bool(_PLAIN_NAME.fullmatch(name)) and not _ADDRESSED.match(name)


def name_fault(name: str) -> str:
    """Why a name can't be one; "" for a good one."""
    if _PLAIN_NAME.fullmatch(name):
        return ""
    if len(name) > 100:
        return _("The name has more than 100 letters.")
    if "?" in name or "\ufffd" in name:
        return _("The name has lost letters: “%(name)s”.") % {"name": name}
    if any(letter.isdigit() for letter in name):
        return _("The name holds digits: “%(name)s”.") % {"name": name}
    if not all(unicodedata.category(letter)[0] in "LMZP" for letter in name):
        return _("The name holds signs that belong to no name: “%(name)s”.") % {"name": name}
    return ""


_DEGREES = (
    r"(?:(?:GS|PGS|TS|TSKH|ThS|BS|BSCK[I1]{1,2}|BSCK\s?[I12]{1,2}|CK[I1]{1,2}|CN|KS|DS|ĐD|KTV|NCS|LS)"
    r"(?:\.\s*|\s+|(?=\s))|(?:Ông|Bà|Đ/c|Đc|Cô|Thầy)[.:]\s*)+"
)
_BEFORE = re.compile(_DEGREES, re.IGNORECASE)
_SIR = re.compile(
    r"(?:Ông|Bà)\s+(?=(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Cao)"
    r"\s+\S+\s+\S)",
    re.IGNORECASE,
)
"""Ông is also a family name; before another one and two names more it is none."""
_BEHIND = re.compile(r"\s*(?:\([^)]*\)?|\[[^\]]*\]?|[-–—,;/:|]\s*\S*\d\S*|\s\S*\d\S*)\s*$")
_EDGES = " .,;:-–—_*+=@/\\|'\"’“”"


def bare_name(name: str) -> str:
    """The name without a degree or a form of address before it, and without what stands behind:
    a remark in brackets, a staff number."""
    before = None
    while before != name:
        before = name
        name = _SIR.sub("", _BEFORE.sub("", name, count=1) if _BEFORE.match(name) else name)
        name = _BEHIND.sub("", name).strip(_EDGES)
    return name


def yes_or_no(cell: object) -> bool | None:
    """A tick; None for what is neither a tick nor its absence."""
    folded = fold(text(cell))
    if folded in _YES:
        return True
    return False if folded in _NO else None


# ------------------------------------------------------------------ dates


def day(cell: object, *, latest: date) -> date | None:
    """A date however it was kept: Excel's own, its number, dd/mm/yyyy, d-m-yy, "ngày 5 tháng 4
    năm 1990". None for an empty cell. A year of two digits lies within the century up to
    `latest`. Raises Unreadable with a repair."""
    if isinstance(cell, datetime):
        return _in_reach(cell.date(), latest)
    if isinstance(cell, date):
        return _in_reach(cell, latest)
    written = text(cell)
    if not written:
        return None
    if written.isascii() and written.isdigit():
        return _in_reach(_from_number(written), latest)
    return _in_reach(_from_text(written, latest), latest)


def _from_number(written: str) -> date:
    number = int(written)
    if len(written) == 4 and number in _YEARS:
        raise Unreadable(
            _("Only the year %(year)s is given.") % {"year": written},
            _("Write day, month and year; or accept to leave the date empty."),
            "",
        )
    if number in _EXCEL_DAYS:
        return _EXCEL_BEGINS + timedelta(days=number)
    if len(written) in (7, 8):
        padded = written.zfill(8)
        return _checked(padded[:2], padded[2:4], padded[4:], written)
    raise _no_date(written)


def _from_text(written: str, latest: date) -> date:
    if found := _DAY.fullmatch(written):
        year = found[3]
        if len(year) == 2:
            century = latest.year // 100 * 100
            near = century + int(year)
            year = str(near if near <= latest.year else near - 100)
        return _checked(found[1], found[2], year, written)
    if found := _ISO_DAY.fullmatch(written):
        return _checked(found[3], found[2], found[1], written)
    if found := _LONG_DAY.search(fold(written)):
        return _checked(found[1], found[2], found[3], written)
    raise _no_date(written)


def _checked(day_: str, month: str, year: str, written: str) -> date:
    try:
        return date(int(year), int(month), int(day_))
    except ValueError:
        pass
    try:
        turned = date(int(year), int(day_), int(month))
    except ValueError:
        raise _no_date(written) from None
    raise Unreadable(
        _("“%(date)s” has month and day exchanged.") % {"date": written},
        _("Take it as %(date)s.") % {"date": f"{turned:%d/%m/%Y}"},
        turned,
    )


def _in_reach(found: date, latest: date) -> date:
    if found > latest:
        raise Unreadable(
            _("The date %(date)s lies in the future.") % {"date": f"{found:%d/%m/%Y}"},
            _("Check the year."),
        )
    if found < date(1900, 1, 1):
        raise Unreadable(
            _("The date %(date)s lies too far away.") % {"date": f"{found:%d/%m/%Y}"},
            _("Check the year."),
        )
    return found


def _no_date(written: str) -> Unreadable:
    return Unreadable(
        _("“%(date)s” is no date.") % {"date": written},
        _("Write it as dd/mm/yyyy, for example 05/04/1990."),
    )


# ------------------------------------------------------------------ numbers


def digits(cell: object) -> str:
    """A number's digits without the spaces, dots and dashes people put between them."""
    written = text(cell)
    if isinstance(cell, float) and not cell.is_integer():
        return written  # Its point is no sign between digits.
    if written.isascii() and written.isdigit():
        return written
    return re.sub(r"[\s.\-]", "", written.translate(_WIDE))


def is_shortened(cell: object) -> bool:
    """A long number as Excel shows it in a narrow column ("1.23E+11"), or what is left of it once
    that was kept (123000000000): its last digits are lost."""
    if isinstance(cell, str):
        return bool(_SHORTENED.fullmatch(cell.strip()))
    return isinstance(cell, float | int) and cell >= 10**9 and cell % 10**6 == 0


class Broken(str):
    """What Excel shows where a formula fails ("#N/A"), or "" where one was never calculated."""

    __slots__ = ()


_ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"]
)


def is_broken(cell: object) -> bool:
    return isinstance(cell, str) and (
        isinstance(cell, Broken) or ("#" in cell and cell.strip() in _ERRORS)
    )


def is_masked(cell: object) -> bool:
    """A number shown as "•••• 1234" or "****1234" says nothing: it came from our own export."""
    return isinstance(cell, str) and bool(re.search(r"[•*]{2,}", cell))
