"""Two worlds on PostgreSQL, in one run: what a page costs must not grow with people.

Both lie in one server of our own under .cache/bench/scale, or in the local server given; they are
built once, the large one in a good half hour. A row's growth is its ratio to its reference in the
large world, over the same in the small one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.bench.rows import Floor, Measured
from tests.faults.servers import PostgreSQL

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "bench" / "scale"
SIZES = (70_000, 2_200_000)


def compare(server: str, sizes: list[int], only: str) -> Iterator[tuple[int, Measured]]:
    """World by world its size and each row, as soon as it is measured."""
    own = None if server else _own_server()
    try:
        for size in sizes:
            yield from _world(own.url if own else server, size, only)
    finally:
        if own:
            own.stop()


def _own_server() -> PostgreSQL:
    FOLDER.mkdir(parents=True, exist_ok=True)
    return PostgreSQL(FOLDER, durable=False)


def _world(server: str, size: int, only: str) -> Iterator[tuple[int, Measured]]:
    """Built if it is not there, then measured in a process of its own."""
    folder = FOLDER / str(size)
    (folder / "static").mkdir(parents=True, exist_ok=True)
    url = f"{server.rpartition('/')[0]}/bench_{size}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    }
    environment.pop("REDIS_URL", None)
    with psycopg.connect(server, autocommit=True) as admin:
        name = urlsplit(url).path[1:]
        there = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not there:
            admin.execute(f'CREATE DATABASE "{name}"')
    build = f"import django; django.setup(); from tests.bench.world import build; build({size})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, env=environment, check=True)
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("VACUUM ANALYZE")
    command = [sys.executable, "-m", "tests.bench.scale_world", only]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            found = json.loads(line)
            floor = found.pop("floor")
            yield size, Measured(**found, floor=floor and Floor(**floor))
    if process.returncode:
        raise SystemExit(f"the world of {size:,} people was not measured to its end")
