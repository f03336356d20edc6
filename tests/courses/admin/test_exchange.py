"""An author tries a file, imports it, and takes the bank away again."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses.models import Question, QuestionBank
from home.site import AUTHORS, create_site
from learners.models import User
from tests.factories.learning import staff
from tests.factories.quizzes import bank_of

pytestmark = pytest.mark.django_db

GIFT = "Thủ phủ? {=Vinh ~Huế}\n\nChỉ để đọc.\n"


@pytest.fixture
def thu_client(client):
    create_site()
    thu = User.objects.create_user("thu")
    thu.groups.add(Group.objects.get(name=AUTHORS))
    client.force_login(thu)
    return client


def upload(text: str = GIFT, name: str = "a.gift") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def index():
    return reverse("questions_exchange:index")


class TestImport:
    def test_trial_changes_nothing_and_the_import_does_what_it_said(self, thu_client, index):
        trial = thu_client.post(index, {"file": upload(), "bank": "An toàn"})
        assert (trial.context["report"].created, Question.objects.count()) == (1, 0)
        assert "không phải câu hỏi" in trial.content.decode()
        given = {"key": trial.context["key"], "bank": "An toàn", "name": "a.gift"}
        done = thu_client.post(reverse("questions_exchange:take_in"), given)
        assert (done.context["report"].created, Question.objects.get().source) == (1, "a.gift")
        assert QuestionBank.objects.get().name == "An toàn"

    def test_second_click_imports_nothing_more(self, thu_client, index):
        trial = thu_client.post(index, {"file": upload(), "bank": "An toàn"})
        given = {"key": trial.context["key"], "bank": "An toàn", "name": "a.gift"}
        thu_client.post(reverse("questions_exchange:take_in"), given)
        again = thu_client.post(reverse("questions_exchange:take_in"), given)
        assert (again.status_code, Question.objects.count()) == (302, 1)

    @pytest.mark.parametrize("key", ["", "../../secret_key", "none"])
    def test_key_that_we_did_not_give_leads_nowhere(self, thu_client, key):
        given = {"key": key, "bank": "An toàn", "name": "a.gift"}
        answer = thu_client.post(reverse("questions_exchange:take_in"), given)
        assert (answer.status_code, QuestionBank.objects.count()) == (302, 0)

    @pytest.mark.parametrize("bank", ["", " ", "x" * 201])
    def test_bank_that_no_form_would_take_is_refused(self, thu_client, index, bank):
        trial = thu_client.post(index, {"file": upload(), "bank": "An toàn"})
        given = {"key": trial.context["key"], "bank": bank, "name": "a.gift"}
        answer = thu_client.post(reverse("questions_exchange:take_in"), given)
        assert (answer.status_code, QuestionBank.objects.count()) == (302, 0)

    def test_broken_file_is_refused_on_the_form(self, thu_client, index):
        before = storages["private"].exists("question-imports")
        answer = thu_client.post(index, {"file": upload("<quiz><a"), "bank": "An toàn"})
        assert (answer.status_code, "XML hợp lệ" in answer.content.decode()) == (422, True)
        assert before == storages["private"].exists("question-imports")


class TestBankList:
    def test_link_brings_the_name_of_the_bank_along(self, thu_client, index):
        bank_of(1, name="An toàn & luật")
        page = thu_client.get(reverse("questionbank:index")).content.decode()
        address = f"{index}?bank=An+to%C3%A0n+%26+luật".replace("ậ", "%E1%BA%AD")
        assert address in page
        assert 'value="An toàn &amp; luật"' in thu_client.get(address).content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_list_asks_no_more_for_more_banks(
        self, thu_client, count, django_assert_max_num_queries
    ):
        for number in range(count):
            bank_of(1, name=f"Bộ {number}")
        thu_client.get(reverse("questionbank:index"))
        with django_assert_max_num_queries(12):
            thu_client.get(reverse("questionbank:index"))


class TestExport:
    @pytest.mark.parametrize("form", ["moodle", "gift"])
    def test_bank_comes_as_a_file(self, thu_client, form):
        bank = bank_of(2)
        answer = thu_client.get(reverse("questions_exchange:take_out", args=[bank.pk, form]))
        assert (answer.status_code, "attachment" in answer["Content-Disposition"]) == (200, True)
        assert answer.content.count("Câu 1?".encode()) >= 1

    def test_sample_sheet_is_read_without_a_fault(self, thu_client):
        from courses.imports.questions.files import read_questions

        data = thu_client.get(reverse("questions_exchange:sample")).content
        assert [item.question["kind"] for item in read_questions(data).items] == [
            "choice",
            "multiple",
            "true_false",
        ]


def test_learner_finds_no_exchange(client, index):
    client.force_login(staff(sign_in="hoa").user)
    assert client.get(index).status_code in (302, 403)
