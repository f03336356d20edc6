"""What runs inside the product's processes: prepare work, count what came of it."""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Count
from django.utils import timezone
from django.utils.module_loading import import_string

from certificates.actions.online import due_for_certificate
from certificates.models import Certificate, Register
from courses.models import CoursePage
from home.deliveries import TAKEN_FOR
from home.jobs import queue
from home.jobs.broker import publish
from home.models import Delivery, Job
from home.report_tasks import send_scheduled_reports
from learners.actions.attempts import open_attempt, save_answer
from learners.actions.audit import first_broken
from learners.actions.enrolments import enrol
from learners.actions.progress import tick_lesson
from learners.actions.recounting import differences
from learners.models import (
    LessonTick,
    Person,
    ReportingPeriod,
    User,
)
from tests.factories.learning import learnt
from tests.faults.subjects import (
    COURSE,
    fresh_people,
    kinds_of_jobs,
    left_behind,
    subject_of,
)


def say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts))


def complete_courses(count: int) -> None:
    """So many people learn a course to its end; each is owed a paper."""
    course = CoursePage.objects.get(slug=COURSE)
    begun = time.monotonic()
    slowest = 0.0
    for person in fresh_people(count):
        at = time.monotonic()
        learnt(enrol(person=person, course=course))
        slowest = max(slowest, time.monotonic() - at)
    say(seconds=time.monotonic() - begun, slowest=slowest)


def enqueue_each() -> None:
    """One job of every kind, with something to work on; none of them is due yet."""
    for person in fresh_people(4):
        learnt(enrol(person=person, course=CoursePage.objects.get(slug=COURSE)))
    # Those of the clock too: written later, they would be taken up before the kind that is hit.
    queue.enqueue_periodic()
    for task in kinds_of_jobs():
        import_string(task).enqueue(*subject_of(task))
    Job.objects.filter(state=Job.State.WAITING).update(run_after=timezone.now() + timedelta(days=1))
    say(kinds=kinds_of_jobs())


def send_again() -> None:
    """As if the time had come at which a sender that says nothing counts as dead."""
    Delivery.objects.filter(state=Delivery.State.SENDING).update(
        taken_at=timezone.now() - 2 * TAKEN_FOR
    )
    send_scheduled_reports.enqueue()


def hold() -> dict[str, Any]:
    """What must hold after everything: counted from the rows."""
    jobs = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    gaps = sum(
        sorted(register.certificates.values_list("number", flat=True))
        != list(range(1, register.last_number + 1))
        for register in Register.objects.all()
    )
    doubled = (
        Certificate.objects.exclude(enrolment=None)
        .values("enrolment")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .count()
    )
    wrong = sum(len(differences(period)) for period in ReportingPeriod.objects.all())
    return {
        "unfinished": jobs.get("waiting", 0) + jobs.get("running", 0),
        "dead": jobs.get("dead", 0),
        "register_gaps": gaps,
        "papers_missing": due_for_certificate().count(),
        "papers_doubled": doubled,
        "figures_wrong": wrong,
        "audit_log_broken": int(first_broken() is not None),
        **left_behind(),
    }


def state() -> None:
    say(**hold())


def figures() -> dict[str, int]:
    """Rows of each table that tells of learning. The queue's own table grows by nature, and the
    derived ones are compared with the facts by recount_targets."""
    silent = ("home_job", "cache", "django_session", "learners_standing", "learners_stafftally",
              "learners_agetally",
              "learners_participationtally")  # fmt: skip
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            # The search index is written anew, in pieces of its own.
            if table not in silent and not table.startswith("wagtailsearch"):
                cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found


def deliver_twice() -> None:
    """Every task that ever ran: its message again, and the very same work again."""
    before = figures()
    known = {}
    for job in Job.objects.filter(state=Job.State.DONE).order_by("pk"):
        known.setdefault((job.task, json.dumps(job.args)), job)
    again = [job for (task, _args), job in known.items() if task.partition(".")[0] != "home"]
    for job in again:
        if settings.REDIS_URL:
            publish(job.pk, job.queue)
            publish(job.pk, job.queue)
        assert queue.claim(job.pk) is None, "a job that was done could be claimed"
        import_string(job.task).call(*job.args, **job.kwargs)
    after = figures()
    say(tasks=len({job.task for job in again}), repeated=len(again), changed={
        table: after[table] - count for table, count in before.items() if after[table] != count
    })  # fmt: skip


def periodic_twice() -> None:
    """How many rows each slot of each periodic job has, at most."""
    keys = Job.objects.filter(key__isnull=False).order_by().values("key").annotate(n=Count("pk"))
    say(slots=keys.count(), most=max(row["n"] for row in keys))


def power_cuts(cuts: int, acknowledged: str) -> None:
    """Kill a writing process, so many times; what it was told is kept must be there."""
    Path(acknowledged).touch()
    course = CoursePage.objects.get(slug=COURSE)
    people = [person.pk for person in fresh_people(cuts)]
    for person in people:
        connection.close()
        child = os.fork()
        if child == 0:
            _write_until_killed(person, course, acknowledged)
        _wait_for_words(Path(acknowledged), random.randrange(4))
        time.sleep(random.uniform(0.0, 0.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as database:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        foreign = len(database.execute("PRAGMA foreign_key_check").fetchall())
    close_old_connections()
    told = Path(acknowledged).read_text().split()
    kept = {
        f"{person}:{item}"
        for person, item in LessonTick.objects.values_list("enrolment__person_id", "item_id")
    }
    say(
        cuts=len(people), told=len(told), lost=len(set(told) - kept),
        integrity=verdict, foreign=foreign,
    )  # fmt: skip


def _wait_for_words(file: Path, more: int) -> None:
    """Until so many more writes were acknowledged: on a busy machine none is for a while."""
    end = time.monotonic() + 20
    lines = file.read_bytes().count(b"\n") + more
    while file.read_bytes().count(b"\n") < lines and time.monotonic() < end:
        time.sleep(0.01)


def _write_until_killed(person: int, course: CoursePage, acknowledged: str) -> None:
    """Never returns: enrols, ticks lesson after lesson, and says so after each commit."""
    log = os.open(acknowledged, os.O_WRONLY | os.O_APPEND)
    enrolment = enrol(person=Person.objects.get(pk=person), course=course)
    for item in enrolment.edition.items.filter(kind="lesson"):
        tick_lesson(enrolment=enrolment, item=item)
        os.write(log, f"{person}:{item.pk}\n".encode())
    while True:
        attempt = open_attempt(
            enrolment=enrolment, item=enrolment.edition.items.filter(kind="quiz").first()
        )
        save_answer(attempt=attempt, question=0, answer=[random.randrange(2)])


def ticks_of(usernames: list[str]) -> None:
    """Which lessons each account has ticked, by position."""
    rows = LessonTick.objects.filter(enrolment__person__user__username__in=usernames)
    say(ticks=[[name, place] for name, place in rows.values_list(
        "enrolment__person__user__username", "item__position")])  # fmt: skip


def open_accounts(count: int, password: str) -> None:
    """Accounts of their own for so many people; prints the sign-in names."""
    names = []
    for person in Person.objects.filter(user__isnull=True, staff_number__isnull=False)[:count]:
        user = User.objects.create_user(
            username=person.staff_number, password=password, full_name=person.full_name
        )
        person.user = user
        person.save(update_fields=["user"])
        names.append(user.username)
    say(names=names)
