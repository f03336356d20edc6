"""Trainer and officer see whom to tell; Hoa reads it on her own page; others see nothing."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from courses.models import ClassGroup
from learners.actions.class_notices import cancel_class
from learners.actions.seats import give_seat_back, take_seat
from learners.choices import Role
from learners.models import ClassCancellation, ClassKeeper, ClassTold
from learners.tasks import tell_classes
from tests.factories.claims import account_for
from tests.factories.classes import class_of
from tests.factories.reports import on_23_november, person, viewer, world

pytestmark = pytest.mark.django_db
AHEAD = "/bao-cao/lop-sap-toi/"


@pytest.fixture(autouse=True)
def _day(settings):
    settings.MAIL_IS_SENT = True
    with on_23_november():
        yield


@pytest.fixture
def place():
    found = world()
    found.group = class_of(starts_on=date(2026, 11, 24), capacity=2)
    found.hoa = person("Nguyễn Thị Hoa", found.hospital)
    account = account_for(found.hoa)
    account.email, account.last_login = "hoa@benhvien.example", timezone.now()
    account.save()
    found.binh = person("Lê Văn Bình", found.school, phone="+84912000111")
    found.an = person("Võ Thị An", found.hospital, phone="+84912000222")
    for one in (found.hoa, found.binh, found.an):
        take_seat(person=one, class_group=found.group, by=None)
    return found


@pytest.fixture
def trainer(place, client):
    account = viewer("giangvien")
    ClassKeeper.objects.create(class_group=place.group, account=account)
    client.force_login(account)
    return client


@pytest.fixture
def planner(place, client):
    account = viewer("lapkehoach")
    account.user_permissions.add(Permission.objects.get(codename="change_classgroup"))
    client.force_login(account)
    return client


def page_of(group: ClassGroup, name: str = "class_told") -> str:
    return reverse(f"learners:{name}", args=[group.pk])


class TestTrainer:
    def test_sees_the_text_and_whom_to_tell_before_anything_went_out(self, place, trainer):
        page = trainer.get(page_of(place.group))
        assert page.context["text"].splitlines()[0].endswith("08:00–12:00, thứ 3, 24/11/2026")
        assert [one.person.full_name for one in page.context["by_hand"]] == ["Lê Văn Bình"]
        assert "+84912000111" in page.content.decode()
        assert ClassTold.objects.count() == 0

    def test_sees_what_became_of_it(self, place, trainer):
        tell_classes.call()
        [told] = trainer.get(page_of(place.group)).context["figures"]
        assert [(str(way), n) for way, n in told.ways] == [("mail", 1), ("hand", 1)]
        assert (told.waiting, told.spared, told.failed) == (0, 0, [])
        ClassTold.objects.filter(channel="mail").update(state="failed", error="550 No such user")
        page = trainer.get(page_of(place.group)).content.decode()
        assert "Nguyễn Thị Hoa: 550 No such user" in page

    def test_sees_the_change_as_long_as_it_is_news(self, place, trainer):
        session = place.group.sessions.get()
        session.starts_at += timedelta(days=3)
        session.ends_at += timedelta(days=3)
        session.save()
        tell_classes.call()
        page = trainer.get(page_of(place.group))
        assert page.context["text"].startswith("Đổi giờ hoặc địa điểm")
        assert {one.person.given_name for one in page.context["by_hand"]} == {"Bình", "An"}

    def test_class_without_a_session_ahead_has_nothing_to_remind_of(self, place, trainer):
        place.group.sessions.all().delete()
        assert trainer.get(page_of(place.group)).context["text"] == ""

    def test_does_not_cancel(self, place, trainer):
        assert trainer.get(page_of(place.group, "cancel_class")).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    def test_page_costs_the_same_for_one_and_three(
        self, place, trainer, number, django_assert_max_num_queries
    ):
        ClassGroup.objects.update(capacity=None)
        for n in range(number):
            take_seat(
                person=person(f"Trần Văn {n}", place.hospital), class_group=place.group, by=None
            )
        trainer.get(page_of(place.group))
        with django_assert_max_num_queries(15):
            trainer.get(page_of(place.group))


class TestPlanner:
    def test_cancels_after_seeing_whom_it_is_told_to(self, place, planner):
        address = page_of(place.group, "cancel_class")
        page = planner.get(address)
        assert (page.context["count"], page.context["by_hand"]) == (3, 2)
        assert planner.post(address, {"reason": " "}).status_code == 422
        assert ClassCancellation.objects.count() == 0
        page = planner.post(address, {"reason": "Giảng viên ốm"}, follow=True)
        assert [sent.subject[:7] for sent in mail.outbox] == ["Hủy lớp"]
        assert {one.person.given_name for one in page.context["by_hand"]} == {"Bình", "An"}

    def test_a_second_press_says_so_and_tells_nobody_again(self, place, planner):
        address = page_of(place.group, "cancel_class")
        for _press in range(2):
            page = planner.post(address, {"reason": "Giảng viên ốm"}, follow=True)
        assert "Không hủy được lớp này" in page.content.decode()
        assert len(mail.outbox) == 1

    def test_kept_class_says_that_it_was_cancelled_and_offers_it_no_more(self, place, planner):
        kept = page_of(place.group, "kept_class")
        assert page_of(place.group, "cancel_class") in planner.get(kept).content.decode()
        cancel_class(place.group, reason="Giảng viên ốm", by=viewer("khac"))
        page = planner.get(kept).content.decode()
        offered = page_of(place.group, "cancel_class") in page
        assert ("Giảng viên ốm" in page, offered) == (True, False)


class TestOfficer:
    def test_sees_the_own_people_and_whom_to_tell(self, place, client):
        client.force_login(viewer("lan", unit=place.education))
        page = client.get(AHEAD)
        [(meeting, text)] = page.context["meetings"]
        assert [one.person.full_name for one in meeting.people] == ["Lê Văn Bình"]
        assert ("+84912000111" in page.content.decode(), "24/11/2026" in text) == (True, True)
        assert "Nguyễn Thị Hoa" not in page.content.decode()

    def test_minh_sees_that_his_people_are_reached(self, place, client):
        client.force_login(viewer("minh", unit=place.health))
        page = client.get(AHEAD)
        [(meeting, _text)] = page.context["meetings"]
        assert ([one.person for one in meeting.people], meeting.by_hand) == ([place.hoa], [])
        assert "Mọi người đều nhận được tin" in page.content.decode()

    def test_looks_as_far_ahead_as_is_asked(self, place, client):
        take_seat(person=place.hoa, class_group=class_of(starts_on=date(2026, 12, 3)), by=None)
        client.force_login(viewer("minh", unit=place.health))
        found = [len(client.get(AHEAD, {"ngay": n}).context["meetings"]) for n in ("3", "14", "x")]
        assert found == [1, 2, 1]

    def test_a_cancelled_class_is_not_ahead(self, place, client):
        cancel_class(place.group, reason="Giảng viên ốm", by=viewer("khac"))
        client.force_login(viewer("minh", unit=place.health))
        assert client.get(AHEAD).context["meetings"] == []

    def test_an_auditor_reminds_nobody(self, place, client):
        client.force_login(viewer("viet", Role.AUDITOR, place.province))
        assert client.get(AHEAD).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    def test_list_costs_the_same_for_one_and_three(
        self, place, client, number, django_assert_max_num_queries
    ):
        for n in range(number):
            take_seat(
                person=person(f"Trần Văn {n}", place.hospital),
                class_group=class_of(starts_on=date(2026, 11, 24)),
                by=None,
            )
        client.force_login(viewer("minh", unit=place.health))
        client.get(AHEAD)
        with django_assert_max_num_queries(14 + number):
            client.get(AHEAD)


class TestHoa:
    @pytest.fixture
    def hoa(self, place, client):
        client.force_login(place.hoa.user)
        return client

    def classes(self, hoa) -> str:
        page = hoa.get("/hoc-tap/").content.decode()
        return page[page.index("Lớp học của tôi") : page.index("</section>")]

    def test_reads_on_her_own_page_when_and_where(self, place, hoa):
        ClassGroup.objects.update(venue="Phòng 301")
        told = self.classes(hoa)
        assert "08:00–12:00, thứ 3, 24/11/2026 · Phòng 301" in told
        assert ("Sắp học" in told, "Mã điểm danh" in told) == (True, True)

    def test_reads_that_it_was_moved_and_that_it_is_off(self, place, hoa):
        session = place.group.sessions.get()
        session.starts_at += timedelta(hours=6)
        session.ends_at += timedelta(hours=6)
        session.save()
        tell_classes.call()
        assert "Đổi giờ hoặc địa điểm" in self.classes(hoa)
        cancel_class(place.group, reason="Giảng viên ốm", by=viewer("khac"))
        told = self.classes(hoa)
        assert ("Đã hủy" in told, "Giảng viên ốm" in told, "Sắp học" in told) == (True, True, False)
        page = hoa.get(f"/lop/{place.group.pk}/").content.decode()
        assert "Lớp này không diễn ra." in page

    def test_an_moves_up_and_reads_it(self, place, client):
        client.force_login(account_for(place.an))
        assert "Trong danh sách chờ" in self.classes(client)
        give_seat_back(person=place.hoa, class_group=place.group)
        assert "Bạn đã được lên danh sách chính thức" in self.classes(client)

    def test_withdrawing_hands_the_seat_on_and_tells_at_once(self, place, hoa):
        account = account_for(place.an)
        account.email, account.last_login = "an@benhvien.example", timezone.now()
        account.save()
        hoa.post(f"/lop/{place.group.pk}/rut/")
        assert [sent.to for sent in mail.outbox if "Bạn đã có chỗ" in sent.subject] == [
            ["an@benhvien.example"]
        ]

    def test_calendar_is_there_for_a_seat_in_a_closed_class_and_moves_with_it(self, place, hoa):
        ClassGroup.objects.update(is_open=False)
        address = f"/lop/{place.group.pk}/lich.ics"
        assert b"SEQUENCE:0\r\nSTATUS:CONFIRMED" in hoa.get(address).content
        session = place.group.sessions.get()
        session.starts_at -= timedelta(hours=1)
        session.save()
        tell_classes.call()
        assert b"SEQUENCE:1\r\nSTATUS:CONFIRMED" in hoa.get(address).content
        cancel_class(place.group, reason="Giảng viên ốm", by=viewer("khac"))
        assert b"SEQUENCE:2\r\nSTATUS:CANCELLED" in hoa.get(address).content

    def test_a_cancelled_class_is_not_offered(self, place, client):
        cancel_class(place.group, reason="Giảng viên ốm", by=viewer("khac"))
        ClassGroup.objects.update(is_open=True)
        assert place.group.title not in client.get("/lop/").content.decode()
        page = client.get(f"/lop/{place.group.pk}/").content.decode()
        assert "Đăng ký" not in page.split("<main")[1]
