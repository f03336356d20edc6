"""Hoa says what she thinks, with and without an account; the trainer reads sums."""

from datetime import timedelta

import pytest
from django.utils import timezone

from learners.actions.enrolments import enrol
from learners.actions.surveys import answer_survey
from learners.models import ClassKeeper, SurveyAnswer
from tests.factories.certificates import finished_class
from tests.factories.claims import account_for
from tests.factories.learning import learnt, small_course, staff
from tests.factories.reports import on_23_november, viewer

pytestmark = pytest.mark.django_db

MARKS = {"useful": "5", "clear": "4", "organised": "3", "recommended": "2", "words": "Thêm bài tập"}


@pytest.fixture(autouse=True)
def _fixed_day():
    with on_23_november():
        yield


@pytest.fixture
def group():
    return finished_class("Nguyễn Thị Hoa")


@pytest.fixture
def hoa(group):
    return group.sessions.get().attendances.get().person


def test_participant_finds_it_on_her_page_and_answers_once(group, hoa, client):
    client.force_login(account_for(hoa))
    address = f"/y-kien/lop/{group.pk}/"
    assert address in client.get("/hoc-tap/").content.decode()
    assert "Số điện thoại hoặc mã cán bộ" not in client.get(address).content.decode()
    assert "Cảm ơn" in client.post(address, MARKS, follow=True).content.decode()
    client.post(address, MARKS)
    kept = SurveyAnswer.objects.get()
    assert (kept.useful, kept.recommended, kept.words) == (5, 2, "Thêm bài tập")
    assert address not in client.get("/hoc-tap/").content.decode()


def test_nobody_is_asked_while_the_last_session_runs(group, hoa, client):
    client.force_login(account_for(hoa))
    address = f"/y-kien/lop/{group.pk}/"
    group.sessions.update(ends_at=timezone.now() + timedelta(hours=1))
    assert address not in client.get("/hoc-tap/").content.decode()
    group.sessions.update(ends_at=timezone.now())
    assert address in client.get("/hoc-tap/").content.decode()


def test_walk_in_answers_by_phone_and_strangers_learn_nothing(group, hoa, client):
    hoa.phone = "+84912345678"
    hoa.save()
    address = f"/y-kien/lop/{group.pk}/"
    known = client.post(address, MARKS | {"who": "0912 345 678"})
    unknown = client.post(address, MARKS | {"who": "0987654321"})
    again = client.post(address, MARKS | {"who": "0912345678"})
    assert known.url == unknown.url == again.url
    assert SurveyAnswer.objects.count() == 1


@pytest.mark.parametrize("change", [{"useful": ""}, {"useful": "6"}, {"clear": "x"}, {"who": ""}])
def test_bad_input_is_said_and_nothing_kept(group, client, change):
    data = MARKS | {"who": "0912345678"} | change
    assert client.post(f"/y-kien/lop/{group.pk}/", data).status_code == 422
    assert SurveyAnswer.objects.count() == 0


@pytest.mark.parametrize("days", [-1, 61])
def test_closed_before_the_last_day_and_after_two_months(group, client, days):
    group.starts_on = group.ends_on = timezone.localdate() - timedelta(days=days)
    group.save()
    assert client.post(f"/y-kien/lop/{group.pk}/", MARKS | {"who": "1"}).status_code == 410


def test_course_is_asked_about_once_it_is_completed(client):
    course, hoa = small_course(lessons=1), staff("Nguyễn Thị Hoa", sign_in="hoa")
    client.force_login(hoa.user)
    enrolment = enrol(person=hoa, course=course)
    address = f"/hoc-tap/{course.slug}/y-kien/"
    assert client.get(address).status_code == 404
    learnt(enrolment)
    assert address in client.get(f"/hoc-tap/{course.slug}/").content.decode()
    client.post(address, MARKS)
    assert SurveyAnswer.objects.get().course_id == course.pk
    assert address not in client.get(f"/hoc-tap/{course.slug}/").content.decode()


def test_trainer_sees_no_words_under_five_answers(group, hoa, client):
    trainer = viewer("giangvien")
    ClassKeeper.objects.create(class_group=group, account=trainer)
    client.force_login(trainer)
    answer = SurveyAnswer(useful=5, clear=5, organised=5, recommended=5, words="Rất tốt ạ")
    answer_survey(person=hoa, about=group, answer=answer)
    page = client.get(f"/lop/phu-trach/{group.pk}/y-kien/").content.decode()
    assert ("Rất tốt" in page, "%</td>" in page, "từ 5 câu trả lời" in page) == (False, False, True)


@pytest.mark.parametrize("count", [5, 12])
def test_opinions_cost_the_same_few_queries(client, count, django_assert_max_num_queries):
    group = finished_class(*(f"Lê Thị {n}" for n in "ABCDEGHIKLMN"[:count]))
    for row in group.sessions.get().attendances.select_related("person"):
        answer = SurveyAnswer(useful=5, clear=5, organised=5, recommended=5, words="Tốt")
        answer_survey(person=row.person, about=group, answer=answer)
    trainer = viewer("giangvien")
    ClassKeeper.objects.create(class_group=group, account=trainer)
    client.force_login(trainer)
    with django_assert_max_num_queries(9):
        page = client.get(f"/lop/phu-trach/{group.pk}/y-kien/").content.decode()
    assert "100,0%" in page
