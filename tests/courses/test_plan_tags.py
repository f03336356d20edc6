"""What courses and classes serve in the plan: ticked by authors, remembered, carried along."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.choices import CityField, PlanSolution, PlanTask
from courses.import_report import ImportReport
from courses.imports.folder import read_course
from courses.models import ClassGroup, CoursePage, PlanTagging
from learners.models import User
from tests.factories.authoring import admin_client, course_form, draft_course, edit_url
from tests.factories.classes import class_of
from tests.factories.learning import small_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return admin_client(User.objects.create_superuser("quantri", password="hoc-so-nghe-an"))


def history(thing: CoursePage | ClassGroup) -> list[list[str]]:
    return [row.tasks for row in thing.plan_taggings.order_by("pk")]


def test_the_plan_has_ten_tasks_and_five_solutions():
    assert (len(PlanTask), len(PlanSolution), len(CityField)) == (10, 5, 5)


class TestAuthors:
    def test_tick_tasks_on_a_course(self, admin):
        course = draft_course()
        form = course_form(course, tasks=["security", "human_resources"], solutions=["research"])
        admin.post(edit_url(course), form | {"action-publish": "1"})
        course.refresh_from_db()
        assert course.plan_tags() == {
            "tasks": ["human_resources", "security"],
            "solutions": ["research"],
            "city_fields": [],
        }

    def test_are_advised_and_not_stopped(self, admin):
        """A course without tasks is published; the checklist says what it will miss."""
        course = draft_course()
        assert '<a href="#id_tasks">' in admin.get(edit_url(course)).content.decode()
        admin.post(edit_url(course), course_form(course, **{"action-publish": "1"}))
        course.refresh_from_db()
        assert (course.live, course.tasks) == (True, [])

    def test_cannot_tick_what_the_plan_does_not_name(self, admin):
        course = draft_course()
        answer = admin.post(edit_url(course), course_form(course, tasks=["cooking"]))
        assert "tasks" in answer.context["form"].errors

    def test_tick_tasks_on_a_class(self, admin):
        group = class_of()
        address = reverse("classgroup:edit", args=[group.pk])
        form = admin.get(address).context["form"]
        assert list(form.fields["tasks"].choices) == PlanTask.choices


class TestHistory:
    def test_remembers_each_change_once(self):
        group = class_of()
        for tasks in (["economy"], ["economy"], ["economy", "society"], []):
            group.tasks = tasks
            group.save()
        assert history(group) == [["economy"], ["economy", "society"], []]

    def test_of_something_never_tagged_is_empty(self):
        group, course = class_of(), small_course()
        group.title = "Tên khác"
        group.save()
        course.save_revision().publish()
        assert PlanTagging.objects.count() == 0

    def test_the_order_of_ticking_is_no_change(self):
        group = class_of()
        for tasks in (["society", "economy"], ["economy", "society"]):
            group.tasks = tasks
            group.save()
        assert history(group) == [["economy", "society"]]

    def test_a_draft_changes_nothing_before_it_is_published(self):
        course = small_course()
        course.tasks = ["data"]
        draft = course.save_revision()
        assert history(course) == []
        draft.publish()
        assert history(course) == [["data"]]

    def test_is_of_one_course_or_one_class(self):
        group, course = class_of(), small_course()
        for both in ({}, {"course": course, "class_group": group}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PlanTagging.objects.create(**both)


def test_demo_courses_all_say_what_they_serve(settings):
    folders = (settings.BASE_DIR / "home" / "demo" / "courses").iterdir()
    drafts = [read_course(folder, ImportReport()) for folder in folders if folder.is_dir()]
    assert [draft.title for draft in drafts if not draft.plan_tags.get("tasks")] == []
