"""Figures written down while nobody waits."""

from django_tasks import task

from home.feeds.aggregates import write_aggregate


@task(queue_name="reports")
def write_night() -> None:
    """Write down the figures of this night. Idempotent."""
    write_aggregate()
