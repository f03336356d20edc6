"""Rows that are more than one page: a quiz from start to result, an import, a paper."""

import time
from collections.abc import Callable

from django.db import transaction
from django.test import Client
from django.urls import reverse

from certificates.actions.online import due_for_certificate, issue_certificate
from certificates.models import Certificate
from courses.imports.questions.files import read_questions
from courses.imports.questions.store import store_questions
from courses.models import CoursePage
from learners.actions.enrolments import enrol
from learners.models import Enrolment, Person, Post
from learners.tree import tree_on
from tests.bench.lists import lists
from tests.bench.world import seen, signed_in
from tests.factories.learning import learnt, small_course
from tests.factories.quizzes import quiz_course
from tests.factories.staff_lists import DAY, applied, line

TEN = "Mười câu"
LINES = [("choice", f"Câu {number}?", "* đúng\n- sai\n- không biết") for number in range(1, 11)]
GIFT = "\n\n".join(
    f"::Câu {number}:: Câu hỏi thứ {number} về an toàn thông tin là gì? "
    f"{{ =Đáp án đúng {number} ~Sai một {number} ~Sai hai {number} ~Sai ba {number} }}"
    for number in range(1000)
).encode()


def work() -> dict[str, Callable[[], object]]:
    hoa = Person.objects.get(staff_number="NA900001")
    course = CoursePage.objects.filter(title=TEN).first()
    if course is None:
        course = quiz_course(LINES, attempts_allowed=None, pass_mark=100)
        course.title, course.slug = TEN, "muoi-cau"
        course.save()
    learner = signed_in("NA900001")
    paper = _a_paper()
    stranger = Client()
    return {
        "quiz of ten questions, start to result": lambda: quiz(learner, hoa, course),
        "import of 1,000 questions, rolled back": questions,
        "list of staff: 1,000 new, checked and applied": new_staff,
        "list of staff: 1,000 known, checked and applied": known_staff(),
        "check of a certificate, by its code": lambda: seen(stranger, f"/x/{paper.code}"),
        "single issue: number, text, PDF, hash": issue_again,
        **lists(),
    }


def quiz(client: Client, person: Person, course: CoursePage) -> None:
    """Thirteen steps that each change something, with the pages between them; a new try."""
    enrolment = Enrolment.objects.filter(person=person, edition__course=course).first() or enrol(
        person=person, course=course
    )
    enrolment.attempts.all().delete()
    enrolment.ticks.all().delete()
    page = client.post(reverse("learners:start_quiz", args=[course.slug, 1]), follow=True)
    while "/cau/" in page.request["PATH_INFO"]:
        place = page.request["PATH_INFO"]
        # The last question stays wrong, so that the course is not completed and can be repeated.
        wrong = place.endswith("/cau/10/")
        page = client.post(place, {"answer": "1" if wrong else "0"}, follow=True)
    page = client.post(page.request["PATH_INFO"], follow=True)
    if "/ket-qua/" not in page.request["PATH_INFO"]:
        raise SystemExit(f"the quiz ended at {page.request['PATH_INFO']}")


def questions() -> None:
    with transaction.atomic():
        report = store_questions(
            read_questions(GIFT), bank=f"Đo {time.time_ns()}", origin="do.gift", dry_run=False
        )
        transaction.set_rollback(True)
    if report.created != 1000:
        raise SystemExit(str(report))


def _a_paper() -> Certificate:
    """One that is checked, and beside it somebody who is still owed one."""
    found = Certificate.objects.first()
    if found is not None:
        return found
    course = small_course("Khóa để đo", lessons=1, quiz=False)
    course.gives_certificate = True
    course.save()
    people = Person.objects.filter(user__isnull=True)[:2]
    first, _owed = [learnt(enrol(person=person, course=course)) for person in people]
    issued = issue_certificate(first.pk)
    if issued is None:
        raise SystemExit("no paper was issued")
    return issued


def issue_again() -> None:
    """The paper of somebody who is owed one; rolled back, so that it stays owed."""
    with transaction.atomic():
        owed = due_for_certificate().first()
        if owed is None:
            raise SystemExit("nobody is owed a paper: remove .cache/bench and begin anew")
        issue_certificate(owed.pk)
        transaction.set_rollback(True)


def new_staff() -> None:
    """A thousand people whom the register does not know, put in and rolled back."""
    code = tree_on(DAY)[tree_on(DAY).roots()[0]].code
    _bring([line(number, **{"Mã đơn vị": code}) for number in range(1000)], "created")


def known_staff() -> Callable[[], None]:
    """A thousand rows that say what the register says: nothing to write."""
    tree = tree_on(DAY)
    posts = Post.objects.on(DAY).filter(is_main=True, valid_to__isnull=True, valid_from__lt=DAY)
    found = posts.exclude(person__staff_number=None).select_related("person").order_by("pk")
    lines = [
        [
            number,
            post.person.full_name,
            post.person.birth_date and f"{post.person.birth_date:%d/%m/%Y}",
            "",
            post.person.staff_number,
            tree[post.managing_unit_id].code,
            VIETNAMESE_KINDS[post.staff_kind],
            post.title,
        ]
        for number, post in enumerate(found[:1000])
    ]
    return lambda: _bring(lines, "unchanged")


VIETNAMESE_KINDS = {
    "cadre": "Cán bộ",
    "civil_servant": "Công chức",
    "public_employee": "Viên chức",
    "contract": "Hợp đồng lao động",
    "part_time": "Người hoạt động không chuyên trách",
}


def _bring(lines: list[list], outcome: str) -> None:
    with transaction.atomic():
        run = applied(*lines, effective_on=DAY)
        transaction.set_rollback(True)
    if run.counts.get(outcome) != 1000:
        raise SystemExit(f"list of staff: {run.counts}")
