"""What a signed-in account owes: presence, an own password, a second factor."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.checks import check_environment
from learners.models import ClassKeeper, User
from tests.factories.classes import class_of
from tests.factories.learning import staff
from tests.factories.reports import viewer, world

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"


def with_second_factor(user: User) -> User:
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": get_adapter().encrypt(SECRET)},
    )
    return user


def code_of_now() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


class TestIdleLimit:
    def test_quarter_of_an_hour_without_a_sign_of_life_ends_the_session(self, client):
        client.force_login(staff(sign_in="hoa").user)
        client.get("/hoc-tap/")
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            response = client.get("/hoc-tap/?a=1")
            assert response.url == "/dang-nhap/?next=/hoc-tap/%3Fa%3D1"
            assert "không thao tác trong 15 phút" in client.get(response.url).content.decode()

    def test_whoever_goes_on_stays(self, client):
        client.force_login(staff(sign_in="hoa").user)
        client.get("/hoc-tap/")
        for minutes in (10, 20, 30):
            with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
                assert client.get("/hoc-tap/").status_code == 200

    def test_typing_is_a_sign_of_life(self, client):
        client.force_login(staff(sign_in="hoa").user)
        client.get("/hoc-tap/")
        with time_machine.travel(timezone.now() + timedelta(minutes=14)):
            assert client.post("/tai-khoan/con-lam-viec/").status_code == 204
        with time_machine.travel(timezone.now() + timedelta(minutes=28)):
            assert client.get("/hoc-tap/").status_code == 200

    def test_administration_waits_five_minutes(self, admin_client):
        admin_client.get("/quan-tri/")
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert admin_client.get("/quan-tri/").url.startswith("/dang-nhap/")


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.REQUIRE_SECOND_FACTOR = True

    def test_officer_without_it_is_led_to_set_it_up(self, client):
        client.force_login(viewer("minh", unit=world().health))
        assert client.get("/bao-cao/").url == "/tai-khoan/hai-lop/totp/activate/"

    def test_learner_needs_none(self, client):
        client.force_login(staff(sign_in="hoa").user)
        assert client.get("/hoc-tap/").status_code == 200

    def test_password_alone_does_not_let_the_officer_in(self, client):
        with_second_factor(viewer("minh", unit=world().health))
        typed = {"login": "minh", "password": "hoc-so-nghe-an"}
        response = client.post("/dang-nhap/", typed)
        assert response.url == "/tai-khoan/hai-lop/authenticate/"
        assert client.get("/bao-cao/").url.startswith("/dang-nhap/")
        wrong = client.post(response.url, {"code": "000000"})
        assert wrong.status_code == 200
        client.post(response.url, {"code": code_of_now()})
        assert client.get("/bao-cao/").status_code == 200

    def test_officer_cannot_take_it_off(self, client):
        minh = with_second_factor(viewer("minh", unit=world().health))
        client.post("/dang-nhap/", {"login": "minh", "password": "hoc-so-nghe-an"})
        client.post("/tai-khoan/hai-lop/authenticate/", {"code": code_of_now()})
        client.post("/tai-khoan/reauthenticate/", {"password": "hoc-so-nghe-an"})
        client.post("/tai-khoan/hai-lop/totp/deactivate/")
        assert Authenticator.objects.filter(user=minh).count() == 1

    def test_whoever_takes_it_off_chooses_a_long_password(self, client):
        """With it eight characters were enough."""
        hoa = with_second_factor(staff(sign_in="hoa").user)
        hoa.set_password("hoc-so-nghe-an")
        hoa.save()
        client.post("/dang-nhap/", {"login": "hoa", "password": "hoc-so-nghe-an"})
        client.post("/tai-khoan/hai-lop/authenticate/", {"code": code_of_now()})
        client.post("/tai-khoan/reauthenticate/", {"password": "hoc-so-nghe-an"})
        client.post("/tai-khoan/hai-lop/totp/deactivate/")
        assert Authenticator.objects.filter(user=hoa).count() == 0
        assert client.get("/hoc-tap/").url == "/tai-khoan/mat-khau/"

    @pytest.mark.django_db(transaction=True)  # what is said is said after commit
    def test_setting_it_up_speaks_vietnamese(self, client):
        client.force_login(viewer("minh", unit=world().health))
        client.post("/tai-khoan/reauthenticate/", {"password": "hoc-so-nghe-an"})
        page = client.get("/tai-khoan/hai-lop/totp/activate/")
        wrong = client.post(page.request["PATH_INFO"], {"code": "000000"}).content.decode()
        assert "Mã chưa đúng." in wrong
        secret = page.context["form"].secret
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        done = client.post(page.request["PATH_INFO"], {"code": code}, follow=True).content.decode()
        for said in ("Đã bật đăng nhập hai lớp.", "Đã tạo bộ mã dự phòng.", "<h1>Mã dự phòng</h1>"):
            assert said in done
        assert "activated" not in done

    def test_trainer_of_a_class_needs_it_at_the_class(self, client):
        """Who is in a class is seen by whoever keeps its list."""
        trainer = viewer("trainer")
        ClassKeeper.objects.create(class_group=class_of(), account=trainer)
        client.force_login(trainer)
        assert client.get("/lop/phu-trach/").url == "/tai-khoan/hai-lop/totp/activate/"
        assert client.get("/hoc-tap/").status_code == 200


class TestLevels:
    def test_password_of_eight_needs_a_second_factor(self):
        minh = User.objects.create_user("minh")
        with pytest.raises(ValidationError):
            validate_password("cá-kho-8", minh)
        validate_password("cá-kho-8", with_second_factor(minh))
        with pytest.raises(ValidationError):
            validate_password("cá-kho", minh)

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("IDLE_MINUTES", 60, "home.W009"),
            ("DORMANT_AFTER_DAYS", 400, "home.W009"),
            ("ADMIN_IDLE_MINUTES", 0, "home.E008"),
            ("LOG_LEVEL", "ERROR", "home.W024"),
        ],
    )
    def test_what_is_set_below_the_level_is_named(self, settings, name, value, code):
        # With Redis the keys of personal numbers must be given too, which is not meant here.
        settings.PERSONAL_KEYS_GIVEN = True
        setattr(settings, name, value)
        assert [(m.id, name in m.msg) for m in check_environment()] == [(code, True)]


class TestKeptOut:
    def test_owner_of_a_closed_account_is_told_so_and_a_guesser_is_not(self, client):
        hoa = staff(sign_in="hoa").user
        hoa.set_password("hoc-so-nghe-an")
        hoa.is_active = False
        hoa.save()
        right = client.post("/dang-nhap/", {"login": "hoa", "password": "hoc-so-nghe-an"})
        wrong = client.post("/dang-nhap/", {"login": "hoa", "password": "khong-phai-vay"})
        assert ("đã khóa" in right.content.decode(), "đã khóa" in wrong.content.decode()) == (
            True,
            False,
        )
        assert client.get("/hoc-tap/").status_code == 302

    def test_account_asleep_is_told_whom_to_ask(self, client):
        hoa = staff(sign_in="hoa").user
        hoa.set_password("hoc-so-nghe-an")
        hoa.last_login = timezone.now() - timedelta(days=60)
        hoa.save()
        response = client.post("/dang-nhap/", {"login": "hoa", "password": "hoc-so-nghe-an"})
        assert (response.status_code, "phiếu đăng nhập mới" in response.content.decode()) == (
            403,
            True,
        )
