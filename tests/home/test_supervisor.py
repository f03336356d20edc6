"""Children come back when they die, and go when their parent goes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's own")

CHILD = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'a')); time.sleep(60)"
PARENT = (
    "import sys; from home.supervisor import supervise;"
    "supervise([sys.executable, '-c', *sys.argv[1:]])"
)


class Family:
    def __init__(self, folder: Path) -> None:
        self.births = folder / "births"
        self.births.touch()
        self.parent = subprocess.Popen([sys.executable, "-c", PARENT, CHILD, str(self.births)])
        self.child(1)

    def child(self, number: int) -> int:
        """The process id of the nth child, once it is born."""
        wait_until(lambda: len(self.births.read_text().split()) >= number, 20)
        return int(self.births.read_text().split()[number - 1])


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    members = Family(tmp_path)
    yield members
    members.parent.kill()
    members.parent.wait()


def test_a_killed_child_is_replaced_within_two_seconds(family):
    start = time.monotonic()
    os.kill(family.child(1), signal.SIGKILL)
    assert family.child(2) != family.child(1)
    assert time.monotonic() - start < 2


def test_a_child_goes_when_its_parent_is_killed(family):
    family.parent.kill()
    wait_until(lambda: is_gone(family.child(1)), 5)


def test_the_parent_told_to_stop_ends_its_child_and_itself(family):
    family.parent.send_signal(signal.SIGTERM)
    assert family.parent.wait(10) == 0
    assert is_gone(family.child(1))
