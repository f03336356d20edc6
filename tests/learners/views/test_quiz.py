"""Answering quizzes of every kind, with and without script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from learners.actions.enrolments import enrol
from learners.models import Attempt
from tests.factories.learning import items_of, staff, this_period, unit
from tests.factories.quizzes import KINDS, RIGHT, quiz_course

pytestmark = pytest.mark.django_db
SLUG = "an-toan-thong-tin"


@pytest.fixture
def hoa_client(client):
    this_period()
    client.force_login(staff("Nguyễn Thị Hoa", at=unit(), sign_in="NA1").user)
    return client


def begin(client, course):
    """Enrol whoever is signed in and open the quiz."""
    client.post(reverse("learners:enrol", args=[SLUG]))
    client.post(reverse("learners:start_quiz", args=[SLUG, 1]))
    return Attempt.objects.get()


def question(number: int) -> str:
    return reverse("learners:question", args=[SLUG, 1, number])


def hand_in(client) -> str:
    result = client.post(reverse("learners:review", args=[SLUG, 1]))
    return client.get(result.url).content.decode()


def test_every_kind_is_answered_without_script_and_marked(hoa_client):
    attempt = begin(hoa_client, quiz_course())
    for number, (kind, stem, _typed) in enumerate(KINDS, start=1):
        page = hoa_client.get(question(number))
        assert stem in page.content.decode()
        kept = hoa_client.post(question(number), RIGHT[kind])
        assert kept.status_code == 302, kind
    text = hand_in(hoa_client)
    attempt.refresh_from_db()
    assert attempt.marks == ["1"] * 8 + [""]
    assert (attempt.score, attempt.waiting, attempt.passed) == (88, 1, True)
    assert "8/9 điểm" in text


def test_an_answer_is_shown_again_in_every_kind(hoa_client):
    begin(hoa_client, quiz_course())
    for number, (kind, _stem, _typed) in enumerate(KINDS, start=1):
        hoa_client.post(question(number), RIGHT[kind])
        form = hoa_client.get(question(number)).context["form"]
        again = {field.html_name: field.value() for field in form}
        assert {name: _texts(again[name]) for name in RIGHT[kind]} == {
            name: _texts(value) for name, value in RIGHT[kind].items()
        }, kind


def _texts(value):
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def test_a_part_of_the_mark_is_said_with_the_authors_words(hoa_client):
    begin(hoa_client, quiz_course(KINDS[3:5]))
    hoa_client.post(question(1), {"answer": "nghệ tĩnh"})
    hoa_client.post(question(2), {"answer": "3.15"})
    text = hand_in(hoa_client)
    assert "1,5/2 điểm" in text
    assert "Tên cũ." in text


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("choice", {"answer": "7"}),
        ("multiple", {"answer": ["0", "x"]}),
        ("true_false", {"answer": "2"}),
        ("short_answer", {"answer": "x" * 501}),
        ("numerical", {"answer": "ba phẩy một bốn"}),
        ("matching", {"answer_0": "9"}),
        ("matching", {}),
        ("ordering", {"answer_0": "1", "answer_1": "1"}),
        ("gap_fill", {"answer_1": "nhiều"}),
        ("gap_fill", {"answer_2": "-1"}),
        ("essay", {"answer": "  "}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_a_sentence(hoa_client, kind, data):
    attempt = begin(hoa_client, quiz_course([one for one in KINDS if one[0] == kind]))
    page = hoa_client.post(question(1), data)
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    attempt.refresh_from_db()
    assert attempt.answers == {}


def test_an_autosaved_answer_goes_the_same_way(hoa_client):
    attempt = begin(hoa_client, quiz_course(KINDS[:1]))
    saved = hoa_client.post(question(1), {"answer": "1"}, headers={"X-Autosave": "1"})
    assert saved.json() == {"saved": True}
    attempt.refresh_from_db()
    assert attempt.answers == {"0": [1]}
    refused = hoa_client.post(question(1), {"answer": "5"}, headers={"X-Autosave": "1"})
    assert (refused.status_code, refused.json()["saved"]) == (422, False)
    hand_in(hoa_client)
    late = hoa_client.post(question(1), {"answer": "0"}, headers={"X-Autosave": "1"})
    assert (late.status_code, late.json()["url"]) == (
        409,
        reverse("learners:result", args=[SLUG, 1, 1]),
    )


def test_a_timed_quiz_shows_its_end_and_hands_in_by_itself(hoa_client):
    course = quiz_course(KINDS[:1], time_limit=30)
    attempt = begin(hoa_client, course)
    # Plain digits: a script reads 1.799 as less than two.
    assert 'data-seconds-left="17' in hoa_client.get(question(1)).content.decode()
    Attempt.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    page = hoa_client.post(question(1), {"answer": "0"}, follow=True)
    assert "Đã hết giờ" in page.content.decode()
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.score) == ({}, 0)


@pytest.mark.parametrize(
    ("rule", "right", "shown"),
    [
        ("auto", False, False),
        ("auto", True, True),
        ("always", False, True),
        ("never", True, False),
        ("passed", False, False),
        ("last", True, False),
    ],
)
def test_the_author_decides_when_the_key_is_shown(hoa_client, rule, right, shown):
    begin(hoa_client, quiz_course([KINDS[0], KINDS[2]], key_shown=rule))
    hoa_client.post(question(1), {"answer": "0" if right else "1"})
    text = hand_in(hoa_client)
    assert ("Đáp án đúng" in text) is shown


def test_a_closed_quiz_says_so(hoa_client):
    course = quiz_course(KINDS[:1], closes_at=timezone.now() - timedelta(days=1))
    hoa_client.post(reverse("learners:enrol", args=[SLUG]))
    page = hoa_client.post(reverse("learners:start_quiz", args=[SLUG, 1]), follow=True)
    assert "đã đóng" in page.content.decode()
    assert Attempt.objects.count() == 0
    assert items_of(course)[0].closes_at is not None


def test_a_question_costs_the_same_queries_in_a_long_quiz(hoa_client, django_assert_num_queries):
    begin(hoa_client, quiz_course(KINDS * 3))
    hoa_client.get(question(1))
    with django_assert_num_queries(2):
        hoa_client.get(question(20))


def test_an_attempt_of_the_first_form_is_still_shown(hoa_client):
    course = quiz_course([("", "Chọn", "* a\nb")])
    attempt = begin(hoa_client, course)
    hoa_client.post(question(1), {"answer": "0"})
    hand_in(hoa_client)
    Attempt.objects.update(questions=[], marks=[])
    text = hoa_client.get(reverse("learners:result", args=[SLUG, 1, attempt.number])).content
    assert "1/1 điểm" in text.decode()
    assert enrol(person=attempt.enrolment.person, course=course).completed_at
