"""The code on the wall: it changes every minute and is good for one session alone."""

import time

from django.utils.crypto import constant_time_compare, salted_hmac

CHANGES_EVERY = 60
KNOWN_AFTERWARDS = 3
"""So many minutes a scanned code stays good: long enough for one bar of network, too short to
be sent to a friend at home and used at leisure."""


def wall_code(session_id: int, now: float | None = None) -> str:
    return _code(session_id, _step(now))


def is_wall_code(session_id: int, code: str, now: float | None = None) -> bool:
    step = _step(now)
    return any(
        constant_time_compare(code, _code(session_id, step - back))
        for back in range(KNOWN_AFTERWARDS + 1)
    )


def _step(now: float | None) -> int:
    return int((time.time() if now is None else now) // CHANGES_EVERY)


def _code(session_id: int, step: int) -> str:
    digest = salted_hmac("learners.wall_codes", f"{session_id}:{step}", algorithm="sha256")
    return digest.hexdigest()[:16]
