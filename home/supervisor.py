"""Keep a few child processes running, and take them along when the parent goes."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_RESTART_SECONDS = 1.0


def _die_with_parent() -> None:
    """On Linux the kernel ends the child when its parent is killed; elsewhere the child looks."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def supervise(*commands: Sequence[str]) -> None:
    """Run the commands until SIGTERM or Ctrl-C; restart the ones that end by themselves."""
    stopping = False

    def stop(*args: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children = {tuple(command): _start(command) for command in commands}
    while not stopping:
        time.sleep(0.2)
        for command, child in children.items():
            if not stopping and child.poll() is not None:
                time.sleep(_RESTART_SECONDS)
                children[command] = _start(command)
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()


def _start(command: Sequence[str]) -> subprocess.Popen:
    # A session of its own: Ctrl-C reaches the supervisor alone, which stops them in order.
    # The supervisor has no threads, so code may run between fork and exec.
    return subprocess.Popen(  # noqa: S603  the product's own commands
        command,
        preexec_fn=_die_with_parent,  # noqa: PLW1509
        start_new_session=True,
    )
