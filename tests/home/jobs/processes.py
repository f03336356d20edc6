"""A database of its own and real processes that work on it.

The database is of the kind the suite runs on, and a copy of the migrated one.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from tests.database import KEPT, fingerprint

ROOT = Path(__file__).resolve().parents[3]
CELERY = ("-m", "celery", "-A", "home", "worker", "--concurrency", "1", "-l", "ERROR")
BEAT = ("-m", "celery", "-A", "home", "beat", "-l", "ERROR")
WORKER = ("manage.py", "run_jobs")


class World:
    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.log = folder / "started.txt"
        self.log.touch()
        self.database = f"world_{folder.name}_{os.getpid()}".lower().replace("-", "_")
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.home.jobs.kill_settings",
            "LOG_LEVEL": "CRITICAL",
            **environment,
        }
        self.processes: list[subprocess.Popen[str]] = []
        self._make_database()

    def _make_database(self) -> None:
        if connection.vendor == "sqlite":
            shutil.copy(KEPT / f"{fingerprint()}.sqlite3", self.folder / "db.sqlite3")
            return
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{self.database}" TEMPLATE "kept_{fingerprint()}"')
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.database}")
        self.environment["DATABASE_URL"] = urlunsplit(address)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if connection.vendor != "sqlite":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    def ask(self, sql: str) -> list[str]:
        """The first column, sorted; asked from outside of Django, as it costs no start."""
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database:
                rows = database.execute(sql).fetchall()
                database.commit()
        else:
            import psycopg

            with psycopg.connect(self.environment["DATABASE_URL"]) as database:
                cursor = database.execute(sql)
                rows = cursor.fetchall() if cursor.description else []
        return sorted(row[0] for row in rows)

    def python(self, code: str) -> str:
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def enqueue(self, task: str, count: int = 1) -> float:
        """As a request would; returns the seconds that the slowest call took."""
        return float(
            self.python(
                "import time, home.celery\n"
                "from tests.home.jobs import kill_tasks\n"
                "took = []\n"
                f"for number in range({count}):\n"
                "    start = time.monotonic()\n"
                f"    kill_tasks.{task}.enqueue({str(self.log)!r}, f'job{{number}}')\n"
                "    took.append(time.monotonic() - start)\n"
                "print(max(took))"
            )
        )

    def start(self, *words: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def started(self) -> int:
        return len(self.log.read_text().split())

    def effects(self) -> list[str]:
        """Names of the jobs whose effect is in the database, once for each time."""
        return [name.split()[0] for name in self.ask("SELECT name FROM courses_provider")]

    def states(self) -> list[str]:
        return self.ask("SELECT state FROM home_job WHERE task LIKE 'tests.%'")


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.1)


def wait_for_the_middle(world: World, after: int) -> None:
    """Until `after` jobs were begun, in the middle of the last."""
    wait_until(lambda: world.started() >= after, 60)
    time.sleep(0.3)


def kill_in_the_middle(world: World, worker: "subprocess.Popen[str]", after: int) -> None:
    """kill -9 the worker and its children in the middle of a job."""
    wait_for_the_middle(world, after)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Redis:
    """A server of its own, without a memory: what is killed is forgotten."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*command, "--save", "", "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        wait_until(self._answers, 10)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
