"""Signing in: which account is meant, and what failing at it costs."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.utils import timezone

from home.settings import CACHES
from learners.models import AuditEntry, User
from tests.factories.learning import staff
from tests.factories.reports import viewer, world

pytestmark = pytest.mark.django_db

PASSWORD = "hoc-so-nghe-an"
LOCKED = "nhập sai nhiều lần"
SPELLINGS = ["NA900001", "na900001", " NA 900001", "N A 9 0 0 0 0 1", "0912345678", "0912.345.678"]


@pytest.fixture
def hoa():
    account = staff(sign_in="NA900001").user
    account.phone = "+84912345678"
    account.set_password(PASSWORD)
    account.save()
    return account


def typed(client, name, password="sai-mat-khau-roi"):  # noqa: S107  of nobody
    return client.post("/dang-nhap/", {"login": name, "password": password})


class TestLock:
    def test_five_failures_lock_the_account_however_its_name_is_written(self, client, hoa):
        for name in SPELLINGS[:5]:
            assert LOCKED not in typed(client, name).content.decode()
        for name in SPELLINGS:
            assert LOCKED in typed(client, name, PASSWORD).content.decode()

    def test_other_accounts_stay_open(self, client, hoa):
        for name in SPELLINGS:
            typed(client, name)
        lan = staff(sign_in="NA900003").user
        lan.set_password(PASSWORD)
        lan.save()
        assert typed(client, "NA900003", PASSWORD).status_code == 302

    def test_name_that_means_nobody_is_locked_as_well_and_tells_nothing(self, client):
        answers = [typed(client, name).content.decode() for name in ["NB1", "nb 1", "NB1"] * 2]
        assert [LOCKED in answer for answer in answers] == [False] * 5 + [True]

    def test_signing_in_is_no_failure(self, client, hoa):
        for _time in range(7):
            assert typed(client, "NA900001", PASSWORD).status_code == 302
            client.logout()


def test_many_other_names_do_not_push_the_failures_out_of_the_cache():
    """A database cache that is full forgets the counted failures first."""
    kept = CACHES["default"]
    if settings.CACHE_URL:
        pytest.skip("Redis keeps by age")
    assert DatabaseCache(kept["LOCATION"], kept)._max_entries >= 100_000


class TestWrittenDown:
    def test_log_tells_accounts_and_never_what_was_typed(self, client, hoa, caplog):
        caplog.set_level("INFO")
        typed(client, "NA900001", PASSWORD)
        client.logout()
        typed(client, "NA900001")
        typed(client, "040190001234")
        said = [r.getMessage() for r in caplog.records if r.name == "home.sign_in_log"]
        assert said == [
            f"signed in: account {hoa.pk}",
            f"sign-in failed: account {hoa.pk}",
            "sign-in failed: nobody's name",
        ]

    def test_audit_log_hears_of_a_lock_once(self, client, hoa):
        for _time in range(8):
            typed(client, "NA900001")
        assert acts() == [("locked", f"account {hoa.pk}", None)]

    def test_audit_log_hears_when_those_who_see_others_come_in(self, client, hoa):
        minh = viewer("minh", unit=world().health)
        for name in ("NA900001", "minh"):
            typed(client, name, PASSWORD)
            client.logout()
        assert acts() == [("signed_in", f"account {minh.pk}", minh.pk)]


def acts():
    return list(AuditEntry.objects.order_by("number").values_list("act", "about", "by"))


class TestFirstSignIn:
    @pytest.fixture
    def temporary(self, hoa):
        hoa.set_temporary_password("chim-binh-lua-3071", timezone.now() + timedelta(days=7))
        hoa.save()

    def change(self, client, new, **said):
        typed(client, "NA900001", "chim-binh-lua-3071")
        return client.post("/tai-khoan/mat-khau/", said | {"password1": new, "password2": new})

    def test_only_the_new_password_is_asked_for_and_leads_on_to_learning(self, client, temporary):
        typed(client, "NA900001", "chim-binh-lua-3071")
        page = client.get("/tai-khoan/mat-khau/").content.decode()
        assert 'name="oldpassword"' not in page
        assert page.count('type="password"') == 2
        assert self.change(client, "con trâu là đầu cơ nghiệp").url == "/hoc-tap/"
        assert client.get("/hoc-tap/").status_code == 200

    def test_afterwards_the_old_password_is_asked_for_as_ever(self, client, temporary):
        self.change(client, "con trâu là đầu cơ nghiệp")
        assert 'name="oldpassword"' in client.get("/tai-khoan/mat-khau/").content.decode()
        again = {"password1": "tấc đất tấc vàng ơi", "password2": "tấc đất tấc vàng ơi"}
        refused = client.post("/tai-khoan/mat-khau/", again)
        assert list(refused.context["form"].errors) == ["oldpassword"]

    def test_a_while_after_the_sign_in_the_temporary_password_is_asked_for(self, client, temporary):
        typed(client, "NA900001", "chim-binh-lua-3071")
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            assert 'name="oldpassword"' in client.get("/tai-khoan/mat-khau/").content.decode()

    def test_a_session_begun_in_another_way_is_no_proof_of_the_password(self, client, temporary):
        client.force_login(User.objects.get(username="NA900001"))
        assert 'name="oldpassword"' in client.get("/tai-khoan/mat-khau/").content.decode()

    def test_the_temporary_password_does_not_become_ones_own(self, client, temporary):
        page = self.change(client, "chim-binh-lua-3071").content.decode()
        assert "Đây là mật khẩu tạm." in page

    def test_short_password_is_refused_in_vietnamese(self, client, temporary):
        page = self.change(client, "con trâu").content.decode()
        assert "Hãy chọn mật khẩu có ít nhất 14 ký tự." in page
        assert "This password" not in page


@pytest.mark.parametrize(
    "page", ["email/", "confirm-email/", "password/reset/", "password/reset/key/1-a-b/"]
)
def test_mail_is_no_way_in(client, page):
    """The library's own pages, in English and outside HR's hands."""
    assert client.get(f"/tai-khoan/{page}").status_code == 404
