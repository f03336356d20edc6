"""What pages cost in one world of the two: CPU of the web process, and of the database's.

Printed as JSON, one row each: CPU ms in Python, CPU ms in PostgreSQL, queries. The server has to
run on this machine: its CPU is read from /proc.
"""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

RUNS = 20
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    from tests.bench.world import signed_in

    with connection.cursor() as cursor:
        # No helpers, whose CPU would be missed.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    rows = {name: measured(visit) for name, visit in visits(signed_in("NA900004")).items()}
    rows |= {name: measured(work, runs=1, warm=False) for name, work in jobs().items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"rows": rows, "peak_mb": round(peak)}))


def visits(leader: "Client") -> dict[str, Callable[[], object]]:
    from courses.models import LessonPage
    from learners.choices import Status
    from learners.models import Standing
    from learners.reports.completion import counts_by_unit
    from tests.bench.world import COURSE, seen, signed_in
    from tests.factories.learning import this_period

    learner = signed_in("NA900001")
    lesson = LessonPage.objects.filter(url_path__contains=f"/{COURSE}/").order_by("path")[0]
    by_unit = counts_by_unit(this_period(), None)
    largest = max(by_unit, key=lambda unit: by_unit[unit].total())
    person = Standing.objects.filter(period=this_period(), organisation=largest).order_by("pk")[0]
    nothing = Standing.objects.filter(period=this_period(), status=Status.NOTHING)
    middle = nothing.filter(name_key__gte="l").order_by("name_key", "pk").first()
    list_of = "/bao-cao/danh-sach/?trang-thai=missing"
    return {
        "bare Wagtail page": lambda: seen(
            learner, f"/bare/{lesson.url_path.removeprefix('/trang-chu/')}"
        ),
        "both goals, province": lambda: seen(leader, "/bao-cao/"),
        "both goals, one unit": lambda: seen(leader, f"/bao-cao/?don-vi={largest}"),
        "leader's screen": lambda: seen(leader, "/bao-cao/tong-quan/"),
        "drill-down to units": lambda: seen(leader, "/bao-cao/don-vi/"),
        "missing people, province": lambda: seen(leader, list_of),
        "missing people, province, from the middle": lambda: seen(
            leader, f"{list_of}&sau={middle.pk}"
        ),
        "missing people, one unit": lambda: seen(leader, f"{list_of}&don-vi={largest}"),
        "person page": lambda: seen(leader, f"/bao-cao/nguoi/{person.person_id}/"),
    }


def jobs() -> dict[str, Callable[[], object]]:
    from learners.actions.recounting import differences, recount_period
    from tests.factories.learning import this_period

    return {
        "recount from the facts": lambda: recount_period(this_period()),
        "check against the facts": lambda: differences(this_period()),
    }


def measured(visit: Callable[[], object], runs: int = RUNS, *, warm: bool = True) -> list[float]:
    queries = len(captured(visit)) if warm else 0
    own = []
    database = database_cpu()
    for _run in range(runs):
        begun = time.process_time()
        visit()
        own.append(time.process_time() - begun)
    # Its clock ticks a hundred times a second: only the sum of many runs tells.
    theirs = (database_cpu() - database) / runs
    return [round(statistics.median(own) * 1000, 2), round(theirs * 1000, 2), queries]


def captured(visit: Callable[[], object]) -> list[dict]:
    """The queries of a second visit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visit()
    with CaptureQueriesContext(connection) as found:
        visit()
    return list(found.captured_queries)


def database_cpu() -> float:
    """CPU seconds of the server process that serves us; it does all the work itself, see `main`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    main()
