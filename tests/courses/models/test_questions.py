"""Banks, their categories and their questions."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from courses.models import Question, QuestionBank, QuestionCategory
from tests.courses.questions.test_marking import CHOICE, ESSAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    return QuestionBank.objects.create(name="An toàn thông tin", slug="attt")


def test_a_question_knows_its_kind_and_is_found_without_marks(bank):
    question = Question.objects.create(bank=bank, content=CHOICE | {"stem": "Thủ phủ Nghệ An?"})
    assert (question.kind, question.name) == ("choice", "Thủ phủ Nghệ An?")
    assert list(Question.objects.matching("nghe AN")) == [question]
    assert not Question.objects.matching("hue")


def test_a_number_in_the_source_stands_once_in_a_bank(bank):
    Question.objects.create(bank=bank, content=CHOICE, external_id="7")
    Question.objects.create(bank=bank, content=CHOICE)
    Question.objects.create(bank=bank, content=CHOICE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.create(bank=bank, content=CHOICE, external_id="7")


def test_a_category_at_the_top_stands_once(bank):
    QuestionCategory.objects.create(bank=bank, name="Luật")
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionCategory.objects.create(bank=bank, name="Luật")


def test_a_category_cannot_lie_within_itself_or_another_bank(bank):
    law = QuestionCategory.objects.create(bank=bank, name="Luật")
    act = QuestionCategory.objects.create(bank=bank, name="Nghị định", parent=law)
    other = QuestionBank.objects.create(name="Khác", slug="khac")
    law.parent = act
    with pytest.raises(ValidationError):
        law.full_clean()
    with pytest.raises(ValidationError):
        QuestionCategory(bank=other, name="Thông tư", parent=act).full_clean()
    assert law.with_below() == {law.pk, act.pk}


def test_a_rule_draws_by_category_tag_difficulty_and_competence(bank):
    law = QuestionCategory.objects.create(bank=bank, name="Luật")
    act = QuestionCategory.objects.create(bank=bank, name="Nghị định", parent=law)
    drawn = Question.objects.create(
        bank=bank, category=act, content=CHOICE, difficulty="easy", framework="1.2"
    )
    drawn.tags.add("mật khẩu")
    Question.objects.create(bank=bank, content=ESSAY)
    Question.objects.create(bank=bank, category=act, content=CHOICE, archived=True)
    rule = {"bank": bank.pk, "category": law.pk, "tag": "mật khẩu", "difficulty": "easy"}
    assert list(Question.objects.drawn_by(rule | {"framework": "1"})) == [drawn]
    assert Question.objects.drawn_by({"bank": bank.pk}).count() == 2


def test_a_question_that_cannot_be_asked_does_not_enter_a_bank(bank):
    with pytest.raises(ValidationError):
        Question(bank=bank, kind="choice", content=CHOICE | {"choices": []}).full_clean()
