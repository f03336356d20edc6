"""A trainer's phone loses the network in the room; nothing is lost and nobody counts twice."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from courses.models import ClassGroup
from home.demo.cast import PASSWORD
from learners.choices import SeatState
from learners.models import Attendance, Participation, Person, Post, Seat

pytestmark = pytest.mark.browser


@pytest.fixture
def seated(world: None) -> ClassGroup:
    group = ClassGroup.objects.get(code="TMDT-DEMO")
    for number in ("NA900001", "NA900002"):
        Seat.objects.create(
            person=Person.objects.get(staff_number=number),
            class_group=group,
            state=SeatState.SEATED,
            queued_at=timezone.now(),
        )
    return group


@pytest.fixture
def phone(seated: ClassGroup, live_server: object, chromium: Browser) -> Iterator[Page]:
    """The trainer's, on which the list of the first session was opened once."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{live_server.url}/lop/phu-trach/")
    page.fill("#id_login", "NA900005")
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn:not(.btn-quiet)")
    page.goto(f"{live_server.url}/lop/phu-trach/{seated.pk}/")
    page.click("text=Điểm danh,")
    expect(page.locator("[data-kept]")).to_be_visible()
    yield page
    context.close()


def colleague(name: str, group: ClassGroup) -> None:
    """Of Hoa's, at the Bệnh viện Hữu nghị Đa khoa."""
    post = Post.objects.get(person__staff_number="NA900001")
    person = Person.objects.create(full_name=name)
    post.pk, post.person = None, person
    post.save()
    Seat.objects.create(
        person=person, class_group=group, state=SeatState.SEATED, queued_at=timezone.now()
    )


def test_a_name_is_found_without_marks_and_a_unit_by_its_words(
    seated: ClassGroup, phone: Page
) -> None:
    for name in ("Lê Thị Hoá", "Vi Văn Hòa", "Trần Văn Nam"):
        colleague(name, seated)
    phone.reload()
    shown = phone.locator("[data-row]:not([hidden]) strong")
    for typed, names in {
        "hoa": ["Lê Thị Hoá", "Nguyễn Thị Hoa", "Vi Văn Hòa"],
        "HÒA văn": ["Vi Văn Hòa"],
        "nam da khoa": ["Trần Văn Nam"],
        "so y te": ["Trần Văn Minh"],
        "co mat": [],
    }.items():
        phone.fill("#find", typed)
        assert sorted(shown.all_inner_texts()) == names


def test_attendance_goes_on_without_a_network(phone: Page) -> None:
    page, context = phone, phone.context
    context.set_offline(True)
    page.reload()
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(2)
    rows.first.locator("button").click()
    expect(page.locator("[data-status]")).to_contain_text("1 lượt đang giữ trên máy")
    page.reload()
    expect(rows.first.locator(".tag")).to_have_text("Đang giữ trên máy")
    rows.last.locator("button").click()
    expect(page.locator("[data-count]")).to_have_text("2")

    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-status]")).to_have_text("Đã gửi hết.")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("2")
    assert (Attendance.objects.count(), Participation.objects.count()) == (2, 2)


def test_newcomers_wait_for_the_network_too(phone: Page) -> None:
    page, context = phone, phone.context
    status = page.locator("[data-status]")

    def enter(name: str, telephone: str, group: str) -> None:
        page.locator("details").evaluate("details => { details.open = true }")
        page.fill("[name=full_name]", name)
        page.fill("[name=phone]", telephone)
        page.select_option("[name=audience]", group)
        page.select_option("[name=commune]", index=1)
        page.click("details form button")

    context.set_offline(True)
    enter("Vi Thị Mai", "0987 111 222", "household_business")
    expect(status).to_have_text("Mất mạng: đang giữ trên máy, có mạng sẽ tự gửi: Vi Thị Mai")
    page.reload()
    expect(status).to_contain_text("Vi Thị Mai")
    # Entered again by somebody who was not sure, she stays one.
    enter("Vi Thị Mai", "0987 111 222", "household_business")
    enter("Lô Văn Nam", "không nhớ", "student")
    expect(status).to_contain_text("Vi Thị Mai, Vi Thị Mai, Lô Văn Nam")

    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    # What has to be mended comes back with all that was filled in.
    expect(page.locator(".field-error").first).to_be_visible()
    assert page.input_value("[name=full_name]") == "Lô Văn Nam"
    page.fill("[name=phone]", "0987 333 444")
    page.click("details form button")
    expect(page.locator("[data-count]")).to_have_text("2")
    expect(page.locator("main")).to_contain_text("Mã phiếu nhận lượt học")
    assert (Attendance.objects.count(), Participation.objects.count()) == (2, 2)
