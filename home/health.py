"""Is the process alive, and can it serve? Told to load balancers and to the monitoring."""

import shutil
from typing import TypeAlias

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from home.jobs.figures import job_figures

_MIN_FREE_BYTES = 200 * 2**20
_PATIENCE_SECONDS = 1

State: TypeAlias = dict[str, bool | int | None]


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve: 200, or 503 when database, migrations or disk cannot.

    A silent cache or broker, late and dead jobs are told for the monitoring; they do not take
    a web process out of service: it serves without them, and another one would see the same.
    Holds no name, address or secret.
    """
    state: State
    try:
        figures = job_figures()
        state = {
            "database": True,
            "migrated": _migrated(),
            "jobs_late_seconds": figures.late_seconds,
            "jobs_dead": figures.dead,
        }
    except DatabaseError:
        state = {"database": False, "migrated": False}
    state["disk_free"] = shutil.disk_usage(settings.DATA_DIR).free > _MIN_FREE_BYTES
    ready = bool(state["database"] and state["migrated"] and state["disk_free"])
    state["cache"] = _answers(settings.CACHE_URL)
    state["broker"] = _answers(settings.REDIS_URL)
    return JsonResponse({"ready": ready, **state}, status=200 if ready else 503)


def _migrated() -> bool:
    """Whether the tables are those of this code. Once true it stays so for the process: reading
    all migrations costs too much to do it on every probe."""
    if not caches["local"].get("migrated"):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        caches["local"].set("migrated", True, None)
    return True


def _answers(address: str) -> bool | None:
    """None where no Redis is used: the database does its work then, and was asked."""
    if not address:
        return None
    wait = {"socket_timeout": _PATIENCE_SECONDS, "socket_connect_timeout": _PATIENCE_SECONDS}
    try:
        with Redis.from_url(address, **wait) as server:
            return bool(server.ping())
    except RedisError:
        return False
