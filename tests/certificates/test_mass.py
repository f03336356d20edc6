"""A class of papers, its worker killed with kill -9 in the middle. Real processes.

`make test-mass` does it with 1,000 papers, killed at number 431.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from certificates.actions.lists import AT_A_TIME
from tests.home.jobs.processes import WORKER, World, wait_until

PAPERS = int(os.environ.get("MASS_PAPERS", "120"))
KILLED_AT = PAPERS * 431 // 1000

SET_UP = """
import home.celery
from certificates.tasks import issue_papers_of_list
from tests.factories.certificates import decided_list
drawn = decided_list(*(f"Nguyễn Thị Hoa {{number}}" for number in range({n})))
issue_papers_of_list.enqueue(drawn.pk)
"""

DOOMED_WORKER = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from certificates.actions import lists
write, written = lists.write, []
def write_or_die(*args, **fields):
    written.append(args)
    if len(written) == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(*args, **fields)
lists.write = write_or_die
call_command("run_jobs")
"""


@pytest.fixture
def world(tmp_path: Path, django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        world = World(tmp_path)
        yield world
        world.close()


def numbers(world):
    return world.ask("SELECT number FROM certificates_certificate")


def jobs(world):
    return world.ask("SELECT state FROM home_job WHERE task LIKE '%issue_papers_of_list'")


def test_killed_in_the_middle_and_restarted_every_paper_is_made_once(world):
    world.python(SET_UP.format(n=PAPERS))
    worker = world.start("-c", DOOMED_WORKER.format(at=KILLED_AT))
    assert worker.wait(600) == -signal.SIGKILL
    assert numbers(world) == list(range(1, (KILLED_AT - 1) // AT_A_TIME * AT_A_TIME + 1))
    world.start(*WORKER)
    wait_until(lambda: jobs(world) == ["done"], 600)
    assert numbers(world) == list(range(1, PAPERS + 1))
    assert len(set(world.ask("SELECT certificate_id FROM certificates_papernotice"))) == PAPERS
    assert world.ask("SELECT last_number FROM certificates_register") == [PAPERS]
    assert set(world.ask("SELECT state FROM certificates_issueline")) == {"issued"}
