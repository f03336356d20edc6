"""What is more than one page, and what somebody does who holds a paper or a phone."""

import itertools
from collections.abc import Iterator
from functools import partial

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.imports.questions.files import read_questions
from courses.imports.questions.store import store_questions
from courses.models import CoursePage, Question
from learners.actions.enrolments import enrol
from learners.choices import SeatState
from learners.models import ClassKeeper, Enrolment, Person, Seat, User
from learners.person_codes import CHECK_IN, code_of
from tests.bench.papers import a_paper
from tests.bench.references import bare_page, plain_copy
from tests.bench.rows import Row
from tests.bench.world import LEARNER, rolled_back, seen, signed_in
from tests.factories.classes import class_of
from tests.factories.quizzes import quiz_course

TEN = "Mười câu"
LINES = [("choice", f"Câu {number}?", "* đúng\n- sai\n- không biết") for number in range(1, 11)]
QUESTIONS = 1000
GIFT = "\n\n".join(
    f"::Câu {number}:: Câu hỏi thứ {number} về an toàn thông tin là gì? "
    f"{{ =Đáp án đúng {number} ~Sai một {number} ~Sai hai {number} ~Sai ba {number} }}"
    for number in range(QUESTIONS)
).encode()
SEATS = 40


def journeys() -> Iterator[Row]:
    bare, learner, stranger = bare_page(), signed_in(LEARNER), Client()
    hoa, course = Person.objects.get(staff_number=LEARNER), _course()
    yield Row("quiz of ten questions, start to result", lambda: quiz(learner, hoa, course), bare)
    address = f"/x/{a_paper().code}"
    yield Row("check of a certificate, by its code", lambda: seen(stranger, address), bare)


def _course() -> CoursePage:
    course = CoursePage.objects.filter(title=TEN).first()
    if course is None:
        course = quiz_course(LINES, attempts_allowed=None, pass_mark=100)
        course.title, course.slug = TEN, "muoi-cau"
        course.save()
    return course


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


def questions() -> Iterator[Row]:
    """A GIFT file from elsewhere, taken into a bank of its own."""
    numbers = itertools.count()

    def bring() -> None:
        bank = f"Đo {next(numbers)}"
        report = store_questions(read_questions(GIFT), bank=bank, origin="do.gift", dry_run=False)
        if report.created != QUESTIONS:
            raise SystemExit(str(report))

    def undone() -> None:
        with rolled_back():
            bring()

    plain = plain_copy(bring, Question, pieces=QUESTIONS)
    name = f"import of {QUESTIONS:,} questions, a question"
    yield Row(name, undone, plain, pieces=QUESTIONS)


def check_ins() -> Iterator[Row]:
    """A trainer's phone sends whom it scanned: presences, participations, records and figures of
    people who complete their class by it."""
    bare, account = bare_page(), User.objects.get(username="quantri")
    people = list(Person.objects.filter(audience="", merged_into=None).order_by("-pk")[:SEATS])
    client = signed_in(account.username)
    with rolled_back():
        group = class_of()
        ClassKeeper.objects.get_or_create(class_group=group, account=account)
        now = timezone.now()
        Seat.objects.bulk_create(
            Seat(person=person, class_group=group, state=SeatState.SEATED, queued_at=now)
            for person in people
        )
        address = reverse("learners:synchronise", args=[group.sessions.get().pk])
        for count in (5, SEATS):
            work = partial(_send, client, address, people[:count])
            yield Row(f"check-in, {count} people at once", work, bare)


def _send(client: Client, address: str, people: list[Person]) -> None:
    at = timezone.now().isoformat()
    found = [{"code": code_of(one.pk, CHECK_IN), "at": at, "way": "scan"} for one in people]
    with rolled_back():
        response = client.post(address, {"seen": found}, content_type="application/json")
    if response.status_code != 200 or response.json()["added"] != len(people):
        raise SystemExit(f"check-in: {response.status_code} {response.content!r}")
