"""A real sender that dies in the middle of the reminders, and two that go on at once."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.home.jobs.processes import World, wait_until

PEOPLE = 12
TELL = (
    "manage.py",
    "shell",
    "-v0",
    "-c",
    "from learners.tasks import tell_classes; tell_classes.call()",
)
CLASS_AHEAD = f"""
from datetime import timedelta
from django.utils import timezone
from learners.actions.seats import take_seat
from tests.factories.classes import class_of
from tests.factories.claims import account_for
from learners.models import Person
group = class_of(starts_on=timezone.localdate() + timedelta(days=2))
for number in range({PEOPLE}):
    one = Person.objects.create(full_name=f"Lê Văn {{number}}", audience="student")
    account = account_for(one)
    account.email, account.last_login = f"{{number}}@sinhvien.example", timezone.now()
    account.save()
    take_seat(person=one, class_group=group, by=None)
"""


@pytest.fixture
def site(tmp_path) -> Iterator[World]:
    sent = tmp_path / "sent.txt"
    sent.touch()
    settings = "tests.learners.slow_mail_settings"
    with closing(World(tmp_path, SENT_LOG=str(sent), DJANGO_SETTINGS_MODULE=settings)) as world:
        world.python(CLASS_AHEAD)
        yield world


def sent(site: World) -> list[str]:
    return (site.folder / "sent.txt").read_text().splitlines()


def test_everybody_is_reminded_once_though_the_sender_is_killed(site):
    dying = site.start(*TELL)
    wait_until(lambda: len(sent(site)) >= 4, 60)
    os.killpg(dying.pid, signal.SIGKILL)
    dying.wait()
    for process in [site.start(*TELL) for _ in range(2)]:
        assert process.wait(120) == 0
    # All but the one that the dead sender held; its time is over a quarter of an hour later.
    long_ago = "2020-01-01 00:00:00"
    site.ask(f"UPDATE learners_classtold SET taken_at = '{long_ago}' WHERE state = 'sending'")
    assert site.start(*TELL).wait(120) == 0

    assert site.ask("SELECT state FROM learners_classtold") == ["sent"] * PEOPLE
    assert site.ask("SELECT count(DISTINCT person_id) FROM learners_classtold") == [PEOPLE]
    by_person = Counter(line.split()[0] for line in sent(site))
    assert len(by_person) == PEOPLE
    # The server had taken one mail of which nobody could note it: it comes under the same id.
    twice = [person for person, n in by_person.items() if n > 1]
    assert (len(twice) <= 1, len(set(sent(site)))) == (True, PEOPLE)
