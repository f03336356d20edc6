"""What `make run` calls: everything from an empty folder to a site that answers."""

import socket
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.models import Job
from home.site import create_site
from home.supervisor import supervise
from learners.models import Person

MANAGE = str(settings.BASE_DIR / "manage.py")


class Command(BaseCommand):
    help = "Migrate, load the demo world once, and serve the site with two workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 serves the network.")
        parser.add_argument("--port", type=int, help="Instead of the port of PUBLIC_URL.")
        parser.add_argument("--no-demo", action="store_true", help="Begin with an empty site.")

    def handle(self, *, host: str, port: int | None, no_demo: bool, **options: Any) -> None:
        port = port or urlsplit(settings.PUBLIC_URL).port or 8000
        _refuse_taken(host, port)
        _forget_counts()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        self._collect_static()
        create_site()
        if not no_demo and not Person.objects.exists():
            self.stdout.write("Loading the demo world, once…")
            call_command("load_demo", stdout=self.stdout)
        self.stdout.write(f"\nThe site is at http://{host}:{port}/  (Ctrl-C stops it)")
        self.stdout.flush()
        supervise(
            _web(host, port),
            # What somebody waits for never stands behind a long report.
            _worker(Job.Queue.INTERACTIVE, Job.Queue.PAPERS),
            _worker(Job.Queue.REPORTS, Job.Queue.IMPORTS),
        )

    def _collect_static(self) -> None:
        """Collect and compress only when a file or the lock changed: it takes seconds."""
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        wanted = _fingerprint()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(wanted)


def _forget_counts() -> None:
    """Counters begin at nothing with the site; files of processes that are gone pile up."""
    for file in Path(settings.METRICS_DIR).glob("*.db"):
        file.unlink(missing_ok=True)


def _fingerprint() -> str:
    """Of the lock and of every file of our own under static/."""
    digest = sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for file in sorted((settings.BASE_DIR / "static").rglob("*")):
        if file.is_file():
            digest.update(f"{file}{file.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def _refuse_taken(host: str, port: int) -> None:
    """Before any work: a server that cannot start would be restarted for ever."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"{host}:{port} cannot be used: {error.strerror}. "
                f"Choose another port: make run ARGS='--port {port + 1}'"
            ) from error


def _web(host: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "home.wsgi:application",
        "--host", host, "--port", str(port), "--workers", "1",
        # Never unset: the default takes a database connection per client.
        "--blocking-threads", "4", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip


def _worker(*queues: str) -> list[str]:
    return [sys.executable, MANAGE, "run_jobs", "--follow-parent", "--queues", *queues]
