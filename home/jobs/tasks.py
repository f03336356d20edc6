"""The queue's own housekeeping."""

from django_tasks import task

from home.jobs.queue import forget_old


@task
def forget_old_jobs() -> None:
    forget_old()
