"""Question banks in Wagtail's administration."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from courses.models import Question, QuestionBank, QuestionCategory
from home.site import AUTHORS, create_site
from learners.models import User
from tests.courses.questions.test_marking import GAPS
from tests.factories.quizzes import KINDS, RIGHT, bank_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    """A client signed in as somebody of the authors' group."""
    create_site()
    user = User.objects.create_user("NA5", password="hoc-so-nghe-an", full_name="Hạnh")
    user.groups.add(Group.objects.get(name=AUTHORS))
    client.force_login(user)
    return client


@pytest.fixture
def bank(author):
    return QuestionBank.objects.create(name="An toàn", slug="an-toan")


def typed(bank, kind, stem, answers, **more):
    return {"bank": bank.pk, "kind": kind, "stem": stem, "typed": answers, "fold": "on"} | more


@pytest.mark.parametrize(("kind", "stem", "answers"), KINDS, ids=[kind for kind, *_ in KINDS])
def test_an_author_writes_and_previews_every_kind(author, bank, kind, stem, answers):
    page = author.post(reverse("question:add"), typed(bank, kind, stem, answers))
    assert page.status_code == 302
    question = Question.objects.get()
    assert (question.kind, question.version) == (kind, 1)
    preview = reverse("question:inspect", args=[question.pk])
    assert stem in author.get(preview).content.decode()
    tried = author.get(preview, RIGHT[kind]).content.decode()
    assert ("100%" in tried) is (kind != "essay")
    edit = author.get(reverse("question:edit", args=[question.pk]))
    assert edit.status_code == 200


def test_a_question_without_a_key_is_refused_with_what_was_typed(author, bank):
    page = author.post(reverse("question:add"), typed(bank, "choice", "Hỏi?", "một\nhai"))
    assert "Chưa đánh dấu đáp án đúng" in page.content.decode()
    assert Question.objects.count() == 0


def test_what_typed_text_cannot_say_stays_when_the_answers_are_left_alone(author, bank):
    content = {**GAPS, "parts": [*GAPS["parts"]]}
    content["parts"][1] = {
        "kind": "short_answer", "fold": True,
        "accepted": [{"text": "Vinh", "fraction": "1", "feedback": "Giỏi."}],
    }  # fmt: skip
    question = Question.objects.create(bank=bank, content=content)
    form = author.get(reverse("question:edit", args=[question.pk])).context["form"]
    data = typed(bank, "gap_fill", "Mới", form.initial["typed"])
    author.post(reverse("question:edit", args=[question.pk]), data)
    question.refresh_from_db()
    assert (question.content["stem"], question.version) == ("Mới", 2)
    assert question.content["parts"] == content["parts"]


def test_questions_are_found_without_marks_and_by_category_with_all_below(author):
    bank = bank_of(3)
    law = QuestionCategory.objects.create(bank=bank, name="Luật")
    act = QuestionCategory.objects.create(bank=bank, name="Nghị định", parent=law)
    Question.objects.filter(name="Câu 2?").update(category=act)
    index = reverse("question:index")
    assert len(author.get(index, {"q": "cau 1"}).context["object_list"]) == 1
    assert len(author.get(index, {"category": law.pk}).context["object_list"]) == 1
    assert len(author.get(index, {"kind": "essay"}).context["object_list"]) == 0


def test_the_list_costs_the_same_at_one_and_at_three_questions(
    author, django_assert_max_num_queries
):
    bank_of(1)
    author.get(reverse("question:index"))
    with django_assert_max_num_queries(40) as one:
        author.get(reverse("question:index"))
    bank_of(3, name="Khác")
    with django_assert_max_num_queries(len(one)):
        author.get(reverse("question:index"))


def test_a_bank_with_questions_is_not_deleted_by_an_author(author):
    bank = bank_of(1)
    author.post(reverse("questionbank:delete", args=[bank.pk]))
    assert QuestionBank.objects.filter(pk=bank.pk).exists()


def test_a_stranger_does_not_see_the_key(client):
    bank_of(1)
    page = client.get(reverse("question:inspect", args=[Question.objects.get().pk]))
    assert page.status_code == 302
