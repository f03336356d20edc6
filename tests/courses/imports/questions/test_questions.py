"""Import of questions: what is taken, what is refused with one sentence, what export keeps."""

import io
import json
import zipfile

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from courses.exports.gift import write_gift
from courses.exports.moodle_xml import write_moodle_xml
from courses.import_report import ImportRefused
from courses.imports.questions.files import read_questions
from courses.imports.questions.parsed import Parsed
from courses.imports.questions.store import store_questions
from courses.models import Question, QuestionBank
from tests.factories.files import photo
from tests.factories.quizzes import KINDS, bank_of

GIFT = """$CATEGORY: $course$/top/An toàn/Mật khẩu

::Tên tỉnh::Thủ phủ của Nghệ An? {=Vinh#Đúng rồi. ~Huế#Huế ở Trung Bộ. ~Hà Nội}

Những ai phải bảo mật? {~%50%Hoa ~%50%Minh ~%-100%Không ai}

Có thể cho mượn mật khẩu. {F}
"""


def sheet(*rows: list) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()


def package(files: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def taken(data: bytes) -> list[Parsed]:
    return [item for item in read_questions(data).items if isinstance(item, Parsed)]


def reasons(data: bytes) -> list[str]:
    return [item.why for item in read_questions(data).items if not isinstance(item, Parsed)]


class TestGift:
    def test_kinds_categories_and_feedback(self):
        first, second, third = taken(GIFT.encode())
        assert (first.name, first.category) == ("Tên tỉnh", ("An toàn", "Mật khẩu"))
        assert first.question["choices"][1] == {
            "text": "Huế",
            "right": False,
            "feedback": "Huế ở Trung Bộ.",
        }
        assert (second.question["kind"], third.question["right"]) == ("multiple", False)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Hai đúng? {=A =B ~C}", "hai đáp án đúng"),
            ("Trùng? {=A ~B ~B}", "giống nhau"),
            ("Không khóa? {~A ~B}", "Chưa đánh dấu đáp án đúng"),
            ("Chưa đóng? {=A ~B", "chưa đóng"),
            ("Chỉ để đọc.", "không phải câu hỏi"),
        ],
    )
    def test_what_nobody_could_answer_is_said(self, text, words):
        (why,) = reasons(text.encode())
        assert words in why


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "rỗng"),
            ("Thủ phủ? {=Vinh ~Huế}".encode("cp1258", "replace") + b"\xff", "UTF-8"),
            (b"<quiz><question", "XML"),
            (b"<html></html>", "<quiz>"),
            (b"PK\x03\x04 cut", "zip"),
            (package({"a.txt": "x"}), "imsmanifest.xml"),
            (package({"imsmanifest.xml": ""}), "XML"),
            (package({"../x.xml": "<a/>", "imsmanifest.xml": "<a/>"}), "ra ngoài"),
            (package({"imsmanifest.xml": "<a/>", "bomb.xml": "0" * 30_000_000}), "lần kích thước"),
            (sheet(["Tên", "Tuổi"]), "Câu hỏi"),
        ],
    )
    def test_file_is_refused_with_one_sentence(self, data, words):
        with pytest.raises(ImportRefused, match=words):
            read_questions(data)

    def test_external_entities_are_never_read(self):
        text = (
            '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            "<quiz>&x;</quiz>"
        )
        with pytest.raises(ImportRefused, match="thực thể"):
            read_questions(text.encode())

    @pytest.mark.django_db
    def test_bank_without_a_name_is_refused(self, tmp_path):
        file = tmp_path / "a.gift"
        file.write_text(GIFT)
        with pytest.raises(CommandError, match="chưa có tên"):
            call_command("import_questions", str(file), bank="  ")
        assert QuestionBank.objects.count() == 0

    @pytest.mark.django_db
    def test_refused_file_leaves_nothing(self, tmp_path):
        file = tmp_path / "a.xml"
        file.write_text("<quiz><question")
        with pytest.raises(CommandError):
            call_command("import_questions", str(file), bank="Thử")
        assert QuestionBank.objects.count() == 0


class TestSheet:
    HEAD = ["STT", "Câu hỏi", "Phương án A", "B", "C", "Đáp án", "Danh mục", "Độ khó", "Thẻ"]

    def test_rows_under_a_title_become_questions(self):
        items = taken(
            sheet(
                ["NGÂN HÀNG CÂU HỎI"],
                [],
                self.HEAD,
                [1, "Thủ phủ?", "Vinh", "Huế", "", "a", "Địa lý/Tỉnh", "Khó", "địa lý"],
                [2, "Ai phải bảo mật?", "Hoa", "Minh", "Không ai", "A, B", "", "", ""],
                [3, "Có thể cho mượn mật khẩu.", "", "", "", "Sai", "", "", ""],
                [4, "2 + 2 =", "", "", "", 4, "", "", ""],
                [5, "Tên tỉnh?", "", "", "", "Nghệ An | NA", "", "", ""],
            )
        )
        assert [item.question["kind"] for item in items] == [
            "choice",
            "multiple",
            "true_false",
            "numerical",
            "short_answer",
        ]
        first = items[0]
        assert (first.category, first.difficulty, first.tags) == (
            ("Địa lý", "Tỉnh"),
            "hard",
            ("địa lý",),
        )

    def test_faults_are_said_with_their_row(self):
        data = sheet(
            self.HEAD,
            [1, "Thủ phủ?", "Vinh", "Huế", "", "D", "", "", ""],
            [2, "Tên?", "Vinh", "Vinh", "", "A", "", "", ""],
            [3, "", "Vinh", "Huế", "", "A", "", "", ""],
            [4, "Không đáp án?", "Vinh", "Huế", "", "", "", "", ""],
        )
        skipped = [item for item in read_questions(data).items if not isinstance(item, Parsed)]
        assert [item.where for item in skipped] == ["dòng 2", "dòng 3", "dòng 4", "dòng 5"]


@pytest.mark.django_db
class TestStore:
    def test_dry_run_changes_nothing_and_tells_all(self):
        report = store_questions(
            read_questions(GIFT.encode()), bank="Thử", origin="a.gift", dry_run=True
        )
        assert (report.read, report.created) == (3, 3)
        assert (QuestionBank.objects.count(), Question.objects.count()) == (0, 0)

    def test_corrected_key_updates_and_counts_the_version_up(self):
        store_questions(read_questions(GIFT.encode()), bank="Thử", origin="a.gift")
        corrected = GIFT.replace("=Vinh", "~Vinh").replace("~Huế", "=Huế").encode()
        report = store_questions(read_questions(corrected), bank="Thử", origin="a.gift")
        assert (report.created, report.updated, report.unchanged) == (0, 1, 2)
        assert Question.objects.get(name="Tên tỉnh").version == 2

    def test_question_that_stands_twice_is_taken_as_written_and_said(self):
        text = "Thủ phủ? {=Vinh ~Huế}\n\nThủ phủ? {=Vinh ~Huế}\n".encode()
        report = store_questions(read_questions(text), bank="Thử", origin="a.gift")
        (said,) = report.warnings
        assert (report.created, said.startswith("dòng 3: "), "dòng 1" in said) == (2, True, True)
        again = store_questions(read_questions(text), bank="Thử", origin="a.gift")
        assert (again.created, again.unchanged) == (0, 2)

    def test_embedded_picture_is_kept_once_in_the_library(self):
        import base64

        from wagtail.images import get_image_model

        picture = base64.b64encode(photo()).decode()
        text = (
            '<quiz><question type="essay"><name><text>Ảnh</text></name>'
            '<questiontext format="html"><text><![CDATA[<p>Ảnh gì?'
            ' <img src="@@PLUGINFILE@@/a.jpg" alt="ảnh"/></p>]]></text>'
            f'<file name="a.jpg" encoding="base64">{picture}</file>'
            "</questiontext></question></quiz>"
        )
        for _ in range(2):
            store_questions(read_questions(text.encode()), bank="Thử", origin="a.xml")
        image = get_image_model().objects.get()
        assert image.file.url in Question.objects.get().content["stem_html"]

    def test_command_writes_the_report(self, tmp_path):
        file, report = tmp_path / "a.gift", tmp_path / "out.json"
        file.write_text(GIFT + "\nChỉ để đọc.\n")
        call_command("import_questions", str(file), bank="Thử", report=report)
        written = json.loads(report.read_text())
        assert (written["read"], written["created"], len(written["skipped"])) == (4, 3, 1)


@pytest.mark.django_db
class TestExport:
    @pytest.fixture
    def bank(self):
        from courses.models import QuestionCategory
        from courses.questions import parse_typed

        bank = bank_of(2)
        category = QuestionCategory.objects.create(bank=bank, name="Luật / mới")
        for number, (kind, stem, typed) in enumerate(KINDS):
            question = Question.objects.create(
                bank=bank,
                category=category,
                external_id=f"k{number}",
                content=parse_typed(kind, stem, typed),
                difficulty="hard",
                framework="1.2",
                archived=number == 0,
            )
            question.tags.add("mật khẩu")
        Question.objects.create(
            bank=bank,
            external_id="exact",
            content=parse_typed(
                "multiple", "Chọn {hai}: ~ = # \\", "* a=b\n* c~d\n- e", all_or_nothing=True
            ),
        )
        for question in Question.objects.filter(external_id=""):
            question.external_id = f"n{question.pk}"
            question.save()
        return bank

    @pytest.mark.parametrize(
        ("write", "missing"),
        [(write_gift, {"ordering", "gap_fill"}), (write_moodle_xml, set())],
    )
    def test_what_is_exported_is_known_and_equal(self, bank, write, missing):
        questions = list(Question.objects.filter(bank=bank).select_related("category"))
        written, left_out = write(questions)
        data = written if isinstance(written, bytes) else written.encode()
        report = store_questions(read_questions(data), bank=bank.name, origin="x")
        assert {question.kind for question in left_out} == missing
        assert (report.created, report.updated, report.skipped) == (0, 0, [])
        assert report.unchanged == len(questions) - len(left_out)
