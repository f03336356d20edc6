"""The world that is walked, and the browser that walks it."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from home.demo.cast import (
    create_cast,
    open_class_in_a_room,
    open_online_classes,
    sign_standing_decision,
)
from home.site import create_site
from learners.actions.recounting import recount_period
from learners.models import ReportingPeriod
from learners.plan import seed_plan

COURSES = Path(__file__).resolve().parents[2] / "home/demo/courses"
COURSE = COURSES / "luat-thuong-mai-dien-tu-2025"


@pytest.fixture
def world(transactional_db: None) -> None:
    """Real agencies, one real course with its online class, the cast, a standing decision."""
    create_site()
    call_command("import_agencies")
    seed_plan()
    call_command("import_course", str(COURSE))
    open_online_classes()
    open_class_in_a_room()
    sign_standing_decision()
    create_cast()
    for period in ReportingPeriod.objects.all():
        recount_period(period)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
        # While Playwright's loop runs, this thread has a database connection of its own.
        connections.close_all()
