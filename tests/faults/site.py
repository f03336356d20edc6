"""The product as it is run, in processes that can be ended, and what must hold of its data."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from tests.factories.signatures import PASSWORD, pkcs12_bytes, trust_folder
from tests.faults.servers import end, free_port, listens, wait_until

ROOT = Path(__file__).resolve().parents[2]
CELERY = ("-m", "celery", "-A", "home", "worker", "--concurrency", "1", "-l", "ERROR")
BEAT = ("-m", "celery", "-A", "home", "beat", "-l", "ERROR")
EMBEDDED = ("manage.py", "run_jobs")


class Site:
    """One installation. Every process it starts is ended with it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "LOG_LEVEL": "ERROR",
            "EMAIL_URL": f"filemail:///{folder}/mails",
            **environment,
        }
        self.processes: list[subprocess.Popen[str]] = []
        self.log = (folder / "processes.log").open("a")

    def start(
        self, *words: str, file_limit: int | None = None, **environment: str
    ) -> "subprocess.Popen[str]":
        def limit() -> None:
            if file_limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environment | environment, text=True,
            start_new_session=True, preexec_fn=limit,  # noqa: PLW1509  no thread runs here
            stdout=subprocess.DEVNULL if file_limit else self.log,
            stderr=subprocess.DEVNULL if file_limit else self.log,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def web(self, workers: int = 1, file_limit: int | None = None) -> "Web":
        port = free_port()
        process = self.start(
            "-m", "granian", "--interface", "wsgi", "home.wsgi:application",
            "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
            "--blocking-threads", "4", "--no-access-log", "--log-level", "critical",
            "--respawn-failed-workers",
            file_limit=file_limit, PUBLIC_URL=f"http://127.0.0.1:{port}",
        )  # fmt: skip
        wait_until(lambda: listens(port), 60, "the web process does not start")
        return Web(f"http://127.0.0.1:{port}", process)

    def run(self, *words: str) -> str:
        """A command to its end; its words, or what it complained of."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()[-800:] or done.stdout}")
        return done.stdout.strip()

    def script(self, function: str, *words: object) -> str:
        """A function of tests.faults.scripts in a process of its own; what it printed."""
        return self.script_of("tests.faults.scripts", function, *words)

    def script_of(self, module: str, function: str, *words: object) -> str:
        code = f"import {module} as m\nm.{function}({', '.join(map(repr, words))})"
        return self.run("manage.py", "shell", "-v0", "-c", code)

    def end_all(self) -> None:
        for process in self.processes:
            end(process)
        self.processes.clear()

    def close(self) -> None:
        self.end_all()
        self.log.close()


def signing_key(folder: Path) -> dict[str, str]:
    """The settings of a site that signs its papers, with a key of their own authority."""
    (folder / "key.p12").write_bytes(pkcs12_bytes())
    (folder / "trusted").mkdir()
    return {
        "SIGNING_PKCS12_FILE": str(folder / "key.p12"),
        "SIGNING_PKCS12_PASSWORD": PASSWORD,
        "SIGNING_TRUST_FOLDER": trust_folder(folder / "trusted"),
    }


class Web:
    def __init__(self, address: str, process: "subprocess.Popen[str]") -> None:
        self.address = address
        self.process = process

    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self.process.pid
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
