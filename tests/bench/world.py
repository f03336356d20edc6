"""The world that is measured: real agencies, many people, one course, and who looks at it."""

from collections.abc import Callable

from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from courses.models import CoursePage, LessonPage
from home.middleware import bump_publish_stamp
from learners.actions.enrolments import enrol
from learners.models import Person, User

COURSE = "luat-thuong-mai-dien-tu-2025"


def build(people: int) -> None:
    """Once; later runs find it there."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if Person.objects.count() < people:
        call_command("load_demo", people=people)


def pages() -> dict[str, Callable[[], HttpResponse]]:
    """The yardstick first: a Wagtail page with a lesson's body, nothing of ours in its way."""
    connection.force_debug_cursor = False
    hoa = Person.objects.get(staff_number="NA900001")
    enrol(person=hoa, course=CoursePage.objects.get(slug=COURSE))
    learner, leader, stranger = signed_in("NA900001"), signed_in("NA900004"), Client()
    lesson = LessonPage.objects.filter(url_path__contains=f"/{COURSE}/").order_by("path")[0]
    address = lesson.url_path.removeprefix("/trang-chu/")
    return {
        "bare Wagtail page, same body, same viewer": lambda: seen(learner, f"/bare/{address}"),
        "lesson, signed-in learner": lambda: seen(learner, f"/hoc-tap/{COURSE}/1/"),
        "catalogue, anonymous, kept": lambda: seen(stranger, "/khoa-hoc/"),
        "catalogue, anonymous, after a publication": lambda: fresh(stranger, "/khoa-hoc/"),
        "my learning": lambda: seen(learner, "/hoc-tap/"),
        "dashboard of the province": lambda: seen(leader, "/bao-cao/"),
        "list of people missing, province": lambda: seen(
            leader, "/bao-cao/danh-sach/?trang-thai=missing"
        ),
    }


def signed_in(name: str) -> Client:
    """Without the form, which lets nobody in more often than a few times a minute."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def seen(client: Client, address: str) -> HttpResponse:
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return response


def fresh(client: Client, address: str) -> HttpResponse:
    bump_publish_stamp()
    caches["local"].clear()
    return seen(client, address)
