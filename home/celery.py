"""The scaled-out form: Celery carries ids of jobs, the table of jobs carries the truth."""

import os

from celery import Celery
from kombu.entity import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "home.settings")

from django.conf import settings

QUEUES = ("interactive", "papers", "reports", "imports")

JOBS = Exchange("jobs", type="direct")

FIRST, IN_TURN = 0, 3
"""Priorities of messages. Redis looks for lower numbers first, in all queues of a worker."""

app = Celery("home", broker=settings.REDIS_URL or None, include=["home.jobs.carrier"])
app.conf.update(
    # State and progress stand in the row; a result backend would be a second truth.
    task_ignore_result=True,
    # A killed child's message comes back at once; a killed worker's after the lease, by the sweep.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # The job commits anyway and its redelivery changes nothing.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # One for each of home.Job.Queue; a worker serves all of them unless told: -Q papers. Each has
    # its own key: bound by the default one, every queue would get every message.
    task_queues=[Queue(name, JOBS, routing_key=name) for name in QUEUES],
    task_default_queue=QUEUES[0],
    task_default_exchange=JOBS.name,
    task_default_routing_key=QUEUES[0],
    # One message at a time: a long job must not hold short ones back.
    worker_prefetch_multiplier=1,
    # Drawing PDFs grows a process slowly.
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=400_000,
    worker_soft_shutdown_timeout=25,
    broker_connection_retry_on_startup=True,
    # Nothing here takes an hour: a job that hangs is killed, and tried again by the sweep.
    task_time_limit=3000,
    # kombu waits for ever by default: a frozen broker would hang the request that publishes.
    # It also tries four times to connect, which max_retries forbids; workers keep trying.
    broker_transport_options={
        "max_retries": 0,
        "visibility_timeout": 3600,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
    },
    # No times in the broker: run_after stands in the row. Two beats are harmless.
    # Sweeps go past all that waits: behind a long queue nothing forgotten would be found.
    # They do not heap up while every worker is busy; a minute forgives clocks that differ.
    beat_schedule={
        "sweep": {
            "task": "home.jobs.sweep",
            "schedule": 5.0,
            "options": {"priority": FIRST, "expires": 60},
        }
    },
    beat_schedule_filename=str(settings.DATA_DIR / "celerybeat-schedule"),
    timezone=settings.TIME_ZONE,
)
