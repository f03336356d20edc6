"""Operators see jobs and steer them; nobody else learns that there are any."""

from importlib import import_module

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from home.jobs.titles import TITLES
from home.models import Job
from learners.models import User

pytestmark = pytest.mark.django_db


def account(*codenames):
    user = User.objects.create_user(username="van-hanh", password="x", full_name="Vận Hành")
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return user


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.fixture
def operator(client):
    client.force_login(account("access_admin", "operate_job"))
    return client


@pytest.fixture
def dead():
    return Job.objects.create(
        task="learners.tasks.recount_today", state=Job.State.DEAD, attempts=5,
        run_after=timezone.now(), error="Traceback: the printer is on fire",
    )  # fmt: skip


def test_jobs_are_listed_with_as_many_queries_for_three(operator, dead):
    address = reverse("jobs:index")
    one = queries(operator, address)
    Job.objects.create(task="a", queue="papers", run_after=timezone.now())
    Job.objects.create(task="b", run_after=timezone.now())
    assert queries(operator, address) == one
    assert "Tính lại các mục tiêu" in operator.get(address).content.decode()


def test_jobs_given_up_can_be_singled_out(operator, dead):
    other = Job.objects.create(task="b", run_after=timezone.now())
    shown = operator.get(reverse("jobs:index"), {"state": "dead"}).content.decode()
    assert reverse("jobs:inspect", args=[dead.pk]) in shown
    assert reverse("jobs:inspect", args=[other.pk]) not in shown


def test_a_job_given_up_says_why_and_is_run_again(operator, dead):
    page = operator.get(reverse("jobs:inspect", args=[dead.pk])).content.decode()
    assert "the printer is on fire" in page
    operator.post(reverse("jobs:run_again", args=[dead.pk]))
    dead.refresh_from_db()
    assert (dead.state, dead.max_attempts) == (Job.State.WAITING, 10)


def test_a_waiting_job_is_cancelled(operator):
    job = Job.objects.create(task="b", run_after=timezone.now())
    operator.post(reverse("jobs:cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_steering_needs_a_post(operator, dead):
    assert operator.get(reverse("jobs:run_again", args=[dead.pk])).status_code == 405


@pytest.mark.parametrize("page", ["index", "inspect", "cancel", "run_again"])
def test_others_of_the_administration_are_kept_out(client, dead, page):
    client.force_login(account("access_admin"))
    address = reverse(f"jobs:{page}", args=[] if page == "index" else [dead.pk])
    visit = client.post if page in ("cancel", "run_again") else client.get
    assert visit(address).status_code == 302
    dead.refresh_from_db()
    assert dead.state == Job.State.DEAD


def test_every_task_is_called_something_in_vietnamese():
    """Whoever runs the site reads titles, not names of functions."""
    modules = ("home.jobs", "home.feeds", "home.report_tasks", "learners", "certificates")
    names = [name if name.endswith("tasks") else f"{name}.tasks" for name in modules]
    found = {
        thing.module_path
        for name in names
        for thing in vars(import_module(name)).values()
        if getattr(thing, "module_path", "").startswith(name)
    }
    assert (len(found) > 20, found - TITLES.keys()) == (True, set())
