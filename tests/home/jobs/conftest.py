"""Worlds of processes, embedded and scaled out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.home.jobs.processes import Redis, World


@pytest.fixture
def embedded(tmp_path: Path, django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        world = World(tmp_path)
        yield world
        world.close()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server: apt-get install redis-server")
    server = Redis(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def scaled_out(
    tmp_path: Path, redis: Redis, django_db_setup: None, django_db_blocker
) -> Iterator[World]:
    with django_db_blocker.unblock():
        world = World(tmp_path, REDIS_URL=redis.url)
        yield world
        world.close()
