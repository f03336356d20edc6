"""What Celery runs: it carries a job's id, the row says the rest."""

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


@app.task(name="home.jobs.sweep")
def sweep_jobs() -> None:
    sweep()
