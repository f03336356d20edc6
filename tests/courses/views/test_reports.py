"""Reports for those who answer for courses: who may see them, what they say, what they cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import LegalBasis, LessonPage
from learners.models import User
from tests.factories.authoring import admin_client, draft_course
from tests.factories.learning import legal_act
from tests.factories.reports import on_23_november, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def client():
    return admin_client(User.objects.create_superuser("quantri", password="hoc-so-nghe-an"))


def rows(answer) -> list:
    return list(answer.context["object_list"])


def queries_of(client, name: str) -> int:
    client.get(reverse(name))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(reverse(name))
    return len(queries)


# ------------------------------------------------------------------ courses


def test_the_courses_are_listed_with_what_they_lack(client):
    draft_course(title="Chữ ký số")
    draft_course(title="An toàn", slug="an-toan", hours=None, lesson_live=False)
    found = [
        (course.title, course.missing, course.lessons)
        for course in rows(client.get(reverse("course_report")))
    ]
    assert found == [("An toàn", "Thời lượng, Nội dung để học", 0), ("Chữ ký số", "Không thiếu", 1)]


def test_the_list_of_courses_costs_the_same_for_one_and_for_three(client):
    draft_course()
    one = queries_of(client, "course_report")
    for number in (2, 3):
        draft_course(slug=f"khoa-{number}", hours=None)
    assert queries_of(client, "course_report") == one


def test_the_courses_come_as_a_sheet(client):
    draft_course(hours=None)
    answer = client.get(reverse("course_report") + "?export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("Chữ ký số,bản nháp,Thời lượng,1,0,")


@pytest.mark.parametrize("name", ["course_report", "ending_acts"])
def test_the_reports_are_closed_to_learners(name):
    assert admin_client(viewer("hoa")).get(reverse(name)).status_code == 302


# ------------------------------------------------------------------ acts


@pytest.fixture
def pages():
    """A course on an act that has ended, whose lesson explains one that ends soon."""
    old = legal_act("Nghị định 52/2013/NĐ-CP", number="", valid_to=date(2026, 6, 30))
    soon = legal_act("Quyết định 757", number="757/QĐ-BKHCN", valid_to=date(2026, 12, 31))
    legal_act("Luật còn hiệu lực", number="1", valid_to=date(2030, 1, 1))
    course = draft_course()
    LegalBasis.objects.update(act=old)
    LessonPage.objects.update(legal_act=soon)
    return course


def test_pages_on_acts_that_end_are_listed_with_the_day(client, pages):
    found = [
        (page.title, page.course_title, page.acts)
        for page in rows(client.get(reverse("ending_acts")))
    ]
    assert found == [
        ("Chữ ký số", "Chữ ký số", "Nghị định 52/2013/NĐ-CP, có hiệu lực đến 30/06/2026"),
        (
            "Bài 1",
            "Chữ ký số",
            "Quyết định 757 (757/QĐ-BKHCN), có hiệu lực đến 31/12/2026",
        ),
    ]


@pytest.mark.parametrize(
    ("state", "titles"), [("ended", ["Chữ ký số"]), ("ending", ["Bài 1"]), ("x", [])]
)
def test_the_list_is_narrowed_to_a_state(client, pages, state, titles):
    answer = client.get(reverse("ending_acts"), {"state": state})
    if titles:
        assert [page.title for page in rows(answer)] == titles
    else:
        assert answer.status_code == 200


def test_the_list_of_acts_costs_the_same_for_one_and_for_three(client, pages):
    LegalBasis.objects.update(act=legal_act("Luật còn hiệu lực"))
    one = queries_of(client, "ending_acts")
    for number in (2, 3):
        draft_course(slug=f"khoa-{number}")
    LessonPage.objects.update(legal_act=legal_act("Quyết định 757"))
    assert len(rows(client.get(reverse("ending_acts")))) == 3
    assert queries_of(client, "ending_acts") == one


def test_an_act_on_which_a_course_rests_cannot_be_deleted(client, pages):
    act = legal_act("Nghị định 52/2013/NĐ-CP")
    client.post(reverse("legalact:delete", args=[act.pk]))
    act.refresh_from_db()
