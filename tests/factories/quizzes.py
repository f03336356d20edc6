"""Quizzes of every kind and banks to draw from."""

from django.contrib.auth.models import Group

from courses.editions import publish_edition
from courses.models import CoursePage, EditionItem, Question, QuestionBank, QuizDraw, QuizPage
from home.site import MODERATORS, create_site
from learners.actions.attempts import open_attempt, save_answer, submit_attempt
from learners.actions.enrolments import enrol
from learners.models import Attempt, Enrolment, User
from tests.factories.learning import small_course, staff, this_period

KINDS = [
    ("choice", "Thủ phủ của Nghệ An?", "* Vinh\n# Đúng rồi.\n- Huế\n# Huế ở Trung Bộ."),
    ("multiple", "Những ai phải bảo mật?", "* Hoa\n* Minh\n- Không ai"),
    ("true_false", "Có thể cho mượn mật khẩu.", "Sai\nĐúng\n# Đọc lại bài 1.\n> Không bao giờ."),
    ("short_answer", "Tên tỉnh?", "Nghệ An\n[50] Nghệ Tĩnh\n# Tên cũ."),
    ("numerical", "Số pi?", "3,14 ± 0,01"),
    ("matching", "Ghép cho đúng.", "ếch => lưỡng cư\nmèo => thú\n=> chim"),
    ("ordering", "Xếp theo thứ tự.", "một\nhai\nba"),
    ("gap_fill", "Điền vào.", "Thủ phủ là {Vinh}, lập năm {2:#1788}, bởi {*Quang Trung/Gia Long}."),
    ("essay", "Vì sao phải bảo mật?", "Có ít nhất hai lý do."),
]
RIGHT = {
    "choice": {"answer": "0"},
    "multiple": {"answer": ["0", "1"]},
    "true_false": {"answer": "0"},
    "short_answer": {"answer": "nghe an"},
    "numerical": {"answer": "3,14"},
    "matching": {"answer_0": "0", "answer_1": "1"},
    "ordering": {"answer_0": "0", "answer_1": "1", "answer_2": "2"},
    "gap_fill": {"answer_0": "vinh", "answer_1": "1.788", "answer_2": "0"},
    "essay": {"answer": "Vì dữ liệu là của dân."},
}


def quiz_course(kinds: list | None = None, **fields: object) -> CoursePage:
    """A live course whose only item is a quiz; of all kinds unless said otherwise."""
    course = small_course(lessons=0, quiz=False)
    blocks = [
        ("question", {"kind": kind, "stem": stem, "choices": typed})
        for kind, stem, typed in (KINDS if kinds is None else kinds)
    ]
    module = course.get_children().first()
    module.add_child(
        instance=QuizPage(title="Kiểm tra", **{"pass_mark": 50, "questions": blocks} | fields)
    )
    publish_edition(course)
    return course


def bank_of(count: int, name: str = "An toàn") -> QuestionBank:
    """A bank of choice questions whose right choice is the first."""
    bank = QuestionBank.objects.create(name=name, slug=f"bank-{QuestionBank.objects.count()}")
    for number in range(count):
        Question.objects.create(
            bank=bank,
            content={
                "kind": "choice",
                "stem": f"Câu {number}?",
                "stem_html": "",
                "explanation": "",
                "choices": [
                    {"text": "đúng", "right": True},
                    {"text": "sai", "right": False},
                    {"text": "không biết", "right": False},
                ],
            },
        )
    return bank


def draw(course: CoursePage, bank: QuestionBank, count: int, **rule: object) -> None:
    """Let the course's quiz draw from the bank, and publish."""
    quiz = QuizPage.objects.descendant_of(course).get()
    QuizDraw.objects.create(quiz=quiz, bank=bank, count=count, **rule)
    publish_edition(course)


def handed_in(course, *answers, name: str = "Nguyễn Thị Hoa") -> Attempt:
    """One who enrols, gives these answers and hands them in."""
    this_period()
    person = staff(name, sign_in=f"hv{Enrolment.objects.count()}")
    enrolment = enrol(person=person, course=course)
    item = EditionItem.objects.get(edition=enrolment.edition, kind="quiz")
    attempt = open_attempt(enrolment=enrolment, item=item)
    for index, answer in enumerate(answers):
        save_answer(attempt=attempt, question=index, answer=answer)
    return submit_attempt(attempt=attempt)


def marker(full_name: str = "Cao Thị Thu", username: str = "thu") -> User:
    """Somebody who may edit every course and every bank."""
    create_site()
    account = User.objects.create_user(username, full_name=full_name)
    account.groups.add(Group.objects.get(name=MODERATORS))
    return account
