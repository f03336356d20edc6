"""Hoa signs up and checks in; the trainer keeps the list; nobody else sees it."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from courses.models import ClassGroup
from learners.actions.attendance import check_in
from learners.choices import CheckInWay, SeatState
from learners.models import (
    Attendance,
    AuditEntry,
    ClassKeeper,
    Participation,
    Person,
    Seat,
    SignedSheet,
    User,
)
from learners.person_codes import CHECK_IN, CLAIM, code_of, person_of
from learners.wall_codes import wall_code
from tests.factories.claims import account_for
from tests.factories.classes import class_of
from tests.factories.files import photo, upload
from tests.factories.reports import person, recount, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]


@pytest.fixture
def hoa(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    account_for(hoa)
    recount(province)
    return hoa


@pytest.fixture
def group(province):
    return class_of(sessions=2, capacity=1)


@pytest.fixture
def session(group):
    return group.sessions.first()


@pytest.fixture
def trainer_client(group, client):
    trainer = viewer("giangvien")
    ClassKeeper.objects.create(class_group=group, account=trainer)
    client.force_login(trainer)
    return client


class TestHoa:
    def test_signs_up_and_withdraws(self, hoa, group, client):
        client.force_login(hoa.user)
        assert group.title in client.get("/lop/").content.decode()
        page = client.post(f"/lop/{group.pk}/dang-ky/", follow=True).content.decode()
        assert "Bạn đã có chỗ" in page
        assert page.count("Bạn đã có chỗ") == 1
        page = client.post(f"/lop/{group.pk}/rut/", follow=True).content.decode()
        assert "Bạn đã rút tên khỏi lớp." in page
        assert Seat.objects.get().state == SeatState.WITHDRAWN

    def test_waits_when_the_room_is_full_and_reads_her_place(self, hoa, group, client):
        Seat.objects.create(
            person=Person.objects.create(full_name="Lê An"),
            class_group=group,
            state=SeatState.SEATED,
            queued_at=timezone.now(),
        )
        client.force_login(hoa.user)
        page = client.post(f"/lop/{group.pk}/dang-ky/", follow=True).content.decode()
        assert page.count("đứng thứ 1 trong danh sách chờ") == 1
        page = client.post(f"/lop/{group.pk}/rut/", follow=True).content.decode()
        assert "Bạn không còn trong danh sách chờ." in page

    def test_stranger_reads_and_is_asked_to_sign_in(self, group, client):
        assert "Đăng nhập để đăng ký" in client.get(f"/lop/{group.pk}/").content.decode()
        assert client.post(f"/lop/{group.pk}/dang-ky/").status_code == 302
        assert Seat.objects.count() == 0

    def test_class_that_is_not_open_is_not_shown(self, group, client):
        group.is_open = False
        group.save()
        assert client.get(f"/lop/{group.pk}/").status_code == 404
        assert client.get(f"/lop/{group.pk}/lich.ics").status_code == 404

    def test_calendar_holds_both_sessions_in_short_lines(self, group, client):
        text = client.get(f"/lop/{group.pk}/lich.ics").content
        assert text.count(b"BEGIN:VEVENT") == 2
        assert b"DTSTART:20261123T010000Z" in text
        assert max(len(line) for line in text.split(b"\r\n")) <= 75

    def test_own_code_names_her_and_opens_nothing_else(self, hoa, client):
        client.force_login(hoa.user)
        code = code_of(hoa.pk, CHECK_IN)
        assert code in client.get("/hoc-tap/ma-diem-danh/").content.decode()
        assert (person_of(code, CHECK_IN), person_of(code, CLAIM)) == (hoa.pk, None)
        forged = f"{hoa.pk + 1}-{code.partition('-')[2]}"
        assert person_of(forged, CHECK_IN) is None


class TestWall:
    def address(self, session, code=None):
        return reverse("learners:wall", args=[session.pk, code or wall_code(session.pk)])

    def test_hoa_checks_herself_in_with_one_press(self, hoa, session, client):
        client.force_login(hoa.user)
        address = self.address(session)
        assert "Tôi có mặt" in client.get(address).content.decode()
        assert "Đã điểm danh" in client.post(address).content.decode()
        assert "điểm danh trước đó" in client.post(address).content.decode()
        assert Participation.objects.count() == 1

    def test_shopkeeper_without_an_account_gets_a_slip_and_claims_it(
        self, province, session, client
    ):
        given = {
            "full_name": "Lê Thị Mai",
            "phone": "0912345678",
            "audience": "household_business",
            "commune": province.commune.pk,
        }
        page = client.post(self.address(session), given).content.decode()
        mai = Person.objects.get(phone="+84912345678")
        slip = code_of(mai.pk, CLAIM)
        assert slip in page

        own = Person.objects.create(
            full_name="Lê Thị Mai", audience="household_business", commune=province.commune
        )
        client.force_login(account_for(own))
        for _ in range(2):
            client.post("/hoc-tap/nhan-luot-hoc/", {"code": slip.lower()})
        assert [row.person for row in Participation.objects.all()] == [own]
        client.post("/hoc-tap/nhan-luot-hoc/", {"code": f"{mai.pk}-AAAAAAAAAA"})
        assert Participation.objects.count() == 1

    def test_a_slip_that_somebody_else_found_is_worth_nothing(self, province, session, client):
        mai = Person.objects.create(
            full_name="Lê Thị Mai",
            phone="+84912345678",
            audience="household_business",
            commune=province.commune,
        )
        check_in(session=session, person=mai, way=CheckInWay.WALK_IN, at=timezone.now(), by=None)
        finder = person("Trần Văn Ba", province.hospital)
        client.force_login(account_for(finder))
        slip = {"code": code_of(mai.pk, CLAIM)}
        page = client.post("/hoc-tap/nhan-luot-hoc/", slip, follow=True).content.decode()
        assert "trao cho người có tên và số điện thoại khác" in page
        assert Participation.objects.get().person == mai
        finder.phone = "+84912345678"
        finder.save()
        client.post("/hoc-tap/nhan-luot-hoc/", slip)
        assert Participation.objects.get().person == finder

    def test_name_alone_is_not_enough(self, session, client):
        response = client.post(self.address(session), {"full_name": "Mai", "phone": "1"})
        assert (response.status_code, Person.objects.filter(audience="student").count()) == (422, 0)

    @pytest.mark.parametrize("minutes", [5, 600])
    def test_old_code_is_refused(self, hoa, session, client, minutes):
        address = self.address(session)
        client.force_login(hoa.user)
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            client.force_login(hoa.user)
            assert client.post(address).status_code == 410
        assert Attendance.objects.count() == 0

    def test_code_of_another_session_is_refused(self, hoa, group, session, client):
        other = group.sessions.last()
        client.force_login(hoa.user)
        address = self.address(session, wall_code(other.pk))
        assert client.post(address).status_code == 410

    def test_code_is_refused_on_another_day(self, hoa, group, client):
        tomorrow = group.sessions.last()
        client.force_login(hoa.user)
        assert client.post(self.address(tomorrow)).status_code == 410


class TestTrainer:
    def test_finds_the_class_of_today_first_then_the_next_then_those_behind(
        self, group, trainer_client
    ):
        trainer = ClassKeeper.objects.get().account
        for day in (-9, 5, -2, 1):
            other = class_of(starts_on=timezone.localdate() + timedelta(days=day))
            ClassKeeper.objects.create(class_group=other, account=trainer)
        page = trainer_client.get("/lop/phu-trach/").context["page"]
        days = [(found.starts_on - timezone.localdate()).days for found in page.object_list]
        assert days == [0, 1, 5, -2, -9]

    @pytest.mark.parametrize("words", ["hoa", "HOÀ", "lop hoa", "hoa lop", "  hòa  "])
    def test_finds_a_class_without_its_marks_and_in_any_order(self, trainer_client, words):
        trainer = User.objects.get(username="giangvien")
        for title in ("Lớp ở Hoà Hiếu", "Lớp ở Hòa Sơn", "Lớp dệt Hóa Quỳ", "Lớp ở Vinh"):
            named = class_of()
            ClassGroup.objects.filter(pk=named.pk).update(title=title)
            ClassKeeper.objects.create(class_group=named, account=trainer)
        page = trainer_client.get("/lop/phu-trach/", {"q": words}).context["page"]
        assert {group.title for group in page.object_list} == {
            "Lớp ở Hoà Hiếu",
            "Lớp ở Hòa Sơn",
            "Lớp dệt Hóa Quỳ",
        }

    def test_finds_a_class_by_its_whole_code(self, group, trainer_client):
        page = trainer_client.get("/lop/phu-trach/", {"q": f" {group.code.lower()} "}).context[
            "page"
        ]
        assert list(page.object_list) == [group]
        assert (
            trainer_client.get("/lop/phu-trach/", {"q": "khong co"}).context["page"].paginator.count
            == 0
        )

    def sync(self, client, session, seen):
        return client.post(
            reverse("learners:synchronise", args=[session.pk]),
            json.dumps({"seen": seen}),
            content_type="application/json",
        )

    def test_ticks_and_takes_back(self, hoa, group, session, trainer_client):
        Seat.objects.create(
            person=hoa, class_group=group, state=SeatState.SEATED, queued_at=timezone.now()
        )
        address = reverse("learners:session", args=[session.pk])
        assert "Nguyễn Thị Hoa" in trainer_client.get(address).content.decode()
        tick = reverse("learners:tick", args=[session.pk])
        trainer_client.post(tick, {"person": hoa.pk})
        assert Participation.objects.count() == 1
        trainer_client.post(tick, {"person": hoa.pk, "undo": "1"})
        assert Participation.objects.count() == 0

    def test_second_synchronisation_adds_nothing(self, hoa, session, trainer_client):
        seen = [{"code": code_of(hoa.pk, CHECK_IN), "at": "2026-11-23T08:05:00+07:00"}]
        assert self.sync(trainer_client, session, seen).json() == {
            "added": 1,
            "known": 0,
            "unknown": [],
            "left": 0,
        }
        assert self.sync(trainer_client, session, seen * 2).json()["added"] == 0
        assert timezone.localtime(Attendance.objects.get().at).minute == 5

    def test_forged_codes_are_named_and_the_rest_is_kept(self, hoa, session, trainer_client):
        forged = f"{hoa.pk}-AAAAAAAAAA"
        seen = [{"code": forged}, {"code": code_of(hoa.pk, CHECK_IN), "at": "soon"}]
        answer = self.sync(trainer_client, session, seen).json()
        assert (answer["added"], answer["unknown"]) == (1, [forged])

    @pytest.mark.parametrize("body", ["", "[]", '{"seen": 1}', '{"seen": [1]}', '{"seen": [{}]}'])
    def test_nonsense_is_refused_and_changes_nothing(self, session, trainer_client, body):
        response = trainer_client.post(
            reverse("learners:synchronise", args=[session.pk]),
            body,
            content_type="application/json",
        )
        assert (response.status_code, Attendance.objects.count()) == (400, 0)

    def test_enters_an_official_who_has_not_signed_up(self, hoa, session, trainer_client):
        hoa.staff_number = "NA1"
        hoa.save()
        address = reverse("learners:walk_in", args=[session.pk])
        given = {"full_name": "Nguyễn Thị Hoa", "phone": "0912345678", "staff_number": "na1"}
        trainer_client.post(address, given)
        assert Attendance.objects.get().person == hoa
        wrong = trainer_client.post(address, given | {"full_name": "Trần Văn Ba"})
        assert "không khớp với họ tên" in wrong.content.decode()

    def test_keeps_the_signed_sheet_once_and_compares_names(self, hoa, session, trainer_client):
        self.sync(trainer_client, session, [{"code": code_of(hoa.pk, CHECK_IN)}])
        add = reverse("learners:add_sheet", args=[session.pk])
        for _ in range(2):
            trainer_client.post(add, {"sheet": upload(photo(), "a.jpg")})
        assert SignedSheet.objects.count() == 1
        address = reverse("learners:compare_sheet", args=[session.pk])
        page = trainer_client.post(address, {"names": "NGUYỄN THỊ HOA\nLê Văn Ba\n"})
        assert [(d.name, d.on_sheet) for d in page.context["differences"]] == [("Lê Văn Ba", True)]
        page = trainer_client.post(address, {"names": "Nguyễn  Thị Hoa"})
        assert "khớp nhau từng người" in page.content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_list_costs_the_same_for_one_and_three(
        self, province, group, session, trainer_client, count, django_assert_num_queries
    ):
        for number in range(count):
            someone = person(f"Lê Văn {number}", province.hospital)
            Seat.objects.create(
                person=someone, class_group=group, state=SeatState.SEATED, queued_at=timezone.now()
            )
        address = reverse("learners:session", args=[session.pk])
        trainer_client.get(address)
        with django_assert_num_queries(8):
            trainer_client.get(address)

    def test_wall_page_renews_itself(self, session, trainer_client):
        page = trainer_client.get(reverse("learners:wall_page", args=[session.pk]))
        assert 'http-equiv="refresh" content="30"' in page.content.decode()


class TestOthers:
    @pytest.mark.parametrize(
        "name", ["session", "tick", "synchronise", "walk_in", "wall_page", "compare_sheet"]
    )
    def test_nobody_else_comes_to_the_list(self, hoa, session, client, name):
        client.force_login(hoa.user)
        address = reverse(f"learners:{name}", args=[session.pk])
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}

    def test_trainer_of_another_class_finds_nothing(self, session, client):
        other = viewer("khac")
        ClassKeeper.objects.create(class_group=class_of(), account=other)
        client.force_login(other)
        assert client.get(reverse("learners:session", args=[session.pk])).status_code == 404
        kept = reverse("learners:kept_class", args=[session.class_group_id])
        assert client.get(kept).status_code == 404


def test_class_is_entrusted_and_taken_back_with_a_trace(client):
    """Who may see a class's people, since when and by whom, is no secret."""
    planner, trainer = viewer("planner"), viewer("trainer")
    planner.is_superuser = True
    planner.save()
    group = class_of()
    client.force_login(planner)
    address = f"/lop/phu-trach/{group.pk}/giao/"
    for _click in range(2):
        client.post(address, {"sign_in_name": "trainer"})
    keeper = group.keepers.get()
    for _click in range(2):
        client.post(address, {"withdraw": keeper.pk})
    assert group.keepers.count() == 0
    said = [(entry.act, entry.about) for entry in AuditEntry.objects.order_by("number")]
    about = f"account {trainer.pk}"
    assert said == [("role_granted", about), ("role_withdrawn", about)]
