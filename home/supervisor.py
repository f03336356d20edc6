"""Keep a few child processes running, and take them along when the parent goes."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

_PR_SET_PDEATHSIG = 1
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 10.0
"""A child that lived this long is restarted at once; one that dies sooner waits ever longer."""

_PATIENCE_SECONDS = 30
"""For a worker to finish the job at hand. A job cut off here is run again after its lease."""


def supervise(*commands: Sequence[str]) -> None:
    """Run the commands until SIGTERM or Ctrl-C; restart those that end by themselves.

    Returns when all have ended. On Linux none outlives a kill -9 of this process.
    """
    stopping = False

    def stop(*args: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children = [_Child(command) for command in commands]
    while not stopping:
        time.sleep(0.2)
        for child in children:
            child.restart_if_ended()
    for child in children:
        child.process.terminate()
    for child in children:
        child.wait()


class _Child:
    """One command, and how long to wait before it is started again."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.pause = _FIRST_PAUSE
        self.restart_at: float | None = None
        self._start()

    def _start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops all in order.
        # The supervisor has no threads, so code may run between fork and exec.
        self.process = subprocess.Popen(  # noqa: S603  the product's own commands
            self.command,
            preexec_fn=partial(_die_with, os.getpid()),  # noqa: PLW1509
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def restart_if_ended(self) -> None:
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if self.restart_at is None:
            self._kill_rest()
            if now - self.started_at > _STEADY_SECONDS:
                self.pause = _FIRST_PAUSE
            self.restart_at = now + self.pause
            self.pause = min(self.pause * 2, _LONGEST_PAUSE)
        elif now >= self.restart_at:
            self.restart_at = None
            self._start()

    def wait(self) -> None:
        try:
            self.process.wait(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill_rest()
            self.process.wait()

    def _kill_rest(self) -> None:
        """Its own children would keep the port that the next one needs."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """On Linux the kernel ends a child whose parent is killed; elsewhere the worker looks."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # It was killed just before the kernel was told.
        os._exit(1)
