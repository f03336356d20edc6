"""Two worlds on PostgreSQL, in one run: what a page costs must not grow with people.

Both lie in one server of our own under .cache/bench/scale, or in the local server given; they are
built once, the large one in a good half hour. A row's growth is its cost in the large world as a
share of its cost in the small one, each as so many bare pages of its own world.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.faults.servers import PostgreSQL

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "bench" / "scale"
SIZES = (70_000, 2_200_000)


def compare(server: str, sizes: tuple[int, ...] = SIZES) -> dict[int, dict]:
    """The table, printed; and what was measured, by size of the world."""
    own = None if server else _own_server()
    try:
        worlds = {size: _world(own.url if own else server, size) for size in sizes}
    finally:
        if own:
            own.stop()
    _print(worlds)
    return worlds


def _own_server() -> PostgreSQL:
    FOLDER.mkdir(parents=True, exist_ok=True)
    return PostgreSQL(FOLDER, durable=False)


def _world(server: str, size: int) -> dict:
    """Built if it is not there, then measured in a process of its own."""
    folder = FOLDER / str(size)
    folder.mkdir(parents=True, exist_ok=True)
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
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.scale_world"],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def _print(worlds: dict[int, dict]) -> None:
    """CPU in Python and in the database, ms; queries; growth from the first world to the last."""
    write = sys.stdout.write
    write(f"{'':<44}" + "".join(f"{size:>28,}" for size in worlds) + f"{'growth':>9}\n")
    columns = f"{'Python':>10}{'database':>10}{'queries':>8}"
    write(f"{'CPU ms':<44}" + columns * len(worlds) + "\n")
    first, *_between, last = worlds.values()
    for name in first["rows"]:
        cells = "".join(
            f"{python:>10.1f}{database:>10.1f}{queries:>8}"
            for python, database, queries in (world["rows"][name] for world in worlds.values())
        )
        write(f"{name:<44}{cells}{_in_bare(last, name) / _in_bare(first, name):>9.2f}\n")
    write("\n")
    for size, world in worlds.items():
        write(f"Peak memory of the process at {size:,} people: {world['peak_mb']} MB\n")


def _in_bare(world: dict, name: str) -> float:
    bare = next(iter(world["rows"].values()))
    return sum(world["rows"][name][:2]) / sum(bare[:2])
