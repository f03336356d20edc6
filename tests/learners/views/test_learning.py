"""The learner's screens, without a browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import LessonPage
from learners.actions.enrolments import enrol
from learners.choices import SeatState
from learners.models import Attempt, Enrolment, LessonTick, Seat
from tests.factories.classes import class_of
from tests.factories.histories import learnt_in_class
from tests.factories.learning import items_of, learnt, small_course, staff, this_period, unit

pytestmark = pytest.mark.django_db
SLUG = "an-toan-thong-tin"


@pytest.fixture
def course():
    this_period()
    return small_course()


@pytest.fixture
def hoa(course):
    return staff("Nguyễn Thị Hoa", at=unit(), sign_in="NA1")


@pytest.fixture
def hoa_client(client, hoa):
    client.force_login(hoa.user)
    return client


@pytest.fixture
def enrolment(hoa, course):
    return enrol(person=hoa, course=course)


def item(position: int) -> str:
    return reverse("learners:item", args=[SLUG, position])


def test_a_stranger_is_asked_to_sign_in(client, course):
    for address in ("/hoc-tap/", item(1), reverse("learners:enrol", args=[SLUG])):
        assert client.get(address).url.startswith("/dang-nhap/")


def test_enrolling_leads_to_the_first_lesson(hoa_client):
    page = hoa_client.post(reverse("learners:enrol", args=[SLUG]))
    assert page.url == item(1)


def test_a_lesson_of_a_course_one_is_not_in_does_not_exist(hoa_client):
    assert hoa_client.get(item(1)).status_code == 404


def test_somebody_elses_progress_is_not_mine(client, enrolment):
    lan = staff("Phan Thị Lan", at=unit("Sở khác"), sign_in="NA3")
    client.force_login(lan.user)
    assert client.get(item(1)).status_code == 404
    assert client.post(reverse("learners:complete_lesson", args=[SLUG, 1])).status_code == 404
    assert LessonTick.objects.count() == 0


def test_ticking_a_lesson_leads_to_the_next(hoa_client, enrolment):
    page = hoa_client.post(reverse("learners:complete_lesson", args=[SLUG, 1]))
    assert page.url == item(2)
    assert LessonTick.objects.count() == 1


def test_a_quiz_is_not_ticked_like_a_lesson(hoa_client, enrolment):
    assert hoa_client.post(reverse("learners:complete_lesson", args=[SLUG, 3])).status_code == 404


def test_one_resumes_where_one_left(hoa_client, enrolment):
    hoa_client.get(item(2))
    text = hoa_client.get("/hoc-tap/").content.decode()
    assert f'class="btn" href="{item(2)}"' in text


@pytest.mark.parametrize("position", [0, 4, 99])
def test_a_position_that_is_not_there_is_a_404(hoa_client, enrolment, position):
    assert hoa_client.get(f"/hoc-tap/{SLUG}/{position}/").status_code == 404


def question(number: int) -> str:
    return reverse("learners:question", args=[SLUG, 3, number])


@pytest.fixture
def quiz(hoa_client, enrolment):
    page = hoa_client.post(reverse("learners:start_quiz", args=[SLUG, 3]))
    assert page.url == question(1)
    return Attempt.objects.get()


def test_an_answer_is_kept_and_leads_on(hoa_client, quiz):
    page = hoa_client.post(question(1), {"answer": "1"})
    assert page.url == question(2)
    quiz.refresh_from_db()
    assert quiz.answers == {"0": [1]}


def test_no_answer_is_named_and_nothing_is_lost(hoa_client, quiz):
    page = hoa_client.post(question(1), {})
    assert page.status_code == 422
    assert "Hãy chọn câu trả lời" in page.content.decode()


@pytest.mark.parametrize("answer", ["99", "-1", "abc", "1; DROP TABLE"])
def test_an_answer_that_was_not_offered_is_refused(hoa_client, quiz, answer):
    assert hoa_client.post(question(1), {"answer": answer}).status_code == 422
    quiz.refresh_from_db()
    assert quiz.answers == {}


def test_later_leaves_the_question_open(hoa_client, quiz):
    assert hoa_client.post(question(1), {"later": "1"}).url == question(2)
    review = hoa_client.get(reverse("learners:review", args=[SLUG, 3])).content.decode()
    assert "Còn 2 câu chưa trả lời" in review


def test_going_back_to_a_quiz_resumes_the_same_attempt(hoa_client, quiz):
    hoa_client.post(question(1), {"answer": "1"})
    page = hoa_client.post(reverse("learners:start_quiz", args=[SLUG, 3]))
    assert page.url == question(2)
    assert Attempt.objects.count() == 1


def test_a_failed_quiz_does_not_give_the_key_away(hoa_client, quiz):
    hoa_client.post(question(1), {"answer": "0"})
    result = hoa_client.post(reverse("learners:review", args=[SLUG, 3]))
    text = hoa_client.get(result.url).content.decode()
    assert "Chưa đạt: 0/100" in text
    assert "đáp án đúng" not in text


def test_passing_the_quiz_completes_the_course(hoa_client, enrolment, quiz):
    for number in (1, 2):
        hoa_client.post(question(number), {"answer": "1"})
        hoa_client.post(reverse("learners:complete_lesson", args=[SLUG, number]))
    result = hoa_client.post(reverse("learners:review", args=[SLUG, 3]))
    assert "Chúc mừng bạn đã hoàn thành khóa học!" in hoa_client.get(result.url).content.decode()
    assert Enrolment.objects.get().completed_at is not None


def test_what_is_missing_is_said_in_one_sentence(hoa_client, enrolment):
    text = hoa_client.get(item(1)).content.decode()
    assert "Còn 2 bài học và 1 bài kiểm tra." in text


def test_my_learning_says_whether_the_goal_is_met(hoa_client, enrolment):
    assert "chưa đạt</strong> mục tiêu" in hoa_client.get("/hoc-tap/").content.decode()
    learnt(enrolment)
    assert "đã đạt</strong> mục tiêu" in hoa_client.get("/hoc-tap/").content.decode()


def test_a_lesson_costs_the_same_few_queries_in_a_long_course(
    hoa_client, enrolment, django_assert_num_queries
):
    hoa_client.get(item(1))
    with django_assert_num_queries(2):
        hoa_client.get(item(1))


def test_my_learning_costs_the_same_at_one_and_three_courses(
    hoa_client, hoa, django_assert_num_queries
):
    """Finished ones, and as many that still run."""
    enrol(person=hoa, course=small_course("Khóa đang học"))
    learnt(enrol(person=hoa, course=small_course("Khóa một")))
    hoa_client.get("/hoc-tap/")
    with django_assert_num_queries(12):
        hoa_client.get("/hoc-tap/")
    for title in ("hai", "ba"):
        enrol(person=hoa, course=small_course(f"Khóa đang học {title}"))
        learnt(enrol(person=hoa, course=small_course(f"Khóa {title}")))
    hoa_client.get("/hoc-tap/")
    with django_assert_num_queries(12):
        hoa_client.get("/hoc-tap/")


def test_my_learning_never_costs_more_than_twelve(hoa_client, hoa, django_assert_max_num_queries):
    """With classes behind and ahead, papers and a course to be done."""
    enrol(person=hoa, course=small_course("Khóa đang học"))
    learnt(enrol(person=hoa, course=small_course("Khóa một")))
    learnt_in_class(hoa)
    ahead = class_of(starts_on=timezone.localdate() + timedelta(days=3))
    Seat.objects.create(
        person=hoa, class_group=ahead, state=SeatState.SEATED, queued_at=timezone.now()
    )
    assert len(hoa_client.get("/hoc-tap/").context["classes"]) == 1
    with django_assert_max_num_queries(12):
        hoa_client.get("/hoc-tap/")


def test_items_are_those_of_the_own_edition(hoa_client, enrolment, course):
    LessonPage.objects.get(title="Bài 2").unpublish()
    assert len(items_of(course)) == 2
    assert hoa_client.get(item(3)).status_code == 200
