"""Files as they really come: other encodings, signs that are text, damaged parts."""

import unicodedata

import pytest

from courses.imports.questions.files import read_questions
from courses.imports.questions.parsed import Parsed
from courses.imports.questions.store import store_questions
from courses.models import Question, QuestionBank

MOODLE = (
    '<quiz><question type="{kind}"><name><text>n</text></name><questiontext format="html">'
    "<text><![CDATA[{stem}]]></text>{files}</questiontext>{rest}</question></quiz>"
)


def moodle(kind: str, stem: str = "Câu hỏi?", rest: str = "", files: str = "") -> str:
    return MOODLE.format(kind=kind, stem=stem, rest=rest, files=files)


def only(data: str | bytes) -> dict:
    (item,) = read_questions(data if isinstance(data, bytes) else data.encode()).items
    assert isinstance(item, Parsed), item
    return item.question


def reason(data: str) -> str:
    (item,) = read_questions(data.encode()).items
    return item.why


class TestText:
    @pytest.mark.parametrize(
        "text", ["Thủ phủ Nghệ An? {=Vinh ~Huế}", moodle("essay", "Vì sao đổi mật khẩu?")]
    )
    def test_utf_16_is_read_like_utf_8(self, text):
        assert only(text.encode("utf-16")) == only(text)

    def test_letters_and_marks_apart_come_out_as_letters(self):
        text = "::Tên::Thủ phủ Nghệ An? {=Vinh ~Huế}"
        assert only(unicodedata.normalize("NFD", text)) == only(text)

    def test_signs_that_no_text_has_are_taken_away(self):
        assert only("Thủ\x01 phủ? {=Vinh ~Huế}")["stem"] == "Thủ phủ?"


class TestFormat:
    def test_aiken_with_braces_is_no_gift(self):
        question = only("Lệnh nào in ra {x}?\nA. print\nB. echo\nANSWER: A\n")
        assert (question["kind"], question["stem"]) == ("choice", "Lệnh nào in ra {x}?")

    def test_gift_that_speaks_of_answers_is_no_aiken(self):
        assert only("A. Viết gì sau ANSWER: ? {=chữ cái ~số}")["kind"] == "choice"


class TestGiftArrows:
    def test_arrow_in_what_is_said_makes_no_pairs(self):
        question = only("In ở đâu? {=Tệp#Chọn Tệp -> In.}")
        assert question["accepted"][0]["feedback"] == "Chọn Tệp -> In."

    def test_right_side_is_taken_by_the_letter(self):
        question = only("[html]Ghép <b>thẻ</b>. {=&lt;a&gt; -> <a> liên kết =b -> [html]đậm}")
        assert question["pairs"] == [
            {"left": "<a>", "right": "<a> liên kết"},
            {"left": "b", "right": "[html]đậm"},
        ]


@pytest.mark.parametrize("number", ["1e999999", "1:1e-999999", "1e5000..2", "NaN", "∞"])
def test_number_that_nobody_could_write_is_said(number):
    assert number.split(":")[0].split(".")[0] in reason(f"Bao nhiêu? {{#{number}}}")


class TestMoodle:
    def test_typed_answer_is_no_html(self):
        answer = (
            '<answer fraction="100" format="moodle_auto_format"><text>&lt;h1&gt;</text></answer>'
        )
        assert only(moodle("shortanswer", rest=answer))["accepted"][0]["text"] == "<h1>"

    def test_plain_text_is_no_html(self):
        text = moodle("essay", "Thẻ <h1> & <h2>?").replace('"html"', '"plain_text"')
        assert only(text)["stem"] == "Thẻ <h1> & <h2>?"

    def test_single_may_be_a_number(self):
        answers = "".join(
            f'<answer fraction="{share}"><text>{share}</text></answer>'
            for share in (50, 50.0, -100)
        )
        question = only(moodle("multichoice", rest=f"<single>0</single>{answers}"))
        assert question["kind"] == "multiple"

    def test_units_are_said_to_be_left_out(self):
        answer = '<answer fraction="100"><text>3</text></answer>'
        units = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
        (item,) = read_questions(moodle("numerical", rest=answer + units).encode()).items
        assert "đơn vị" in item.warnings[0]

    def test_tolerance_that_is_no_number_is_said(self):
        answer = '<answer fraction="100"><text>3</text><tolerance>ít</tolerance></answer>'
        assert "ít" in reason(moodle("numerical", rest=answer))

    @pytest.mark.django_db
    def test_damaged_picture_leaves_no_hole_in_the_stem(self):
        file = '<file name="a.png" encoding="base64">YWJj</file>'
        stem = 'Ảnh gì? <img src="@@PLUGINFILE@@/a.png" alt="biển báo">'
        source = read_questions(moodle("essay", stem, files=file).encode())
        report = store_questions(source, bank="Thử", origin="a.xml")
        assert "a.png" in report.warnings[0]
        assert Question.objects.get().content["stem_html"] == 'Ảnh gì? <img alt="biển báo">'


@pytest.mark.django_db
def test_equal_questions_with_numbers_of_their_own_stay_two():
    text = "".join(f"// [id:{key}]\nCâu này? {{T}}\n\n" for key in "ab").encode()
    bank = QuestionBank.objects.create(name="Thử", slug="thu")
    for key in "ab":
        content = only("Câu này? {T}")
        Question.objects.create(bank=bank, external_id=key, content=content)
    report = store_questions(read_questions(text), bank="Thử", origin="a.gift")
    assert (report.unchanged, report.skipped) == (2, [])
