"""Where everything stands on the sheet: the paper's facts fitted into named slots.

Knows neither Django nor the renderer. All lengths are points from the top left corner, and
the template prints what `arranged` returns without measuring anything again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from certificates.looks import LOTUS, Look
from certificates.typesetting import Block, Fitted, Misfit, Slot, cleaned, face, fit, stack

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
BACKGROUND = LOTUS.background
TITLE_FONT = FONTS / "CormorantGaramond-Bold.ttf"
NAME_FONT = FONTS / "Charm-Bold.ttf"
BODY_FONT = FONTS / "BeVietnamPro-Regular.ttf"
STRONG_FONT = FONTS / "BeVietnamPro-SemiBold.ttf"
FACES = (TITLE_FONT, NAME_FONT, BODY_FONT, STRONG_FONT)

# Line height per size: calligraphic capitals with two marks need more than body text.
LEADING = {"full_name": 1.5}
COLUMN_TOP, COLUMN_BOTTOM, LOOSEST = 205.0, 421.0, 13.0
# Under a heading in English the column begins lower.
ENGLISH_TOP, COLUMN_TOP_BELOW_ENGLISH = 203.0, 217.0
MOTTO = "Độc lập - Tự do - Hạnh phúc"
RIGHT_COLUMN_MIDDLE = 638.0
# A kind of paper is set on two lines when it begins with one of these.
KINDS = ("GIẤY CHỨNG NHẬN", "GIẤY XÁC NHẬN", "CHỨNG CHỈ")

SLOTS = {
    "title": Slot(TITLE_FONT, 640, 42, 26),
    "subtitle": Slot(TITLE_FONT, 600, 21, 15, may_be_empty=True),
    "heading_en": Slot(TITLE_FONT, 560, 12.5, 9, longest=80, may_be_empty=True),
    "governing_body": Slot(BODY_FONT, 254, 10, 7, may_be_empty=True),
    "issuing_body": Slot(STRONG_FONT, 254, 10, 7.5, broken=10),
    "full_name": Slot(NAME_FONT, 600, 40, 17, longest=100),
    "unit": Slot(BODY_FONT, 600, 11, 8.5, broken=11, may_be_empty=True),
    "course_title": Slot(STRONG_FONT, 620, 21, 12.5, broken=16.5),
    "study_form": Slot(BODY_FONT, 170, 11, 11, may_be_empty=True),
    "result": Slot(BODY_FONT, 170, 11, 11, may_be_empty=True),
    "decision_number": Slot(BODY_FONT, 320, 11, 11),
    "place": Slot(BODY_FONT, 108, 11, 8),
    "signer_title": Slot(STRONG_FONT, 250, 11, 8, broken=11),
    "signer_line": Slot(STRONG_FONT, 250, 11, 8),
    "signer_name": Slot(STRONG_FONT, 250, 12, 8, longest=100),
    "serial": Slot(STRONG_FONT, 140, 11, 11),
    "code": Slot(STRONG_FONT, 140, 11, 11),
    "address": Slot(BODY_FONT, 160, 9.5, 9.5),
}  # fmt: skip
# Beside "Sinh ngày 05/04/1990 · " the unit has less room; wider, it gets its own lines.
UNIT_BESIDE = Slot(BODY_FONT, 430, 11, 11, may_be_empty=True)
# Where the column would not hold, the name gives way: with unit and course on two lines each, and
# with fewer under a heading in English.
CROWDED_NAME = replace(SLOTS["full_name"], largest=29)
MOST_CROWDED_NAME = replace(SLOTS["full_name"], largest=28)


@dataclass(frozen=True)
class Paper:
    """What is printed, all text frozen at issue."""

    kind_title: str
    governing_body: str
    issuing_body: str
    full_name: str
    birth_date: date | None
    unit: str
    course_title: str
    hours: Decimal
    study_form: str
    result: str
    started_on: date
    completed_on: date
    decision_number: str
    decision_date: date
    place: str
    issued_on: date
    signer_title: str
    signer_name: str
    serial: str
    code: str  # without dashes
    verify_url: str  # upper case, so that the QR stays small
    expires_on: date | None = None  # the last day; papers of before the line was printed have none


def long_date(day: date) -> str:
    """The official form: days below 10 and the months 1 and 2 carry a zero no pen can change."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def arranged(paper: Paper, look: Look = LOTUS) -> dict[str, object]:
    """Everything the template prints but the QR, fitted and placed.

    Lengths are text, free of locale. Raises Misfit, its `field` named.
    """
    paper = _without_hidden_lines(paper, look)
    fitted, beside = _fitted(paper, look), _unit_beside(paper)
    tops = _column(fitted, paper, look, beside=beside)
    heading = len(fitted["governing_body"].lines) + len(fitted["issuing_body"].lines)
    motto = face(STRONG_FONT).width(MOTTO, 10)
    return {
        **{name: _printed(name, text) for name, text in fitted.items()},
        "title_top": _points(116 if fitted["subtitle"].lines else 130),
        "issuing_rule": _points(81.5 + 14 * (heading - 1)),
        "motto": MOTTO,
        "motto_left": _points(RIGHT_COLUMN_MIDDLE - motto / 2),
        "motto_width": _points(motto),
        "birth_date": paper.birth_date and f"{paper.birth_date:%d/%m/%Y}",
        "unit_beside": beside,
        "hours": f"{paper.hours.normalize():f}".replace(".", ","),
        "started_on": f"{paper.started_on:%d/%m/%Y}",
        "completed_on": f"{paper.completed_on:%d/%m/%Y}",
        "decision_date": long_date(paper.decision_date),
        "issued_on": long_date(paper.issued_on),
        "expires_on": paper.expires_on and f"{paper.expires_on:%d/%m/%Y}",
        "tops": tops,
        "english_top": _points(ENGLISH_TOP),
        "look": look,
    }


def _without_hidden_lines(paper: Paper, look: Look) -> Paper:
    """The paper without what this look leaves out; the record keeps it all."""
    return replace(
        paper,
        birth_date=paper.birth_date if look.shows_birth_date else None,
        unit=paper.unit if look.shows_unit else "",
        result=paper.result if look.shows_result else "",
    )


def _fitted(paper: Paper, look: Look) -> dict[str, Fitted]:
    """Each field in its slot."""
    whole = cleaned(paper.kind_title)
    kind = next((kind for kind in KINDS if whole.startswith(f"{kind} ")), "")
    host = paper.verify_url.partition("://")[2].rpartition("/")[0].lower()
    texts = {name: getattr(paper, name) for name in SLOTS if hasattr(paper, name)} | {
        "title": kind or whole,
        "subtitle": whole.removeprefix(kind) if kind else "",
        "heading_en": look.heading_en,
        "code": "-".join(paper.code[at : at + 4] for at in range(0, len(paper.code), 4)),
        "address": host,
    }
    fitted = {
        name: _deputy(text) if name == "signer_title" else fit_field(name, text)
        for name, text in texts.items()
    }
    if len(fitted["unit"].lines) + len(fitted["course_title"].lines) == 4:
        fitted["full_name"] = fit(paper.full_name, CROWDED_NAME)
    return fitted


def _deputy(title: str) -> Fitted:
    """A deputy's title on the two lines custom asks for: "KT. GIÁM ĐỐC" / "PHÓ GIÁM ĐỐC"."""
    principal, found, rest = cleaned(title).partition(" PHÓ ")
    if not (found and principal.startswith("KT. ")):
        return fit_field("signer_title", title)
    lines = (principal, f"PHÓ {rest}")
    return Fitted(lines, min(fit_field("signer_line", line).size for line in lines))


def _unit_beside(paper: Paper) -> bool:
    """Whether the unit fits on the line of the date of birth."""
    try:
        return bool(fit(paper.unit, UNIT_BESIDE).lines)
    except Misfit:
        return False


def _column(fitted: dict[str, Fitted], paper: Paper, look: Look, *, beside: bool) -> dict[str, str]:
    """Where each block of the middle column begins; absent blocks have no place. The name gives
    way where they would not hold."""
    for smaller in (CROWDED_NAME, MOST_CROWDED_NAME):
        try:
            return _tops(fitted, paper, look, beside=beside)
        except Misfit:
            fitted["full_name"] = fit(paper.full_name, smaller)
    return _tops(fitted, paper, look, beside=beside)


def _tops(fitted: dict[str, Fitted], paper: Paper, look: Look, *, beside: bool) -> dict[str, str]:
    """Where each block of the middle column begins; absent blocks have no place."""
    blocks = {
        "awarded": Block(15, 0.4),
        "full_name": Block(_leading(fitted["full_name"], "full_name"), 0.1),
        "person": Block(15, 0.3) if paper.birth_date or beside else None,
        "unit": Block(15 * len(fitted["unit"].lines), 0.1) if not beside else None,
        "completed": Block(15, 1.0),
        "course_title": Block(
            _leading(fitted["course_title"], "course_title") * len(fitted["course_title"].lines),
            0.5,
        ),
        "facts": Block(30 if look.shows_period else 15, 0.7),
        "decision": Block(15, 0.4),
    }
    present = {name: block for name, block in blocks.items() if block and block.height}
    try:
        top = COLUMN_TOP_BELOW_ENGLISH if fitted["heading_en"].lines else COLUMN_TOP
        tops = stack(list(present.values()), top, COLUMN_BOTTOM, LOOSEST)
    except Misfit as misfit:
        misfit.field = "course_title"
        raise
    return {name: _points(top) for name, top in zip(present, tops, strict=True)}


def _leading(text: Fitted, name: str) -> float:
    """The line height of a fitted field."""
    return text.size * LEADING.get(name, 1.25)


def _printed(name: str, text: Fitted) -> dict[str, object]:
    return {
        "text": text.text,
        "lines": text.lines,
        "size": _points(text.size),
        "leading": _points(_leading(text, name)),
    }


def _points(length: float) -> str:
    """A CSS length as text: Django would write a number with a comma in Vietnamese."""
    return f"{length:.2f}"


@lru_cache(maxsize=256)
def fit_field(name: str, text: str) -> Fitted:
    """The text in its slot. Raises Misfit, its `field` named. What papers of a class share is
    measured once."""
    try:
        return fit(text, SLOTS[name])
    except Misfit as misfit:
        misfit.field = name
        raise
