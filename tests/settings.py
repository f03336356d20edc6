"""The product's settings, with what would only slow tests down taken out.

DATABASE_URL and REDIS_URL count here too: the same suite runs in both forms of the product.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="hoc-so-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
if os.environ.get("REDIS_URL") and "PYTEST_XDIST_WORKER" in os.environ:
    # Parallel workers must not empty each other's caches; Redis numbers its databases.
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) % 16
    os.environ["REDIS_URL"] = urlunsplit(
        urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}")
    )
# Playwright keeps an event loop running in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from home.settings import *  # noqa: F403
from home.settings import CACHES, REDIS_URL, STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
if not REDIS_URL:
    CACHES = CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "default",
        }
    }
# Sessions out of the count in both forms: a page's queries are its own.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# WhiteNoise warns when it is missing.
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
