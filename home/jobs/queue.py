"""Claiming, running and finishing jobs: the same for both forms of running.

What holds: a job whose row was committed runs until it is done or given up, whatever dies
on the way. Its effects in the database happen once if they are idempotent, or if the task
returns a function: that function's writes and the mark "done" commit together, and only
while this attempt still owns the job.
"""

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from home.jobs.periodic import PERIODIC
from home.models import Job

logger = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 5
LONGEST_RETRY = timedelta(hours=1)
BREAKER_SECONDS = 15
"""After the broker failed, how long it is not asked again: a request waits once, not always."""

REPUBLISH_AFTER = timedelta(seconds=60)


# ------------------------------------------------------------------ claim, run, finish


def due() -> QuerySet[Job]:
    """Jobs to be run now: waiting ones, and those whose worker's lease ran out."""
    now = timezone.now()
    waiting = Q(state=Job.State.WAITING, run_after__lte=now)
    abandoned = Q(state=Job.State.RUNNING, lease_until__lt=now)
    return Job.objects.filter(waiting | abandoned).order_by("-priority", "run_after", "pk")


@transaction.atomic
def claim(job_id: int | None = None) -> Job | None:
    """Take one due job; None when there is none. `attempts` becomes this attempt's token.

    Two workers never take the same: SQLite gives the write lock at the start of the
    transaction, PostgreSQL skips rows that another transaction holds.
    """
    jobs = due()
    if job_id is not None:
        jobs = jobs.filter(pk=job_id)
    if connection.features.has_select_for_update_skip_locked:
        jobs = jobs.select_for_update(skip_locked=True)
    while (job := jobs.first()) is not None and job.attempts >= job.max_attempts:
        # Its worker died with it each time: no traceback, but a reason.
        _give_up(job, job.error or "The worker died in the middle of every attempt.")
    if job is None:
        return None
    job.attempts += 1
    job.state = Job.State.RUNNING
    job.lease_until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    job.save(update_fields=["attempts", "state", "lease_until"])
    return job


def execute(job: Job) -> None:
    """Run a claimed job and record what became of it. Never raises for the job's own faults."""
    try:
        with _lease_kept(job):
            finish = import_string(job.task).call(*job.args, **job.kwargs)
            _finish(job, finish if callable(finish) else None)
    except _Superseded:
        logger.warning("job %s: another worker took over attempt %s", job.pk, job.attempts)
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.task)
        _retry_later(job, traceback.format_exc())


class _Superseded(Exception):
    """The lease ran out and the job belongs to another attempt."""


def _own(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)


@transaction.atomic
def _finish(job: Job, writes: Callable[[], object] | None) -> None:
    done = _own(job).update(
        state=Job.State.DONE, finished_at=timezone.now(), lease_until=None, error=""
    )
    if not done:
        raise _Superseded
    if writes is not None:
        writes()


def _retry_later(job: Job, error: str) -> None:
    if job.attempts >= job.max_attempts:
        _give_up(job, error)
        return
    wait = min(timedelta(seconds=FIRST_RETRY_SECONDS * 4 ** (job.attempts - 1)), LONGEST_RETRY)
    _own(job).update(
        state=Job.State.WAITING,
        run_after=timezone.now() + wait,
        lease_until=None,
        published_at=None,
        error=error,
    )


def _give_up(job: Job, error: str) -> None:
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=Job.State.DEAD, finished_at=timezone.now(), lease_until=None, error=error
    )
    logger.error("job %s (%s) was given up after %s attempts", job.pk, job.task, job.attempts)


@contextmanager
def _lease_kept(job: Job) -> Iterator[None]:
    """Prolong the lease from a thread as long as the process lives."""
    over = Event()

    def prolong() -> None:
        while not over.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                _own(job).update(
                    lease_until=timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
                )
            except DatabaseError:
                # Away or locked for a moment. Should the lease run out, the token decides.
                logger.warning("job %s: the lease could not be prolonged", job.pk)
                close_old_connections()
        connection.close()

    heart = Thread(target=prolong, daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


# ------------------------------------------------------------------ once by key, and by the clock


def enqueue_once(key: str, task: str) -> bool:
    """Write a job unless one with this key was ever written; True when this call did."""
    _job, created = Job.objects.get_or_create(
        key=key, defaults={"task": task, "run_after": timezone.now()}
    )
    return created


def enqueue_periodic() -> None:
    """Write the periodic jobs of the current slot. Two schedulers at once are harmless.

    Slots are cut by the clock on the wall: a daily one begins at midnight.
    """
    now = timezone.make_naive(timezone.now()).replace(tzinfo=UTC).timestamp()
    for name, task, every in PERIODIC:
        enqueue_once(f"{name}:{int(now // every.total_seconds())}", task)


def forget_old(days: int = 30) -> int:
    """Delete jobs that were done long ago; those given up stay for the operator."""
    old = timezone.now() - timedelta(days=days)
    return Job.objects.filter(state=Job.State.DONE, finished_at__lt=old).delete()[0]


# ------------------------------------------------------------------ to the broker, if there is one

_breaker = {"silent_until": 0.0}


def publish_after_commit(job_id: int) -> None:
    """Tell the workers, once the row is committed. Without a broker they look for themselves."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: publish(job_id), robust=True)


def publish(job_id: int) -> bool:
    """Hand a job's id to the broker. Never raises: a job not handed over is swept up later."""
    if time.monotonic() < _breaker["silent_until"]:
        return False
    from home.celery import app  # Slow to import, and unused without a broker.

    try:
        app.send_task("home.jobs.run", [job_id], retry=False)
    except Exception as error:  # noqa: BLE001  whatever ails the broker, the row is safe
        _breaker["silent_until"] = time.monotonic() + BREAKER_SECONDS
        logger.warning("the broker did not take job %s: %s", job_id, error)
        return False
    Job.objects.filter(pk=job_id).update(published_at=timezone.now())
    return True


def sweep() -> int:
    """Hand over what is due and was not handed over since; returns how many.

    Again after a while too: a broker that was killed may have forgotten its messages.
    """
    enqueue_periodic()
    lately = timezone.now() - REPUBLISH_AFTER
    published_before = (
        Q(published_at__isnull=True)
        | Q(published_at__lt=lately)
        | Q(published_at__lt=F("run_after"))
        | Q(published_at__lt=F("lease_until"))
    )
    ids = due().filter(published_before).values_list("pk", flat=True)[:500]
    return sum(publish(job_id) for job_id in list(ids))
