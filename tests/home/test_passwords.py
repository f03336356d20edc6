"""A password is kept by one recipe; whoever kept it by an older one goes on without noticing."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from home.settings import PASSWORD_HASHERS
from learners.models import User

PASSWORD = "mot-cau-rieng-cua-hoa"


@pytest.fixture(autouse=True)
def _as_on_the_site(settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS


@pytest.mark.django_db
def test_a_password_kept_by_djangos_own_recipe_opens_and_is_kept_anew(client):
    old = Argon2PasswordHasher().encode(PASSWORD, "0123456789abcdef0123")
    hoa = User.objects.create(username="NA000001", full_name="Nguyễn Thị Hoa", password=old)
    client.post("/dang-nhap/", {"login": "NA000001", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(hoa.pk)
    hoa.refresh_from_db()
    assert "m=19456,t=2,p=1" in hoa.password != old
    assert hoa.check_password(PASSWORD)


def test_a_password_is_kept_by_argon2id():
    assert make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
