"""Guessing codes is slowed down; checking real papers, many behind one address, is not."""

from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

MISSES_A_MINUTE = 60


def has_guessed_too_often(request: HttpRequest) -> bool:
    """Whether this address asked for too many papers that do not exist, this minute."""
    return cache.get(_key(request), 0) >= MISSES_A_MINUTE


def count_miss(request: HttpRequest) -> None:
    key = _key(request)
    cache.add(key, 0, 120)
    # The cache may go away or come back empty between the two: one guess is not counted then.
    with suppress(ValueError):
        cache.incr(key)


def _key(request: HttpRequest) -> str:
    return f"misses:{get_adapter().get_client_ip(request)}:{timezone.now():%H%M}"
