"""A helper of the commune signs up a shopkeeper who stands beside, and is written down."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from learners.choices import AccountStep, Role
from learners.models import AccountEvent, Consent, Person, User
from learners.permissions import people_for
from tests.factories.reports import on_23_november, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place(client):
    found = world()
    found.helper = viewer("to-so", Role.HELPER, found.commune)
    client.force_login(found.helper)
    return found


def helped(client, place, **more):
    typed = {
        "full_name": "Nguyễn Thị Mai",
        "phone": "0912345678",
        "audience": "household_business",
        "commune": place.commune.pk,
        "consent": "on",
    }
    return client.post(reverse("reports:assist"), typed | more)


def test_the_sheet_is_shown_once_and_opens_the_account(client, place):
    page = helped(client, place).content.decode()
    password = re.search(r"Mật khẩu tạm.*?<code>(.*?)</code>", page, re.S)[1]

    mai = User.objects.get(phone="+84912345678")
    assert mai.check_password(password)
    assert mai.must_choose_password
    assert password not in client.get(reverse("reports:assist")).content.decode()


def test_helper_and_consent_are_written_down(client, place):
    helped(client, place)

    event = AccountEvent.objects.get()
    assert (event.step, event.by) == (AccountStep.ASSISTED, place.helper)
    assert Consent.objects.get(account=event.account).notice.endswith("-nghe")


def test_without_the_consent_heard_nothing_is_kept(client, place):
    answer = helped(client, place, consent="")

    assert answer.status_code == 422
    assert not Person.objects.exists()


def test_a_phone_that_has_an_account_is_told(client, place):
    helped(client, place)
    answer = helped(client, place, full_name="Lê Văn Tám")

    assert answer.status_code == 422
    assert Person.objects.count() == 1


def test_another_commune_is_no_choice(client, place):
    assert helped(client, place, commune=place.health.pk).status_code == 422


def test_a_helper_sees_whom_he_helped_and_nobody_else(client, place):
    helped(client, place)
    Person.objects.create(
        full_name="Lê Văn Tám", audience="household_business", commune=place.commune
    )

    page = client.get(reverse("reports:assist")).content.decode()
    assert "Nguyễn Thị Mai" in page
    assert "Lê Văn Tám" not in page
    assert not people_for(place.helper).exists()
    assert client.get(reverse("reports:goals")).status_code == 404


def test_who_is_no_helper_finds_no_page(client, place):
    client.force_login(viewer("lan", unit=place.education))

    assert client.get(reverse("reports:assist")).status_code == 404
