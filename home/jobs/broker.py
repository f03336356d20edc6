"""Handing ids of jobs to the broker, where there is one. The rows are safe without it."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from home.jobs.queue import due, enqueue_periodic
from home.models import Job

logger = logging.getLogger(__name__)

BREAKER_SECONDS = 15
"""After the broker failed, how long it is not asked again: a request waits once, not always."""

REPUBLISH_AFTER = timedelta(seconds=60)

_breaker = {"silent_until": 0.0}


def publish_after_commit(job: Job) -> None:
    """Tell the workers, once the row is committed. Without a broker they look for themselves."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: publish(job.pk, job.queue), robust=True)


def publish(job_id: int, queue: str) -> bool:
    """Hand a job's id to the broker. Never raises: a job not handed over is swept up later."""
    if time.monotonic() < _breaker["silent_until"]:
        return False
    from home.celery import IN_TURN, app  # Slow to import, and unused without a broker.

    try:
        app.send_task("home.jobs.run", [job_id], queue=queue, priority=IN_TURN, retry=False)
    except Exception as error:  # noqa: BLE001  whatever ails the broker, the row is safe
        _breaker["silent_until"] = time.monotonic() + BREAKER_SECONDS
        logger.warning("the broker did not take job %s: %s", job_id, error)
        return False
    Job.objects.filter(pk=job_id).update(published_at=timezone.now())
    return True


def sweep() -> int:
    """Hand over what is due and was not handed over since; returns how many.

    Again after a while too: a broker that was killed may have forgotten its messages. What was
    handed over in the future was so by a clock that was wrong.
    """
    enqueue_periodic()
    now = timezone.now()
    lately = now - REPUBLISH_AFTER
    published_before = (
        Q(published_at__isnull=True)
        | Q(published_at__lt=lately)
        | Q(published_at__gt=now)
        | Q(published_at__lt=F("run_after"))
        | Q(published_at__lt=F("lease_until"))
    )
    found = list(due().filter(published_before).values_list("pk", "queue")[:500])
    return sum(publish(job_id, queue) for job_id, queue in found)
