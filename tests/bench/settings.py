"""The product's settings; only static files are not collected for a measurement."""

from home.settings import *  # noqa: F403
from home.settings import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": []}}
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "tests.bench.urls"
