"""kill -9 in the middle of a job: nothing lost, nothing done twice. Real processes."""

import signal

from tests.home.jobs.processes import (
    BEAT,
    CELERY,
    WORKER,
    kill_in_the_middle,
    wait_for_the_middle,
    wait_until,
)

JOBS = 4
EACH_ONCE = [f"job{number}" for number in range(JOBS)]


def test_embedded_worker_killed_in_the_middle_loses_and_doubles_nothing(embedded):
    embedded.enqueue("slow_effect", JOBS)
    for after in (1, 3):
        kill_in_the_middle(embedded, embedded.start(*WORKER), after)
    embedded.start(*WORKER)
    wait_until(lambda: embedded.states() == ["done"] * JOBS, 40)
    assert embedded.effects() == EACH_ONCE
    assert embedded.started() > JOBS


def test_celery_worker_killed_in_the_middle_loses_and_doubles_nothing(scaled_out):
    scaled_out.enqueue("slow_effect", JOBS)
    scaled_out.start(*BEAT)
    for after in (1, 3):
        kill_in_the_middle(scaled_out, scaled_out.start(*CELERY), after)
    scaled_out.start(*CELERY)
    wait_until(lambda: scaled_out.states() == ["done"] * JOBS, 60)
    assert scaled_out.effects() == EACH_ONCE
    assert scaled_out.started() > JOBS


def test_a_job_that_kills_its_worker_is_given_up(embedded):
    embedded.enqueue("kills_its_worker")
    embedded.ask("UPDATE home_job SET max_attempts = 2")

    def ran_once_more() -> bool:
        embedded.start(*WORKER, "--until-empty").wait()
        return embedded.states() == ["dead"]

    wait_until(ran_once_more, 40)
    assert embedded.started() == 2
    assert embedded.ask("SELECT error FROM home_job") == [
        "The worker died in the middle of every attempt."
    ]


def test_two_workers_share_the_jobs_and_run_each_once(embedded):
    embedded.enqueue("quick_effect", 100)
    workers = [embedded.start(*WORKER, "--until-empty") for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert embedded.effects() == sorted(f"job{number}" for number in range(100))
    assert embedded.started() == 100


def test_a_worker_told_to_stop_finishes_the_job_at_hand(embedded):
    embedded.enqueue("slow_effect", 2)
    worker = embedded.start(*WORKER)
    wait_for_the_middle(embedded, 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert embedded.states() == ["done", "waiting"]
