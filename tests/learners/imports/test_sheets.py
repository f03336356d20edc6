"""Lists in the shapes in which offices send them."""

import io
import unicodedata
from datetime import date

import openpyxl
import pytest

from courses.import_report import ImportRefused
from learners.imports.sheets import heading_key, open_sheet

ALIASES = {
    "name": ("Họ và tên", "Họ tên"),
    "birth": ("Ngày sinh", "Ngày tháng năm sinh", "Ngày sinh Nam"),
    "birth_2": ("Ngày sinh Nữ",),
    "number": ("Số CCCD", "Số định danh cá nhân"),
}
LINES = [["Họ và tên", "Ngày sinh", "Số CCCD"], ["Nguyễn Thị Hòa", "05/04/1990", "040190001234"]]


def book(*rows, title="Sheet1"):
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def comma_separated(lines=LINES, *, by=";", encoding="utf-8"):
    return "\r\n".join(by.join(line) for line in lines).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("by", [";", ",", "\t"])
def test_comma_separated_files_in_any_writing(encoding, by):
    sheet = open_sheet(comma_separated(by=by, encoding=encoding), ALIASES)
    assert sheet.headings.places == {"name": 0, "birth": 1, "number": 2}
    assert list(sheet.rows()) == [(2, LINES[1])]


def test_windows_1258_with_marks_apart_from_letters():
    apart = {
        "ễ": "ê\u0303",
        "ị": "i\u0323",
        "ọ": "o\u0323",
        "ố": "ô\u0301",
        "à": "à",
        "ò": "o\u0300",
    }
    text = "\r\n".join(";".join(line) for line in LINES)
    data = "".join(apart.get(letter, letter) for letter in text).encode("cp1258")
    sheet = open_sheet(data, ALIASES)
    assert sheet.headings.places == {"name": 0, "birth": 1, "number": 2}
    ((_line, cells),) = sheet.rows()
    assert unicodedata.normalize("NFC", cells[0]) == "Nguyễn Thị Hòa"


def test_headings_stand_below_titles_in_any_order_and_decomposed():
    decomposed = unicodedata.normalize("NFD", "HỌ VÀ TÊN (*)")
    data = book(
        ["UBND TỈNH NGHỆ AN"],
        ["DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC NĂM 2026"],
        [],
        ["STT", "Số CCCD:", decomposed, "Ngày tháng năm sinh"],
        ["(1)", "(2)", "(3)", "(4)"],
        [1, "040190001234", "Hoa", date(1990, 4, 5)],
        [],
        ["STT", "Số CCCD:", decomposed, "Ngày tháng năm sinh"],
        [2, "040190001235", "Minh", date(1991, 4, 5)],
    )
    sheet = open_sheet(data, ALIASES)
    assert sheet.headings.places == {"number": 1, "name": 2, "birth": 3}
    assert sheet.headings.line == 5
    assert [(line, cells[2]) for line, cells in sheet.rows()] == [(6, "Hoa"), (9, "Minh")]
    assert [line for line, _cells in sheet.rows(after=6)] == [9]


def test_a_second_row_of_headings_divides_the_first():
    data = book(
        ["STT", "Họ và tên", "Ngày sinh", None, "Số CCCD"],
        [None, None, "Nam", "Nữ", None],
        [1, "Hoa", None, "05/04/1990", "040190001234"],
    )
    headings = open_sheet(data, ALIASES).headings
    assert headings.places == {"name": 1, "birth": 2, "birth_2": 3, "number": 4}
    assert headings.line == 2


def test_the_sheet_with_the_most_headings_is_taken_and_the_others_named():
    made = openpyxl.Workbook()
    made.active.title = "Hướng dẫn"
    made.active.append(["Họ và tên", "viết hoa chữ đầu"])
    for line in LINES:
        made.create_sheet("Danh sách") if "Danh sách" not in made.sheetnames else None
        made["Danh sách"].append(line)
    file = io.BytesIO()
    made.save(file)
    sheet = open_sheet(file.getvalue(), ALIASES)
    assert [line for line, _cells in sheet.rows()] == [2]
    assert len(sheet.warnings) == 1
    assert "Hướng dẫn" in sheet.warnings[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 4000,
        b"PK\x03\x04 no archive",
        "Bảng này không có tiêu đề\n1;2;3".encode(),
        book(["a", "b"], [1, 2]),
        b"\xff\xfe\x00",
        b"%PDF-1.7",
    ],
    ids=["empty", "zeros", "zip", "csv", "xlsx", "utf-16", "pdf"],
)
def test_what_is_no_table_is_refused_in_one_sentence(data):
    with pytest.raises(ImportRefused) as refusal:
        open_sheet(data, ALIASES)
    assert str(refusal.value)


def test_heading_key_leaves_out_marks_brackets_and_signs():
    assert heading_key("Số CCCD/ĐDCN (12 số) *") == "so cccd ddcn"
