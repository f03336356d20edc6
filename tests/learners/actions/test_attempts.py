"""Attempts: one for two devices, timed by the server, marked exactly."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Question, QuizPage
from learners.actions.attempts import (
    MarkedMeanwhile,
    NoAttemptLeft,
    NothingToAsk,
    QuizClosed,
    enter_from_paper,
    hand_in_overdue,
    mark_answer,
    open_attempt,
    open_attempt_at,
    open_attempt_of,
    save_answer,
    submit_attempt,
)
from learners.actions.enrolments import enrol
from learners.models import Attempt, Enrolment, LessonTick, User
from tests.factories.learning import edition_of, items_of, staff, this_period
from tests.factories.quizzes import KINDS, bank_of, draw, quiz_course

pytestmark = pytest.mark.django_db
CHOICE = KINDS[:1]
ESSAY = KINDS[-1:]


def begun(course, **fields):
    """An enrolment, the quiz as it is now, and its open attempt."""
    this_period()
    enrolment = enrol(person=staff(), course=course)
    item = items_of(course)[0]
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    return enrolment, item, open_attempt(enrolment=enrolment, item=item)


def account_of(person):
    person.user = User.objects.create(username="NA000009", full_name=person.full_name)
    person.save(update_fields=["user"])
    return person.user.pk


def run_out(attempt):
    Attempt.objects.filter(pk=attempt.pk).update(due_at=timezone.now() - timedelta(minutes=1))


def test_an_attempt_draws_without_repetition_and_keeps_its_questions():
    course = quiz_course(CHOICE)
    bank = bank_of(6)
    draw(course, bank, 3)
    draw(course, bank, 3)
    enrolment, item, attempt = begun(course)
    assert len(attempt.questions) == 7
    assert len({question["ref"] for question in attempt.questions}) == 7
    Question.objects.update(archived=True)
    assert open_attempt(enrolment=enrolment, item=item).asked() == attempt.asked()


def test_a_bank_that_became_too_small_gives_what_it_has():
    course = quiz_course(CHOICE)
    draw(course, bank_of(4), 3)
    Question.objects.filter(pk__in=Question.objects.values("pk")[:2]).update(archived=True)
    assert len(begun(course)[2].asked()) == 3


def test_a_quiz_without_any_question_says_so():
    course = quiz_course([])
    draw(course, bank_of(1), 1)
    Question.objects.update(archived=True)
    with pytest.raises(NothingToAsk):
        begun(course)


def test_a_draw_makes_an_edition_and_mixing_does_not():
    course = quiz_course(CHOICE)
    enrol(person=staff(), course=course)
    first = edition_of(course)
    quiz = QuizPage.objects.get()
    quiz.shuffle_choices = True
    quiz.save_revision().publish()
    assert edition_of(course) == first
    assert items_of(course)[0].shuffles["choices"] is True
    draw(course, bank_of(2), 1)
    assert edition_of(course) != first


def test_mixed_choices_are_marked_by_their_frozen_place():
    _enrolment, _item, attempt = begun(quiz_course(CHOICE), shuffles={"choices": True})
    assert sorted(attempt.questions[0]["shown"]) == [0, 1]
    save_answer(attempt=attempt, question=0, answer=[0])
    assert submit_attempt(attempt=attempt).score == 100


def test_an_answer_after_the_time_is_refused_and_the_rest_handed_in():
    _enrolment, _item, attempt = begun(quiz_course(KINDS[:2]), time_limit=10)
    assert attempt.due_at > attempt.started_at
    save_answer(attempt=attempt, question=0, answer=[0])
    run_out(attempt)
    assert save_answer(attempt=attempt, question=1, answer=[0, 1]) is False
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.score) == ({"0": [0]}, 50)
    assert attempt.submitted_at == attempt.due_at


def test_an_answer_after_handing_in_on_another_device_is_refused():
    enrolment, item, phone = begun(quiz_course(CHOICE))
    laptop = open_attempt(enrolment=enrolment, item=item)
    assert laptop == phone
    submit_attempt(attempt=laptop)
    assert save_answer(attempt=phone, question=0, answer=[0]) is False
    assert Attempt.objects.get().answers == {}


def test_two_devices_add_to_the_same_answers():
    enrolment, item, phone = begun(quiz_course(KINDS[:2]))
    laptop = open_attempt(enrolment=enrolment, item=item)
    save_answer(attempt=phone, question=0, answer=[0])
    save_answer(attempt=laptop, question=1, answer=[0, 1])
    assert submit_attempt(attempt=phone).score == 100


def test_an_attempt_that_nobody_came_back_to_is_handed_in_once():
    _enrolment, _item, attempt = begun(quiz_course(CHOICE), time_limit=10)
    assert hand_in_overdue() == 0
    run_out(attempt)
    assert [hand_in_overdue(), hand_in_overdue()] == [1, 0]


def test_coming_back_too_late_finds_nothing_open():
    enrolment, item, attempt = begun(quiz_course(CHOICE), time_limit=10, attempts_allowed=1)
    run_out(attempt)
    assert open_attempt_of(enrolment, item) is None
    with pytest.raises(NoAttemptLeft):
        open_attempt(enrolment=enrolment, item=item)


def test_an_attempt_is_found_where_the_page_of_its_quiz_stands():
    enrolment, item, attempt = begun(quiz_course(CHOICE))
    account, slug = account_of(enrolment.person), enrolment.edition.course.slug
    found = open_attempt_at(account, slug, item.position)
    assert (found, found.asked(), found.item) == (attempt, attempt.asked(), item)
    assert open_attempt_at(account, slug, item.position + 1) is None
    assert open_attempt_at(account, "khoa-khac", item.position) is None
    assert open_attempt_at(account + 1, slug, item.position) is None


def test_what_was_left_open_in_an_earlier_year_is_not_gone_on_with():
    enrolment, item, _attempt = begun(quiz_course(CHOICE))
    Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=timezone.now(), title="Khóa")
    Enrolment.objects.create(person=enrolment.person, edition=enrolment.edition)
    account, slug = account_of(enrolment.person), enrolment.edition.course.slug
    assert open_attempt_at(account, slug, item.position) is None


def test_a_closed_quiz_opens_no_attempt_and_hands_in_the_open_one():
    enrolment, item, _attempt = begun(quiz_course(CHOICE))
    item.closes_at = timezone.now() - timedelta(seconds=1)
    item.save()
    with pytest.raises(QuizClosed):
        open_attempt(enrolment=enrolment, item=item)
    assert Attempt.objects.get().submitted_at == item.closes_at


def test_an_essay_waits_and_its_mark_completes_the_course():
    enrolment, _item, attempt = begun(quiz_course(ESSAY))
    save_answer(attempt=attempt, question=0, answer="Vì dữ liệu là của dân.")
    handed_in = submit_attempt(attempt=attempt)
    assert (handed_in.score, handed_in.waiting, handed_in.passed) == (0, 1, False)
    hanh = staff("Hạnh", sign_in="NA5").user
    marked = mark_answer(attempt=attempt, index=0, mark=80, comment="Tốt.", by=hanh)
    assert (marked.score, marked.waiting, marked.passed) == (80, 0, True)
    enrolment.refresh_from_db()
    assert (enrolment.completed_at is not None, enrolment.score) == (True, 80)


def test_a_lower_mark_given_later_takes_no_pass_back():
    _enrolment, _item, attempt = begun(quiz_course(ESSAY))
    save_answer(attempt=attempt, question=0, answer="Vì…")
    submit_attempt(attempt=attempt)
    hanh = staff("Hạnh", sign_in="NA5").user
    mark_answer(attempt=attempt, index=0, mark=80, comment="", by=hanh)
    seen = attempt.manual_marks.get().pk
    again = mark_answer(attempt=attempt, index=0, mark=20, comment="", by=hanh, seen=seen)
    assert (again.score, again.passed, LessonTick.objects.count()) == (20, True, 1)


def test_a_mark_that_the_marker_has_not_seen_is_not_replaced():
    _enrolment, _item, attempt = begun(quiz_course(ESSAY))
    submit_attempt(attempt=attempt)
    hanh = staff("Hạnh", sign_in="NA5").user
    mark_answer(attempt=attempt, index=0, mark=80, comment="", by=hanh)
    with pytest.raises(MarkedMeanwhile):
        mark_answer(attempt=attempt, index=0, mark=20, comment="", by=hanh)
    assert [given.percent for given in attempt.manual_marks.all()] == [80]


def test_a_result_from_paper_completes_and_is_entered_once():
    this_period()
    course = quiz_course(CHOICE)
    enrolment, item = enrol(person=staff(), course=course), items_of(course)[0]
    paper = {"source": "Biên bản 12/BB", "reason": "Thi tại lớp", "by": staff(sign_in="NA2").user}
    first = enter_from_paper(enrolment=enrolment, item=item, score=70, **paper)
    assert enter_from_paper(enrolment=enrolment, item=item, score=70, **paper) == first
    enrolment.refresh_from_db()
    assert (first.passed, first.asked(), enrolment.score) == (True, [], 70)


def test_a_result_from_paper_costs_no_attempt():
    enrolment, item, attempt = begun(quiz_course(CHOICE), attempts_allowed=2)
    submit_attempt(attempt=attempt)
    by = staff(sign_in="NA2").user
    enter_from_paper(enrolment=enrolment, item=item, score=10, source="a", reason="b", by=by)
    assert open_attempt(enrolment=enrolment, item=item).number == 3
