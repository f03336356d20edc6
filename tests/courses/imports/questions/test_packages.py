"""QTI packages: their pictures, and the kinds that Canvas writes."""

import base64
import contextlib
import io
import zipfile

import pytest
from PIL import Image
from wagtail.images import get_image_model

from courses.import_report import ImportRefused
from courses.imports.questions.files import read_questions
from courses.imports.questions.parsed import Parsed
from courses.imports.questions.store import store_questions
from courses.models import Question
from tests.factories.files import photo

MANIFEST = '<manifest><resources><resource type="{kind}" href="{href}"/></resources></manifest>'
CHOICE = (
    '<assessmentItem identifier="i1" title="Biển"><responseDeclaration identifier="R"'
    ' cardinality="single"><correctResponse><value>A</value></correctResponse>'
    "</responseDeclaration><itemBody><p>Biển này nói gì? {picture}</p>"
    '<choiceInteraction responseIdentifier="R"><simpleChoice identifier="A">Dừng{option}'
    '</simpleChoice><simpleChoice identifier="B">Đi</simpleChoice></choiceInteraction>'
    "</itemBody></assessmentItem>"
)


def package(
    item: str, files: dict[str, bytes], href: str = "i/a.xml", kind: str = "imsqti_item_xmlv2p1"
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", MANIFEST.format(kind=kind, href=href))
        archive.writestr(href, item)
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def choice(picture: str, option: str = "", **files: bytes) -> bytes:
    named = {name.replace("__", "/") + ".jpg": content for name, content in files.items()}
    return package(CHOICE.format(picture=picture, option=option), named)


def only(data: bytes) -> Parsed:
    (item,) = read_questions(data).items
    assert isinstance(item, Parsed), item
    return item


class TestDamage:
    def test_wrong_byte_anywhere_is_refused_or_does_no_harm(self):
        whole = choice("", i__anh=b"x" * 200)
        for place in range(0, len(whole), 7):
            damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
            with contextlib.suppress(ImportRefused):
                read_questions(damaged)

    def test_archive_cut_anywhere_is_refused(self):
        whole = choice("")
        for end in range(2, len(whole), 11):
            with pytest.raises(ImportRefused):
                read_questions(whole[:end])


class TestPictures:
    @pytest.mark.parametrize(
        "picture",
        [
            '<img src="anh.jpg"/>',
            '<img src="../i/anh.jpg"/>',
            '<img src="i/anh.jpg"/>',
            '<img src="$IMS-CC-FILEBASE$/anh.jpg?canvas_download=1"/>',
            '<object type="image/jpeg" data="anh.jpg">biển</object>',
        ],
    )
    def test_picture_of_the_package_goes_with_the_stem(self, picture):
        item = only(choice(picture, i__anh=b"x"))
        assert (item.files, item.warnings) == ({"anh.jpg": b"x"}, [])
        assert "/embedded/anh.jpg" in item.question["stem_html"]

    def test_two_pictures_of_one_name_stay_two(self):
        item = only(choice('<img src="anh.jpg"/><img src="b/anh.jpg"/>', i__anh=b"x", b__anh=b"y"))
        assert sorted(item.files.values()) == [b"x", b"y"]

    @pytest.mark.parametrize(
        "address", ["https://example.org/a.jpg", "thieu.jpg", "../../etc/passwd", "/etc/passwd"]
    )
    def test_picture_that_the_package_lacks_is_named(self, address):
        item = only(choice(f'<img src="{address}"/>'))
        assert item.files == {}
        assert len(item.warnings) == 1
        assert address in item.warnings[0]

    def test_picture_of_an_option_is_named(self):
        item = only(choice("", '<img src="i/anh.jpg"/>', i__anh=b"x"))
        assert "i/anh.jpg" in item.warnings[0]

    def test_picture_written_into_the_address_is_kept(self):
        data = base64.b64encode(b"x").decode()
        text = f'[html]Gì đây? <img src\\="data\\:image/png;base64,{data}"> {{T}}'
        assert only(text.replace("==", "\\=\\=").encode()).files == {"1.png": b"x"}


@pytest.mark.django_db
class TestLibrary:
    def test_name_that_lies_gets_the_ending_of_its_content(self):
        data = choice('<img src="anh.html"/>')
        item = only(data)
        item.question["stem_html"], item.files = '<img src="/embedded/a.html">', {"a.html": photo()}
        source = read_questions(data)
        source.items = [item]
        store_questions(source, bank="Thử", origin="a.zip")
        assert get_image_model().objects.get().file.name.endswith(".jpg")

    def test_picture_that_is_a_program_is_left_out(self):
        file = io.BytesIO()
        Image.new("RGB", (2, 2)).save(file, "EPS")
        source = read_questions(choice('<img src="i/anh.jpg" alt="biển"/>', i__anh=file.getvalue()))
        report = store_questions(source, bank="Thử", origin="a.zip")
        assert (report.created, len(report.warnings)) == (1, 1)
        assert get_image_model().objects.count() == 0
        assert "/embedded/" not in Question.objects.get().content["stem_html"]


ITEM = (
    '<questestinterop><item ident="q" title="Question"><itemmetadata><qtimetadata>'
    "<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry>"
    "</qtimetadatafield></qtimetadata></itemmetadata><presentation><material>"
    '<mattext texttype="text/html">{stem}</mattext></material>{asked}</presentation>'
    "<resprocessing>{rules}</resprocessing>{said}</item></questestinterop>"
)


def blank(name: str, *labels: str) -> str:
    options = "".join(
        f'<response_label ident="{name}{place}"><material><mattext>{label}</mattext></material>'
        "</response_label>"
        for place, label in enumerate(labels)
    )
    return (
        f'<response_lid ident="response_{name}" rcardinality="Single"><material><mattext>{name}'
        f"</mattext></material><render_choice>{options}</render_choice></response_lid>"
    )


def rule(respident: str, value: str, link: str = "", points: int = 50) -> str:
    shown = f'<displayfeedback linkrefid="{link}"/>' if link else ""
    scored = f'<setvar action="Add">{points}</setvar>' if points else ""
    return (
        f'<respcondition><conditionvar><varequal respident="{respident}">{value}</varequal>'
        f"</conditionvar>{scored}{shown}</respcondition>"
    )


def canvas(kind: str, stem: str, asked: str, rules: str, said: str = "") -> bytes:
    return ITEM.format(kind=kind, stem=stem, asked=asked, rules=rules, said=said).encode()


class TestCanvas:
    def test_blanks_are_gaps_in_the_text(self):
        asked = blank("a", "Vinh", "vinh", "") + blank("b", "1788")
        rules = rule("response_a", "a0") + rule("response_b", "b0")
        kind = "fill_in_multiple_blanks_question"
        question = only(canvas(kind, "Thủ phủ [a] lập năm [b].", asked, rules)).question
        assert [part if isinstance(part, str) else part["kind"] for part in question["parts"]] == [
            "Thủ phủ ",
            "short_answer",
            " lập năm ",
            "short_answer",
            ".",
        ]
        assert [one["text"] for one in question["parts"][1]["accepted"]] == ["Vinh", "vinh"]

    def test_drop_downs_are_choices_in_the_text(self):
        asked, rules = blank("a", "đỏ", "đen"), rule("response_a", "a0")
        item = only(canvas("multiple_dropdowns_question", "Cờ màu [a].", asked, rules))
        assert item.name == ""
        assert item.question["parts"][1]["choices"] == [
            {"text": "đỏ", "right": True, "feedback": ""},
            {"text": "đen", "right": False, "feedback": ""},
        ]

    def test_blank_that_the_text_lacks_is_said(self):
        data = canvas(
            "multiple_dropdowns_question",
            "Cờ màu gì?",
            blank("a", "đỏ", "đen"),
            rule("response_a", "a0"),
        )
        (item,) = read_questions(data).items
        assert item.where == "Tệp, câu 1"
        assert "chỗ trống" in item.why

    def test_what_is_said_to_each_choice_is_kept(self):
        said = (
            '<itemfeedback ident="f1"><flow_mat><material><mattext>Sai rồi.</mattext></material>'
            "</flow_mat></itemfeedback>"
        )
        rules = rule("response_a", "a1", "f1", points=0) + rule("response_a", "a0", points=100)
        asked = blank("a", "đỏ", "đen")
        question = only(canvas("multiple_choice_question", "Màu?", asked, rules, said)).question
        assert [one["feedback"] for one in question["choices"]] == ["", "Sai rồi."]

    def test_formula_is_said_to_be_one(self):
        data = canvas(
            "calculated_question",
            "6 + [x]?",
            '<response_str ident="response1"><render_fib/></response_str>',
            '<respcondition><conditionvar><other/></conditionvar><setvar action="Set">100</setvar>'
            "</respcondition>",
        )
        (item,) = read_questions(data).items
        assert "ngẫu nhiên" in item.why
