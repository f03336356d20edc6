"""The queue's own housekeeping."""

from django.core.management import call_command
from django_tasks import task

from home.jobs.operations import forget_old


@task
def forget_old_jobs() -> None:
    forget_old()


@task
def forget_old_sessions() -> None:
    """Sessions that have ended: each row tells when somebody was here. Idempotent."""
    call_command("clearsessions")


@task
def publish_scheduled() -> None:
    """Pages whose hour has come go live, those whose hour has passed go offline. Idempotent."""
    call_command("publish_scheduled")
