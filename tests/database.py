"""A migrated database, made once and loaded by copy.

Running Wagtail's migrations costs ten seconds; copying their result costs a few
milliseconds. The copy is named after everything that decides what it holds.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

KEPT = settings.BASE_DIR / ".cache" / "databases"


def fingerprint() -> str:
    """Changes with any migration of any installed app, and with the apps themselves."""
    digest = hashlib.sha256(f"{django.__version__} {settings.INSTALLED_APPS}".encode())
    for config in apps.get_app_configs():
        for migration in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{migration.name}".encode() + migration.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: the others find what the first has made."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with open(KEPT / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _point_at(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


class SQLiteCopies:
    """A file in .cache/, read into memory through SQLite's backup."""

    def __init__(self) -> None:
        self.kept = KEPT / f"{fingerprint()}.sqlite3"
        with _alone():
            if not self.kept.exists():
                self._make()
        self.name = connection.creation._get_test_db_name()
        _point_at(self.name)

    def _make(self) -> None:
        unfinished = self.kept.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _point_at(str(unfinished))
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=DELETE")
        connection.close()
        unfinished.rename(self.kept)
        for older in KEPT.glob("*.sqlite3"):
            if older != self.kept:
                older.unlink()

    def load(self) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(self.kept)) as kept:
            kept.backup(connection.connection)

    def drop(self) -> None:
        """Nothing to do: it goes with the process."""


class PostgreSQLCopies:
    """A template database, copied by the server."""

    def __init__(self) -> None:
        self.kept = f"kept_{fingerprint()}"
        self.name = connection.creation._get_test_db_name()
        with _alone(), connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.kept])
            if not cursor.fetchone():
                self._make(cursor)

    def _make(self, cursor) -> None:  # type: ignore[no-untyped-def]
        unfinished = f"{self.kept}_part"
        cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{unfinished}"')
        _point_at(unfinished)
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{self.kept}"')

    def load(self) -> None:
        self.drop()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.kept}"')
        _point_at(self.name)

    def drop(self) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


@contextmanager
def migrated_database() -> Iterator[None]:
    """The test database, with what the migrations put into it before every test.

    Tests that commit end with a fresh copy instead of Django's flush, which would leave
    no root page and no locale to the next one.
    """
    copies = SQLiteCopies() if connection.vendor == "sqlite" else PostgreSQLCopies()
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: copies.load()
    copies.load()
    yield
    TransactionTestCase._fixture_teardown = flush
    copies.drop()
