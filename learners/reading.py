"""What a page that only reads asks for once, however many of its parts want to know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_kept: ContextVar[dict[tuple, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Nothing is written inside: what was found once is found again, without a query."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Called once for the same arguments while a page is read, each time everywhere else.

    The callers share the answer, so nobody changes it; positional arguments only.
    """

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        kept = _kept.get()
        if kept is None:
            return function(*args, **kwargs)
        key = (function, *args)
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        return kept[key]

    return asked
