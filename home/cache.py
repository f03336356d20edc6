"""A shared cache that may fail: without it pages are slower, not broken."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

BREAKER_SECONDS = 15
"""After Redis failed, how long it is not asked again: one request waits, the next do not."""

COUNTERS = ("allauth:rl:", "misses:", "token-pin-refused:")
"""How the keys begin that limit something: second factors and passwords tried, codes of papers
guessed, a token's PIN. To forget these would open what they close."""

TABLE = "cache"
"""Of the database; learners/0053 makes it where no other cache does."""

_breaker = {"silent_until": 0.0}
"""Of the process: Django makes a cache object for every thread."""


def _or_spare(name: str) -> Callable[..., Any]:
    """The method of Redis; while that does not answer, of the database for counters and of an
    empty cache for all else."""
    ask = getattr(RedisCache, name)

    @wraps(ask)
    def method(self: "PatientRedisCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _breaker["silent_until"]:
            try:
                return ask(self, *args, **kwargs)
            except RedisError as error:
                _breaker["silent_until"] = time.monotonic() + BREAKER_SECONDS
                logger.warning("the cache does not answer: %s", error)
        counts = bool(args) and isinstance(args[0], str) and args[0].startswith(COUNTERS)
        spare = self.counters if counts else self.nothing
        return getattr(spare, name)(*args, **kwargs)

    return method


class PatientRedisCache(RedisCache):
    """Redis while it answers. While it does not, an empty cache that forgets, but for what limits
    guessing: that is counted in the database. Never raises for Redis.

    Sessions are read from the database meanwhile.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.nothing: BaseCache = DummyCache(server, params)
        kept = {"KEY_PREFIX": params.get("KEY_PREFIX", ""), "OPTIONS": {"MAX_ENTRIES": 100_000}}
        self.counters: BaseCache = DatabaseCache(TABLE, kept)

    add = _or_spare("add")
    get = _or_spare("get")
    set = _or_spare("set")
    touch = _or_spare("touch")
    delete = _or_spare("delete")
    has_key = _or_spare("has_key")
    incr = _or_spare("incr")
    get_many = _or_spare("get_many")
    set_many = _or_spare("set_many")
    delete_many = _or_spare("delete_many")
    clear = _or_spare("clear")
