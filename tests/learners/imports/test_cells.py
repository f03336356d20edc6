"""Cells as people fill them in."""

import unicodedata
from datetime import date, datetime

import pytest

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

LATEST = date(2026, 7, 1)
MIDNIGHT = datetime(1990, 4, 5)  # noqa: DTZ001 - Excel knows no time zone


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        (40190001234.0, "40190001234"),
        (12, "12"),
        ("  Nguyễn \u00a0 Thị\u200b Hoa\n", "Nguyễn Thị Hoa"),
        (unicodedata.normalize("NFD", "Nghệ An"), "Nghệ An"),
        ("'0912345678", "0912345678"),
        (MIDNIGHT, "05/04/1990"),
        ("Nguyá»…n Thá»‹ HÃ²a", "Nguyễn Thị Hòa"),
        ("Há»\x8d vÃ\xa0 tÃªn", "Họ và tên"),
    ],
)
def test_text_is_one_line_in_nfc(cell, expected):
    assert text(cell) == expected


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("NGUYỄN THỊ HÒA", "Nguyễn Thị Hòa"),
        ("đặng  văn ưng", "Đặng Văn Ưng"),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hòa"),
        ("H'MÔNG", "H'Mông"),
        ("Ksor Y Blô", "Ksor Y Blô"),
        (unicodedata.normalize("NFD", "LÊ THỊ ÁNH"), "Lê Thị Ánh"),
    ],
)
def test_proper_name_has_capitals_where_they_belong(typed, name):
    assert proper_name(typed) == name


@pytest.mark.parametrize(
    "cell",
    [
        date(1990, 4, 5),
        MIDNIGHT,
        32968,
        32968.0,
        "32968",
        "05/04/1990",
        "5-4-90",
        "5.4.1990",
        "1990-04-05 00:00:00",
        "Ngày 5 tháng 4 năm 1990",
        "05041990",
        5041990.0,
    ],
)
def test_day_however_it_was_kept(cell):
    assert day(cell, latest=LATEST) == date(1990, 4, 5)


def test_day_of_an_empty_cell_is_none():
    assert day("  ", latest=LATEST) is None


def test_day_with_a_short_year_lies_within_the_last_hundred_years():
    assert day("1/2/26", latest=LATEST) == date(2026, 2, 1)
    assert day("1/2/27", latest=LATEST) == date(1927, 2, 1)


@pytest.mark.parametrize(
    ("cell", "better"),
    [
        ("04/25/1990", date(1990, 4, 25)),
        ("1975", ""),
        (1975.0, ""),
        ("31/02/1990", None),
        ("tháng Tư", None),
        ("05/04/2090", None),
        (date(1802, 1, 1), None),
        ("²³", None),
    ],
)
def test_day_that_cannot_be_one_says_what_would_mend_it(cell, better):
    with pytest.raises(Unreadable) as fault:
        day(cell, latest=LATEST)
    assert fault.value.better == better
    assert fault.value.why
    assert fault.value.repair


def test_names_that_cannot_be_one():
    assert name_fault("Nguyễn Thị Hòa") == ""
    assert name_fault("H'Mông-Đệ") == ""
    assert [bool(name_fault(name)) for name in ("Nguy?n", "Hoa 2", "=cmd()", "a" * 101)] == [
        True,
        True,
        True,
        True,
    ]


def test_digits_lose_what_people_put_between():
    assert digits("040.190-001 234") == "040190001234"
    assert digits(40190001234.0) == "40190001234"


def test_masked_numbers_say_nothing():
    assert is_masked("•••• 1234")
    assert is_masked("********1234")
    assert not is_masked("040190001234")


def test_ticks():
    ticks = [yes_or_no(cell) for cell in ("x", "X", "Có", True, 1.0, "", None, "Không", "?")]
    assert ticks == [True, True, True, True, True, False, False, False, None]
