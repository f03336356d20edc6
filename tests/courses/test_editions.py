"""Editions: what somebody was measured against stays as it was."""

import pytest

from courses.editions import publish_edition
from courses.models import Edition, LessonPage, QuizPage
from learners.actions.enrolments import enrol
from tests.factories.learning import edition_of, items_of, small_course, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return small_course()


def test_an_edition_holds_lessons_and_quizzes_in_reading_order(course):
    assert [(item.position, item.kind, item.title) for item in items_of(course)] == [
        (1, "lesson", "Bài 1"),
        (2, "lesson", "Bài 2"),
        (3, "quiz", "Kiểm tra"),
    ]


def test_publishing_again_changes_nothing(course):
    assert publish_edition(course) == edition_of(course)
    assert Edition.objects.count() == 1


def test_a_corrected_wording_refreshes_the_edition_in_place(course):
    enrol(person=staff(), course=course)
    lesson = LessonPage.objects.get(title="Bài 1")
    lesson.title = "Bài 1 đã sửa lỗi chính tả"
    lesson.save_revision().publish()
    assert Edition.objects.count() == 1
    assert items_of(course)[0].title == "Bài 1 đã sửa lỗi chính tả"


def test_a_changed_pass_mark_makes_the_next_edition(course):
    enrolment = enrol(person=staff(), course=course)
    quiz = QuizPage.objects.get()
    quiz.pass_mark = 80
    quiz.save_revision().publish()
    assert [item.pass_mark for item in items_of(course)] == [0, 0, 80]
    assert [item.pass_mark for item in enrolment.edition.items.all()] == [0, 0, 50]


def test_unpublishing_a_lesson_leaves_people_on_their_edition(course):
    enrolment = enrol(person=staff(), course=course)
    LessonPage.objects.get(title="Bài 2").unpublish()
    assert edition_of(course).items.count() == 2
    assert enrolment.edition.items.count() == 3


def test_deleting_a_lesson_keeps_its_frozen_text(course):
    enrolment = enrol(person=staff(), course=course)
    LessonPage.objects.get(title="Bài 2").delete()
    item = enrolment.edition.items.get(title="Bài 2")
    assert (item.page, item.body[0]["value"]) == (None, "<p>Nội dung bài 2.</p>")


def test_an_edition_nobody_is_measured_against_is_replaced(course):
    LessonPage.objects.get(title="Bài 2").unpublish()
    assert [edition.items.count() for edition in Edition.objects.all()] == [2]
