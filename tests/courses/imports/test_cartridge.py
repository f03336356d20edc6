"""Courses of other systems in a Common Cartridge: every piece taken, or said why not."""

import io
import zipfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image
from wagtail.images import get_image_model

from courses.import_report import ImportRefused
from courses.imports.course import import_archive
from courses.models import CoursePage, LessonPage, ModulePage, Question, QuestionBank, QuizPage
from home.site import create_site

pytestmark = pytest.mark.django_db

NAMESPACE = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"

PAGE = """<html><head><title>Trang đầu</title><script>alert(1)</script></head><body>
Mở đầu <h1>Chào bạn</h1><p>Đọc <a href="javascript:alert(1)">kỹ</a> rồi làm.</p>
<p>Trước <img src="$IMS-CC-FILEBASE$/anh.png" alt="Sơ đồ"> sau</p>
<table><tr><td>Một</td><td>Hai</td></tr></table>
<iframe src="https://video.example/1"></iframe><img src="thieu.png"></body></html>"""

LINK = '<webLink xmlns="x"><title>Cổng</title><url href="{}"/></webLink>'

QUIZ = """<questestinterop><assessment ident="a" title="Kiểm tra 1"><section>
{}</section></assessment></questestinterop>"""

ITEM = """<item ident="{0}" title="Câu {0}"><itemmetadata><qtimetadata><qtimetadatafield>
<fieldlabel>question_type</fieldlabel><fieldentry>multiple_choice_question</fieldentry>
</qtimetadatafield></qtimetadata></itemmetadata><presentation><material>
<mattext texttype="text/html">Câu hỏi {0}?</mattext></material><response_lid ident="r">
<render_choice><response_label ident="1"><material><mattext>Đúng</mattext></material>
</response_label><response_label ident="2"><material><mattext>Sai</mattext></material>
</response_label></render_choice></response_lid></presentation><resprocessing><outcomes>
<decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
<respcondition continue="No"><conditionvar><varequal respident="r">1</varequal></conditionvar>
<setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item>"""

RESOURCES = [
    ("p1", "webcontent", "wiki/dau.html"),
    ("l1", "imswl_xmlv1p1", "l1.xml"),
    ("l2", "imswl_xmlv1p1", "l2.xml"),
    ("q1", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "q1.xml"),
    ("d1", "imsdt_xmlv1p1", "d1.xml"),
    ("t1", "imsbasiclti_xmlv1p0", "t1.xml"),
    ("f1", "webcontent", "web_resources/anh.png"),
]

TREE = [("Phần một", ["p1", "l1", "l2"]), ("Phần hai", ["q1", "d1", "t1"])]


@pytest.fixture(autouse=True)
def site():
    return create_site()


def manifest(title="Khóa mẫu", tree=TREE, resources=RESOURCES, schema="IMS Common Cartridge"):
    modules = "".join(
        f'<item identifier="m{n}"><title>{name}</title>'
        + "".join(
            f'<item identifier="i{ref}" identifierref="{ref}"><title>Mục {ref}</title></item>'
            for ref in refs
        )
        + "</item>"
        for n, (name, refs) in enumerate(tree)
    )
    listed = "".join(
        f'<resource identifier="{key}" type="{kind}" href="{href}"><file href="{href}"/></resource>'
        for key, kind, href in resources
    )
    return (
        f'<manifest xmlns="{NAMESPACE}"><metadata><schema>{schema}</schema>'
        f"<lom><general><title><string>{title}</string></title></general></lom></metadata>"
        f'<organizations><organization><item identifier="root">{modules}</item></organization>'
        f"</organizations><resources>{listed}</resources></manifest>"
    )


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(file, "PNG")
    return file.getvalue()


def cartridge(**changes: str | bytes | None) -> bytes:
    """A cartridge of all kinds; a file named with None is left out of it."""
    files = {
        "imsmanifest.xml": manifest(),
        "wiki/dau.html": PAGE,
        "l1.xml": LINK.format("https://dichvucong.example/a"),
        "l2.xml": LINK.format("https://dichvucong.example/b"),
        "q1.xml": QUIZ.format(ITEM.format(1) + ITEM.format(2)),
        "d1.xml": "<topic/>",
        "t1.xml": "<cartridge_basiclti_link/>",
        "web_resources/anh.png": picture(),
    } | {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in changes.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            if data is not None:
                archive.writestr(name, data)
    return packed.getvalue()


def counts() -> tuple[int, ...]:
    models = (CoursePage, ModulePage, LessonPage, QuizPage, Question)
    return tuple(model.objects.count() for model in models)


class TestTaken:
    def test_pages_links_and_quizzes_become_a_draft_course(self):
        report = import_archive(cartridge())
        course = CoursePage.objects.get()
        assert (course.title, course.live) == ("Khóa mẫu", False)
        assert [page.title for page in ModulePage.objects.order_by("path")] == [
            "Phần một",
            "Phần hai",
        ]
        assert counts() == (1, 2, 2, 1, 2)
        assert any("vẫn là bản nháp" in warning for warning in report.warnings)

    def test_text_and_pictures_keep_their_order_and_scripts_are_gone(self):
        import_archive(cartridge())
        body = LessonPage.objects.get(title="Mục p1").body
        assert [block.block_type for block in body] == ["text", "picture", "text"]
        first, last = str(body[0].value), str(body[2].value)
        assert "Mở đầu" in first
        assert "<h2" in first
        assert ("script" in first, "alert" in first) == (False, False)
        assert "Một Hai" in last
        assert body[1].value["image"].contextual_alt_text == "Sơ đồ"

    def test_links_in_a_row_share_one_lesson(self):
        import_archive(cartridge())
        lesson = LessonPage.objects.get(title__startswith="Mục l1")
        assert str(lesson.body[0].value).count("https://dichvucong.example/") == 2

    def test_a_quiz_asks_its_own_questions_from_the_bank_of_the_course(self):
        import_archive(cartridge())
        draw = QuizPage.objects.get().draws.get()
        assert (draw.count, draw.bank, draw.category.name) == (
            2,
            QuestionBank.objects.get(name="Khóa mẫu"),
            "Mục q1",
        )

    def test_what_has_no_place_here_is_named_piece_by_piece(self):
        report = import_archive(cartridge())
        left_out = {(skipped.where, skipped.what) for skipped in report.skipped}
        assert left_out == {
            ("d1.xml", "Mục d1"),
            ("t1.xml", "Mục t1"),
            ("wiki/dau.html", "thieu.png"),
            ("wiki/dau.html", "<iframe> https://video.example/1"),
        }

    def test_the_same_again_changes_nothing(self):
        first = import_archive(cartridge())
        before = counts()
        again = import_archive(cartridge())
        assert (again.created, again.updated, again.unchanged) == (0, 0, first.created)
        assert counts() == before

    def test_a_trial_changes_nothing(self):
        import_archive(cartridge(), dry_run=True)
        assert counts() == (0, 0, 0, 0, 0)
        assert get_image_model().objects.count() == 0

    def test_a_page_outside_of_the_tree_comes_in_as_well(self):
        import_archive(cartridge(imsmanifest_xml=manifest(tree=TREE[1:])))
        assert ModulePage.objects.filter(title="Nội dung khác").exists()
        assert LessonPage.objects.filter(title="Trang đầu").exists()


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"imsmanifest_xml": None}, "imsmanifest.xml"),
            ({"imsmanifest_xml": "<manifest"}, "imsmanifest.xml"),
            ({"imsmanifest_xml": manifest(schema="ADL SCORM")}, "Common Cartridge"),
            ({"imsmanifest_xml": manifest(title="")}, "tên"),
            ({"imsmanifest_xml": manifest(tree=[], resources=[])}, "không có"),
            ({"q1_xml": "<questestinterop"}, "q1.xml"),
            ({"l1_xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "l1.xml"),
        ],
    )
    def test_what_cannot_be_understood_gets_one_sentence_and_changes_nothing(self, changes, said):
        with pytest.raises(ImportRefused) as refusal:
            import_archive(cartridge(**changes))
        assert said in str(refusal.value)
        assert counts() == (0, 0, 0, 0, 0)

    def test_no_zip_at_all(self, tmp_path):
        file = tmp_path / "a.imscc"
        file.write_bytes(b"%PDF-1.4")
        with pytest.raises(CommandError):
            call_command("import_course", str(file))


class TestFilesOfOthers:
    @pytest.mark.parametrize(
        ("name", "lessons", "quizzes", "questions", "skipped"),
        [
            ("py4e_export.imscc", 17, 0, 0, 58),
            ("single-page.imscc", 1, 0, 0, 0),
            ("test_01.imscc", 7, 16, 96, 37),
        ],
    )
    def test_each_piece_is_taken_or_named(
        self, shared_inputs, name, lessons, quizzes, questions, skipped
    ):
        data = (shared_inputs / "packages" / "imscc" / name).read_bytes()
        report = import_archive(data)
        assert counts()[2:] == (lessons, quizzes, questions)
        assert len(report.skipped) == skipped
