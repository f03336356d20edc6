"""kill -9 in the middle of a job: nothing lost, nothing done twice. Real processes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
JOBS = 5


class World:
    """A database of its own and the processes that work on it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.log = folder / "started.txt"
        self.log.touch()
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.home.jobs.kill_settings",
            "LOG_LEVEL": "CRITICAL",
            **environment,
        }
        self.processes: list[subprocess.Popen] = []
        self.manage("migrate", "-v0")
        self.manage("createcachetable")

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        return self.manage("shell", "-v0", "-c", code).strip()

    def enqueue(self, task: str, count: int = 1) -> None:
        self.python(
            f"from tests.home.jobs import kill_tasks as t\n"
            f"for n in range({count}): t.{task}.enqueue({str(self.log)!r}, f'job{{n}}')"
        )

    def start(self, *words: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def started(self) -> int:
        return len(self.log.read_text().split())

    def effects(self) -> list[str]:
        """Names of the jobs whose effect is in the database, once for each time."""
        found = self.python(
            "from courses.models import Provider\n"
            "print(*[p.name.split()[0] for p in Provider.objects.all()])"
        )
        return sorted(found.split())

    def states(self) -> list[str]:
        return sorted(
            self.python(
                "from home.models import Job\n"
                "print(*Job.objects.filter(task__contains='kill_tasks')"
                ".values_list('state', flat=True))"
            ).split()
        )

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.1)


def kill_in_the_middle(world: World, worker: subprocess.Popen, after: int) -> None:
    """kill -9 the worker and its children once `after` jobs were begun, in the middle of one."""
    wait_until(lambda: world.started() >= after, 30)
    time.sleep(0.3)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_embedded_worker_killed_in_the_middle_loses_and_doubles_nothing(embedded):
    embedded.enqueue("slow_effect", JOBS)
    for after in (1, 3):
        kill_in_the_middle(embedded, embedded.start("manage.py", "run_jobs"), after)
    embedded.start("manage.py", "run_jobs")
    wait_until(lambda: embedded.states() == ["done"] * JOBS, 40)
    assert embedded.effects() == [f"job{n}" for n in range(JOBS)]
    assert embedded.started() > JOBS


def test_a_job_that_kills_its_worker_is_given_up(embedded):
    embedded.enqueue("kills_its_worker")
    embedded.python("from home.models import Job; Job.objects.update(max_attempts=2)")

    def run_once() -> bool:
        embedded.start("manage.py", "run_jobs", "--until-empty").wait()
        return embedded.states() == ["dead"]

    wait_until(run_once, 40)
    assert embedded.started() == 2


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def scaled_out(tmp_path: Path) -> Iterator[World]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    redis = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 10)
        world = World(tmp_path, REDIS_URL=f"redis://127.0.0.1:{port}/0")
        yield world
        world.close()
    finally:
        redis.kill()
        redis.wait()


CELERY = ("-m", "celery", "-A", "home.celery", "worker", "--concurrency", "1", "-l", "ERROR")


def test_celery_worker_killed_in_the_middle_loses_and_doubles_nothing(scaled_out):
    scaled_out.enqueue("slow_effect", JOBS)
    for after in (1, 3):
        kill_in_the_middle(scaled_out, scaled_out.start(*CELERY), after)
    scaled_out.start(*CELERY)
    sweep = "from home.jobs.queue import sweep; sweep()"

    def is_done() -> bool:
        # What beat does every five seconds.
        scaled_out.python(sweep)
        return scaled_out.states() == ["done"] * JOBS

    wait_until(is_done, 60)
    assert scaled_out.effects() == [f"job{n}" for n in range(JOBS)]
    assert scaled_out.started() > JOBS
