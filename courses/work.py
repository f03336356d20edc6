"""How long work tells how far it is, and learns that it is to stop.

The lowest floor knows no queue: whoever runs the work listens. Without a listener nothing
happens, so that an action may be called from anywhere.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Listener: TypeAlias = Callable[[int, int | None], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


class Cancelled(Exception):
    """Somebody asked this work to stop."""


def progress(done: int, of: int | None = None) -> None:
    """Say that so much is done, of so much if that is known.

    Raises Cancelled when the work is to stop. Call it between transactions: inside of one
    nobody would see the figure, and stopping takes the whole transaction back.
    """
    listener = _listener.get()
    if listener is not None:
        listener(done, of)


@contextmanager
def reported_to(listener: Listener) -> Iterator[None]:
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
