"""Servers of our own on free ports. Only what was started here is stopped."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Redis:
    """Keeps what it is told on disk, as operations.md asks of a broker, until it is emptied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "redis"
        self.folder.mkdir()
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "yes", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(lambda: listens(self.port), 10, "Redis does not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def forget(self) -> None:
        """All messages, while it runs."""
        subprocess.run(
            ["redis-cli", "-p", str(self.port), "FLUSHALL"], check=True, stdout=subprocess.DEVNULL
        )

    def empty(self) -> None:
        shutil.rmtree(self.folder)
        self.folder.mkdir()


class PostgreSQL:
    """A cluster of our own, made if the folder holds none; `durable` where it is crashed."""

    def __init__(self, folder: Path, *, durable: bool = True, max_connections: int = 60) -> None:
        self.folder = folder / "postgresql"
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.bin = POSTGRESQL[0]
        self.data = str(self.folder / "data")
        if not self.folder.exists():
            self._make()
        self.options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1"
        self.options += f" -c max_connections={max_connections} -c shared_buffers=256MB"
        self.options += "" if durable else " -c fsync=off"
        self.start()

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")  # fmt: skip

    def _run(self, tool: str, *words: str) -> None:
        command = [str(self.bin / tool), *words]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def start(self) -> None:
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-s", "-D", self.data, "-l", log, "-o", self.options)

    def stop(self, how: str = "fast") -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-D", self.data, "-m", how)

    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def crash_and_restart(self) -> None:
        self.stop("immediate")
        self.start()


def end(process: "subprocess.Popen[str]", how: signal.Signals = signal.SIGKILL) -> None:
    """The process and its children: it leads a group of its own."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    process.wait()
