"""What the monitoring reads: requests by route, jobs by queue, how late they and mails are.

Requests are counted in files of METRICS_DIR, one for each process, and summed up when they are
read: any web process of a machine tells of all of them. Jobs are counted in the database.
"""

import hmac
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from certificates.actions.online_signatures import late_for_signature
from certificates.actions.withholding import withheld_now
from home.jobs.figures import job_figures
from home.logs import is_request_id, route_of, work
from home.models import Schedule
from learners.actions.reminders import REMINDED_WITHIN
from learners.choices import ReminderState
from learners.models import Reminder

logger = logging.getLogger(__name__)
access = logging.getLogger("home.requests")

_LOOPBACK = ("127.0.0.1", "::1")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = ("GET", "POST", "HEAD")


@cache
def _seconds() -> Histogram:
    """Made at the first request: its file belongs to the process that writes it."""
    return Histogram(
        "hocso_request_seconds",
        "How long requests took, by route.",
        ["method", "route", "status"],
        registry=CollectorRegistry(),
        buckets=_BUCKETS,
    )


class ObservedRequests:
    """Outermost: gives each request an id, counts it, and says one line about it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = work.set(given if is_request_id(given) else uuid.uuid4().hex)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - begun
            self._tell(request, response.status_code, seconds)
            response.headers["X-Request-ID"] = work.get()
        finally:
            work.reset(token)
        return response

    @staticmethod
    def _tell(request: HttpRequest, status: int, seconds: float) -> None:
        method = request.method if request.method in _METHODS else "other"
        route = route_of(request)
        try:
            _seconds().labels(method, route, f"{status // 100}xx").observe(seconds)
        except OSError:
            # A full disk must not cost the visitor a page that is ready.
            logger.warning("requests cannot be counted", exc_info=True)
        access.info(
            "request",
            extra={
                "method": method,
                "route": route,
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
            },
        )


class _Jobs:
    """Counted when asked for: the rows are the truth, whatever process wrote them."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("hocso_database_up", "1 while the database answers.")
        try:
            figures = job_figures()
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        jobs = GaugeMetricFamily("hocso_jobs", "Jobs by queue and state.", None, ["queue", "state"])
        for labels, count in sorted(figures.counts.items()):
            jobs.add_metric(labels, count)
        yield jobs
        late = GaugeMetricFamily("hocso_jobs_late_seconds", "Since when the oldest job is due.")
        late.add_metric([], figures.late_seconds)
        yield late
        yield from _unsent()
        withheld = GaugeMetricFamily(
            "hocso_papers_withheld", "Papers not handed out: they draw to other bytes than issued."
        )
        withheld.add_metric([], withheld_now().count())
        yield withheld
        unsigned = GaugeMetricFamily(
            "hocso_papers_unsigned", "Papers that wait for the server's signature for over an hour."
        )
        unsigned.add_metric([], late_for_signature().count())
        yield unsigned


def _unsent() -> Iterator[Metric]:
    """What was due to go out by mail and has not: silence is told as well."""
    now = timezone.localtime()
    reports = GaugeMetricFamily(
        "hocso_reports_late", "Scheduled reports of which something due has not gone out."
    )
    reports.add_metric([], len(Schedule.objects.late(now)))
    yield reports
    reminders = GaugeMetricFamily(
        "hocso_reminders_late", "Reminder mails that have waited for more than an hour."
    )
    waiting = Reminder.objects.filter(state=ReminderState.QUEUED, run__at__lt=now - REMINDED_WITHIN)
    reminders.add_metric([], waiting.count())
    yield reminders


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """In the words of Prometheus; to whoever has the token, or to this machine if none is set.

    A stranger is told that there is no such page.
    """
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    registry.register(_Jobs())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine has its address as well, but says for whom it asks.
    through_proxy = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not through_proxy
