"""The connection breaks in the middle of question 7."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from home.demo.cast import PASSWORD
from learners.actions.enrolments import enrol
from learners.models import Attempt, Person
from tests.factories.quizzes import quiz_course

pytestmark = pytest.mark.browser

TEN = [("choice", f"Câu hỏi {n}?", "* đúng\n- sai\n- không biết") for n in range(1, 11)]


@pytest.fixture
def quiz(world) -> str:
    course = quiz_course(TEN)
    enrol(person=Person.objects.get(staff_number="NA900001"), course=course)
    return f"/hoc-tap/{course.slug}/1/"


def at_question_seven(chromium: Browser, address: str, quiz: str) -> Page:
    page = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{address}{quiz}")
    page.fill("#id_login", "NA900001")
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn:not(.btn-quiet)")
    page.wait_for_url(f"**{quiz}")
    page.click("main form .btn")
    for number in range(1, 7):
        page.wait_for_url(f"**/cau/{number}/")
        page.check("label:has-text('đúng') input")
        page.click("main form .btn:not(.btn-secondary)")
    page.wait_for_url("**/cau/7/")
    return page


def kept() -> dict[str, object]:
    return Attempt.objects.get().answers


def test_answer_waits_on_the_page_and_goes_when_the_network_is_back(quiz, chromium, live_server):
    page = at_question_seven(chromium, live_server.url, quiz)
    page.context.set_offline(True)
    page.check("label:has-text('đúng') input")
    page.click("main form .btn:not(.btn-secondary)")
    said = page.locator("[data-autosave-status]")
    expect(said).to_contain_text("Chưa lưu được")
    page.click("main form .btn:not(.btn-secondary)")
    expect(said).to_contain_text("Chưa lưu được")
    assert (urlsplit(page.url).path.endswith("/cau/7/"), len(kept())) == (True, 6)
    page.context.set_offline(False)
    expect(said).to_have_text("Đã lưu")
    page.click("main form .btn:not(.btn-secondary)")
    page.wait_for_url("**/cau/8/")
    assert len(kept()) == 7


def test_phone_that_died_goes_on_where_it_was_on_another(quiz, chromium, live_server):
    at_question_seven(chromium, live_server.url, quiz).context.close()
    questions = Attempt.objects.get().questions
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{live_server.url}{quiz}")
    page.fill("#id_login", "NA900001")
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn:not(.btn-quiet)")
    page.wait_for_url(f"**{quiz}")
    page.click("main form .btn")
    page.wait_for_url("**/cau/7/")
    assert (Attempt.objects.count(), Attempt.objects.get().questions) == (1, questions)
