"""The product's settings, with short leases; FAULTS_* bends a process out of shape."""

import os
import time
from typing import Any

from django.db.backends.signals import connection_created

from home.settings import *  # noqa: F403
from home.settings import STORAGES

JOB_LEASE_SECONDS = 3
"""Too short for a product, as its check says, and long enough here."""

SILENCED_SYSTEM_CHECKS = ["home.E007"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

if pause := float(os.environ.get("FAULTS_PAUSE_AT_QUERY", "0")):
    # A job of a few milliseconds is hardly ever hit; one that stops at each query is.
    def _slowly(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        time.sleep(pause)
        return execute(sql, params, many, context)

    def _slow_down(connection: Any, **kwargs: Any) -> None:
        # Once, however often it is opened anew: Celery closes it after each task.
        if _slowly not in connection.execute_wrappers:
            connection.execute_wrappers.append(_slowly)

    connection_created.connect(_slow_down, weak=False)

if shift := float(os.environ.get("FAULTS_CLOCK_SHIFT", "0")):
    import datetime as dt

    from django.utils import timezone

    _true_now = timezone.now
    timezone.now = lambda: _true_now() + dt.timedelta(seconds=shift)
