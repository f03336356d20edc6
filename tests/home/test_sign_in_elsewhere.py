"""Sign-in by another system of the state: off unless set, and never linked by likeness."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.checks import run_checks
from django.urls import reverse
from django.utils.translation import override

from learners.choices import AccountStep
from learners.models import AccountEvent, User
from tests.factories.issuer import CLIENT, SECRET, issuer, query_of
from tests.factories.learning import unit
from tests.factories.reports import person, viewer

pytestmark = pytest.mark.django_db

NUMBER = "040190001234"
LOGIN = "/dang-nhap/ngoai/login/"


@pytest.fixture(autouse=True)
def vietnamese():
    with override("vi"):
        yield


@pytest.fixture
def elsewhere(settings):
    with issuer() as server:
        settings.OIDC_ISSUER = server.address
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
        settings.OIDC_NAME = "SSO Nghệ An"
        yield server


@pytest.fixture
def hoa():
    account = viewer("NA1")
    account.email, account.phone = "hoa@nghean.example", "+84912345678"
    account.save()
    person("Nguyễn Thị Hoa", unit(), user=account)
    return account


def come_back(client, server, sub, *, linking=False, code="gut", **claims):
    """Go to the issuer as a browser does, and come back with what it says."""
    server.claims = {"sub": sub, **claims}
    away = client.post(LOGIN + ("?process=connect" if linking else ""))
    asked = query_of(away.url)
    server.claims |= {"nonce": asked["nonce"]} if "nonce" in asked else {}
    return client.get(f"{LOGIN}callback/", {"code": code, "state": asked["state"]})


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_nothing_is_offered_while_no_issuer_is_set(client):
    assert client.post(LOGIN).status_code == 404
    assert "ngoai" not in client.get(reverse("account_login")).content.decode()
    assert "form-action 'self';" in client.get("/dang-nhap/")["Content-Security-Policy"]


def test_the_form_may_lead_to_the_issuer_only_where_one_is_set(client, elsewhere):
    page = client.get(reverse("account_login"))

    assert "Đăng nhập bằng SSO Nghệ An" in page.content.decode()
    assert f"form-action 'self' {elsewhere.address};" in page["Content-Security-Policy"]


def test_likeness_links_nobody_and_makes_no_account(client, elsewhere, hoa):
    answer = come_back(
        client,
        elsewhere,
        "s-1",
        email=hoa.email,
        email_verified=True,
        phone_number=hoa.phone,
        name="Nguyễn Thị Hoa",
        preferred_username="NA1",
    )

    assert answer.status_code == 403
    assert "Chưa có tài khoản nào được liên kết" in answer.content.decode()
    assert signed_in(client) is None
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


def test_who_linked_the_account_signs_in_with_it(client, elsewhere, hoa):
    client.force_login(hoa)
    come_back(client, elsewhere, NUMBER, linking=True, name="Nguyễn Thị Hoa")
    client.logout()

    come_back(client, elsewhere, NUMBER)

    assert signed_in(client) == str(hoa.pk)
    assert AccountEvent.objects.get().step == AccountStep.LINKED


def test_the_code_is_bound_to_the_browser_that_asked(client, elsewhere, hoa):
    client.force_login(hoa)
    come_back(client, elsewhere, "s-1", linking=True)

    assert elsewhere.asked[0]["code_verifier"]


def test_of_the_other_system_only_a_keyed_hash_is_kept(client, elsewhere, hoa):
    client.force_login(hoa)
    come_back(client, elsewhere, NUMBER, linking=True, birthdate="1990-04-05", cccd=NUMBER)

    kept = SocialAccount.objects.values().get()
    assert kept["extra_data"] == {}
    assert NUMBER not in str(kept)


def test_the_other_system_knows_one_person_for_one_account(client, elsewhere, hoa):
    client.force_login(hoa)
    come_back(client, elsewhere, "s-1", linking=True)
    client.force_login(viewer("NA2"))
    come_back(client, elsewhere, "s-1", linking=True)

    assert SocialAccount.objects.get().user == hoa


def test_a_closed_account_stays_closed(client, elsewhere, hoa):
    client.force_login(hoa)
    come_back(client, elsewhere, "s-1", linking=True)
    client.logout()
    User.objects.update(is_active=False)

    come_back(client, elsewhere, "s-1")

    assert signed_in(client) is None


def test_the_link_is_taken_off_by_its_owner(client, elsewhere, hoa):
    client.force_login(hoa)
    come_back(client, elsewhere, "s-1", linking=True)
    page = reverse("socialaccount_connections")

    assert "Gỡ liên kết" in client.get(page).content.decode()
    client.post(page, {"account": SocialAccount.objects.get().pk})

    assert not SocialAccount.objects.exists()
    assert AccountEvent.objects.first().step == AccountStep.UNLINKED


def test_a_wrong_answer_of_the_other_system_lets_nobody_in(client, elsewhere, hoa):
    answer = come_back(client, elsewhere, "s-1", code="xau")

    assert signed_in(client) is None
    assert "Đăng nhập bằng hệ thống khác không thành công" in answer.content.decode()


def test_half_a_setting_is_named(settings):
    settings.OIDC_ISSUER = "http://sso.example"

    assert {"home.E019", "home.E020"} <= {error.id for error in run_checks()}
