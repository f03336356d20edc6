"""Minh reminds those of his department who miss the goal, straight from the list."""

from dataclasses import dataclass

import pytest
from django.core import mail
from django.utils import timezone

from learners.actions.reminders import remind, send_mails
from learners.actions.standing import refresh_people
from learners.choices import ReminderChannel, ReminderState, Role, Status
from learners.models import Person, Reminder, ReminderRun, User
from tests.factories.claims import account_for
from tests.factories.reports import (
    World,
    give_standing,
    on_23_november,
    person,
    recount,
    viewer,
    world,
)

pytestmark = pytest.mark.django_db

REMIND = "/bao-cao/nhac/"


@dataclass
class Health:
    world: World
    hoa: Person
    """Has an account in use and an e-mail."""
    binh: Person
    """Has no account."""
    an: Person
    """Has reached the goal."""


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def health(settings):
    settings.MAIL_IS_SENT = True
    province = world()
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    account = account_for(hoa)
    account.email, account.last_login = "hoa@benhvien.example", timezone.now()
    account.save()
    binh = person("Lê Văn Bình", province.hospital, phone="+84912000111")
    an = person("Võ Thị An", province.hospital, Status.ONLINE)
    recount(province)
    return Health(province, hoa, binh, an)


@pytest.fixture
def minh(health):
    return viewer("minh", unit=health.world.health)


@pytest.fixture
def minh_client(client, minh):
    client.force_login(minh)
    return client


class TestBeforeSending:
    def test_who_is_reminded_how_is_told_first(self, health, minh_client):
        page = minh_client.get(REMIND, {"trang-thai": "missing"})
        rows = [(who.full_name, way) for who, _unit, way in page.context["rows"]]
        assert rows == [
            ("Lê Văn Bình", ReminderChannel.HAND),
            ("Nguyễn Thị Hoa", ReminderChannel.MAIL),
        ]
        assert Reminder.objects.count() == 0

    def test_an_account_that_nobody_opened_reaches_nobody(self, health, minh_client):
        User.objects.filter(person=health.hoa).update(last_login=None)
        page = minh_client.get(REMIND, {"trang-thai": "missing"})
        assert {way for _who, _unit, way in page.context["rows"]} == {ReminderChannel.HAND}

    def test_without_a_mail_server_the_own_page_is_the_way(self, health, minh_client, settings):
        settings.MAIL_IS_SENT = False
        page = minh_client.get(REMIND, {"trang-thai": "missing"})
        assert page.context["ways"] == [(ReminderChannel.SITE, 1), (ReminderChannel.HAND, 1)]

    def test_the_list_of_those_who_reached_it_cannot_be_reminded(self, health, minh_client):
        assert minh_client.get(REMIND, {"trang-thai": "reached"}).status_code == 404

    def test_a_past_year_cannot_be_reminded(self, health, minh_client):
        address = {"trang-thai": "missing", "nam": "2024"}
        assert minh_client.get(REMIND, address).status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries_do_not_grow_with_the_list(
        self, health, minh_client, rows, django_assert_max_num_queries
    ):
        for n in range(rows):
            person(f"Trần Văn {'ABC'[n]}", health.world.hospital)
        recount(health.world)
        with django_assert_max_num_queries(12):
            minh_client.get(REMIND, {"trang-thai": "missing"})


class TestSending:
    def test_mails_those_with_an_address_and_lists_the_others(self, health, minh_client):
        page = minh_client.post(
            f"{REMIND}?trang-thai=missing", {"note": "Phòng máy mở chiều thứ Năm."}, follow=True
        )
        assert [sent.to for sent in mail.outbox] == [["hoa@benhvien.example"]]
        assert "Phòng máy mở chiều thứ Năm." in mail.outbox[0].body
        assert [who.full_name for who, _unit in page.context["by_hand"]] == ["Lê Văn Bình"]
        states = set(Reminder.objects.values_list("person__full_name", "state"))
        assert states == {("Nguyễn Thị Hoa", "sent"), ("Lê Văn Bình", "sent")}

    def test_a_second_press_on_the_same_day_reminds_nobody(self, health, minh_client):
        address = f"{REMIND}?trang-thai=missing"
        minh_client.post(address)
        minh_client.post(address)
        assert (len(mail.outbox), ReminderRun.objects.count(), Reminder.objects.count()) == (
            1,
            1,
            2,
        )

    def test_another_officer_on_the_same_day_reminds_only_the_rest(self, health, minh_client):
        minh_client.post(f"{REMIND}?trang-thai=missing&q=hoa")
        leader = viewer("thinh", Role.LEADER, health.world.province)
        run = remind(
            people=[health.hoa, health.binh],
            period=health.world.period,
            unit_name="Sở Y tế",
            note="",
            by=leader,
        )
        assert [row.person for row in run.reminders.all()] == [health.binh]

    def test_whoever_reaches_the_goal_before_the_mail_goes_out_gets_none(self, health, minh):
        run = remind(
            people=[health.hoa], period=health.world.period, unit_name="x", note="", by=minh
        )
        give_standing(health.hoa, Status.CLASS)
        refresh_people([health.hoa.pk], health.world.period)
        assert send_mails(run) == 0
        assert (mail.outbox, run.reminders.get().state) == ([], ReminderState.SPARED)

    def test_sending_again_sends_nothing(self, health, minh):
        run = remind(
            people=[health.hoa], period=health.world.period, unit_name="x", note="", by=minh
        )
        assert (send_mails(run), send_mails(run), len(mail.outbox)) == (1, 0, 1)

    def test_hoa_reads_it_on_her_own_page_until_she_has_reached_the_goal(
        self, health, minh_client, client
    ):
        minh_client.post(f"{REMIND}?trang-thai=missing", {"note": "Hỏi anh Tú nhé."})
        client.force_login(health.hoa.user)
        assert "Hỏi anh Tú nhé." in client.get("/hoc-tap/").content.decode()
        give_standing(health.hoa, Status.CLASS)
        refresh_people([health.hoa.pk], health.world.period)
        assert "Hỏi anh Tú nhé." not in client.get("/hoc-tap/").content.decode()


class TestOthers:
    def test_lan_of_another_department_finds_nobody(self, health, client, minh_client):
        minh_client.post(f"{REMIND}?trang-thai=missing")
        run = ReminderRun.objects.get()
        client.force_login(viewer("lan", unit=health.world.education))
        unit = {"trang-thai": "missing", "don-vi": health.world.health.pk}
        answers = [client.get(REMIND, unit), client.get(f"{REMIND}{run.pk}/")]
        assert [answer.status_code for answer in answers] == [404, 404]

    def test_an_auditor_reminds_nobody(self, health, client):
        client.force_login(viewer("viet", Role.AUDITOR, health.world.province))
        assert client.post(f"{REMIND}?trang-thai=missing").status_code == 404
        assert (
            "/bao-cao/nhac/"
            not in client.get("/bao-cao/danh-sach/?trang-thai=missing").content.decode()
        )
        assert Reminder.objects.count() == 0
