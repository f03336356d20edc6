"""A real browser drives packages to completion, at an address apart from every session."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from courses.editions import publish_edition
from courses.imports.library import store_package
from courses.models import CoursePage, LessonPage, Package
from home.demo.cast import PASSWORD
from learners.actions.enrolments import enrol
from learners.models import Person
from tests.factories.packages import h5p, scorm, scorm2004
from tests.journeys.conftest import COURSE

pytestmark = pytest.mark.browser


SPY = """<!doctype html><p id="said"></p><script>
const said = [];
const tell = () => document.getElementById("said").textContent = said.join(" ");
try { said.push("page:" + window.top.document.title); } catch { said.push("page:no"); }
said.push("cookie:" + (document.cookie || "no"));
fetch("ADDRESS/hoc-tap/", { credentials: "include" })
  .then(() => said.push("fetch:yes"), () => said.push("fetch:no"))
  .then(tell);
</script>"""
LOADED = """() => document.readyState === "complete"
  || new Promise((done) => window.addEventListener("load", done))"""


@pytest.fixture
def address(live_server, settings) -> str:
    port = urlsplit(live_server.url).port
    settings.PUBLIC_URL = f"http://127.0.0.1:{port}"
    settings.PACKAGES_URL = f"http://localhost:{port}"
    settings.ALLOWED_HOSTS = ["*"]
    return settings.PUBLIC_URL


def lesson_of(package: Package, **fields: object) -> str:
    """The address of the package's lesson, at the end of the demo course; Hoa is enrolled."""
    course = CoursePage.objects.get(slug=COURSE.name)
    module = course.get_children().last()
    module.add_child(instance=LessonPage(title="Gói học liệu", package=package, **fields))
    edition = publish_edition(course)
    enrol(person=Person.objects.get(staff_number="NA900001"), course=course)
    return f"/hoc-tap/{COURSE.name}/{edition.items.get(package=package).position}/"


def signed_in(chromium: Browser, address: str) -> Page:
    page = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{address}/dang-nhap/")
    page.fill("#id_login", "NA900001")
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn:not(.btn-quiet)")
    page.wait_for_url("**/hoc-tap/")
    return page


@pytest.mark.parametrize("packed", [scorm, scorm2004], ids=["SCORM 1.2", "SCORM 2004"])
def test_package_is_left_resumed_and_finished(world, address, chromium: Browser, packed):
    lesson = lesson_of(store_package(packed())[0])
    page = signed_in(chromium, address)
    page.goto(address + lesson)
    inside = page.frame_locator("iframe.package").frame_locator("iframe").first
    expect(inside.locator("#where")).to_have_text("ab-initio|")
    inside.locator("text=Sang trang 3").click()
    expect(page.locator("[data-package-status]")).to_have_text("Đã lưu.")

    page.click("[data-leave]")
    page.wait_for_url("**phan=thoat")
    page.click("main ul.list a")
    expect(inside.locator("#where")).to_have_text("resume|p3")
    inside.locator("text=Xong").click()
    expect(page.locator("[data-package-status]")).to_contain_text("Đã hoàn thành.")
    page.reload()
    expect(page.locator("main")).to_contain_text("Bạn đã học xong bài này.")


def test_package_cannot_reach_the_session(world, address, chromium: Browser):
    spy = SPY.replace("ADDRESS", address)
    lesson = lesson_of(store_package(scorm(**{"part1.html": spy}))[0])
    page = signed_in(chromium, address)
    page.goto(address + lesson)
    inside = page.frame_locator("iframe.package").frame_locator("iframe").first
    expect(inside.locator("#said")).to_have_text("page:no cookie:no fetch:no")


def test_package_of_others_is_completed_part_by_part(
    world, address, chromium: Browser, shared_inputs
):
    file = shared_inputs / "packages/scorm/moodle_RuntimeMinimumCalls_SCORM12-mini.zip"
    lesson = lesson_of(store_package(file.read_bytes())[0])
    page = signed_in(chromium, address)
    for part in range(9):
        page.goto(f"{address}{lesson}?phan={part}")
        inside = page.frame_locator("iframe.package").frame_locator("iframe").first
        # Its first call to the run-time stands in the page's "onload".
        inside.locator("html").evaluate(LOADED)
        page.click("[data-leave]")
        page.wait_for_url("**phan=thoat")
    expect(page.locator("main .tag-ok")).to_have_count(9)
    expect(page.locator("main")).to_contain_text("Bạn đã học xong bài này.")


def test_h5p_is_left_resumed_and_finished(world, address, chromium: Browser):
    lesson = lesson_of(store_package(h5p())[0], package_rule="score", package_score=100)
    page = signed_in(chromium, address)
    page.goto(address + lesson)
    inside = page.frame_locator("iframe.package")
    inside.locator("text=Sai").click()
    expect(page.locator("[data-package-status]")).to_have_text("Đã lưu.")
    page.click("[data-leave]")
    page.wait_for_url("**phan=thoat")
    page.click("main ul.list a")
    expect(inside.locator("#where")).to_have_text("Sai")
    inside.locator("text=Đúng").click()
    expect(page.locator("[data-package-status]")).to_contain_text("Đã hoàn thành.")
    page.reload()
    expect(page.locator("main")).to_contain_text("Bạn đã học xong bài này.")


def test_h5p_of_others_is_answered(world, address, chromium: Browser, shared_inputs):
    file = shared_inputs / "packages/h5p/multiple-choice-2-6.h5p"
    lesson = lesson_of(store_package(file.read_bytes())[0], package_rule="passed")
    page = signed_in(chromium, address)
    page.goto(address + lesson)
    inside = page.frame_locator("iframe.package")
    inside.locator("text=Correct one").click()
    inside.locator(".h5p-question-check-answer").click()
    expect(page.locator("[data-package-status]")).to_contain_text("Đã hoàn thành.")


def test_h5p_blanks_of_others_are_filled(world, address, chromium: Browser, shared_inputs):
    file = shared_inputs / "packages/h5p/filltheblanks.h5p"
    lesson = lesson_of(store_package(file.read_bytes())[0], package_rule="score", package_score=75)
    page = signed_in(chromium, address)
    page.goto(address + lesson)
    inside = page.frame_locator("iframe.package")
    blanks = inside.locator("input.h5p-text-input")
    expect(blanks).to_have_count(4)
    for place, word in enumerate(["Brasilia", "Washington", "Berlin", "Canberra"]):
        blanks.nth(place).fill(word)
    inside.locator(".h5p-question-check-answer").click()
    expect(page.locator("[data-package-status]")).to_contain_text("Đã hoàn thành.")


def test_content_that_says_nothing_is_finished_by_its_reader(
    world, address, chromium: Browser, shared_inputs
):
    file = shared_inputs / "packages/h5p/greeting-card.h5p"
    lesson = lesson_of(store_package(file.read_bytes())[0], package_rule="reader")
    page = signed_in(chromium, address)
    page.goto(address + lesson)
    page.frame_locator("iframe.package").locator(".h5p-greetingcard").wait_for()
    page.press("main form[action] .btn", "Enter")
    page.wait_for_url(f"**/hoc-tap/{COURSE.name}/")
    page.goto(address + lesson)
    expect(page.locator("main")).to_contain_text("Bạn đã học xong bài này.")
