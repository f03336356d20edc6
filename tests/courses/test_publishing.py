"""Every door through which a course is published, with something missing and without."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from courses.models import CoursePage, Edition, LessonPage, ModulePage
from courses.readiness import CannotPublish
from home.site import create_site
from learners.models import User
from tests.factories.authoring import admin_client, complete, course_form, draft_course, edit_url

pytestmark = pytest.mark.django_db

NOTHING = {"topic": "", "hours": None, "audiences": [], "completion": "", "legal_bases": []}
NO_ACT = "Căn cứ pháp lý:"
NO_CONTENT = "Nội dung:"


@pytest.fixture
def admin():
    return User.objects.create_superuser("quantri", password="hoc-so-nghe-an")


@pytest.fixture
def client(admin):
    return admin_client(admin)


def live(course: CoursePage) -> bool:
    return CoursePage.objects.get(pk=course.pk).live


# ------------------------------------------------------------------ the editor's form


def test_a_complete_course_is_published_with_its_edition(client):
    course = draft_course()
    client.post(edit_url(course), course_form(course, **{"action-publish": "1"}))
    assert live(course)
    assert Edition.objects.get(course=course).items.count() == 1


def test_an_empty_course_is_refused_with_each_missing_thing(client):
    course = draft_course(lesson_live=False, **NOTHING)
    answer = client.post(edit_url(course), course_form(course, **{"action-publish": "1"}))
    assert not live(course)
    form = answer.context["form"]
    assert sorted(form.errors) == ["__all__", "audiences", "completion", "hours", "topic"]
    no_act, no_content = form.errors["__all__"]
    assert no_act.startswith(NO_ACT)
    assert no_content.startswith(NO_CONTENT)


def test_a_draft_is_saved_whatever_is_missing(client):
    course = draft_course(lesson_live=False, **NOTHING)
    answer = client.post(edit_url(course), course_form(course, title="Chữ ký số cá nhân"))
    assert answer.status_code == 302
    assert CoursePage.objects.get(pk=course.pk).title == "Chữ ký số cá nhân"


def test_a_draft_of_a_live_course_is_saved_whatever_is_missing(client):
    course = draft_course()
    course.get_latest_revision().publish()
    course.refresh_from_db()
    answer = client.post(edit_url(course), course_form(course, hours="", completion=""))
    assert answer.status_code == 302
    assert live(course)
    assert CoursePage.objects.get(pk=course.pk).hours == 3
    draft = CoursePage.objects.get(pk=course.pk).get_latest_revision_as_object()
    assert draft.hours is None


def test_a_new_course_is_saved_as_a_draft_with_a_title_alone(client):
    catalog = create_site()
    url = reverse("wagtailadmin_pages:add", args=["courses", "coursepage", catalog.pk])
    empty = CoursePage(title="Mới", slug="moi", summary="")
    answer = client.post(url, course_form(empty))
    assert answer.status_code == 302
    assert not CoursePage.objects.get(slug="moi").live
    answer = client.post(url, course_form(empty, slug="moi-2", **{"action-publish": "1"}))
    assert NO_CONTENT in answer.content.decode()
    assert not CoursePage.objects.filter(slug="moi-2").exists()


def test_the_last_act_taken_out_of_the_form_is_refused(client):
    course = draft_course()
    form = course_form(course, **{"action-publish": "1", "legal_bases-0-DELETE": "1"})
    assert NO_ACT in client.post(edit_url(course), form).content.decode()
    assert not live(course)


def test_a_schedule_is_refused_as_publishing_is(client):
    course = draft_course(lesson_live=False)
    hour = (timezone.localtime() + timedelta(days=1)).strftime("%d/%m/%Y %H:%M")
    form = course_form(course, go_live_at=hour, **{"action-publish": "1"})
    assert NO_CONTENT in client.post(edit_url(course), form).content.decode()
    assert not course.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_handing_in_for_approval_is_refused_as_publishing_is(client):
    course = draft_course(legal_bases=[])
    form = course_form(course, **{"action-submit": "1"})
    assert NO_ACT in client.post(edit_url(course), form).content.decode()
    assert course.current_workflow_state is None


# ------------------------------------------------------------------ doors without a form


def test_a_revision_of_an_incomplete_course_cannot_be_published():
    course = draft_course(hours=None)
    with pytest.raises(CannotPublish, match="Thời lượng"):
        course.get_latest_revision().publish()
    assert not live(course)


def test_a_course_of_draft_lessons_cannot_be_published():
    course = draft_course(lesson_live=False)
    with pytest.raises(CannotPublish, match=NO_CONTENT):
        course.get_latest_revision().publish()


def test_a_live_lesson_in_a_draft_module_does_not_count():
    course = draft_course()
    ModulePage.objects.get().unpublish()
    with pytest.raises(CannotPublish, match=NO_CONTENT):
        course.get_latest_revision().publish()


def test_publishing_in_bulk_names_the_course_and_publishes_nothing(client):
    good, bad = draft_course(), draft_course(title="Thiếu căn cứ", slug="thieu", legal_bases=[])
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{url}?id={good.pk}&id={bad.pk}&next=/quan-tri/", follow=True)
    assert "Thiếu căn cứ: " + NO_ACT in answer.content.decode()
    assert (live(good), live(bad)) == (False, False)


def test_publishing_in_bulk_with_what_lies_below_begins_with_the_lessons(client):
    course = draft_course(lesson_live=False)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={course.pk}&next=/quan-tri/", {"include_descendants": "on"})
    assert live(course)
    assert Edition.objects.get(course=course).items.count() == 1


def test_an_approval_cannot_publish_what_became_incomplete(client, admin):
    course = draft_course()
    course.get_workflow().start(course, admin)
    LessonPage.objects.get().unpublish()
    task_state = course.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[course.pk, "approve", task_state.pk])
    client.post(url, {"comment": ""})
    assert not live(course)


def test_the_clock_takes_back_a_schedule_that_became_incomplete_and_goes_on():
    hour = timezone.now() + timedelta(hours=1)
    bad, good = draft_course(), draft_course(title="Đủ", slug="du")
    for course in (bad, good):
        course.go_live_at = hour
        course.save_revision().publish()
    bad.get_children().first().unpublish()
    with time_machine.travel(hour + timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert (live(bad), live(good)) == (False, True)
    assert not bad.revisions.filter(approved_go_live_at__isnull=False).exists()
    entry = PageLogEntry.objects.get(action="courses.schedule_cancelled")
    assert entry.page_id == bad.pk
    assert entry.message.endswith("Còn thiếu: Nội dung để học")


def test_a_copy_is_not_published_at_once(client):
    course = draft_course()
    course.get_latest_revision().publish()
    url = reverse("wagtailadmin_pages:copy", args=[course.pk])
    form = {
        "new_title": "Bản sao",
        "new_slug": "ban-sao",
        "new_parent_page": course.get_parent().pk,
        "publish_copies": "on",
    }
    client.post(url, form)
    assert not CoursePage.objects.filter(slug="ban-sao").exists()
    client.post(url, form | {"publish_copies": ""})
    assert not CoursePage.objects.get(slug="ban-sao").live


# ------------------------------------------------------------------ the checklist


def test_the_checklist_says_what_is_done_and_links_to_what_is_missing(client):
    course = draft_course(**complete() | {"hours": None}, lesson_live=False)
    page = client.get(edit_url(course)).content.decode()
    assert "Còn 2 mục" in page
    assert 'href="#id_hours"' in page
    assert f'href="{reverse("wagtailadmin_explore", args=[course.pk])}">Nội dung:' in page
    assert 'href="#id_topic"' not in page


def test_a_new_course_shows_the_checklist(client):
    catalog = create_site()
    url = reverse("wagtailadmin_pages:add", args=["courses", "coursepage", catalog.pk])
    assert "Còn 6 mục" in client.get(url).content.decode()
