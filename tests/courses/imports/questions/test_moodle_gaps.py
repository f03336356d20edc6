"""Moodle's texts with gaps, as other schools wrote them."""

import pytest

from courses.imports.questions.files import read_questions
from courses.imports.questions.parsed import Parsed

MOODLE = (
    '<quiz><question type="{kind}"><name><text>n</text></name><questiontext format="html">'
    "<text><![CDATA[{text}]]></text></questiontext>{rest}</question></quiz>"
)


def read(kind: str, text: str, rest: str = "") -> dict | str:
    """The question, or why it was skipped."""
    (item,) = read_questions(MOODLE.format(kind=kind, text=text, rest=rest).encode()).items
    return item.question if isinstance(item, Parsed) else item.why


def gap(text: str) -> dict:
    (found,) = [part for part in read("cloze", text)["parts"] if isinstance(part, dict)]
    return found


class TestBraces:
    def test_text_is_cut_at_its_gaps(self):
        question = read(
            "cloze", "<p>Thủ phủ là {1:SHORTANSWER:=Vinh},<br>lập năm {2:NM:=1788:1}.</p>"
        )
        assert [
            part if isinstance(part, str) else part["weight"] for part in question["parts"]
        ] == [
            "Thủ phủ là ",
            1,
            ",\nlập năm ",
            2,
            ".",
        ]

    def test_shares_and_feedback(self):
        assert gap("Tỉnh {:SA:=Nghệ An#Đúng.~%50%NA#Viết đủ.~*#Sai.}")["accepted"] == [
            {"text": "Nghệ An", "fraction": "1", "feedback": "Đúng."},
            {"text": "NA", "fraction": "0.5", "feedback": "Viết đủ."},
            {"text": "*", "fraction": "0", "feedback": "Sai."},
        ]

    @pytest.mark.parametrize(
        ("kind", "folds"), [("SHORTANSWER", True), ("MW", True), ("SHORTANSWER_C", False)]
    )
    def test_case_counts_where_the_kind_says_so(self, kind, folds):
        assert gap(f"Tỉnh {{1:{kind}:=NA}}")["fold"] is folds

    @pytest.mark.parametrize("kind", ["MULTICHOICE", "MC", "MCV", "MULTICHOICE_HS", "multichoice"])
    def test_choice_in_any_of_its_shapes(self, kind):
        choices = gap(f"Cờ màu {{1:{kind}:=đỏ~đen#Không.}}")["choices"]
        assert choices == [
            {"text": "đỏ", "right": True, "feedback": ""},
            {"text": "đen", "right": False, "feedback": "Không."},
        ]

    def test_escaped_signs_and_entities_are_letters(self):
        choices = gap(r"Thẻ {1:MC:=&lt;b&gt;\~\}~it&#39;s a\/b}")["choices"]
        assert [choice["text"] for choice in choices] == ["<b>~}", "it's a/b"]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Chọn {1:MULTIRESPONSE:=a~=b~c}", "nhiều lựa chọn đúng"),
            ("Năm {1:NM:=mấy}", "không phải số"),
            ("Không có gì để điền.", "chỗ trống"),
            ("Cờ màu {1:MC:=đỏ~=vàng}", "đúng"),
        ],
    )
    def test_what_nobody_could_answer_is_said(self, text, words):
        assert words in read("cloze", text)

    def test_pictures_go_before_the_text(self):
        question = read("cloze", '<p>Cờ <img src="data:image/png;base64,eA=="> {1:SA:=đỏ}</p>')
        assert question["stem_html"] == '<img src="/embedded/1.png">'


class TestBrackets:
    WORDS = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>"
        for text, group in [("đỏ", 1), ("đen", 1), ("vàng", 2), ("xanh", 2)]
    )

    def test_each_gap_offers_the_words_of_its_group(self):
        parts = read("gapselect", "<p>Cờ [[1]] sao [[3]].</p>", self.WORDS)["parts"]
        assert [choice["text"] for choice in parts[1]["choices"]] == ["đỏ", "đen"]
        assert [choice["right"] for choice in parts[3]["choices"]] == [True, False]

    def test_dragged_words_are_the_same(self):
        words = self.WORDS.replace("selectoption", "dragbox")
        assert read("ddwtos", "Cờ [[1]]", words) == read("gapselect", "Cờ [[1]]", self.WORDS)

    def test_gap_without_a_word_is_said(self):
        assert "[[9]]" in read("gapselect", "Cờ [[9]]", self.WORDS)
