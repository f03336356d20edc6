"""Minh enters what he knows by a decision: a transfer, an end, a leave, a new colleague."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from learners.actions.standing import differences
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
