"""Workbooks that would take all memory, and sheets as offices keep them."""

import io
import zipfile

import pytest
import xlsxwriter

from courses.import_report import ImportRefused
from courses.imports.questions.files import read_questions
from courses.imports.questions.parsed import Parsed, Source

HEAD = ["Câu hỏi", "Phương án 1", "Phương án 2", "Phương án 3", "Đáp án"]
ROW = ["Thủ phủ?", "Vinh", "Huế", "Hà Nội", "A"]


def workbook(*sheets: dict[tuple[int, int], object]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for cells in sheets:
            page = book.add_worksheet()
            for (row, column), value in cells.items():
                page.write(row, column, value)
    return file.getvalue()


def table(*rows: list, at: int = 0) -> dict[tuple[int, int], object]:
    return {
        (at + row, column): value
        for row, cells in enumerate(rows)
        for column, value in enumerate(cells)
    }


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with one of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return file.getvalue()


def read(*rows: list) -> Source:
    return read_questions(workbook(table(*rows)))


def right(source: Source) -> list[str]:
    (item,) = source.items
    assert isinstance(item, Parsed), item
    return [choice["text"] for choice in item.question["choices"] if choice["right"]]


class TestSize:
    def test_cell_far_away_is_refused_before_memory_is_taken(self):
        data = workbook(table(HEAD, ROW) | {(1_048_575, 16_383): "x"})
        with pytest.raises(ImportRefused, match="1048576"):
            read_questions(data)

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
    def test_broken_part_is_refused(self, part):
        data = with_part(workbook(table(HEAD, ROW)), part, b"<worksheet><sheetData><row>")
        with pytest.raises(ImportRefused, match="Excel"):
            read_questions(data)

    def test_rows_that_are_only_formatted_count_for_nothing(self):
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as book:
            page, bold = book.add_worksheet(), book.add_format({"bold": True})
            for row, cells in enumerate([HEAD, ROW]):
                page.write_row(row, 0, cells)
            page.write_blank(1_048_575, 4, None, bold)
        assert right(read_questions(file.getvalue())) == ["Vinh"]

    def test_other_office_file_is_refused(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
        with pytest.raises(ImportRefused, match="Excel"):
            read_questions(file.getvalue())


class TestSheets:
    def test_place_is_the_row_that_excel_shows(self):
        data = workbook(table(HEAD, ["Thủ phủ?", "Vinh", "Huế", "", "D"], at=4))
        (item,) = read_questions(data).items
        assert item.where == "dòng 6"

    def test_questions_are_found_on_a_later_sheet_and_the_others_are_named(self):
        data = workbook(table(["Hướng dẫn"]), table(HEAD, ROW), table(HEAD, ROW))
        source = read_questions(data)
        assert len(source.items) == 1
        assert [said.split("“")[1].split("”")[0] for said in source.warnings] == [
            "Sheet1",
            "Sheet3",
        ]

    def test_unknown_column_is_named(self):
        (said,) = read([*HEAD, "Người soạn"], [*ROW, "Hoa"]).warnings
        assert "Người soạn" in said


class TestAnswers:
    @pytest.mark.parametrize("answer", ["2", 2, "B", "b.", "Huế", "huế"])
    def test_right_answer_by_number_letter_or_words(self, answer):
        assert right(read(HEAD, [*ROW[:4], answer])) == ["Huế"]

    def test_figures_among_the_options_are_no_numbers_of_options(self):
        head = ["Câu hỏi", "A", "B", "C", "Đáp án"]
        assert right(read(head, ["1 + 2 = ?", 1, 2, 3, 3])) == ["3"]

    @pytest.mark.parametrize(
        ("written", "difficulty"),
        [("Nhận biết", "easy"), ("thông hiểu", "medium"), ("Vận dụng cao", "hard"), ("?", "")],
    )
    def test_difficulty_in_the_words_of_schools(self, written, difficulty):
        (item,) = read([*HEAD, "Mức độ"], [*ROW, written]).items
        assert (item.difficulty, len(item.warnings)) == (difficulty, int(not difficulty))
