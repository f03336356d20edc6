"""The product's settings as they are: only static files are not collected for a measurement."""

from home.settings import *  # noqa: F403
from home.settings import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
