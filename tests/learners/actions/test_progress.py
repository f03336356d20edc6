"""Learning: ticks, attempts, completion."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, connections, transaction

from learners.actions.attempts import NoAttemptLeft, open_attempt, save_answer, submit_attempt
from learners.actions.enrolments import CannotEnrol, enrol
from learners.actions.progress import (
    complete_course,
    learning_of,
    tick_lesson,
)
from learners.models import (
    Attempt,
    Enrolment,
    LessonTick,
    Participation,
    TrainingRecord,
)
from learners.signals import course_completed
from tests.factories.learning import (
    answer_rightly,
    items_of,
    learnt,
    small_course,
    staff,
    this_period,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    this_period()
    return small_course()


@pytest.fixture
def enrolment(course):
    return enrol(person=staff(), course=course)


def test_enrolling_twice_gives_one_enrolment(course):
    hoa = staff()
    assert enrol(person=hoa, course=course) == enrol(person=hoa, course=course)
    assert Enrolment.objects.count() == 1


def test_enrolling_in_a_course_without_lessons_is_refused():
    empty = small_course(lessons=0, quiz=False)
    with pytest.raises(CannotEnrol):
        enrol(person=staff(), course=empty)
    assert Enrolment.objects.count() == 0


def test_a_course_finished_this_year_is_not_begun_again(enrolment, course):
    learnt(enrolment)
    assert enrol(person=enrolment.person, course=course) == enrolment


def test_progress_counts_lessons_and_quizzes(enrolment, course):
    lesson, second, quiz = items_of(course)
    assert learning_of(enrolment, [lesson, second, quiz]).percent == 0
    tick_lesson(enrolment=enrolment, item=lesson)
    learning = learning_of(enrolment, [lesson, second, quiz])
    assert learning.percent == 33
    assert (learning.missing.lessons, learning.missing.quizzes) == (1, 1)
    assert learning.resume_at == second


def test_ticking_a_lesson_twice_keeps_one_tick(enrolment, course):
    lesson = items_of(course)[0]
    tick_lesson(enrolment=enrolment, item=lesson)
    tick_lesson(enrolment=enrolment, item=lesson)
    assert LessonTick.objects.count() == 1


def test_lessons_alone_do_not_complete_a_course_with_a_quiz(enrolment, course):
    for lesson in items_of(course)[:2]:
        tick_lesson(enrolment=enrolment, item=lesson)
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


def test_last_thing_done_completes_the_course_and_freezes_it(enrolment):
    learnt(enrolment)
    assert (enrolment.title, enrolment.hours, enrolment.score) == (
        "An toàn thông tin",
        3,
        100,
    )
    assert learning_of(enrolment, []).percent == 100


def test_completion_is_recorded_once_and_sent_once(enrolment, django_capture_on_commit_callbacks):
    sent = []

    def listen(enrolment_id, **kwargs):
        sent.append(enrolment_id)

    course_completed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            learnt(enrolment)
            assert complete_course(enrolment=enrolment, items=[]) is False
    finally:
        course_completed.disconnect(listen)
    assert sent == [enrolment.pk]
    assert TrainingRecord.objects.filter(enrolment=enrolment).count() == 1


def test_a_failing_listener_leaves_the_completion_intact(
    enrolment, django_capture_on_commit_callbacks
):
    def fail(**kwargs):
        raise RuntimeError("the printer is on fire")

    course_completed.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            learnt(enrolment)
    finally:
        course_completed.disconnect(fail)
    assert enrolment.completed_at is not None


def test_two_devices_share_one_attempt(enrolment, course):
    quiz = items_of(course)[2]
    assert open_attempt(enrolment=enrolment, item=quiz) == open_attempt(
        enrolment=enrolment, item=quiz
    )
    assert Attempt.objects.count() == 1


def test_an_answer_is_kept_as_it_is_given(enrolment, course):
    attempt = open_attempt(enrolment=enrolment, item=items_of(course)[2])
    assert save_answer(attempt=attempt, question=1, answer=[1]) is True
    assert open_attempt(enrolment=enrolment, item=attempt.item).answers == {"1": [1]}


def test_an_answer_after_handing_in_is_not_taken(enrolment, course):
    attempt = open_attempt(enrolment=enrolment, item=items_of(course)[2])
    handed_in = submit_attempt(attempt=attempt)
    assert save_answer(attempt=attempt, question=0, answer=[1]) is False
    assert Attempt.objects.get().answers == handed_in.answers == {}


def test_handing_in_twice_grades_once(enrolment, course):
    attempt = open_attempt(enrolment=enrolment, item=items_of(course)[2])
    answer_rightly(attempt)
    first = submit_attempt(attempt=attempt)
    again = submit_attempt(attempt=attempt)
    assert (first.score, first.submitted_at) == (again.score, again.submitted_at)


def test_attempts_beyond_the_limit_are_refused(enrolment, course):
    quiz = items_of(course)[2]
    quiz.attempts_allowed = 1
    quiz.save()
    submit_attempt(attempt=open_attempt(enrolment=enrolment, item=quiz))
    with pytest.raises(NoAttemptLeft):
        open_attempt(enrolment=enrolment, item=quiz)


def test_a_self_paced_course_is_no_participation(enrolment):
    learnt(enrolment)
    assert Participation.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite lets one writer in at a time; an in-memory one serves one thread",
)
def test_two_devices_that_finish_the_last_two_lessons_at_once_complete_the_course():
    this_period()
    course = small_course(lessons=2, quiz=False)
    enrolment = enrol(person=staff(), course=course)
    first, second = items_of(course)
    is_ticked = Event()

    def phone() -> None:
        try:
            with transaction.atomic():
                tick_lesson(enrolment=enrolment, item=first)
                is_ticked.set()
                # Not committed yet: the laptop cannot see it, unless it waits.
                Event().wait(0.5)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(phone)
        is_ticked.wait(10)
        tick_lesson(enrolment=Enrolment.objects.get(), item=second)
        done.result()
    assert Enrolment.objects.get().completed_at is not None
