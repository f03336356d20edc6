"""What probes are told."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.db import OperationalError
from django.utils import timezone

from home import health
from home.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers():
    """What cache and broker are said to do: nothing where there is none."""
    return True if project.REDIS_URL else None


class TestHealth:
    def test_process_answers_without_the_database(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok")

    def test_healthy_site_is_ready(self, client, answers):
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (
            200,
            {
                "ready": True,
                "database": True,
                "migrated": True,
                "jobs_late_seconds": 0,
                "jobs_dead": 0,
                "disk_free": True,
                "cache": answers,
                "broker": answers,
            },
        )

    def test_later_probes_are_cheap(self, client, django_assert_num_queries):
        client.get("/readyz")
        with django_assert_num_queries(2):
            client.get("/readyz")

    def test_late_and_dead_jobs_are_told_and_keep_the_process_in_service(self, client):
        now = timezone.now()
        Job.objects.create(task="a", run_after=now - timedelta(minutes=2))
        Job.objects.create(task="a", run_after=now + timedelta(minutes=2))
        Job.objects.create(task="a", run_after=now, state=Job.State.DEAD)
        response = client.get("/readyz")
        state = response.json()
        assert (response.status_code, state["jobs_dead"]) == (200, 1)
        assert 120 <= state["jobs_late_seconds"] < 180

    def test_unreachable_database_is_not_ready(self, client, answers, monkeypatch):
        def fail():
            raise OperationalError("host db.internal refused hoa")

        monkeypatch.setattr(health, "_migrated", fail)
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (
            503,
            {
                "ready": False,
                "database": False,
                "migrated": False,
                "disk_free": True,
                "cache": answers,
                "broker": answers,
            },
        )

    def test_missing_migration_is_not_ready(self, client, monkeypatch):
        monkeypatch.setattr(
            "home.health.MigrationExecutor.migration_plan", lambda self, targets: ["one"]
        )
        response = client.get("/readyz")
        assert (response.status_code, response.json()["migrated"]) == (503, False)

    def test_full_disk_is_not_ready(self, client, monkeypatch):
        monkeypatch.setattr(health, "_MIN_FREE_BYTES", 2**80)
        response = client.get("/readyz")
        assert (response.status_code, response.json()["disk_free"]) == (503, False)

    def test_silent_cache_and_broker_are_told_and_keep_the_process_in_service(
        self, client, settings
    ):
        settings.CACHE_URL = settings.REDIS_URL = "redis://127.0.0.1:1/0"
        response = client.get("/readyz")
        state = response.json()
        assert (response.status_code, state["cache"], state["broker"]) == (200, False, False)
