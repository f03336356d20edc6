"""How the queues stand: for the probes, the metrics and the operator."""

from dataclasses import dataclass

from django.db.models import Count, Min
from django.utils import timezone

from home.models import Job


@dataclass(frozen=True)
class JobFigures:
    """Jobs by queue and state, and how long the one that waits longest has been due."""

    counts: dict[tuple[str, str], int]
    late_seconds: int

    @property
    def dead(self) -> int:
        return sum(n for (_queue, state), n in self.counts.items() if state == Job.State.DEAD)


def job_figures() -> JobFigures:
    """Two queries, whatever the number of jobs."""
    now = timezone.now()
    rows = Job.objects.order_by().values_list("queue", "state").annotate(Count("pk"))
    due = Job.objects.filter(state=Job.State.WAITING, run_after__lte=now)
    oldest = due.aggregate(oldest=Min("run_after"))["oldest"] or now
    return JobFigures(
        counts={(queue, state): count for queue, state, count in rows},
        late_seconds=int((now - oldest).total_seconds()),
    )
