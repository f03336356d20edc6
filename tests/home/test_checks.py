"""Bad settings are refused with one sentence and a remedy."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from home.checks import check_environment
from home.environment import database, folder, kept_secret, one_of, whole_number

GOOD_KEY = "0123456789" * 5


@pytest.fixture
def good(settings):
    """Settings of a healthy public site."""
    settings.DEBUG = False
    settings.PUBLIC_URL = "https://hoc.nghean.gov.vn"
    settings.HTTPS = settings.REQUIRE_SECOND_FACTOR = True
    settings.ALLOWED_HOSTS = ["hoc.nghean.gov.vn", "goi.nghean.gov.vn"]
    settings.PACKAGES_URL = "https://goi.nghean.gov.vn"
    settings.SECRET_KEY = GOOD_KEY
    settings.REDIS_URL = ""
    settings.PERSONAL_DATA_KEYS = [GOOD_KEY]
    settings.PERSONAL_INDEX_KEY = GOOD_KEY
    settings.PERSONAL_KEYS_GIVEN = True
    settings.JOB_LEASE_SECONDS = 30
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    return settings


def found():
    return [message.id for message in check_environment()]


def test_healthy_settings_pass(good):
    assert found() == []


@pytest.mark.parametrize(
    "address",
    [
        "hoc.nghean.gov.vn",
        "ftp://hoc.nghean.gov.vn",
        "https://",
        "https://hoc.nghean.gov.vn/hoc",
        "https://hoc.nghean.gov.vn?a=1",
        "https://user@hoc.nghean.gov.vn",
        "https://[bad",
        "https://hoc.nghean.gov.vn:port",
    ],
)
def test_public_url_is_scheme_and_host_only(good, address):
    good.PUBLIC_URL = address
    assert found() == ["home.E001"]


@pytest.mark.parametrize(
    ("allowed", "ids"),
    [
        (["127.0.0.1"], ["home.E002"]),
        ([".nghean.gov.vn"], []),
        (["*"], ["home.W023"]),
        (["nghean.gov.vn"], ["home.E002"]),
    ],
)
def test_host_of_public_url_is_allowed(good, allowed, ids):
    good.ALLOWED_HOSTS = [*allowed, "goi.nghean.gov.vn"]
    assert found() == ids


def test_passwords_in_the_clear_are_warned_of(good):
    good.PUBLIC_URL, good.HTTPS = "http://hoc.nghean.gov.vn", False
    assert found() == ["home.W022"]
    good.REQUIRE_SECOND_FACTOR = False
    assert found() == ["home.W022", "home.W010"]


def test_any_host_name_is_warned_of(good):
    good.ALLOWED_HOSTS = ["*"]
    assert found() == ["home.W023"]


@pytest.mark.parametrize(("proxies", "ids"), [(0, ["home.W026"]), (-1, ["home.E025"]), (2, [])])
def test_proxies_in_front_are_counted(good, proxies, ids):
    good.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert found() == ids


def test_log_without_refusals_is_warned_of(good):
    good.LOG_LEVEL = "CRITICAL"
    assert found() == ["home.W024"]


def test_debug_is_refused_on_a_public_https_site(good):
    good.DEBUG = True
    assert found() == ["home.E003"]


def test_debug_is_left_alone_on_this_machine(good):
    good.DEBUG, good.HTTPS = True, False
    good.PUBLIC_URL, good.ALLOWED_HOSTS = "http://127.0.0.1:8000", ["127.0.0.1", "localhost"]
    good.PACKAGES_URL = "http://localhost:8000"
    assert found() == []


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("", ["home.W011"]),
        ("https://hoc.nghean.gov.vn", ["home.E012"]),
        ("https://goi.example.vn", ["home.E013"]),
        ("nonsense", ["home.E013"]),
    ],
)
def test_packages_live_at_an_allowed_host_of_their_own(good, address, ids):
    good.PACKAGES_URL = address
    assert found() == ids


def test_redis_url_of_another_kind_is_refused(good):
    good.REDIS_URL = "http://cache:6379"
    assert found() == ["home.E004"]


def test_redis_with_sqlite_is_warned_of(good, monkeypatch):
    monkeypatch.setattr("home.checks.connection.vendor", "sqlite")
    good.REDIS_URL = "redis://cache:6379/0"
    assert found() == ["home.W005"]


def test_redis_with_postgresql_is_right(good, monkeypatch):
    monkeypatch.setattr("home.checks.connection.vendor", "postgresql")
    good.REDIS_URL = "redis://cache:6379/0"
    assert found() == []


@pytest.mark.parametrize("key", ["short", "a" * 60])
def test_weak_secret_key_is_refused(good, key):
    good.SECRET_KEY = key
    assert found() == ["home.E006"]


@pytest.mark.parametrize(
    ("seconds", "ids"), [(4, ["home.E007"]), (5, []), (600, []), (601, ["home.E007"])]
)
def test_lease_is_between_five_seconds_and_ten_minutes(good, seconds, ids):
    good.JOB_LEASE_SECONDS = seconds
    assert found() == ids


def test_every_message_has_a_hint(good):
    good.PUBLIC_URL, good.REDIS_URL, good.SECRET_KEY, good.JOB_LEASE_SECONDS = "x", "x", "x", 0
    assert [bool(message.hint) for message in check_environment()] == [True] * 4


def test_checks_run_with_those_of_the_framework(good):
    good.JOB_LEASE_SECONDS = 0
    assert "home.E007" in [message.id for message in run_checks()]


# What cannot even be read is refused while settings are loaded.


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "JOB_LEASE_SECONDS",
            "soon",
            "JOB_LEASE_SECONDS is 'soon', not a whole number. Set e.g. JOB_LEASE_SECONDS=30.",
        ),
        (
            "LOG_LEVEL",
            "loud",
            "LOG_LEVEL is 'loud'. Choose one of DEBUG, INFO, WARNING, ERROR, CRITICAL.",
        ),
        (
            "DATABASE_URL",
            "mysql://root:geheim@host/name",
            (
                "DATABASE_URL does not begin with postgres://. Use DATABASE_URL="
                "postgres://user:password@host:5432/name, or leave it unset for SQLite."
            ),
        ),
    ],
)
def test_unreadable_setting_ends_a_command_with_one_sentence(name, value, sentence, tmp_path):
    environment = os.environ | {"DATA_DIR": str(tmp_path), name: value}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        check=False,
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout, run.stderr) == (1, "", f"{sentence}\n")


def test_number_is_read_or_left_at_its_default(monkeypatch):
    assert whole_number("A_NUMBER", default=7) == 7
    monkeypatch.setenv("A_NUMBER", "12")
    assert whole_number("A_NUMBER", default=7) == 12


def test_choice_outside_the_list_is_refused(monkeypatch):
    monkeypatch.setenv("A_CHOICE", "c")
    with pytest.raises(ImproperlyConfigured, match=r"A_CHOICE is 'c'\. Choose one of a, b\."):
        one_of("A_CHOICE", ["a", "b"], default="a")


@pytest.mark.parametrize("address", ["nonsense", "postgres://u:geheim@host:port/name"])
def test_database_address_is_refused_without_its_password(monkeypatch, address):
    monkeypatch.setenv("A_DATABASE", address)
    with pytest.raises(ImproperlyConfigured) as refusal:
        database("A_DATABASE", default={})
    assert "geheim" not in str(refusal.value)


def test_database_at_an_address_keeps_its_connections(monkeypatch):
    monkeypatch.setenv("A_DATABASE", "postgres://hoa:pw@db:5433/hoc")
    config = database("A_DATABASE", default={})
    assert (config["ENGINE"], config["HOST"], config["PORT"], config["CONN_HEALTH_CHECKS"]) == (
        "django.db.backends.postgresql",
        "db",
        5433,
        True,
    )


def test_folder_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("A_FOLDER", str(tmp_path / "a" / "b"))
    assert folder("A_FOLDER", default=tmp_path).is_dir()


def test_folder_in_place_of_a_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("A_FOLDER", str(tmp_path / "file"))
    with pytest.raises(ImproperlyConfigured, match=r"A_FOLDER .* cannot be made: File exists"):
        folder("A_FOLDER", default=tmp_path)


def test_folder_that_cannot_be_written_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("home.environment.os.access", lambda path, mode: False)  # root may all
    with pytest.raises(ImproperlyConfigured, match="cannot be written"):
        folder("A_FOLDER", default=tmp_path)


def test_secret_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "secret_key"
    first, second = kept_secret(path), kept_secret(path)
    assert (second, len(first), stat.S_IMODE(path.stat().st_mode)) == (first, 50, 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_personal_keys_missing_on_a_public_site(good):
    good.PERSONAL_KEYS_GIVEN = False
    assert found() == ["home.W018"]


def test_personal_keys_too_short(good):
    good.PERSONAL_DATA_KEYS = [GOOD_KEY, "short"]
    assert found() == ["home.E017"]
