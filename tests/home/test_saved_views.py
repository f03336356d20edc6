"""Views that are kept, and reports that go out by mail when they are due, each once."""

from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home import deliveries
from home.deliveries import TAKEN_FOR, send_due, write_due
from home.models import Delivery, SavedView, Schedule
from home.report_tasks import send_scheduled_reports
from learners.choices import Role, Status
from learners.models import RoleGrant, User
from tests.factories.reports import World, on_23_november, person, recount, viewer, world

LIST = "/bao-cao/da-luu/"
MONDAY = "2026-11-23"


@pytest.fixture(autouse=True)
def fixed_day(settings) -> Iterator[None]:
    settings.MAIL_IS_SENT = True
    with on_23_november():
        yield


@pytest.fixture
def province(db: None) -> World:
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE)
    person("Vi Văn Nam", found.hospital)
    return recount(found)


def officer(name: str, unit, role: Role = Role.OFFICER) -> User:
    account = viewer(name, role, unit)
    User.objects.filter(pk=account.pk).update(email=f"{name}@nghean.gov.vn", full_name=name.title())
    account.refresh_from_db()
    return account


@pytest.fixture
def minh(province: World, client: Client) -> User:
    account = officer("minh", province.health)
    client.force_login(account)
    return account


def keep(client: Client, **fields: str) -> SavedView:
    data = {"name": "Người chưa đạt", "page": "people", "query": "trang-thai=missing"} | fields
    assert client.post(f"{LIST}moi/", data).status_code == 302
    return SavedView.objects.get(name=data["name"])


def scheduled(client: Client, *recipients: User, **fields: str) -> Schedule:
    view = keep(client, **({"name": "Đơn vị", "page": "units", "query": ""} | fields))
    data = {"every": "week", "recipients": [account.pk for account in recipients]}
    assert client.post(f"{LIST}{view.pk}/lich/", data).status_code == 302
    return Schedule.objects.get(view=view)


# ------------------------------------------------------------------ kept views


def test_kept_view_leads_to_the_report_with_its_filters(minh: User, client: Client):
    view = keep(client)

    response = client.get(f"{LIST}{view.pk}/", follow=True)

    assert response.redirect_chain == [("/bao-cao/danh-sach/?trang-thai=missing", 302)]
    assert [row.full_name for row in response.context["rows"]] == ["Vi Văn Nam"]


def test_same_name_replaces_the_view(minh: User, client: Client):
    keep(client)
    keep(client, page="units", query="")

    assert list(SavedView.objects.values_list("page", flat=True)) == ["units"]


def test_view_of_somebody_else_is_not_found(minh: User, province: World, client: Client):
    view = keep(client)
    client.force_login(officer("lan", province.education))

    for address in ("", "lich/"):
        assert client.get(f"{LIST}{view.pk}/{address}").status_code == 404
    assert client.post(f"{LIST}{view.pk}/xoa/").status_code == 404
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"page": "admin"}, 302),
        ({"name": ""}, 302),
        ({"query": "trang-thai=x"}, 404),
        ({"query": "don-vi=1"}, 404),
    ],
)
def test_what_cannot_be_kept_is_not(minh: User, client: Client, fields: dict, status: int):
    data = {"name": "A", "page": "people", "query": ""} | fields

    assert client.post(f"{LIST}moi/", data).status_code == status
    assert SavedView.objects.count() == 0


def test_learner_keeps_nothing(province: World, client: Client):
    client.force_login(viewer("hoa"))

    assert client.get(LIST).status_code == 404
    data = {"name": "A", "page": "units", "query": ""}
    assert client.post(f"{LIST}moi/", data).status_code == 404


# ------------------------------------------------------------------ who may be sent what


def test_only_those_with_a_right_in_scope_can_be_chosen(minh, province: World, client: Client):
    officer("chi", province.hospital)
    officer("lan", province.education)
    officer("thinh", province.province, Role.LEADER)
    viewer("hoa")
    view = keep(client, page="units", query="")

    field = client.get(f"{LIST}{view.pk}/lich/").context["form"].fields["recipients"]

    assert [account.username for account in field.queryset] == ["chi", "minh"]


def test_where_nobody_has_an_address_the_page_says_so_and_offers_no_button(
    minh: User, province: World, client: Client
):
    User.objects.update(email="")
    view = keep(client, page="units", query="")
    page = client.get(f"{LIST}{view.pk}/lich/").content.decode()
    assert "Chưa gửi được cho ai" in page
    assert "Gửi định kỳ</button>" not in page


def test_recipient_who_may_not_see_the_unit_is_refused(minh, province: World, client: Client):
    chi = officer("chi", province.hospital)
    view = keep(client, page="units", query=f"don-vi={province.health.pk}")

    response = client.post(
        f"{LIST}{view.pk}/lich/", {"every": "week", "recipients": [chi.pk, minh.pk]}
    )

    assert response.status_code == 422
    assert "Chi" in response.content.decode()
    assert Schedule.objects.count() == 0


def test_each_is_sent_what_the_own_right_shows(minh: User, province: World, client: Client):
    chi = officer("chi", province.hospital)
    scheduled(client, minh, chi)

    send_scheduled_reports.call()

    assert sorted(message.to[0] for message in mail.outbox) == [chi.email, minh.email]
    assert [len(message.attachments) for message in mail.outbox] == [1, 1]


def test_list_of_people_is_never_attached(minh: User, client: Client):
    scheduled(client, minh, page="people", query="trang-thai=missing")

    send_scheduled_reports.call()

    [message] = mail.outbox
    assert message.attachments == []
    assert "/bao-cao/danh-sach/?trang-thai=missing" in message.body
    assert "Vi Văn Nam" not in message.body


def test_overview_goes_out_as_one_sheet(minh: User, client: Client):
    scheduled(client, minh, page="overview")

    send_scheduled_reports.call()

    [attachment] = mail.outbox[0].attachments
    assert attachment[0] == "tong-quan-2026.pdf"
    assert attachment[1].startswith(b"%PDF")


def test_right_that_ended_sends_nothing(minh: User, client: Client):
    plan = scheduled(client, minh)
    RoleGrant.objects.all().delete()

    send_scheduled_reports.call()

    assert mail.outbox == []
    assert plan.deliveries.get().state == Delivery.State.FAILED


# ------------------------------------------------------------------ when, and once


@pytest.mark.parametrize(
    ("every", "day", "due"),
    [
        ("week", "2026-11-23", "2026-11-23"),
        ("week", "2026-11-29", "2026-11-23"),
        ("week", "2026-11-30", "2026-11-30"),
        ("week", "2026-11-22", None),
        ("month", "2026-11-30", None),
        ("month", "2026-12-01", "2026-12-01"),
        ("month", "2027-01-31", "2027-01-01"),
    ],
)
def test_day_on_which_a_report_is_due(every: str, day: str, due: str | None):
    plan = Schedule(every=every, since=timezone.datetime.fromisoformat(MONDAY).date())

    found = plan.due_on(timezone.datetime.fromisoformat(day).date())

    assert found == (due and timezone.datetime.fromisoformat(due).date())


def test_two_beats_send_each_mail_once(minh: User, client: Client):
    scheduled(client, minh)

    send_scheduled_reports.call()
    send_scheduled_reports.call()
    with time_machine.travel("2026-11-25T09:00:00+07:00", tick=False):
        send_scheduled_reports.call()

    assert len(mail.outbox) == Delivery.objects.count() == 1


def test_second_sender_in_the_middle_of_the_first_sends_nothing(
    minh: User, client: Client, monkeypatch
):
    scheduled(client, minh)
    write_due()
    first = deliveries.mail_of

    def and_meanwhile(delivery: Delivery) -> EmailMessage:
        write_due()
        assert send_due() == 0
        return first(delivery)

    monkeypatch.setattr(deliveries, "mail_of", and_meanwhile)

    assert send_due() == 1
    assert len(mail.outbox) == 1


def test_line_that_another_has_taken_is_left_alone(minh: User, client: Client):
    scheduled(client, minh)
    write_due()
    seen_by_both = Delivery.objects.select_related("schedule__view", "recipient").get()

    assert deliveries._take(seen_by_both) is True
    assert deliveries._take(seen_by_both) is False


def test_mail_of_a_dead_sender_is_taken_over_under_the_same_id(minh: User, client: Client):
    scheduled(client, minh)
    write_due()
    Delivery.objects.update(state=Delivery.State.SENDING, taken_at=timezone.now())
    assert send_due() == 0

    Delivery.objects.update(taken_at=timezone.now() - TAKEN_FOR * 2)

    assert send_due() == 1
    line = Delivery.objects.get()
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<report-{line.pk}@")
    assert (line.state, line.sent_at) == (Delivery.State.SENT, timezone.now())


def test_next_week_is_due_again(minh: User, client: Client):
    scheduled(client, minh)
    send_scheduled_reports.call()

    with time_machine.travel("2026-11-30T09:00:00+07:00", tick=False):
        send_scheduled_reports.call()

    assert len(mail.outbox) == 2


def test_stopped_report_is_not_sent(minh: User, client: Client):
    plan = scheduled(client, minh)
    client.post(f"{LIST}{plan.view_id}/lich/dung/")

    send_scheduled_reports.call()

    assert mail.outbox == []


# ------------------------------------------------------------------ when it does not go out


def alarms(client: Client, page: str = "/bao-cao/") -> list[str]:
    return [schedule.view.name for schedule in client.get(page).context["late_reports"]]


def failing(error: Exception):
    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        raise error

    return send


def test_server_that_is_away_leaves_the_mail_due(minh: User, client: Client, monkeypatch):
    scheduled(client, minh)
    monkeypatch.setattr(EmailMessage, "send", failing(ConnectionRefusedError()))

    with pytest.raises(ConnectionRefusedError):
        send_scheduled_reports.call()

    assert Delivery.objects.get().state == Delivery.State.DUE
    monkeypatch.undo()
    send_scheduled_reports.call()
    assert Delivery.objects.get().state == Delivery.State.SENT


def test_refused_recipient_raises_the_alarm_until_it_is_settled(
    minh: User, client: Client, monkeypatch
):
    plan = scheduled(client, minh)
    refusal = SMTPRecipientsRefused({minh.email: (550, b"no such box")})
    monkeypatch.setattr(EmailMessage, "send", failing(refusal))
    send_scheduled_reports.call()

    assert Delivery.objects.get().error == "550 no such box"
    assert alarms(client) == alarms(client, "/bao-cao/tong-quan/") == ["Đơn vị"]

    client.post(f"{LIST}{plan.view_id}/lich/xu-ly/", {"drop": ""})
    assert alarms(client) == []


def test_administrator_hears_of_reports_whose_owner_is_away(minh: User, client: Client, settings):
    settings.MAIL_IS_SENT = False
    scheduled(client, minh)
    send_scheduled_reports.call()
    other = Client()
    other.force_login(User.objects.create_superuser("quantri", password="hoc-so-nghe-an"))

    assert alarms(other) == ["Đơn vị"]
    assert f"({minh.get_full_name()})" in other.get("/bao-cao/").content.decode()
    assert "hocso_reports_late 1.0" in other.get("/metrics").content.decode().splitlines()


def test_what_failed_is_tried_again_on_demand(minh: User, client: Client, settings):
    settings.MAIL_IS_SENT = False
    plan = scheduled(client, minh)
    send_scheduled_reports.call()
    assert (mail.outbox, alarms(client)) == ([], ["Đơn vị"])

    settings.MAIL_IS_SENT = True
    client.post(f"{LIST}{plan.view_id}/lich/xu-ly/", {"again": ""})
    send_scheduled_reports.call()

    assert (len(mail.outbox), alarms(client)) == (1, [])


def test_alarm_is_raised_where_no_beat_ran_at_all(minh: User, client: Client):
    scheduled(client, minh)
    assert alarms(client) == []

    with time_machine.travel("2026-11-24T08:00:00+07:00", tick=False):
        client.force_login(minh)
        assert alarms(client) == ["Đơn vị"]
        send_scheduled_reports.call()
        assert alarms(client) == []


def test_alarm_is_the_owners_alone(minh: User, province: World, client: Client, settings):
    settings.MAIL_IS_SENT = False
    scheduled(client, minh)
    send_scheduled_reports.call()
    client.force_login(officer("lan", province.education))

    assert alarms(client) == []


def test_view_that_was_sent_keeps_its_ledger(minh: User, client: Client):
    plan = scheduled(client, minh)
    send_scheduled_reports.call()

    client.post(f"{LIST}{plan.view_id}/xoa/")
    client.post(f"{LIST}moi/", {"name": "Đơn vị", "page": "people", "query": ""})

    assert SavedView.objects.get().page == "units"
    assert Delivery.objects.count() == 1


def test_pages_cost_the_same_with_one_view_and_with_three(minh: User, client: Client):
    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        return len(captured)

    scheduled(client, minh)
    pages = [LIST, "/bao-cao/", "/bao-cao/tong-quan/"]
    before = [queries(page) for page in pages] and [queries(page) for page in pages]
    for number in range(2):
        scheduled(client, minh, name=f"Đơn vị {number}")
    assert [queries(page) for page in pages] == before
    assert max(before) <= 12
