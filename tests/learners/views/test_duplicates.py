"""An officer finds two records of one person, looks, merges, and takes it back."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from learners.choices import Status
from learners.models import Merge, Person
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db
BORN = date(1990, 4, 5)


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place(client):
    found = world()
    found.hoa = person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE, birth_date=BORN)
    found.twin = person("Nguyễn Thị Hoà", found.hospital, birth_date=BORN)
    found.twin.full_name = "Nguyễn Thị Hoa"
    found.twin.save()
    found.lan = viewer("lan", unit=found.education)
    client.force_login(viewer("minh", unit=found.health))
    return recount(found)


def compared(place):
    return reverse("reports:compare_records", args=[place.hoa.pk, place.twin.pk])


def test_a_pair_of_one_name_and_day_of_birth_is_proposed(client, place):
    page = client.get(reverse("reports:duplicates")).content.decode()

    assert "1 cặp hồ sơ" in page
    assert compared(place) in page


def test_namesakes_of_another_day_of_birth_are_found_from_the_person(client, place):
    other = person("Nguyễn Thị Hoa", place.hospital, birth_date=date(1971, 1, 1))

    page = client.get(reverse("reports:duplicates"), {"nguoi": other.pk}).content.decode()

    assert "2 cặp hồ sơ" in page


def test_merging_shows_its_effect_first_and_asks_why(client, place):
    before = client.get(compared(place)).content.decode()
    looked = client.post(compared(place))
    refused = client.post(compared(place), {"reason": ""})
    done = client.post(compared(place), {"reason": "Nhập hai lần từ hai danh sách"})

    assert "2 → 1" not in before
    assert looked.status_code == 200
    assert "2 → 1" in looked.content.decode()
    assert refused.status_code == 422
    assert done.url == reverse("reports:person", args=[place.hoa.pk])
    old = client.get(reverse("reports:person", args=[place.twin.pk]))
    assert old.status_code == 404  # Out of the officer's units: nobody works there any more.


def test_a_merger_is_undone_with_a_reason(client, place):
    client.post(compared(place), {"reason": "Nhập hai lần"})
    merged = Merge.objects.get()

    page = client.get(reverse("reports:duplicates")).content.decode()
    undo = reverse("reports:undo_merger", args=[merged.pk])
    assert undo in page
    assert client.post(undo, {"reason": ""}).status_code == 422
    client.post(undo, {"reason": "Hai người khác nhau"})

    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_two_people_are_not_proposed_again(client, place):
    client.post(reverse("reports:keep_apart", args=[place.twin.pk, place.hoa.pk]))

    assert compared(place) not in client.get(reverse("reports:duplicates")).content.decode()


def test_another_units_officer_finds_nothing(client, place):
    client.post(compared(place), {"reason": "Nhập hai lần"})
    client.force_login(place.lan)

    assert client.get(compared(place)).status_code == 404
    undo = reverse("reports:undo_merger", args=[Merge.objects.get().pk])
    assert client.get(undo).status_code == 404


def test_the_list_costs_the_same_for_three_pairs_as_for_one(
    client, place, django_assert_num_queries
):
    client.get(reverse("reports:duplicates"))
    with django_assert_num_queries(9):
        client.get(reverse("reports:duplicates"))
    for name in ("Trần Văn Bình", "Lê Thị Lan"):
        for _twin in range(2):
            person(name, place.school if name == "x" else place.hospital, birth_date=BORN)

    with django_assert_num_queries(9):
        page = client.get(reverse("reports:duplicates")).content.decode()
    assert "3 cặp hồ sơ" in page
