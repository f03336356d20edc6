"""Workbooks hold exactly the rows of the page, as Excel wants them."""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import takewhile

import openpyxl
import pytest
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from learners.choices import Role, Status
from learners.exports import Column, Sheet, csv_file, place_and_day
from learners.models import Standing
from learners.reports import batches
from learners.reports.people import all_person_rows
from learners.tree import tree_on
from tests.factories.reports import (
    World,
    ecommerce_class,
    on_23_november,
    participation,
    person,
    recount,
    viewer,
    world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    with on_23_november():
        yield


@pytest.fixture
def province() -> World:
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.CLASS, date(2026, 5, 4), staff_number="0012")
    person("=HYPERLINK(1)", found.hospital, Status.WAITING)
    person("Vi Văn Nam", found.school)
    return recount(found)


@pytest.fixture
def leader(province: World, client: Client) -> Client:
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    return client


def sheet_of(client: Client, url: str, values: bool = False, **query: object) -> Worksheet:
    response = client.get(url, query)
    assert response.status_code == 200
    content = BytesIO(b"".join(response.streaming_content))
    return openpyxl.load_workbook(content, data_only=values).active


def rows_of(sheet: Worksheet) -> list[tuple]:
    """From the column titles to the total; the signatures stand below an empty row."""
    head = int(sheet.freeze_panes[1:]) - 1
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=head)]
    return list(takewhile(any, rows))


def test_people_are_written_in_the_order_of_the_page_with_a_total(leader: Client):
    _titles, *people, total = rows_of(sheet_of(leader, "/bao-cao/danh-sach/tai-ve/"))

    assert [row[0] for row in people] == ["Nguyễn Thị Hoa", "Vi Văn Nam", "=HYPERLINK(1)"]
    assert "3" in total[0]


def test_dates_are_dates_and_numbers_of_staff_keep_their_zeros(leader: Client):
    sheet = sheet_of(leader, "/bao-cao/danh-sach/tai-ve/", **{"trang-thai": "reached"})

    [row] = rows_of(sheet)[1:-1]

    assert (row[1], row[-1]) == ("0012", datetime.fromisoformat("2026-05-04"))


def test_what_a_person_typed_never_becomes_a_formula(leader: Client):
    content = b"".join(leader.get("/bao-cao/danh-sach/tai-ve/").streaming_content)
    with zipfile.ZipFile(BytesIO(content)) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()

    assert "=HYPERLINK(1)" in cells
    assert "<f>" not in cells


def test_units_add_up_by_formula_and_by_the_figure_of_the_page(leader: Client):
    url = "/bao-cao/don-vi/tai-ve/"
    _titles, *units, total = rows_of(sheet_of(leader, url, values=True))
    formulas = rows_of(sheet_of(leader, url))[-1]
    page = leader.get("/bao-cao/don-vi/").context

    assert total[1] == sum(row[1] for row in units) == page["total"].headcount == 3
    assert formulas[1].startswith("=SUM(B")


def test_source_lines_name_unit_period_filter_rule_and_time(leader: Client, province: World):
    sheet = sheet_of(
        leader, "/bao-cao/danh-sach/tai-ve/", q="hoa", **{"don-vi": province.health.pk}
    )
    head = int(sheet.freeze_panes[1:]) - 1
    text = " ".join(str(row[0].value) for row in sheet.iter_rows(max_row=head - 1))

    for part in ["Sở Y tế", "15/12/2025", "14/12/2026", "23/11/2026", "hoa", "09:00 23/11/2026"]:
        assert part in text
    assert sheet.auto_filter.ref is not None
    assert sheet.page_setup.orientation == "landscape"


def test_participations_have_one_row_each(leader: Client, province: World):
    group = ecommerce_class()
    for name in ("Nguyễn An", "Trần Bình"):
        participation(person(name, province.hospital), group)
    recount(province)

    _titles, *rows, _total = rows_of(sheet_of(leader, "/bao-cao/luot-tham-gia/tai-ve/"))

    assert sorted(row[0] for row in rows) == ["Nguyễn An", "Trần Bình"]


def test_workbook_of_nobody_still_opens(leader: Client):
    rows = rows_of(sheet_of(leader, "/bao-cao/danh-sach/tai-ve/", q="không ai"))

    assert len(rows) == 2


def test_workbook_is_an_official_paper(leader: Client):
    sheet = sheet_of(leader, "/bao-cao/don-vi/tai-ve/")
    words = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]

    for line in [
        "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Nghệ An, ngày 23 tháng 11 năm 2026",
        "NGƯỜI LẬP BIỂU",
        "THỦ TRƯỞNG ĐƠN VỊ",
    ]:
        assert words.count(line) == 1


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 1, 5), "Nghệ An, ngày 05 tháng 01 năm 2026"),
        (date(2026, 3, 23), "Nghệ An, ngày 23 tháng 3 năm 2026"),
    ],
)
def test_day_is_written_as_on_official_papers(day: date, text: str):
    assert place_and_day(day) == text


def csv_of(client: Client, url: str, **query: object) -> list[list[str]]:
    response = client.get(url, {"dang": "csv"} | query)
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_csv_has_the_rows_of_the_workbook_with_guarded_cells(leader: Client):
    titles, *rows = csv_of(leader, "/bao-cao/danh-sach/tai-ve/")
    book = rows_of(sheet_of(leader, "/bao-cao/danh-sach/tai-ve/"))

    assert tuple(titles) == book[0]
    assert [row[0] for row in rows] == ["Nguyễn Thị Hoa", "Vi Văn Nam", "'=HYPERLINK(1)"]
    assert rows[0][1] == "\t0012"
    assert rows[0][-1] == "2026-05-04"


@pytest.mark.parametrize("start", ["=1+1", "+84912", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_a_csv_begins_a_formula(start: str):
    sheet = Sheet("x", "x", [], [Column("x", 10)], [[start]])

    with csv_file(sheet) as file:
        rows = list(csv.reader(StringIO(file.read().decode("utf-8-sig"), newline="")))

    assert rows == [["x"], [f"'{start}"]]


def test_unknown_form_is_not_found(leader: Client):
    assert leader.get("/bao-cao/don-vi/tai-ve/", {"dang": "doc"}).status_code == 404


def test_recount_in_the_middle_of_an_export_loses_nobody(province: World, monkeypatch):
    monkeypatch.setattr(batches.id_batches, "__defaults__", ("pk", 1))
    period = province.period
    tree = tree_on(period.cut_off())
    standings = Standing.objects.filter(period=period)
    rows = all_person_rows(standings, list(Status), period, tree)

    first = next(rows)
    recount(province)

    names = [row.full_name for row in [first, *rows]]
    assert names == ["Nguyễn Thị Hoa", "Vi Văn Nam", "=HYPERLINK(1)"]
