"""Each participant once, and no column that leads from a person to an answer."""

import pytest
from django.db import IntegrityError, transaction

from learners.actions.enrolments import enrol
from learners.actions.surveys import answer_survey
from learners.models import SurveyAnswer, SurveyTicket
from learners.reports.surveys import class_figures, course_figures
from tests.factories.certificates import finished_class
from tests.factories.learning import learnt, small_course, staff

pytestmark = pytest.mark.django_db


def answer(mark: int = 5, words: str = "") -> SurveyAnswer:
    return SurveyAnswer(useful=mark, clear=mark, organised=mark, recommended=1, words=words)


def people_of(group):
    return [row.person for row in group.sessions.get().attendances.select_related("person")]


def test_second_answer_of_the_same_person_is_not_kept():
    group = finished_class("Trần Thị Lan Anh")
    [lan] = people_of(group)
    assert answer_survey(person=lan, about=group, answer=answer()) is True
    assert answer_survey(person=lan, about=group, answer=answer(1)) is False
    assert SurveyAnswer.objects.get().useful == 5


def test_nothing_leads_from_a_person_to_the_answer():
    group = finished_class("Trần Thị Lan Anh")
    answer_survey(person=people_of(group)[0], about=group, answer=answer())
    columns = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert columns & {"person", "by", "at", "answered_at"} == set()
    assert {field.name for field in SurveyTicket._meta.get_fields()} == {
        "id",
        "person",
        "class_group",
        "course",
    }
    assert SurveyTicket.objects.get().pk != SurveyAnswer.objects.get().pk


def test_four_answers_show_their_number_and_nothing_else():
    group = finished_class(*(f"Lê Thị {name}" for name in "ABCDE"))
    people = people_of(group)
    for person in people[:4]:
        answer_survey(person=person, about=group, answer=answer(words="Phòng nóng."))
    few = class_figures(group)
    assert (few.answers, few.invited, few.rate, few.questions, few.words) == (4, 5, None, [], [])
    answer_survey(person=people[4], about=group, answer=answer(2))
    told = class_figures(group)
    assert (told.answers, told.rate, len(told.words)) == (5, 100.0, 4)
    useful, *_others, recommended = told.questions
    assert (useful.counts, useful.mean, useful.satisfied_percent) == ((0, 1, 0, 0, 4), 4.4, 80.0)
    assert recommended.satisfied_percent == 0


def test_course_counts_its_own_answers_only():
    course = small_course(lessons=1)
    person = staff("Nguyễn Thị Hoa")
    learnt(enrol(person=person, course=course))
    answer_survey(person=person, about=course, answer=answer())
    answer_survey(person=person, about=finished_class("Lê An"), answer=answer())
    told = course_figures(course)
    assert (told.answers, told.invited) == (1, 1)


@pytest.mark.parametrize("mark", [0, 6])
def test_mark_out_of_range_is_refused_by_the_database(mark):
    group = finished_class("Lê An")
    with pytest.raises(IntegrityError), transaction.atomic():
        answer_survey(person=people_of(group)[0], about=group, answer=answer(mark))
    assert SurveyTicket.objects.count() == 0
