"""The queue's own housekeeping."""

from django.core.management import call_command
from django_tasks import task

from home.jobs.operations import forget_old
from learners.actions import sign_in


@task
def forget_old_jobs() -> None:
    forget_old()


@task
def forget_old_sessions() -> None:
    """Sessions that have ended, each of which tells when somebody was here, and wrong passwords
    that count no more. Idempotent."""
    call_command("clearsessions")
    sign_in.forget_old()


@task
def publish_scheduled() -> None:
    """Pages whose hour has come go live, those whose hour has passed go offline. Idempotent."""
    call_command("publish_scheduled")
