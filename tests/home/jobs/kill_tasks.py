"""Tasks that leave a line in a file for each start, and a row for each effect."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from django_tasks import task

from courses import work
from courses.models import Provider


def _started(log: str, name: str) -> None:
    with Path(log).open("a") as lines:
        lines.write(f"{name}\n")


def _effect(name: str) -> None:
    """One row more at each call: what is done twice shows."""
    Provider.objects.create(name=f"{name} {time.time_ns()}")


@task
def slow_effect(log: str, name: str) -> Callable[[], object]:
    """Long work outside the transaction; the effect commits together with "done"."""
    _started(log, name)
    time.sleep(1.0)
    return lambda: _effect(name)


@task
def quick_effect(log: str, name: str) -> Callable[[], object]:
    _started(log, name)
    return lambda: _effect(name)


@task
def kills_its_worker(log: str, name: str) -> None:
    _started(log, name)
    os.kill(os.getpid(), signal.SIGKILL)


@task
def fails(log: str, name: str) -> None:
    _started(log, name)
    raise RuntimeError("the printer is on fire")


@task(queue_name="reports")
def counts(log: str, name: str, to: int) -> dict[str, int]:
    _started(log, name)
    for number in range(1, to + 1):
        work.progress(number, to)
    return {"counted": to}
