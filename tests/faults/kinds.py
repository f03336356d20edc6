"""kill -9 in the middle of every kind of job, whatever carries it."""

import random
import signal
import time

from tests.faults.report import hold, settle
from tests.faults.servers import end, wait_until
from tests.faults.site import Site

KINDS = (
    "certificates.tasks.issue_for_enrolment",
    "certificates.tasks.issue_missing",
    "learners.tasks.hand_in_overdue_attempts",
    "learners.tasks.recount_today",
    "learners.tasks.remark_attempts",
    "learners.tasks.send_reminders",
    "home.jobs.tasks.forget_old_jobs",
    "home.jobs.tasks.publish_scheduled",
)
KILLS = 2
PAUSE = {"FAULTS_PAUSE_AT_QUERY": "0.03"}


def kill_in_every_kind(site: Site, worker: tuple[str, ...]) -> str:
    """Each kind is begun, hit at a chance moment KILLS times, and then left to end."""
    kills = 0
    for task in KINDS:
        if task == "certificates.tasks.issue_for_enrolment":
            site.script("complete_courses", 4)
        else:
            site.script("enqueue", task, 1)
        for _kill in range(KILLS):
            kills += _hit(site, worker, task)
    last = site.start(*worker)
    settle(site, 180)
    end(last, signal.SIGTERM)
    return f"{len(KINDS)} kinds, {kills} kills in the middle; {hold(site)}"


def _hit(site: Site, worker: tuple[str, ...], task: str) -> int:
    """kill -9 the worker while a job of the kind runs; 0 if the job was too quick."""
    # As if the time of a retry had come, and the minute after which a message that a killed
    # worker had taken along is sent again.
    site.ask(
        "UPDATE home_job SET run_after = created_at, published_at = NULL"
        " WHERE state = 'waiting' RETURNING id"
    )
    running = f"SELECT COUNT(*) FROM home_job WHERE state = 'running' AND task = '{task}'"
    done = f"SELECT COUNT(*) FROM home_job WHERE state = 'done' AND task = '{task}'"
    before = int(site.ask(done))
    process = site.start(*worker, **PAUSE)
    # The lease of the last kill has to run out first.
    wait_until(
        lambda: _fresh(site, running) or int(site.ask(done)) > before, 60, f"{task} is not taken up"
    )
    time.sleep(random.uniform(0.0, 0.2))
    hit = int(int(site.ask(running)) > 0)
    end(process)
    # An attempt that died with its worker counts; only a job that kills is given up.
    site.ask("UPDATE home_job SET max_attempts = attempts + 5 WHERE state != 'done' RETURNING id")
    return hit


def _fresh(site: Site, running: str) -> bool:
    """Taken up by a worker that lives: the killed one's lease has run out or was taken over."""
    return int(site.ask(f"{running} AND lease_until > '{site.now_plus(1.5)}'")) > 0
