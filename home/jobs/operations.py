"""What an operator may do to a job."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from home.jobs.broker import publish_after_commit
from home.models import Job

MORE_ATTEMPTS = 5


def cancel(job: Job) -> bool:
    """Cancel a waiting job at once; ask a running one to stop. False where neither is possible.

    A running job stops at its next word of progress, or when its worker dies; what it has
    committed stays. One that says no such words runs to its end.
    """
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    if waiting.update(state=Job.State.CANCELLED, finished_at=timezone.now()):
        return True
    running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, cancel_asked=False)
    return bool(running.update(cancel_asked=True))


@transaction.atomic
def run_again(job: Job) -> bool:
    """Put a job that was given up or cancelled back into its queue; False for any other.

    Its number of attempts only grows: it tells a worker that comes back late that the job is
    no longer its own. What was done before is not done twice: tasks are idempotent.
    """
    ended = Job.objects.filter(pk=job.pk, state__in=[Job.State.DEAD, Job.State.CANCELLED])
    changed = ended.update(
        state=Job.State.WAITING,
        cancel_asked=False,
        max_attempts=F("attempts") + MORE_ATTEMPTS,
        run_after=timezone.now(),
        finished_at=None,
        published_at=None,
        error="",
    )
    if changed:
        publish_after_commit(job)
    return bool(changed)


def forget_old(days: int = 30) -> int:
    """Delete jobs that were done or cancelled long ago; those given up stay for the operator."""
    old = timezone.now() - timedelta(days=days)
    ended = [Job.State.DONE, Job.State.CANCELLED]
    return Job.objects.filter(state__in=ended, finished_at__lt=old).delete()[0]
