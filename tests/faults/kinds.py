"""kill -9 in the middle of every kind of job, whatever carries it."""

import json
import random
import signal
import time
from collections import Counter

from tests.faults.report import hold, settle
from tests.faults.servers import end, wait_until
from tests.faults.site import Site

KILLS = 2
PATIENCE = 240
"""Seconds until a job is taken up: on a busy machine a worker alone needs a minute to start."""
PAUSE = {"FAULTS_PAUSE_AT_QUERY": "0.03"}


def kill_in_every_kind(site: Site, worker: tuple[str, ...]) -> str:
    """Each kind is begun, hit at a chance moment KILLS times, and in the end left to end."""
    hits: Counter[str] = Counter()
    kinds = json.loads(site.script("enqueue_each"))["kinds"]
    for task in kinds:
        for _kill in range(KILLS):
            hits[task] += _hit(site, worker, task)
    last = site.start(*worker)
    settle(site, 300)
    # A mail that a killed sender had in hand is taken by another after a quarter of an hour.
    site.script("send_again")
    settle(site)
    end(last, signal.SIGTERM)
    quick = [task.rpartition(".")[2] for task in kinds if not hits[task]]
    missed = f", too quick to be hit: {', '.join(quick)}" if quick else ""
    return f"{len(kinds)} kinds, {hits.total()} kills in the middle{missed}; {hold(site)}"


def _hit(site: Site, worker: tuple[str, ...], task: str) -> int:
    """kill -9 the worker while a job of the kind runs; 0 if the job was too quick."""
    # As if the time of a retry had come, and the minute after which a message that a killed
    # worker had taken along is sent again.
    site.ask(
        "UPDATE home_job SET run_after = created_at, published_at = NULL"
        f" WHERE state = 'waiting' AND task = '{task}' RETURNING id"
    )
    # One kind at a time: what earlier kills left is long, and would be taken up first.
    site.ask(
        "UPDATE home_job SET state = 'waiting', lease_until = NULL,"
        f" run_after = '{site.now_plus(86_400)}'"
        f" WHERE state IN ('waiting', 'running') AND task != '{task}' RETURNING id"
    )
    # Each attempt counts one, whatever becomes of it; a row that a killed worker left may still
    # look as if it ran.
    attempts = f"SELECT COALESCE(SUM(attempts), 0) FROM home_job WHERE task = '{task}'"
    before = int(site.ask(attempts))
    if not int(
        site.ask(f"SELECT COUNT(*) FROM home_job WHERE state != 'done' AND task = '{task}'")
    ):
        return 0
    process = site.start(*worker, **PAUSE)
    # The lease of the last kill has to run out first.
    wait_until(lambda: int(site.ask(attempts)) > before, PATIENCE, f"{task} is not taken up")
    time.sleep(random.uniform(0.0, 0.2))
    hit = _runs(site, task)
    end(process)
    # An attempt that died with its worker counts; only a job that kills is given up.
    site.ask("UPDATE home_job SET max_attempts = attempts + 5 WHERE state != 'done' RETURNING id")
    return hit


def _runs(site: Site, task: str) -> int:
    """1 while a worker that lives has a job of the kind in hand: the lease of a killed one is not
    prolonged, and JOB_LEASE_SECONDS are three here."""
    lately = site.now_plus(1.5)
    running = f"SELECT COUNT(*) FROM home_job WHERE state = 'running' AND task = '{task}'"
    return int(int(site.ask(f"{running} AND lease_until > '{lately}'")) > 0)
