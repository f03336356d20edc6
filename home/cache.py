"""A shared cache that may fail: without it pages are slower, not broken."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

BREAKER_SECONDS = 15
"""After Redis failed, how long it is not asked again: one request waits, the next do not."""

_breaker = {"silent_until": 0.0}
"""Of the process: Django makes a cache object for every thread."""


def _or_nothing(name: str) -> Callable[..., Any]:
    ask, spare = getattr(RedisCache, name), getattr(DummyCache, name)

    @wraps(ask)
    def method(self: "PatientRedisCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _breaker["silent_until"]:
            try:
                return ask(self, *args, **kwargs)
            except RedisError as error:
                _breaker["silent_until"] = time.monotonic() + BREAKER_SECONDS
                logger.warning("the cache does not answer: %s", error)
        return spare(self.nothing, *args, **kwargs)

    return method


class PatientRedisCache(RedisCache):
    """Redis while it answers; an empty cache that forgets while it does not. Never raises for it.

    Sign-in attempts are not counted meanwhile, and sessions are read from the database.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.nothing = DummyCache(server, params)

    add = _or_nothing("add")
    get = _or_nothing("get")
    set = _or_nothing("set")
    touch = _or_nothing("touch")
    delete = _or_nothing("delete")
    has_key = _or_nothing("has_key")
    incr = _or_nothing("incr")
    get_many = _or_nothing("get_many")
    set_many = _or_nothing("set_many")
    delete_many = _or_nothing("delete_many")
    clear = _or_nothing("clear")
