"""Claiming, running and finishing jobs: the same for both forms of running.

What holds: a job whose row was committed runs until it is done or given up, whatever dies
on the way. Its effects in the database happen once if they are idempotent, or if the task
returns a function: that function's writes and the mark "done" commit together, and only
while this attempt still owns the job.
"""

import logging
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import DEFAULT_TASK_QUEUE_NAME
from django_tasks.base import Task

from courses import work
from home import logs
from home.jobs.periodic import PERIODIC
from home.models import Job

logger = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 5
LONGEST_RETRY = timedelta(hours=1)
REPORT_SECONDS = 1.0

# ------------------------------------------------------------------ claim, run, finish


def due() -> QuerySet[Job]:
    """Jobs to be run now: waiting ones, and those whose worker's lease ran out.

    A lease longer than any that is given was written by a clock that was set back since: its
    worker may be dead, and if it is not, its token keeps it from finishing twice.
    """
    now = timezone.now()
    longest = timedelta(seconds=2 * settings.JOB_LEASE_SECONDS)
    waiting = Q(state=Job.State.WAITING, run_after__lte=now)
    run_out = Q(lease_until__lt=now) | Q(lease_until__gt=now + longest)
    abandoned = Q(state=Job.State.RUNNING) & run_out
    return Job.objects.filter(waiting | abandoned).order_by("-priority", "run_after", "pk")


@transaction.atomic
def claim(job_id: int | None = None, *, queues: Sequence[str] = ()) -> Job | None:
    """Take one due job, of these queues if any are named; None when there is none.
    `attempts` becomes this attempt's token.

    Two workers never take the same: SQLite gives the write lock at the start of the
    transaction, PostgreSQL skips rows that another transaction holds.
    """
    jobs = due()
    if job_id is not None:
        jobs = jobs.filter(pk=job_id)
    if queues:
        jobs = jobs.filter(queue__in=queues)
    if connection.features.has_select_for_update_skip_locked:
        jobs = jobs.select_for_update(skip_locked=True)
    while (job := jobs.first()) is not None and not _is_wanted(job):
        pass
    if job is None:
        return None
    now = timezone.now()
    job.attempts += 1
    job.state = Job.State.RUNNING
    job.started_at = now
    job.lease_until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    job.save(update_fields=["attempts", "state", "started_at", "lease_until"])
    return job


def _is_wanted(job: Job) -> bool:
    """Whether a due job is to be run; one that is not gets the end that it has come to."""
    if job.cancel_asked:
        _end(job, Job.State.CANCELLED, job.error)
    elif job.attempts >= job.max_attempts:
        # Its worker died with it each time: no traceback, but a reason.
        _give_up(job, job.error or "The worker died in the middle of every attempt.")
    else:
        return True
    return False


def execute(job: Job) -> None:
    """Run a claimed job and record what became of it. Never raises for the job's own faults."""
    token = logs.work.set(f"job-{job.pk}")
    try:
        with _lease_kept(job), work.reported_to(_Reporter(job)):
            _finish(job, import_string(job.task).call(*job.args, **job.kwargs))
    except _Superseded:
        logger.warning("job %s: another worker took over attempt %s", job.pk, job.attempts)
    except work.Cancelled:
        _end(job, Job.State.CANCELLED, "")
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.task)
        _retry_later(job, traceback.format_exc())
    finally:
        logs.work.reset(token)


class _Reporter:
    """Keeps in the row how far a job is, and tells the job when it is to stop.

    Asks the database once in REPORT_SECONDS at most: a task may report each row it reads.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.silent_until = 0.0

    def __call__(self, done: int, of: int | None) -> None:
        if time.monotonic() < self.silent_until and done != of:
            return
        self.silent_until = time.monotonic() + REPORT_SECONDS
        own = _own(self.job)
        if not own.update(steps_done=done, steps_all=of):
            raise _Superseded
        if own.filter(cancel_asked=True).exists():
            raise work.Cancelled


class _Superseded(Exception):
    """The lease ran out and the job belongs to another attempt."""


def _own(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)


@transaction.atomic
def _finish(job: Job, outcome: object) -> None:
    """Mark done. An outcome that can be called writes now; any other, or what it returns, is
    kept in the row if JSON can hold it."""
    done = _own(job).update(
        state=Job.State.DONE, finished_at=timezone.now(), lease_until=None, error=""
    )
    if not done:
        raise _Superseded
    result = outcome() if callable(outcome) else outcome
    if isinstance(result, dict | list | str | int):
        Job.objects.filter(pk=job.pk).update(result=result)


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
    _end(job, Job.State.DEAD, error)
    logger.error("job %s (%s) was given up after %s attempts", job.pk, job.task, job.attempts)


def _end(job: Job, state: str, error: str) -> None:
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=state, finished_at=timezone.now(), lease_until=None, error=error
    )


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
    if Job.objects.filter(key=key).exists():
        return False
    _job, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "task": task,
            "queue": queue_of(import_string(task)),
            "run_after": timezone.now(),
        },
    )
    return created


def queue_of(task: Task) -> str:
    """The task's own queue. One that names none is short, and somebody waits for it; but for
    the search index that Wagtail keeps page by page nobody does, and an import writes hundreds."""
    if task.queue_name != DEFAULT_TASK_QUEUE_NAME:
        return task.queue_name
    is_index = task.module_path.startswith(("wagtail.", "modelsearch."))
    return Job.Queue.REPORTS if is_index else Job.Queue.INTERACTIVE


def enqueue_periodic() -> None:
    """Write the periodic jobs of the current slot. Two schedulers at once are harmless.

    Slots are cut by the clock on the wall: a daily one begins at midnight.
    """
    now = timezone.make_naive(timezone.now()).replace(tzinfo=UTC).timestamp()
    for name, task, every in PERIODIC:
        enqueue_once(f"{name}:{int(now // every.total_seconds())}", task)
