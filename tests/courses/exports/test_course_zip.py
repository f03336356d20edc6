"""A course leaves as one zip and comes back as it was, on any site."""

import io
import json
import re
import zipfile
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from courses.exports.course_zip import write_course_zip
from courses.import_report import ImportRefused
from courses.imports.course import import_archive
from courses.imports.library import store_package
from courses.models import CoursePage, LessonPage, Package, Question, QuizDraw, QuizPage
from courses.models.plan_tags import PLAN_TAGS
from home.site import create_site
from tests.factories.files import photo
from tests.factories.learning import legal_act, small_course
from tests.factories.packages import h5p
from tests.factories.quizzes import bank_of, marker

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    """With everything that a course can hold."""
    made = small_course(framework="DigComp 2.2", tasks=["data", "society"], solutions=["models"])
    picture = get_image_model()(title="Hình", file=ContentFile(photo(), name="hinh.jpg"))
    picture.save()
    document = get_document_model()(title="Mẫu đơn", file=ContentFile(b"%PDF-1", name="don.pdf"))
    document.save()
    document.get_file_hash()
    lesson, other = LessonPage.objects.order_by("path")
    lesson.body = json.dumps(
        [
            {"type": "text", "value": links(document.pk, other.pk), "id": "1" * 36},
            {
                "type": "picture",
                "value": {
                    "image": {"image": picture.pk, "alt_text": "Chợ Vinh", "decorative": False},
                    "caption": "Chợ Vinh",
                },
                "id": "2" * 36,
            },
            {
                "type": "table",
                "value": {
                    "columns": [{"type": "text", "heading": "Việc"}],
                    "rows": [{"values": ["<p>Đọc</p>"]}],
                    "caption": "",
                },
                "id": "3" * 36,
            },
            {
                "type": "file",
                "value": {"document": document.pk, "description": "Điền rồi nộp"},
                "id": "4" * 36,
            },
        ]
    )
    lesson.legal_act = legal_act("Luật Giao dịch điện tử", number="20/2023/QH15")
    lesson.save_revision().publish()
    other.package = store_package(h5p())[0]
    other.save_revision().publish()
    quiz = QuizPage.objects.get()
    quiz.draws = [QuizDraw(bank=bank_of(3), count=2)]
    quiz.save_revision().publish()
    made.cover = picture
    made.save_revision()
    return made


def links(document: int, page: int) -> str:
    return (
        f'<p data-block-key="abcde">Xem <a linktype="document" id="{document}">mẫu đơn</a> và'
        f' <a linktype="page" id="{page}">bài sau</a>, <a href="https://nghean.gov.vn">cổng</a>.</p>'
    )


def exported(course: CoursePage) -> bytes:
    out = io.BytesIO()
    write_course_zip(course, out)
    return out.getvalue()


def put_away(course: CoursePage) -> None:
    """As on a site that does not have the course, nor what hung on it."""
    course.title, course.slug = "Khóa cũ", "khoa-cu"
    course.save_revision().publish()


def repacked(data: bytes, *, keep_sums: bool = False, **changes: object) -> bytes:
    """The zip with files replaced by name (/ written __, a dot _DOT_), sums made right again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name, content in changes.items():
        files[name.replace("__", "/").replace("_DOT_", ".")] = content
    manifest = json.loads(files["manifest.json"])
    if not keep_sums:
        manifest["sha256"] = {
            name: sha256(content).hexdigest()
            for name, content in files.items()
            if name != "manifest.json"
        }
        files["manifest.json"] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def described(data: bytes) -> dict:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read("course.json"))


class TestRoundTrip:
    def test_what_is_taken_in_is_written_out_equal(self, course):
        data = exported(course)
        assert data == exported(CoursePage.objects.get())
        put_away(course)
        report = import_archive(data)
        taken = CoursePage.objects.get(slug=described(data)["slug"])
        assert (report.created, taken.live, taken.pk != course.pk) == (5, False, True)
        assert exported(taken) == data

    def test_links_lead_to_the_new_pages_and_files(self, course):
        data = exported(course)
        put_away(course)
        import_archive(data)
        first, second = LessonPage.objects.order_by("-path")[:2][::-1]
        html = first.body[0].value.source
        document = get_document_model().objects.get(title="Mẫu đơn")
        assert html == links(document.pk, second.pk)
        assert (second.package, Package.objects.count()) == (Package.objects.get(), 1)

    def test_second_time_changes_nothing(self, course):
        data = exported(course)
        report = import_archive(data)
        assert (report.created, report.updated, report.unchanged) == (0, 0, 5 + 3)
        assert CoursePage.objects.count() == 1

    def test_course_serves_the_same_tasks_of_the_plan(self, course):
        data = exported(course)
        put_away(course)
        import_archive(data)
        taken = CoursePage.objects.get(live=False)
        assert taken.plan_tags() == course.plan_tags()
        assert taken.tasks == ["data", "society"]

    def test_archive_from_before_there_were_tags_is_still_taken(self, course):
        course.tasks, course.solutions = [], []
        course.save_revision().publish()
        course = CoursePage.objects.get()
        said = described(exported(course))
        older = {name: said[name] for name in said if name not in PLAN_TAGS}
        data = repacked(exported(course), course_DOT_json=json.dumps(older).encode())
        assert import_archive(data).created == 0
        put_away(course)
        assert import_archive(data).created == 5

    def test_taken_in_course_can_be_published(self, course):
        data = exported(course)
        put_away(course)
        import_archive(data)
        taken = CoursePage.objects.get(live=False)
        for page in [*taken.get_descendants(), taken]:
            page.specific.get_latest_revision().publish()
        assert taken.editions.get().items.count() == 3

    def test_bank_comes_along(self, course):
        data = exported(course)
        put_away(course)
        QuizDraw.objects.all().delete()
        Question.objects.all().delete()
        assert import_archive(data).created == 5 + 3
        assert QuizDraw.objects.get(quiz__live=False).rule()["count"] == 2

    def test_trial_leaves_nothing(self, settings, tmp_path, request):
        settings.MEDIA_ROOT = tmp_path
        course = request.getfixturevalue("course")
        data = exported(course)
        put_away(course)
        get_image_model().objects.all().delete()
        before = pictures_kept()
        assert import_archive(data, dry_run=True).created == 5
        assert CoursePage.objects.count() == 1
        assert pictures_kept() == before


class TestRefusals:
    def test_damaged_file_is_named(self, course):
        name = next(iter(name for name in sums(exported(course)) if name.endswith(".jpg")))
        key = name.replace("/", "__").replace(".", "_DOT_")
        changed = repacked(exported(course), keep_sums=True, **{key: b"x"})
        with pytest.raises(ImportRefused, match=re.escape(name)):
            import_archive(changed)

    def test_file_that_is_not_listed(self, course):
        with pytest.raises(ImportRefused, match=r"manifest\.json"):
            import_archive(repacked(exported(course), keep_sums=True, them_DOT_txt=b"x"))

    def test_later_version(self, course):
        manifest = {"format": "hoc-so-course", "version": 2, "sha256": {}}
        changed = repacked(exported(course), manifest_DOT_json=json.dumps(manifest).encode())
        with pytest.raises(ImportRefused, match="2"):
            import_archive(changed)

    @pytest.mark.parametrize(
        "body",
        [
            [{"type": "không có", "value": "x", "id": "1" * 36}],
            [{"type": "text", "value": {"a": 1}, "id": "1" * 36}],
            [{"type": "text", "value": '<p><a linktype="page" id="@9">x</a></p>', "id": "1" * 36}],
            [{"type": "file", "value": {"document": {"file": "files/9"}}, "id": "1" * 36}],
            "x",
            None,
        ],
    )
    def test_content_that_the_editor_would_refuse(self, course, body):
        said = described(exported(course))
        said["modules"][0]["items"][0]["body"] = body
        said["title"] = "Khác"
        before = CoursePage.objects.count()
        with pytest.raises(ImportRefused, match=r"@1\.1 Bài 1|course\.json"):
            import_archive(repacked(exported(course), course_DOT_json=json.dumps(said).encode()))
        assert CoursePage.objects.count() == before

    def test_script_does_not_come_in(self, course):
        said = described(exported(course))
        said["title"] = "Khác"
        said["gains"] = '<p>Tốt<script>alert(1)</script><a href="javascript:x">y</a></p>'
        import_archive(repacked(exported(course), course_DOT_json=json.dumps(said).encode()))
        assert CoursePage.objects.get(title="Khác").gains == "<p>Tốt<a>y</a></p>"


def pictures_kept() -> set[str]:
    return set(default_storage.listdir("original_images")[1])


def sums(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read("manifest.json"))["sha256"]


class TestWays:
    def test_author_takes_it_out_and_in(self, course, client):
        client.force_login(marker())
        address = f"/quan-tri/courses-import/out/{course.pk}/"
        assert address in client.get(f"/quan-tri/pages/{course.pk}/").content.decode()
        data = client.get(address).getvalue()
        put_away(course)
        sent = ContentFile(data, name="khoa.zip")
        trial = client.post("/quan-tri/courses-import/", {"file": sent})
        kept = {"key": trial.context["key"], "name": "khoa.zip"}
        client.post("/quan-tri/courses-import/in/", kept)
        assert CoursePage.objects.filter(live=False).count() == 1

    def test_whoever_may_not_edit_it_gets_nothing(self, course, client):
        create_site()
        other = marker(username="ha")
        other.groups.clear()
        client.force_login(other)
        assert client.get(f"/quan-tri/courses-import/out/{course.pk}/").status_code in (302, 403)

    def test_by_command(self, course, tmp_path, capsys):
        file = tmp_path / "khoa.zip"
        call_command("export_course", course.slug, str(file))
        call_command("import_course", str(file))
        assert "0 created" in capsys.readouterr().out
        with pytest.raises(CommandError, match="khong-co"):
            call_command("export_course", "khong-co", str(file))
