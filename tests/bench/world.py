"""The world that is measured: real agencies, many people, one course, and who looks at it.

Measured, it gains once an enrolment, a course of ten questions, a course of one lesson with two
enrolments and a paper, and some sessions; the rest is rolled back.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import caches
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from home.middleware import bump_publish_stamp
from learners.models import Person, User

COURSE = "luat-thuong-mai-dien-tu-2025"
LEARNER = "NA900001"
LEADER = "NA900004"


def build(people: int) -> None:
    """Once; later runs find it there."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if Person.objects.count() < people:
        call_command("load_demo", people=people)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Nothing done inside is kept. One inside the other, too."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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
