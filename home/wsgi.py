"""The WSGI application served by granian."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "home.settings")

application = get_wsgi_application()

if settings.REDIS_URL:
    # Slow to import: now, and not in the first request that enqueues a job.
    import home.celery  # noqa: F401

# What was loaded so far stays for good: the collector need not look through it again and again.
gc.freeze()
