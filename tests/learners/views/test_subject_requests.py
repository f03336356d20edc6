"""Asking about one's own data, and the desk that answers."""

import pytest
from django.urls import reverse

from learners.choices import RequestState, SubjectRight
from learners.models import SubjectRequest
from tests.factories.everything import NUMBER
from tests.factories.reports import on_23_november, person, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    with on_23_november():
        yield world()


@pytest.fixture
def hoa(units):
    return person("Nguyễn Thị Hoa", units.hospital, user=viewer("hoa"))


@pytest.fixture
def minh(units, client):
    account = viewer("minh", unit=units.health)
    client.force_login(account)
    return account


def file_as_hoa(client, hoa, right="erasure", words="Tôi nghỉ việc."):
    client.force_login(hoa.user)
    return client.post(reverse("learners:ask_about_data"), {"right": right, "words": words})


def test_asking_shows_the_day_by_which_it_is_done(client, hoa):
    file_as_hoa(client, hoa)
    page = client.get(reverse("learners:own_data")).text
    assert "13/12/2026" in page


def test_correction_wants_to_know_what_is_wrong(client, hoa):
    response = file_as_hoa(client, hoa, "correction", "")
    assert response.status_code == 422
    assert SubjectRequest.objects.count() == 0


@pytest.mark.parametrize("right", ["", "everything", "<b>"])
def test_unknown_rights_are_refused(client, hoa, right):
    assert file_as_hoa(client, hoa, right).status_code == 422


def test_asking_twice_says_so(client, hoa):
    file_as_hoa(client, hoa)
    assert file_as_hoa(client, hoa).status_code == 422
    assert SubjectRequest.objects.count() == 1


def test_one_takes_back_ones_own_only(client, hoa, units):
    file_as_hoa(client, hoa)
    asked = SubjectRequest.objects.get()
    binh = person("Lê Văn Bình", units.hospital, user=viewer("binh"))
    client.force_login(binh.user)
    address = reverse("learners:take_back_request", args=[asked.pk])
    assert client.post(address).status_code == 404
    client.force_login(hoa.user)
    client.post(address)
    asked.refresh_from_db()
    assert asked.state == RequestState.TAKEN_BACK


@pytest.mark.parametrize("n", [1, 3])
def test_list_of_the_desk_costs_the_same(client, units, n, django_assert_max_num_queries):
    for number in range(n):
        file_as_hoa(client, person(f"Trần {number}", units.hospital, user=viewer(f"t{number}")))
    client.force_login(viewer("minh", unit=units.health))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("reports:subject_requests")).text
    assert page.count("Trần ") == n


def test_officer_records_a_letter_of_somebody_without_account(client, units, minh):
    an = person("Trần Văn An", units.hospital)
    address = reverse("reports:record_request", args=[an.pk])
    said = {"right": "access", "paper": "Đơn ngày 20/11/2026", "received_on": "2026-11-20"}
    assert client.post(address, said).status_code == 302
    asked = SubjectRequest.objects.get()
    assert (asked.person, asked.received_on.day, asked.first_reply_by.day) == (an, 20, 24)


def test_a_day_to_come_is_refused(client, units, minh):
    an = person("Trần Văn An", units.hospital)
    said = {"right": "access", "paper": "Đơn", "received_on": "2026-11-24"}
    response = client.post(reverse("reports:record_request", args=[an.pk]), said)
    assert response.status_code == 422
    assert SubjectRequest.objects.count() == 0


def test_officer_answers_and_the_person_reads_it(client, hoa, units):
    file_as_hoa(client, hoa, "access")
    asked = SubjectRequest.objects.get()
    client.force_login(viewer("minh", unit=units.health))
    address = reverse("reports:subject_request", args=[asked.pk])
    assert "Kính gửi: Nguyễn Thị Hoa" in client.get(address).text
    assert client.post(address, {"step": "answer", "words": " "}).status_code == 422
    assert client.post(address, {"step": "answer", "words": "Xin gửi kèm."}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == RequestState.ANSWERED
    client.force_login(hoa.user)
    assert "Xin gửi kèm." in client.get(reverse("learners:own_data")).text


def test_nobody_answers_himself(client, units):
    minh = viewer("minh", unit=units.health)
    own = person("Trần Văn Minh", units.hospital, user=minh)
    file_as_hoa(client, own)
    client.force_login(minh)
    asked = SubjectRequest.objects.get()
    assert client.get(reverse("reports:subject_request", args=[asked.pk])).status_code == 404


def test_goals_name_what_is_overdue_to_whoever_answers(client, hoa, units):
    """Counted at the sign-in, and anew when the list is opened."""
    file_as_hoa(client, hoa)
    SubjectRequest.objects.update(first_reply_by="2026-11-20")
    for name, unit, is_told in (("minh", units.health, True), ("lan", units.education, False)):
        viewer(name, unit=unit)
        client.logout()
        client.post("/dang-nhap/", {"login": name, "password": "hoc-so-nghe-an"})
        notice = f'notice-bad"><a href="{reverse("reports:subject_requests")}"'
        assert (notice in client.get(reverse("reports:goals")).text) == is_told
        SubjectRequest.objects.update(first_reply_by="2026-11-25")
        client.get(reverse("reports:subject_requests"))
        assert notice not in client.get(reverse("reports:goals")).text
        SubjectRequest.objects.update(first_reply_by="2026-11-20")


def test_letter_says_the_state_of_each_right(client, hoa, units):
    for right in SubjectRight:
        file_as_hoa(client, hoa, str(right), "Đề nghị")
    client.force_login(viewer("minh", unit=units.health))
    for asked in SubjectRequest.objects.all():
        page = client.get(reverse("reports:subject_request", args=[asked.pk])).text
        assert "91/2025/QH15" in page
        assert NUMBER not in page


def test_a_step_that_is_gone_is_not_offered(client, hoa, units):
    file_as_hoa(client, hoa, "erasure")
    client.force_login(viewer("minh", unit=units.health))
    address = reverse("reports:subject_request", args=[SubjectRequest.objects.get().pk])
    assert 'value="extend"' not in client.get(address).text
    assert client.post(address, {"step": "extend", "words": "Chậm"}).status_code == 422
    client.post(address, {"step": "reply", "words": "Đã nhận."})
    assert 'value="reply"' not in client.get(address).text
