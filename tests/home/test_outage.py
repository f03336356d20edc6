"""What limits guessing holds while the cache server is down, and after it comes back empty."""

import shutil
from types import SimpleNamespace

import pytest
from allauth.core import ratelimit
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

import home.cache
from home.jobs.tasks import forget_old_sessions
from learners.actions import sign_in
from learners.models import AuditEntry, SignInFailure
from tests.factories.learning import staff
from tests.home.jobs.processes import Redis, free_port
from tests.home.test_sign_in import LOCKED, PASSWORD, SPELLINGS, hoa, typed

__all__ = ["hoa"]
pytestmark = pytest.mark.django_db


def use(settings, url):
    """The cache of the scaled-out form at this address."""
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "home.cache.PatientRedisCache",
            "LOCATION": url,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }


@pytest.fixture(autouse=True)
def breaker(monkeypatch):
    monkeypatch.setitem(home.cache._breaker, "silent_until", 0.0)


@pytest.fixture
def nowhere(settings):
    """A Redis that nobody started."""
    use(settings, f"redis://127.0.0.1:{free_port()}/0")


@pytest.fixture
def redis(settings, tmp_path):
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server: apt-get install redis-server")
    server = Redis(tmp_path)
    use(settings, server.url)
    yield server
    server.kill()


def test_five_failures_lock_the_account_without_a_cache(client, hoa, nowhere):
    for name in SPELLINGS[:5]:
        assert LOCKED not in typed(client, name).content.decode()
    for name in SPELLINGS:
        assert LOCKED in typed(client, name, PASSWORD).content.decode()


def test_lock_holds_when_redis_is_stopped_and_when_it_comes_back_empty(
    client, hoa, redis, monkeypatch
):
    for name in SPELLINGS[:3]:
        assert LOCKED not in typed(client, name).content.decode()
    cache.set("is", "there")
    assert cache.get("is") == "there"
    redis.kill()
    for name in SPELLINGS[3:5]:
        assert LOCKED not in typed(client, name).content.decode()
    assert LOCKED in typed(client, "NA900001", PASSWORD).content.decode()
    redis.start()
    monkeypatch.setitem(home.cache._breaker, "silent_until", 0.0)
    assert cache.get("is") is None
    assert LOCKED in typed(client, "NA900001", PASSWORD).content.decode()
    assert SignInFailure.objects.count() == 5


def test_signing_in_is_no_failure_and_leaves_nothing(client, hoa, nowhere):
    for _time in range(7):
        assert typed(client, "NA900001", PASSWORD).status_code == 302
        client.logout()
    assert not SignInFailure.objects.exists()


def test_lock_is_told_once_though_no_cache_remembers(client, hoa, nowhere):
    for _time in range(9):
        typed(client, "NA900001")
    assert list(AuditEntry.objects.values_list("act", "about")) == [("locked", f"account {hoa.pk}")]


def test_many_accounts_from_one_address_are_stopped(client, hoa, nowhere, monkeypatch):
    monkeypatch.setattr(sign_in, "MOST_OF_ADDRESS", 3)
    answers = [typed(client, f"NB{n}").content.decode() for n in range(5)]
    assert [LOCKED in answer for answer in answers] == [False] * 3 + [True] * 2


def test_other_accounts_stay_open(client, hoa, nowhere):
    for name in SPELLINGS:
        typed(client, name)
    lan = staff(sign_in="NA900003").user
    lan.set_password(PASSWORD)
    lan.save()
    assert typed(client, "NA900003", PASSWORD).status_code == 302


def test_tries_at_once_do_not_overtake_the_count(hoa):
    begun = [sign_in.begin_try(f"account {hoa.pk}", "10.0.0.9") for _n in range(8)]
    assert [one is not None for one in begun] == [True] * 5 + [False] * 3
    sign_in.take_back(begun[0])
    assert sign_in.begin_try(f"account {hoa.pk}", "10.0.0.9") is not None


def test_nothing_that_was_typed_and_no_address_is_kept(client, hoa, nowhere):
    typed(client, "040190001234")
    kept = str(list(SignInFailure.objects.values()))
    assert "040190001234" not in kept
    assert "127.0.0.1" not in kept


def test_failures_that_count_no_more_are_forgotten(client, hoa, monkeypatch):
    typed(client, "NA900001")
    forget_old_sessions.call()
    assert SignInFailure.objects.count() == 1
    monkeypatch.setattr(sign_in, "LOCKED_FOR", -sign_in.LOCKED_FOR)
    forget_old_sessions.call()
    assert not SignInFailure.objects.exists()


def test_second_factors_are_limited_without_a_cache(rf, nowhere):
    request = rf.post("/")
    request.user = AnonymousUser()
    said = [
        ratelimit.consume(request, action="login_failed", key="mfa-auth-user-7") for _n in range(7)
    ]
    assert said == [True] * 5 + [False] * 2


def test_codes_of_papers_cannot_be_guessed_without_a_cache(client, nowhere, monkeypatch):
    monkeypatch.setattr("certificates.limits._key", lambda _request: "misses:somebody:1200")
    answers = [client.get(f"/x/0000-0000-{n:04}").status_code for n in range(62)]
    assert set(answers[:60]) == {404}
    assert answers[60:] == [429, 429]


def test_all_else_is_forgotten_without_a_cache(nowhere):
    cache.set("page", SimpleNamespace)
    assert cache.get("page") is None
