"""One person on four pages: nothing is lost between them, and each asks little."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from learners.actions.accounts import close_account
from learners.actions.merging import merge
from learners.actions.posts import Work, change_main_post
from learners.choices import Role, SeatState
from learners.models import Leave, PersonalNumber, Post, Seat
from tests.factories.claims import account_for
from tests.factories.classes import class_of
from tests.factories.histories import learnt_in_class, learnt_in_every_way
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db
PARTS = ("person", "person_classes", "person_account", "person_changes")
MOST = 12
BORN = date(1990, 4, 5)


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place():
    found = recount(world())
    found.hoa = person("Nguyễn Thị Hoa", found.hospital, birth_date=BORN)
    found.minh = viewer("minh", unit=found.health)
    return found


@pytest.fixture
def minh(client, place):
    client.force_login(place.minh)
    return client


def at(name, who):
    return reverse(f"reports:{name}", args=[who.pk])


def lived(place, times):
    """Something of everything, and of what can be many `times` as much."""
    hoa = place.hoa
    PersonalNumber.made(hoa, "040190001234").save()
    account = account_for(hoa)
    for _time in range(times):
        close_account(account=account, by=place.minh, reason="Nghỉ phép")
        account.is_active = True
        account.save()
        learnt_in_class(hoa)
        Seat.objects.create(
            person=hoa,
            class_group=class_of(),
            state=SeatState.SEATED,
            queued_at=timezone.now(),
        )
    learnt_in_every_way(hoa, place.minh)
    Leave.objects.create(person=hoa, kind="maternity", valid_from=date(2025, 1, 1))
    for number in range(times):
        work = Work(
            place.hospital.pk, place.hospital.pk, "public_employee", f"Bác sĩ {number}", False
        )
        day = date(2026, 10, 1) + timedelta(days=number)
        change_main_post(hoa, work, day=day, by=place.minh, why=f"QĐ {number}")
    return recount(place)


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("times", [1, 3])
def test_no_part_asks_more_than_twelve_times(
    place, minh, name, times, django_assert_max_num_queries
):
    lived(place, times)
    minh.get(at(name, place.hoa))
    with django_assert_max_num_queries(MOST):
        assert minh.get(at(name, place.hoa)).status_code == 200


@pytest.mark.parametrize("name", PARTS)
def test_nor_for_somebody_who_has_left(place, minh, name, django_assert_max_num_queries):
    lived(place, 1)
    Post.objects.filter(person=place.hoa).update(valid_to=date(2026, 11, 1))
    minh.get(at(name, place.hoa))
    with django_assert_max_num_queries(MOST):
        assert minh.get(at(name, place.hoa)).status_code == 200


@pytest.mark.parametrize("name", PARTS)
def test_every_part_leads_to_the_others_in_the_same_year(place, minh, name):
    page = minh.get(at(name, place.hoa), {"nam": "2026"}).content.decode()
    links = [f'href="{at(other, place.hoa)}?nam=2026"' for other in PARTS]
    assert [link in page for link in links] == [other != name for other in PARTS]
    assert page.count('<strong aria-current="page">') == 1


@pytest.mark.parametrize("name", PARTS)
def test_a_merged_record_leads_to_the_same_part_of_the_other(place, client, name):
    twin = person("Nguyễn Thị Hoa", place.hospital, birth_date=BORN)
    merge(kept=place.hoa, dropped=twin, by=place.minh, why="Nhập hai lần")
    client.force_login(viewer("leader", Role.LEADER, place.province))
    assert client.get(at(name, twin)).url == at(name, place.hoa)


def test_what_was_on_one_page_is_found_on_its_part(place, minh):
    lived(place, 1)
    told = {
        "person": ["Bác sĩ 0", "5 kết quả được công nhận", "Sửa hồ sơ", "•••"],
        "person_classes": ["Trường Đại học Vinh", "Giấy chứng nhận"],
        "person_account": [
            "Khóa tài khoản",
            "Xem đầy đủ số định danh cá nhân",
            "Kết xuất toàn bộ dữ liệu",
            "Ghi nhận đề nghị về dữ liệu cá nhân",
        ],
        "person_changes": ["QĐ 0"],
    }
    for name, words in told.items():
        page = minh.get(at(name, place.hoa)).content.decode()
        assert [word for word in words if word not in page] == [], name


def test_who_only_reads_is_offered_nothing_to_do(place, client):
    lived(place, 1)
    client.force_login(viewer("auditor", Role.AUDITOR, place.province))
    page = client.get(at("person_account", place.hoa)).content.decode().partition("<main")[2]
    assert "Tài khoản" in page
    assert [word for word in ("Xem đầy đủ", "Kết xuất", "<form") if word in page] == []


def test_nobody_is_offered_to_close_the_own_account(place, client):
    place.minh.person = person("Trần Văn Minh", place.health)
    place.minh.person.user = place.minh
    place.minh.person.save()
    client.force_login(place.minh)
    page = client.get(at("person_account", place.minh.person))
    assert (page.context["may_manage"], page.context["data_form"]) == (False, None)
    assert page.context["number_form"] is None
