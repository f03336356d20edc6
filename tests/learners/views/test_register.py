"""HR looks for people: by name without marks, by unit, by state; everybody is found once."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from learners.choices import EndReason, LeaveKind, Role, StaffKind
from learners.models import Leave, PersonalNumber, Post
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

LIST = "/bao-cao/can-bo/"


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place(client):
    found = world()
    found.hoa = person("Nguyễn Thị Hòa", found.hospital, staff_number="NA1")
    found.an = person("Trần Văn An", found.health, birth_date=date(1980, 1, 2))
    found.dat = person("Lê Đạt", found.hospital, staff_number="NA3", birth_date=date(1985, 3, 4))
    found.binh = person("Phan Bình", found.school)
    PersonalNumber.made(found.dat, "040085001234").save()
    client.force_login(viewer("minh", unit=found.health))
    return recount(found)


def names(client, **filters):
    page = client.get(LIST, filters).content.decode()
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', page)


def post_of(found, **changes):
    Post.objects.filter(person=found).update(**changes)


def test_own_people_stand_in_the_order_of_given_names(client, place):
    assert names(client) == ["Trần Văn An", "Lê Đạt", "Nguyễn Thị Hòa"]


@pytest.mark.parametrize("typed", ["hoa", "HOÀ", "thi nguyen", "na1"])
def test_search_forgives_marks_and_order(client, place, typed):
    assert names(client, q=typed) == ["Nguyễn Thị Hòa"]


def test_unit_narrows_and_one_outside_the_scope_is_nowhere(client, place):
    assert names(client, **{"don-vi": place.hospital.pk}) == ["Lê Đạt", "Nguyễn Thị Hòa"]
    assert client.get(LIST, {"don-vi": place.school.pk}).status_code == 404
    assert client.get(LIST, {"phan": "xyz"}).status_code == 404


def test_each_part_shows_its_people(client, place):
    post_of(place.an, is_it_officer=True)
    post_of(place.dat, using_unit=place.commune)
    post_of(place.binh, using_unit=place.hospital)
    Leave.objects.create(person=place.hoa, kind=LeaveKind.values[0], valid_from=date(2026, 11, 1))
    Post.objects.create(
        person=place.an,
        managing_unit=place.hospital,
        using_unit=place.hospital,
        staff_kind=StaffKind.CIVIL_SERVANT,
        is_main=False,
        valid_from=date(2027, 1, 1),
    )
    assert names(client, phan="cntt") == ["Trần Văn An"]
    assert names(client, phan="biet-phai") == ["Lê Đạt"]
    assert names(client, phan="den-biet-phai") == ["Phan Bình"]
    assert names(client, phan="nghi-dai-han") == ["Nguyễn Thị Hòa"]
    assert names(client, phan="sap-toi") == ["Trần Văn An"]
    assert names(client, phan="kiem-nhiem") == []
    assert names(client, phan="thieu") == ["Trần Văn An", "Nguyễn Thị Hòa"]
    assert names(client, loai="cadre") == []


def test_who_works_here_for_another_unit_is_named_without_numbers_and_without_a_page(client, place):
    """The unit that uses somebody sees who works there, and nothing that is not its own."""
    place.binh.staff_number, place.binh.birth_date = "GD7", date(1977, 5, 6)
    place.binh.save()
    post_of(place.binh, using_unit=place.hospital)
    page = client.get(LIST, {"phan": "den-biet-phai"}).content.decode()
    assert "Phan Bình" in page
    assert ("GD7" in page, "1977" in page) == (False, False)
    assert f"/bao-cao/nguoi/{place.binh.pk}/" not in page


def test_who_has_left_is_found_by_the_last_unit(client, place):
    post_of(place.dat, valid_to=date(2026, 10, 31), end_reason=EndReason.RETIREMENT)
    assert names(client) == ["Trần Văn An", "Nguyễn Thị Hòa"]
    page = client.get(LIST, {"phan": "da-nghi"}).content.decode()
    assert ("31/10/2026" in page, "Nghỉ hưu" in page) == (True, True)
    assert f"/bao-cao/nguoi/{place.dat.pk}/" in page
    client.force_login(viewer("lan", unit=place.education))
    assert names(client, phan="da-nghi") == []


def test_whoever_came_to_another_unit_has_not_left(client, place):
    post_of(place.dat, valid_to=date(2026, 10, 31))
    Post.objects.create(
        person=place.dat,
        managing_unit=place.school,
        using_unit=place.school,
        staff_kind=StaffKind.CIVIL_SERVANT,
        valid_from=date(2026, 11, 1),
    )
    assert names(client, phan="da-nghi") == []


def test_second_post_lists_nobody_twice(client, place):
    Post.objects.create(
        person=place.hoa,
        managing_unit=place.health,
        using_unit=place.health,
        staff_kind=StaffKind.CIVIL_SERVANT,
        is_main=False,
        valid_from=date(2026, 1, 1),
    )
    assert names(client) == ["Trần Văn An", "Lê Đạt", "Nguyễn Thị Hòa"]
    assert names(client, phan="kiem-nhiem") == ["Nguyễn Thị Hòa"]


def test_pages_follow_each_other_and_keep_the_filters(client, place):
    for number in range(60):
        person(f"Vũ Thị {chr(65 + number // 26)}{chr(97 + number % 26)}", place.hospital)
    first = client.get(LIST, {"don-vi": place.hospital.pk, "q": "vu"})
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    address = following.replace("&amp;", "&")
    second = client.get(LIST + address).content.decode()
    assert second.count('<th scope="row">') == 10
    assert ("q=vu" in address, f"don-vi={place.hospital.pk}" in address) == (True, True)


def test_province_sees_everybody_and_strangers_nothing(client, place):
    client.force_login(viewer("auditor", Role.AUDITOR, place.province))
    assert names(client) == ["Trần Văn An", "Phan Bình", "Lê Đạt", "Nguyễn Thị Hòa"]
    client.force_login(viewer("hoa"))
    assert client.get(LIST).status_code == 404


def test_page_costs_the_same_for_three_rows_as_for_one(client, place):
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        assert len(names(client, q="hoa")) == 1
    with CaptureQueriesContext(connection) as three:
        assert len(names(client)) == 3
    assert len(one) == len(three)
