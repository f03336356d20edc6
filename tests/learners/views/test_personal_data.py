"""Taking one's own data out, and an officer's doing it for somebody."""

import pytest
from django.urls import reverse

from learners.choices import Act
from learners.models import AuditEntry, PersonalNumber
from tests.factories.everything import NUMBER
from tests.factories.reports import person, viewer, world

pytestmark = pytest.mark.django_db

PASSWORD = "hoc-so-nghe-an"


@pytest.fixture
def hoa():
    units = world()
    account = viewer("hoa")
    account.set_password(PASSWORD)
    account.save()
    found = person("Nguyễn Thị Hoa", units.hospital, user=account)
    PersonalNumber.made(found, NUMBER).save()
    viewer("minh", unit=units.health)
    return found


def signed_in(client, account):
    client.force_login(account)
    return client


def test_own_page_names_what_is_held(client, hoa, django_assert_max_num_queries):
    signed_in(client, hoa.user)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("learners:own_data")).text
    assert "Tải dữ liệu của tôi" in page
    assert NUMBER not in page


def test_own_data_asks_for_the_password_first(client, hoa):
    signed_in(client, hoa.user)
    response = client.post(reverse("learners:own_data"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not AuditEntry.objects.filter(act=Act.DATA_TAKEN_OUT).exists()
    again = client.post(response.url, {"password": PASSWORD, "next": reverse("learners:own_data")})
    assert again["Content-Type"] == "application/zip"
    assert again["Cache-Control"] == "no-store"
    assert again.getvalue()[:2] == b"PK"
    assert AuditEntry.objects.filter(act=Act.DATA_TAKEN_OUT).count() == 1


def test_an_account_without_a_record_is_told_so(client, hoa):
    signed_in(client, viewer("lan"))
    assert "không gắn với hồ sơ" in client.get(reverse("learners:own_data")).text


def test_officer_needs_a_reason(client, hoa):
    signed_in(client, viewer("tam", unit=hoa.posts.get().managing_unit))
    address = reverse("reports:person_data", args=[hoa.pk])
    assert client.post(address, {"reason": " "}).status_code == 302
    assert not AuditEntry.objects.filter(act=Act.DATA_TAKEN_OUT).exists()
    taken = client.post(address, {"reason": "Người học đề nghị bằng đơn"})
    assert taken["Content-Type"] == "application/zip"
    taken.getvalue()
    assert AuditEntry.objects.get(act=Act.DATA_TAKEN_OUT).why == "Người học đề nghị bằng đơn"


def test_officer_does_not_take_out_his_own_this_way(client, hoa):
    """His own comes in full, and asks for his password."""
    unit = hoa.posts.get().managing_unit
    tam = viewer("tam", unit=unit)
    own = person("Trần Văn Tám", unit, user=tam)
    signed_in(client, tam)
    address = reverse("reports:person_data", args=[own.pk])
    assert client.post(address, {"reason": "Cho tôi"}).status_code == 404
