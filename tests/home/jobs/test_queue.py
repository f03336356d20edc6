"""The queue within one process: rollback, tokens, retries, clock, broker."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_tasks.exceptions import TaskResultDoesNotExist

from courses.models import Provider
from home.jobs import queue
from home.jobs.operations import cancel, forget_old, run_again
from home.jobs.periodic import PERIODIC
from home.models import Job
from tests.home.jobs import kill_tasks

QUEUE = {"default": {"BACKEND": "home.jobs.backend.JobBackend", "QUEUES": []}}


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "log"
    file.touch()
    return str(file)


@pytest.fixture(autouse=True)
def rows():
    """Tasks become rows, as in the product; nothing is published."""
    with override_settings(TASKS=QUEUE, REDIS_URL="", JOB_LEASE_SECONDS=30):
        yield


pytestmark = pytest.mark.django_db(transaction=True)


def test_a_job_rolls_back_with_its_transaction(log):
    with transaction.atomic():
        kill_tasks.fails.enqueue(log, "a")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def test_a_job_is_claimed_by_one_worker_only(log):
    kill_tasks.fails.enqueue(log, "a")
    assert queue.claim() is not None
    assert queue.claim() is None


def test_a_job_is_not_run_before_its_time(log):
    later = timezone.now() + timedelta(hours=1)
    kill_tasks.fails.using(run_after=later).enqueue(log, "a")
    assert queue.claim() is None


def test_a_failure_is_kept_and_tried_again_later_until_given_up(log):
    kill_tasks.fails.enqueue(log, "a")
    Job.objects.update(max_attempts=2)
    for state in (Job.State.WAITING, Job.State.DEAD):
        Job.objects.update(run_after=timezone.now())
        queue.execute(queue.claim())
        job = Job.objects.get()
        assert (job.state, "the printer is on fire" in job.error) == (state, True)


def test_a_worker_that_lost_its_lease_cannot_commit(log):
    kill_tasks.quick_effect.enqueue(log, "a")
    late = queue.claim()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    current = queue.claim()
    queue.execute(late)
    assert Provider.objects.count() == 0
    queue.execute(current)
    assert (Provider.objects.count(), Job.objects.get().state) == (1, Job.State.DONE)


def test_a_finished_job_delivered_again_does_nothing(log):
    kill_tasks.quick_effect.enqueue(log, "a")
    job = queue.claim()
    queue.execute(job)
    assert queue.claim(job.pk) is None
    assert Provider.objects.count() == 1


def test_two_schedulers_write_one_job_per_slot():
    queue.enqueue_periodic()
    queue.enqueue_periodic()
    assert Job.objects.count() == len(PERIODIC)


def test_a_daily_job_begins_at_midnight_here():
    queue.enqueue_periodic()
    day = (timezone.localdate() - date(1970, 1, 1)).days
    assert Job.objects.get(task="learners.tasks.recount_today").key == f"recount-targets:{day}"


def test_periodic_tasks_exist():
    queue.enqueue_periodic()
    while (job := queue.claim()) is not None:
        queue.execute(job)
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}


def test_the_result_is_read_from_the_row(log):
    result = kill_tasks.quick_effect.enqueue(log, "a")
    queue.execute(queue.claim())
    assert kill_tasks.quick_effect.get_result(result.id).status == "SUCCESSFUL"


def test_an_unknown_result_is_said_to_be_unknown():
    for unknown in ("999", "no-number"):
        with pytest.raises(TaskResultDoesNotExist):
            kill_tasks.fails.get_result(unknown)


def test_a_job_given_up_does_not_hide_the_next(log):
    kill_tasks.fails.enqueue(log, "a")
    Job.objects.update(attempts=5)
    kill_tasks.fails.enqueue(log, "b")
    assert queue.claim().args == [log, "b"]


def test_a_worker_of_one_queue_leaves_the_others_alone(log):
    kill_tasks.counts.enqueue(log, "a", 1)
    assert queue.claim(queues=["papers"]) is None
    assert queue.claim(queues=["papers", "reports"]).queue == "reports"


def test_progress_and_result_outlive_the_work(log):
    kill_tasks.counts.enqueue(log, "a", 3)
    queue.execute(queue.claim())
    job = Job.objects.get()
    assert (job.steps_done, job.steps_all, job.result) == (3, 3, {"counted": 3})
    assert kill_tasks.counts.get_result(str(job.pk)).return_value == {"counted": 3}


def test_a_waiting_job_is_cancelled_at_once(log):
    kill_tasks.counts.enqueue(log, "a", 1)
    assert cancel(Job.objects.get())
    assert (queue.claim(), Job.objects.get().state) == (None, Job.State.CANCELLED)


def test_a_running_job_stops_at_its_next_step(log):
    kill_tasks.counts.enqueue(log, "a", 3)
    job = queue.claim()
    assert cancel(job)
    assert not cancel(job)
    queue.execute(job)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.CANCELLED, None)


def test_a_job_asked_to_stop_is_not_taken_up_after_its_worker_died(log):
    kill_tasks.counts.enqueue(log, "a", 3)
    cancel(queue.claim())
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert (queue.claim(), Job.objects.get().state) == (None, Job.State.CANCELLED)


@pytest.mark.parametrize("state", [Job.State.DEAD, Job.State.CANCELLED])
def test_an_ended_job_runs_again_under_a_higher_token(log, state):
    kill_tasks.quick_effect.enqueue(log, "a")
    late = queue.claim()
    Job.objects.update(state=state)
    assert run_again(Job.objects.get())
    queue.execute(queue.claim())
    queue.execute(late)
    assert (Provider.objects.count(), Job.objects.get().state) == (1, Job.State.DONE)


def test_a_job_that_is_done_cannot_be_cancelled_or_run_again(log):
    kill_tasks.quick_effect.enqueue(log, "a")
    queue.execute(queue.claim())
    job = Job.objects.get()
    assert (cancel(job), run_again(job)) == (False, False)


def test_old_jobs_are_forgotten_and_those_given_up_stay():
    old = timezone.now() - timedelta(days=31)
    for state in (Job.State.DONE, Job.State.CANCELLED, Job.State.DEAD):
        Job.objects.create(task="a", state=state, run_after=old, finished_at=old)
    assert forget_old() == 2
    assert Job.objects.get().state == Job.State.DEAD


def test_a_shifted_clock_neither_doubles_nor_loses_periodic_work():
    with time_machine.travel("2026-05-04 08:00:00+07:00", tick=False):
        queue.enqueue_periodic()
        written = Job.objects.count()
    with time_machine.travel("2026-05-04 07:59:58+07:00", tick=False):
        queue.enqueue_periodic()
        queue.enqueue_periodic()
    with time_machine.travel("2026-05-04 08:00:01+07:00", tick=False):
        queue.enqueue_periodic()
    keys = list(Job.objects.values_list("key", flat=True))
    at_eight = [every for _name, _task, every in PERIODIC if every <= timedelta(hours=1)]
    assert len(keys) == len(set(keys)) == written + len(at_eight)


def test_what_a_library_indexes_holds_nobody_back():
    from modelsearch.tasks import insert_or_update_object_task

    assert queue.queue_of(insert_or_update_object_task) == "reports"
    assert queue.queue_of(kill_tasks.quick_effect) == "interactive"


def test_a_lease_from_a_clock_that_was_set_back_keeps_no_job(log):
    kill_tasks.quick_effect.enqueue(log, "a")
    queue.claim()
    Job.objects.update(lease_until=timezone.now() + timedelta(hours=2))
    queue.execute(queue.claim())
    assert (Provider.objects.count(), Job.objects.get().state) == (1, Job.State.DONE)
