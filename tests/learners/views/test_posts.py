"""Minh enters what he knows by a decision: a transfer, an end, a leave, a new colleague."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from learners.actions.recounting import differences
from learners.choices import Act, EndReason, Status
from learners.models import AuditEntry, Leave, Person, PersonalNumber, Post, Standing
from learners.permissions import kept_records
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

WHY = {"why": "QĐ 12/QĐ-SYT"}


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place(client):
    found = world()
    found.hoa = person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE, birth_date=date(1990, 4, 5))
    found.binh = person("Lê Văn Bình", found.school)
    found.minh = viewer("minh", unit=found.health)
    found.lan = viewer("lan", unit=found.education)
    client.force_login(found.minh)
    return recount(found)


def at(name, who, *more):
    return reverse(f"reports:{name}", args=[who.pk, *more])


def work(unit, day="2026-09-01", **more):
    return {
        "managing_unit": unit.pk,
        "staff_kind": "public_employee",
        "title": "Điều dưỡng trưởng",
        "day": day,
        **WHY,
        **more,
    }


def test_a_transfer_ends_the_one_post_and_begins_the_other(client, place):
    answer = client.post(at("change_post", place.hoa), work(place.health))

    assert answer.url == at("person", place.hoa)
    old, new = place.hoa.posts.order_by("valid_from")
    assert (old.valid_to, old.end_reason) == (date(2026, 8, 31), EndReason.TRANSFER)
    assert (new.managing_unit, new.valid_from, new.valid_to) == (
        place.health,
        date(2026, 9, 1),
        None,
    )
    assert Standing.objects.get(period=place.period, person=place.hoa).organisation == place.health
    assert differences(place.period) == []
    assert AuditEntry.objects.get(act=Act.POST).why == "QĐ 12/QĐ-SYT"


def test_a_secondment_keeps_the_managing_unit(client, place):
    client.post(at("change_post", place.hoa), work(place.hospital, using_unit=place.commune.pk))

    new = place.hoa.posts.get(valid_to__isnull=True)
    assert (new.managing_unit, new.using_unit) == (place.hospital, place.commune)


def test_a_post_entered_wrongly_is_corrected_on_its_first_day(client, place):
    client.post(at("change_post", place.hoa), work(place.hospital, day="2023-01-01"))

    only = place.hoa.posts.get()
    assert (only.title, only.valid_from) == ("Điều dưỡng trưởng", date(2023, 1, 1))


def test_a_day_before_the_post_began_is_refused_with_that_day(client, place):
    answer = client.post(at("change_post", place.hoa), work(place.health, day="2021-05-05"))

    assert answer.status_code == 422
    assert "Vị trí này bắt đầu từ ngày 01/01/2023" in answer.content.decode()
    assert place.hoa.posts.count() == 1


def test_saving_without_a_change_changes_nothing(client, place):
    post = place.hoa.posts.get()
    same = work(place.hospital, title=post.title)

    assert client.post(at("change_post", place.hoa), same).status_code == 422
    assert not AuditEntry.objects.exists()


def test_another_departments_unit_is_no_choice(client, place):
    assert client.post(at("change_post", place.hoa), work(place.school)).status_code == 422


def test_who_retires_leaves_the_count_and_can_be_taken_back(client, place):
    post = place.hoa.posts.get()
    answer = client.post(
        at("end_post", place.hoa, post.pk),
        {"last_day": "2026-10-31", "reason": "retirement", **WHY},
    )

    assert answer.url == at("person", place.hoa)
    page = client.get(answer.url).content.decode()
    assert "Nghỉ hưu" in page
    assert not Standing.objects.filter(period=place.period, person=place.hoa).exists()
    assert differences(place.period) == []

    client.post(at("reopen_post", place.hoa, post.pk), {"reason": "Nhập nhầm người"})
    assert Standing.objects.get(period=place.period, person=place.hoa).status == Status.ONLINE


def test_a_second_click_on_the_end_says_so(client, place):
    post = place.hoa.posts.get()
    ended = {"last_day": "2026-10-31", "reason": "retirement", **WHY}
    client.post(at("end_post", place.hoa, post.pk), ended)

    assert client.post(at("end_post", place.hoa, post.pk), ended).status_code == 422


def test_who_came_back_is_not_reopened_beside_the_new_post(client, place):
    post = place.hoa.posts.get()
    client.post(
        at("end_post", place.hoa, post.pk),
        {"last_day": "2026-10-31", "reason": "resignation", **WHY},
    )
    client.post(at("change_post", place.hoa), work(place.hospital, day="2026-11-15"))

    answer = client.post(at("reopen_post", place.hoa, post.pk), {"reason": "Nhầm"})
    assert answer.status_code == 422
    assert Post.objects.filter(person=place.hoa, valid_to__isnull=True).count() == 1


def test_a_second_post_counts_nobody_twice(client, place):
    client.post(at("add_post", place.hoa), work(place.health))

    assert place.hoa.posts.filter(is_main=False).get().managing_unit == place.health
    assert Standing.objects.filter(period=place.period, person=place.hoa).count() == 1
    assert differences(place.period) == []


def test_a_leave_is_noted_and_the_person_stays_counted(client, place):
    client.post(at("note_leave", place.binh), {"kind": "maternity", "first": "2026-11-01", **WHY})
    assert not Leave.objects.exists()  # Bình works elsewhere.
    client.post(
        at("note_leave", place.hoa),
        {"kind": "maternity", "first": "2026-11-01", "last": "2027-05-01", **WHY},
    )

    assert Leave.objects.get().person == place.hoa
    assert Standing.objects.filter(period=place.period, person=place.hoa).exists()
    assert "Nghỉ thai sản" in client.get(at("person", place.hoa)).content.decode()


def test_somebody_new_is_entered_with_the_first_post(client, place):
    answer = client.post(
        reverse("reports:enter_person"),
        work(
            place.hospital,
            full_name="trần  thị mơ",
            birth_date="1995-02-03",
            staff_number="na 77",
            personal_number="040195001234",
        ),
    )

    new = Person.objects.get(staff_number="NA77")
    assert answer.url == at("person", new)
    assert new.full_name == "trần thị mơ"
    assert new.personal_numbers.get().in_full() == "040195001234"
    assert differences(place.period) == []
    assert "040195001234" not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("full_name", "Hoa", "Ghi đủ họ và tên"),
        ("birth_date", "2025-01-01", "Ngày sinh này không thể đúng"),
        ("personal_number", "040188001234", "năm sinh khác"),
        ("personal_number", "12345", "12 chữ số"),
        ("phone", "123", "không phải số điện thoại Việt Nam"),
        ("day", "2062-01-01", "quá một năm"),
    ],
)
def test_a_slip_of_the_pen_is_named(client, place, field, typed, says):
    sent = work(place.hospital, full_name="Trần Thị Mơ", birth_date="1995-02-03")

    answer = client.post(reverse("reports:enter_person"), sent | {field: typed})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Person.objects.count() == 2


def test_a_number_that_somebody_else_has_is_refused_whole(client, place):
    PersonalNumber.made(place.binh, "040195001234").save()

    answer = client.post(
        reverse("reports:enter_person"),
        work(place.hospital, full_name="Trần Thị Mơ", personal_number="040195001234"),
    )

    assert answer.status_code == 422
    assert Person.objects.count() == 2
    assert "Bình" not in answer.content.decode()


def test_a_correction_is_logged_without_phone_or_number(client, place):
    client.post(
        at("correct_person", place.hoa),
        {
            "full_name": "Nguyễn Thị Hoà",
            "birth_date": "1990-04-05",
            "phone": "0912345678",
            "personal_number": "040190001234",
            **WHY,
        },
    )

    entry = AuditEntry.objects.get(act=Act.PERSON)
    assert entry.before == {"full_name": "Nguyễn Thị Hoa", "phone": "•••"}
    assert entry.after == {
        "full_name": "Nguyễn Thị Hoà",
        "phone": "•••",
        "personal_number": "•••",
    }
    assert differences(place.period) == []


def test_a_second_post_does_not_open_the_main_one_to_another_officer(client, place):
    Post.objects.create(
        person=place.binh,
        managing_unit=place.hospital,
        using_unit=place.hospital,
        staff_kind="public_employee",
        is_main=False,
        valid_from=date(2026, 1, 1),
    )

    assert client.get(at("person", place.binh)).status_code == 200
    assert client.get(at("change_post", place.binh)).status_code == 404
    main = place.binh.posts.get(is_main=True)
    assert client.get(at("end_post", place.binh, main.pk)).status_code == 404
    second = place.binh.posts.get(is_main=False)
    assert client.get(at("end_post", place.binh, second.pk)).status_code == 200


def test_who_left_is_still_found_by_the_last_unit_and_by_nobody_else(client, place):
    place.hoa.posts.update(valid_to=date(2026, 10, 31))

    assert place.hoa in kept_records(place.minh)
    assert place.hoa not in kept_records(place.lan)
    Post.objects.create(
        person=place.hoa,
        managing_unit=place.school,
        using_unit=place.school,
        staff_kind="public_employee",
        valid_from=date(2026, 11, 1),
    )
    assert place.hoa not in kept_records(place.minh)
    assert place.hoa in kept_records(place.lan)


class TestOnePersonOneRecord:
    """Whoever is entered by hand is looked for as in a list."""

    URL = "/bao-cao/nguoi/moi/"
    MO = {"full_name": "Trần Thị Mơ", "birth_date": "1995-02-03", "phone": "0912345678"}

    def test_second_click_asks_instead_of_making_a_second_record(self, client, place):
        sent = work(place.hospital, **self.MO)
        client.post(self.URL, sent)
        again = client.post(self.URL, sent)

        assert again.status_code == 422
        assert "Có phải là một trong những người này?" in again.content.decode()
        assert Person.objects.filter(full_name="Trần Thị Mơ").count() == 1

    def test_namesake_is_entered_once_somebody_has_said_that_it_is_another(self, client, place):
        born = work(place.health, full_name="Nguyễn Thị Hoà", birth_date="1990-04-05")
        same = work(place.hospital, full_name="Nguyễn Thị Hoa")
        for sent in (born, same):
            assert "05/04/1990" in client.post(self.URL, sent).content.decode()
        other = same | {"other": place.hoa.pk, "another": "1"}
        assert client.post(self.URL, other).status_code == 302
        # The one that was just made is no name on the list that was seen.
        assert client.post(self.URL, other).status_code == 422
        assert Person.objects.filter(full_name="Nguyễn Thị Hoa").count() == 2

    def test_namesakes_of_other_units_are_not_told(self, client, place):
        Person.objects.filter(pk=place.binh.pk).update(birth_date=date(1980, 1, 2))
        twin = work(place.hospital, full_name="Lê Văn Bình", birth_date="1980-01-02")
        assert client.post(self.URL, twin).status_code == 302

    def test_somebody_from_another_unit_comes_with_the_record(self, client, place):
        PersonalNumber.made(place.binh, "040195001234").save()
        sent = work(place.hospital, full_name="lê văn bình", personal_number="040195001234")
        asked = client.post(self.URL, sent).content.decode()
        assert "Người này đã công tác ở nơi khác" in asked
        assert Person.objects.count() == 2

        answer = client.post(self.URL, sent | {"take": place.binh.pk})

        assert answer.url == at("person", place.binh)
        old, new = place.binh.posts.order_by("valid_from")
        assert (old.managing_unit, old.end_reason) == (place.school, EndReason.TRANSFER)
        assert (new.managing_unit, new.valid_from) == (place.hospital, date(2026, 9, 1))
        assert differences(place.period) == []

    def test_record_of_somebody_else_is_not_taken_by_its_key(self, client, place):
        sent = work(place.hospital, **self.MO) | {"take": place.binh.pk}
        client.post(self.URL, sent)
        assert place.binh.posts.get().managing_unit == place.school

    def test_staff_number_alone_takes_nobody_from_another_unit(self, client, place):
        Person.objects.filter(pk=place.binh.pk).update(staff_number="GD1")
        sent = work(place.hospital, full_name="Lê Văn Bình", staff_number="GD1")
        page = client.post(self.URL, sent | {"take": place.binh.pk}).content.decode()
        assert "Một hồ sơ khác đã có" in page
        assert place.binh.posts.get().managing_unit == place.school

    def test_own_people_are_led_to_their_record(self, client, place):
        PersonalNumber.made(place.hoa, "040190001234").save()
        sent = work(place.health, full_name="Nguyễn Thị Hoa", personal_number="040190001234")
        page = client.post(self.URL, sent).content.decode()
        assert f'href="{at("person", place.hoa)}"' in page
        assert 'name="take"' not in page


def test_second_click_on_a_second_post_adds_none(client, place):
    sent = work(place.health, title="Tổ phó chuyển đổi số")
    assert client.post(at("add_post", place.hoa), sent).status_code == 302
    assert client.post(at("add_post", place.hoa), sent).status_code == 422
    assert place.hoa.posts.filter(is_main=False).count() == 1


class TestPersonPage:
    def page(self, client, place):
        return client.get(at("person", place.hoa)).content.decode()

    def test_secondment_says_where_the_work_is_done(self, client, place):
        client.post(at("change_post", place.hoa), work(place.hospital, using_unit=place.commune.pk))
        assert "biệt phái, làm việc tại Ủy ban nhân dân xã Kim Liên" in self.page(client, place)

    def test_post_to_come_is_no_post_of_now_and_can_be_called_off(self, client, place):
        client.post(at("change_post", place.hoa), work(place.health, day="2027-01-01"))
        later = place.hoa.posts.get(valid_to__isnull=True)
        assert "từ 01/01/2027, chưa đến ngày" in self.page(client, place)

        address = at("call_off_post", place.hoa, later.pk)
        assert client.post(address, {"reason": "Quyết định bị thu hồi"}).status_code == 302
        assert client.post(address, {"reason": "Quyết định bị thu hồi"}).status_code == 404

        only = place.hoa.posts.get()
        assert (only.managing_unit, only.valid_to, only.end_reason) == (place.hospital, None, "")
        assert differences(place.period) == []

    def test_post_that_has_begun_is_not_called_off(self, client, place):
        post = place.hoa.posts.get()
        answer = client.post(at("call_off_post", place.hoa, post.pk), {"reason": "Nhầm"})
        assert (answer.status_code, place.hoa.posts.count()) == (422, 1)

    def test_leave_without_an_end_is_ended_from_the_page(self, client, place):
        said = {"kind": "maternity", "first": "01/11/2026", **WHY}
        client.post(at("note_leave", place.hoa), said)
        leave = Leave.objects.get()
        assert "chưa rõ ngày trở lại" in self.page(client, place)
        form = client.get(f"{at('note_leave', place.hoa)}?lan={leave.pk}").content.decode()
        assert 'value="01/11/2026"' in form
        client.post(at("note_leave", place.hoa), said | {"last": "30/04/2027"})
        assert Leave.objects.get().valid_to == date(2027, 4, 30)

    def test_changes_are_told_with_by_whom_and_the_decision(self, client, place):
        client.post(at("change_post", place.hoa), work(place.health))
        page = client.get(at("person_changes", place.hoa)).content.decode()
        assert "Thay đổi vị trí công tác: QĐ 12/QĐ-SYT" in page
        assert "Trước: đơn vị quản lý: Bệnh viện Hữu nghị Đa khoa; " in page

    def test_days_are_typed_as_offices_write_them(self, client, place):
        form = client.get(at("change_post", place.hoa)).content.decode()
        assert 'value="23/11/2026"' in form
        client.post(at("change_post", place.hoa), work(place.health, day="1/9/2026"))
        assert place.hoa.posts.get(valid_to__isnull=True).valid_from == date(2026, 9, 1)
