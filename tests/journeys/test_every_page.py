"""What every page owes everybody: no barrier, no sideways scrolling, no other host."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from courses.models import CoursePage
from home.demo.cast import PASSWORD
from learners.actions.enrolments import enrol
from learners.models import Person
from tests.journeys.conftest import COURSE

pytestmark = pytest.mark.browser

LESSON = f"/hoc-tap/{COURSE.name}/1/"
QUIZ = f"/hoc-tap/{COURSE.name}/{len(list(COURSE.glob('[0-9]*.md')))}/"
PAGES = {
    None: (
        "/", "/khoa-hoc/", f"/khoa-hoc/{COURSE.name}/", "/tra-cuu/", "/x/KHONGCO", "/dang-nhap/",
        "/dang-ky/", "/lop/",
        "/tro-giup/", "/tro-giup/du-lieu-ca-nhan/", "/tro-giup/kha-nang-tiep-can/", "/khong-co/",
    ),
    "NA900001": ("/hoc-tap/", f"/hoc-tap/{COURSE.name}/", LESSON, QUIZ, "/tai-khoan/",
                  "/tai-khoan/mat-khau/",
        "/hoc-tap/ma-diem-danh/", "/tai-khoan/hai-lop/",
        "/hoc-tap/tu-boi-duong/", "/hoc-tap/tu-boi-duong/khai-bao/"),
    "NA900002": ("/bao-cao/tai-khoan/", "/bao-cao/duyet/", "/bao-cao/nguoi/{hoa}/",
        "/bao-cao/nguoi/{hoa}/lop/", "/bao-cao/nguoi/{hoa}/tai-khoan-va-du-lieu/",
        "/bao-cao/nguoi/{hoa}/thay-doi/"),
    "NA900005": ("/lop/phu-trach/",),
    "NA900004": (
        "/bao-cao/", "/bao-cao/don-vi/", "/bao-cao/danh-sach/?trang-thai=missing",
    ),
}  # fmt: skip
"""Addresses by who opens them; None is a stranger. {hoa} is the key of her record."""

MISSING = ("/x/KHONGCO", "/khong-co/")
WIDTHS = (320, 360, 768, 1280)
FIRST_VISIT_KB = 50
REQUESTS = 8


@pytest.fixture
def enrolled(world: None) -> int:
    """The key of Hoa's record."""
    hoa = Person.objects.get(staff_number="NA900001")
    enrol(person=hoa, course=CoursePage.objects.get(slug=COURSE.name))
    return hoa.pk


def viewer(chromium: Browser, address: str, name: str | None, scheme: str) -> BrowserContext:
    context = chromium.new_context(color_scheme=scheme)
    context.set_default_timeout(10_000)
    if name:
        page = context.new_page()
        page.goto(f"{address}/hoc-tap/")
        page.fill("#id_login", name)
        page.fill("#id_password", PASSWORD)
        page.click("main form .btn:not(.btn-quiet)")
        page.wait_for_url("**/hoc-tap/")
        page.close()
    return context


def wider_than(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 740})
    return page.evaluate("document.documentElement.scrollWidth") > width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barriers_and_fit_every_screen(enrolled, chromium, live_server, scheme):
    faults = []
    for name, addresses in PAGES.items():
        context = viewer(chromium, live_server.url, name, scheme)
        page = context.new_page()
        for address in (one.replace("{hoa}", str(enrolled)) for one in addresses):
            answer = page.goto(live_server.url + address)
            assert (address, answer.status) == (address, 404 if address in MISSING else 200)
            faults += [f"{address} scrolls sideways at {w}" for w in WIDTHS if wider_than(page, w)]
            page.set_viewport_size({"width": 360, "height": 740})
            result = Axe().run(page)
            faults += [
                f"{address}: {fault['id']}: {node['html']}"
                for fault in result.response["violations"]
                for node in fault["nodes"]
            ]
    assert faults == []


def test_nothing_is_asked_of_another_host(enrolled, chromium, live_server):
    asked = []
    for name, addresses in PAGES.items():
        context = viewer(chromium, live_server.url, name, "light")
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        for address in (one.replace("{hoa}", str(enrolled)) for one in addresses):
            page.goto(live_server.url + address, wait_until="networkidle")
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_first_lesson_is_light(enrolled, chromium, live_server):
    """Without its pictures, and uncompressed: style sheets travel in a quarter of it."""
    page = viewer(chromium, live_server.url, "NA900001", "light").new_page()
    bodies = []
    page.on("response", lambda response: bodies.append(len(response.body())))
    page.goto(live_server.url + LESSON, wait_until="networkidle")
    assert sum(bodies) <= FIRST_VISIT_KB * 1024
    assert len(bodies) <= REQUESTS
