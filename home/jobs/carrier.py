"""What Celery runs: it carries a job's id, the row says the rest."""

import time

import django
from django.apps import apps

from home.celery import app

if not apps.ready:
    # A Celery process starts here, not in manage.py.
    django.setup()

from home.jobs.broker import sweep
from home.jobs.queue import claim, execute


@app.task(name="home.jobs.run")
def run_job(job_id: int) -> None:
    """Run one job if it is still due. A message delivered twice runs nothing twice."""
    if (job := claim(job_id)) is not None:
        execute(job)


SWEEP_REST = 4.0
_sweeps = {"ended": -SWEEP_REST}


@app.task(name="home.jobs.sweep")
def sweep_jobs() -> None:
    """Sweep, unless this process has just done so: sweeps go past all that waits, and where one
    takes longer than their distance a worker would do nothing else."""
    if time.monotonic() < _sweeps["ended"] + SWEEP_REST:
        return
    try:
        sweep()
    finally:
        _sweeps["ended"] = time.monotonic()
