"""Thu sees which questions are too hard or have a wrong key, and takes the figures along."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from courses.models import EditionItem, Question, QuizPage
from tests.factories.quizzes import bank_of, draw, handed_in, marker, quiz_course

pytestmark = pytest.mark.django_db

TWO = [
    ("choice", "Thủ phủ của Nghệ An?", "* Huế\n- Vinh"),
    ("choice", "Sông nào chảy qua Vinh?", "* Lam\n- Hồng"),
]


@pytest.fixture
def thu():
    return marker()


@pytest.fixture
def thu_client(thu, client):
    client.force_login(thu)
    return client


def desk(course) -> str:
    newest = EditionItem.objects.filter(edition__course=course, kind="quiz").order_by("-pk").first()
    return reverse("learners:quiz_desk", args=[newest.pk])


def sheet(response) -> list[tuple]:
    book = openpyxl.load_workbook(BytesIO(response.getvalue()))
    return [row for row in book.active.iter_rows(values_only=True) if any(row)]


class TestQuiz:
    def test_hard_questions_come_first_and_few_answers_say_nothing(self, thu_client):
        course = quiz_course(TWO)
        for number in range(4):
            handed_in(course, [number % 2], [0], name=f"Lê Văn {number}")
        rows = thu_client.get(desk(course)).context["rows"]
        assert [(row.count, row.statistics) for row in rows] == [(4, None), (4, None)]
        handed_in(course, [1], [1], name="Lê Văn Năm")
        rows = thu_client.get(desk(course)).context["rows"]
        assert [(row.ref, row.reached) for row in rows] == [("f0", 40), ("f1", 80)]

    def test_question_that_moved_is_the_same_and_one_that_left_cannot_be_corrected(
        self, thu_client
    ):
        course = quiz_course(TWO)
        handed_in(course, [0], [0])
        quiz = QuizPage.objects.get()
        del quiz.questions[0]
        quiz.questions.insert(
            0, ("question", {"kind": "true_false", "stem": "x", "choices": "Sai"})
        )
        quiz.save_revision().publish()
        handed_in(course, [1], [0], name="Lê Ba")
        rows = thu_client.get(desk(course)).context["rows"]
        assert {(row.stem, row.ref, row.count) for row in rows} == {
            ("Thủ phủ của Nghệ An?", "", 1),
            ("Sông nào chảy qua Vinh?", "f1", 2),
            ("x", "f0", 1),
        }

    def test_workbook_holds_the_rows_of_the_page(self, thu_client):
        course = quiz_course(TWO)
        for number in range(5):
            handed_in(course, [number % 2], [number % 2], name=f"Lê Văn {number}")
        response = thu_client.get(desk(course) + "thong-ke.xlsx")
        found = sheet(response)
        assert found[-2:] == [
            ("Thủ phủ của Nghệ An?", "Chọn một đáp án đúng", 5, 60, 1, ""),
            ("Sông nào chảy qua Vinh?", "Chọn một đáp án đúng", 5, 60, 1, ""),
        ]

    @pytest.mark.parametrize("count", [1, 3])
    def test_desk_costs_the_same_for_one_and_three(
        self, thu_client, count, django_assert_max_num_queries
    ):
        course = quiz_course(TWO)
        for number in range(count):
            handed_in(course, [0], [0], name=f"Lê {number}")
        address = desk(course)
        with django_assert_max_num_queries(16):
            thu_client.get(address)


class TestBank:
    def test_bank_is_read_over_all_quizzes_that_draw_from_it(self, thu_client):
        bank, other = bank_of(1), bank_of(1, "Khác")
        courses = [quiz_course([]) for _ in range(2)]
        for course in courses:
            draw(course, bank, 1)
            draw(course, other, 1)
        for number in range(6):
            handed_in(courses[number % 2], [0], [0], name=f"Lê Văn {number}")
        address = reverse("learners:bank_statistics", args=[bank.pk])
        (row,) = thu_client.get(address).context["rows"]
        assert (row.ref, row.count) == (f"q{Question.objects.get(bank=bank).pk}", 6)
        assert sheet(thu_client.get(address + "thong-ke.xlsx"))[-1][2:4] == (6, 100)

    def test_bank_that_nothing_draws_from_says_so(self, thu_client):
        page = thu_client.get(reverse("learners:bank_statistics", args=[bank_of(1).pk]))
        assert "Chưa có câu nào của ngân hàng này được hỏi." in page.content.decode()

    def test_learner_finds_nothing(self, client):
        bank, course = bank_of(1), quiz_course(TWO)
        client.force_login(handed_in(course, [0], [0]).enrolment.person.user)
        for name in ("bank_statistics", "bank_xlsx"):
            assert client.get(reverse(f"learners:{name}", args=[bank.pk])).status_code == 404
        item = EditionItem.objects.get(kind="quiz")
        for name, key in (("quiz_xlsx", item.pk), ("quiz_desk", item.pk)):
            assert client.get(reverse(f"learners:{name}", args=[key])).status_code == 404


class TestWays:
    """Where an author looks for them in the administration."""

    def test_explorer_leads_from_course_and_quiz_to_their_desks(self, thu_client):
        course = quiz_course(TWO)
        quiz = QuizPage.objects.get()
        ways = {
            course.get_parent(): f"/cham-bai/?khoa={course.pk}",
            course: f"/cham-bai/khoa/{course.pk}/phien-ban/",
            quiz.get_parent(): f"/cham-bai/trang/{quiz.pk}/",
        }
        for shown, way in ways.items():
            page = thu_client.get(reverse("wagtailadmin_explore", args=[shown.pk]))
            assert way in page.content.decode()
        assert thu_client.get(f"/cham-bai/trang/{quiz.pk}/").url == desk(course)

    def test_page_without_an_edition_says_that_it_is_not_published(self, thu_client):
        quiz_course(TWO)
        page = thu_client.get("/cham-bai/trang/99999/", follow=True).content.decode()
        assert "chưa xuất bản" in page

    def test_list_of_banks_leads_to_their_statistics(self, thu_client):
        bank = bank_of(1)
        page = thu_client.get(reverse("questionbank:index")).content.decode()
        assert reverse("learners:bank_statistics", args=[bank.pk]) in page
