"""Courses written as Markdown: whole, once, or refused with a sentence."""

import shutil
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from wagtail.images import get_image_model

from courses.imports.course import import_course
from courses.models import CoursePage, Edition, LegalBasis, LessonPage, QuizPage
from home.site import create_site
from tests.factories.learning import legal_act

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).resolve().parents[3] / "home" / "demo" / "courses"


@pytest.fixture(autouse=True)
def site():
    return create_site()


@pytest.fixture
def folder(tmp_path):
    """A copy of a demo course that a test may spoil."""
    return Path(shutil.copytree(DEMO / "an-toan-thong-tin", tmp_path / "an-toan-thong-tin"))


def refused(folder: Path) -> str:
    """The one sentence of the refusal; nothing may have been stored."""
    with pytest.raises(CommandError) as refusal:
        call_command("import_course", str(folder))
    assert CoursePage.objects.count() == 0
    assert get_image_model().objects.count() == 0
    return str(refusal.value)


def test_a_course_comes_in_with_lessons_quiz_pictures_and_legal_basis(folder):
    report = import_course(folder)
    course = CoursePage.objects.get()
    assert (course.title, course.slug, course.topic) == (
        "An toàn thông tin cho người dùng",
        "an-toan-thong-tin",
        "digital_skills",
    )
    assert (LessonPage.objects.count(), QuizPage.objects.count()) == (6, 1)
    numbers = [basis.act.number for basis in course.legal_bases.all()]
    assert numbers == ["116/2025/QH15", "91/2025/QH15"]
    assert (report.created, report.skipped) == (10, [])
    assert Edition.objects.get().items.count() == 7


def test_a_course_says_what_it_serves_in_the_plan(folder):
    import_course(folder)
    assert CoursePage.objects.get().tasks == ["human_resources", "security"]


@pytest.mark.parametrize("tasks", ['["cooking"]', '"security"', "[[]]"])
def test_a_task_that_the_plan_does_not_name_is_refused(folder, tasks):
    facts = folder / "course.toml"
    kept = [line for line in facts.read_text().splitlines() if not line.startswith("tasks")]
    facts.write_text(f"tasks = {tasks}\n" + "\n".join(kept))
    assert refused(folder).startswith("course.toml: tasks “")


def test_a_folder_that_names_no_tasks_leaves_those_of_the_page(folder):
    import_course(folder)
    facts = folder / "course.toml"
    facts.write_text("\n".join(x for x in facts.read_text().splitlines() if "tasks" not in x))
    assert import_course(folder).updated == 0
    assert CoursePage.objects.get().tasks == ["human_resources", "security"]


def test_callouts_tables_and_pictures_become_blocks(folder):
    import_course(folder)
    lesson = LessonPage.objects.get(title="Thư, tin nhắn và đường dẫn giả")
    assert [block.block_type for block in lesson.body] == [
        "picture",
        "text",
        "table",
        "text",
        "callout",
        "callout",
    ]
    assert [b.value["tone"] for b in lesson.body if b.block_type == "callout"] == [
        "example",
        "remember",
    ]


def test_the_same_folder_again_changes_nothing(folder):
    import_course(folder)
    again = import_course(folder)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 10)
    assert Edition.objects.count() == 1


def test_a_changed_lesson_updates_its_page_alone(folder):
    import_course(folder)
    lesson = folder / "1.1 nguoi-dung-la-cua-vao.md"
    lesson.write_text(lesson.read_text("utf-8").replace("mười giây", "mười lăm giây"), "utf-8")
    again = import_course(folder)
    assert (again.created, again.updated, again.unchanged) == (0, 1, 9)


def test_a_dry_run_reports_and_stores_nothing(folder):
    before = stored_files()
    report = import_course(folder, dry_run=True)
    assert report.created == 10
    assert CoursePage.objects.count() == 0
    assert stored_files() == before


def stored_files() -> list[str]:
    exists = default_storage.exists("original_images")
    return sorted(default_storage.listdir("original_images")[1]) if exists else []


def test_wrong_encoding_names_file_and_line(folder):
    (folder / "1.3 cuoc-goi-gia-danh.md").write_bytes("# Cuộc gọi\n\nchữ".encode("utf-16"))
    assert refused(folder).startswith("1.3 cuoc-goi-gia-danh.md, line 1: not UTF-8")


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ('topic = "digital_skills"', 'topic = "cooking"', "topic “cooking” is unknown"),
        ('audiences = ["official"]', 'audiences = ["all"]', "audience “all” is unknown"),
        ("hours = 2", "hours = ", "course.toml"),
        ('summary = "', 'summery = "', "summary is missing"),
        ("images/cover.png", "../../../etc/passwd", "leads out of the course’s folder"),
        ("images/cover.png", "course.toml", "is no picture"),
        ("images/cover.png", "images/none.png", "is missing"),
    ],
)
def test_a_wrong_course_file_is_refused_with_the_place(folder, was, becomes, sentence):
    facts = folder / "course.toml"
    facts.write_text(facts.read_text("utf-8").replace(was, becomes), "utf-8")
    assert sentence in refused(folder)


def test_a_question_without_a_right_answer_is_refused_with_its_text(folder):
    quiz = folder / "2.4 kiem-tra-cuoi-khoa.quiz.md"
    quiz.write_text(quiz.read_text("utf-8").replace("* Không ai cả", "- Không ai cả"), "utf-8")
    assert "question “Ai được phép yêu cầu bạn đọc mã xác thực" in refused(folder)


def test_a_lesson_whose_picture_is_missing_is_refused(folder):
    (folder / "images" / "dau-hieu.png").unlink()
    assert "images/dau-hieu.png is missing" in refused(folder)


def test_a_folder_without_lessons_is_refused(tmp_path):
    assert "holds no lesson" in refused(tmp_path)


def test_raw_html_in_a_lesson_is_not_executed(folder):
    lesson = folder / "1.1 nguoi-dung-la-cua-vao.md"
    lesson.write_text("# Bài\n\nChào <script>alert(1)</script> [x](javascript:alert(1))", "utf-8")
    import_course(folder)
    html = str(LessonPage.objects.get(title="Bài").body.raw_data[0]["value"])
    assert "<script" not in html
    assert "javascript:" not in html.replace("](javascript:", "")


def test_every_demo_course_comes_in():
    for folder in sorted(path for path in DEMO.iterdir() if path.is_dir()):
        assert import_course(folder).skipped == []
    assert CoursePage.objects.count() >= 4


@pytest.fixture
def security101(shared_inputs):
    return shared_inputs / "course_vi" / "security101"


def test_a_complete_foreign_course_comes_in_whole(security101):
    report = import_course(security101)
    course = CoursePage.objects.get()
    assert not course.live
    assert "vẫn là bản nháp. Căn cứ pháp lý: hãy thêm ít nhất một văn bản" in report.warnings[0]
    course.legal_bases.add(LegalBasis(act=legal_act()))
    course.save_revision().publish()
    items = Edition.objects.get().items.all()
    assert len({item.module_title for item in items}) == 8
    assert len(items) == 24
    kinds = [block["type"] for item in items for block in item.body]
    kinds += [block.block_type for block in course.introduction]
    assert kinds.count("picture") + kinds.count("video") == 30
    assert get_image_model().objects.count() == 30
    assert items.get(position=17).title == "Khả năng của AppSec"
    assert [s.where for s in report.skipped if "form elsewhere" in s.why] == [
        f"{module}.{number} End of module quiz.md"
        for module, number in zip(range(1, 9), (7, 4, 4, 4, 3, 3, 3, 4), strict=True)
    ]


def test_a_course_without_a_legal_basis_stays_a_draft_until_it_has_one(folder):
    toml = folder / "course.toml"
    whole = toml.read_text("utf-8")
    bases = whole[whole.index("[[legal_basis]]") : whole.index("[modules]")]
    toml.write_text(whole.replace(bases, ""), "utf-8")
    report = import_course(folder)
    assert not CoursePage.objects.get().live
    assert not Edition.objects.exists()
    (warning,) = report.warnings
    assert warning == (
        "“An toàn thông tin cho người dùng” vẫn là bản nháp."
        " Căn cứ pháp lý: hãy thêm ít nhất một văn bản làm căn cứ của khóa học."
    )
    toml.write_text(whole, "utf-8")
    assert import_course(folder).warnings == []
    assert CoursePage.objects.get().live
    assert Edition.objects.get().items.count() == 7


def test_what_the_editor_opens_holds_the_legal_basis(folder):
    import_course(folder)
    draft = CoursePage.objects.get().get_latest_revision_as_object()
    assert [basis.act.number for basis in draft.legal_bases.all()] == [
        "116/2025/QH15",
        "91/2025/QH15",
    ]


def test_an_unknown_completion_rule_is_refused(folder):
    toml = folder / "course.toml"
    toml.write_text('completion = "half"\n' + toml.read_text("utf-8"), "utf-8")
    assert "completion “half” is unknown" in refused(folder)
