"""A long lesson goes on where it was left."""

import pytest
from playwright.sync_api import Browser

from courses.models import CoursePage
from home.demo.cast import PASSWORD
from learners.actions.enrolments import enrol
from learners.models import Person
from tests.journeys.conftest import COURSE

pytestmark = pytest.mark.browser


def test_lesson_is_opened_at_the_place_where_it_was_left(world, live_server, chromium: Browser):
    enrol(
        person=Person.objects.get(staff_number="NA900001"),
        course=CoursePage.objects.get(slug=COURSE.name),
    )
    lesson = f"{live_server.url}/hoc-tap/{COURSE.name}/1/"
    page = chromium.new_context(viewport={"width": 360, "height": 400}).new_page()
    page.set_default_timeout(10_000)
    page.goto(lesson)
    page.fill("#id_login", "NA900001")
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn:not(.btn-quiet)")
    page.wait_for_url(lesson)
    page.evaluate("window.scrollTo(0, 700)")
    left = page.evaluate("window.scrollY")
    page.goto(f"{live_server.url}/hoc-tap/")
    page.goto(lesson)
    assert abs(page.evaluate("window.scrollY") - left) < 50
    assert left > 300
