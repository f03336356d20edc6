"""A copy of everything the site keeps, and back again, with proof that nothing is missing.

A backup is a folder: the database as one moment saw it, the files, the secret key, and a
manifest with the number of rows of each table and the sha256 of each file. Files are copied
after the database: whatever a row names is there, since files are added and never changed. What
a job takes away meanwhile, because its time has come, is left out.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.utils import timezone

MANIFEST = "manifest.json"
SECRETS = ("secret_key", "personal_data_key", "personal_index_key")
"""Files of DATA_DIR that hold keys made there; without them what is sealed stays sealed."""
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class Refused(Exception):
    """Nothing was done; the words say why."""


@dataclass
class Manifest:
    made_at: str
    vendor: str
    migrations: list[str]
    tables: dict[str, int]
    files: dict[str, str] = field(default_factory=dict)
    database: str = ""
    """The sha256 of the copy of the database; backups of earlier versions have none."""

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        try:
            return cls(**json.loads((folder / MANIFEST).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise Refused(f"{folder} holds no backup: {MANIFEST} cannot be read.") from error


def kept_stores() -> dict[str, Storage]:
    """What is copied as files, by its name in a backup: from a folder or from an object store."""
    return {"media": storages["default"], "private": storages["private"]}


# ------------------------------------------------------------------ there


def back_up(folder: Path) -> Manifest:
    """Write a backup while the site runs. The folder must be empty; the manifest comes last, so
    that a backup without one is known to be unfinished."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if any(folder.iterdir()):
        raise Refused(f"{folder} is not empty.")
    manifest = _dump(folder)
    for top, store in kept_stores().items():
        for name in _names(store):
            target = folder / top / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with store.open(name) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
            except FileNotFoundError:
                continue
            manifest.files[f"{top}/{name}"] = _digest(target)
    for name in SECRETS:
        if (settings.DATA_DIR / name).exists():
            shutil.copy2(settings.DATA_DIR / name, folder / name)
            manifest.files[name] = _digest(folder / name)
    draft = folder / f"{MANIFEST}.part"
    draft.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    draft.replace(folder / MANIFEST)
    return manifest


def _dump(folder: Path) -> Manifest:
    target = folder / DATABASES[connection.vendor]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            tables = {name: _count(copy.cursor(), name) for name in _table_names()}
            migrations = _migrations(copy.cursor())
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            # The dump and the counts see the same moment.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
            tables = {name: _count(cursor, name) for name in _table_names()}
            migrations = _migrations(cursor)
    return Manifest(
        made_at=timezone.now().isoformat(),
        vendor=connection.vendor,
        migrations=migrations,
        tables=tables,
        database=_digest(target),
    )


# ------------------------------------------------------------------ and back


def restore(folder: Path) -> list[str]:
    """Load a backup into an empty database and empty folders; returns every difference.

    Refuses, before anything is written, a backup whose files changed, another kind of database,
    and a place where something is already.
    """
    manifest = Manifest.read(folder)
    if manifest.vendor != connection.vendor:
        raise Refused(f"This backup is of {manifest.vendor}, the site runs on {connection.vendor}.")
    expected = dict(manifest.files)
    if manifest.database:
        expected[DATABASES[manifest.vendor]] = manifest.database
    changed = [name for name, sha in expected.items() if _digest(folder / name) != sha]
    if changed:
        raise Refused(f"{len(changed)} files of the backup are damaged or missing: {changed[0]}")
    if connection.introspection.table_names():
        raise Refused("The database is not empty. Name a new one in DATABASE_URL or DATA_DIR.")
    for top, store in kept_stores().items():
        if next(_names(store), None):
            raise Refused(f"The {top} files are not empty. Name another DATA_DIR or bucket.")
    _load(folder)
    for name in manifest.files:
        top, _slash, rest = name.partition("/")
        if top in kept_stores():
            with (folder / name).open("rb") as copy:
                kept_stores()[top].save(rest, File(copy))
    for name in SECRETS:
        if (folder / name).exists():
            shutil.copy2(folder / name, settings.DATA_DIR / name)
    return differences(manifest)


def _load(folder: Path) -> None:
    source = folder / DATABASES[connection.vendor]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
    else:
        _run("pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", str(source))


def differences(manifest: Manifest) -> list[str]:
    """Rows of each table and sha256 of each file, against what the backup says."""
    found = []
    present = set(_table_names())
    with connection.cursor() as cursor:
        for name, count in manifest.tables.items():
            here = _count(cursor, name) if name in present else None
            if here != count:
                found.append(f"{name}: {here} rows instead of {count}")
    stores = kept_stores()
    for name, sha in manifest.files.items():
        top, _slash, rest = name.partition("/")
        file = settings.DATA_DIR / name
        if (_stored(stores[top], rest) if top in stores else _digest(file)) != sha:
            found.append(f"{name}: another file, or none")
    return found


# ------------------------------------------------------------------ small helps


def _names(store: Storage, folder: str = "") -> Iterator[str]:
    """Every file of a store. A folder that is not there holds none."""
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from _names(store, f"{folder}{name}/")


def _stored(store: Storage, name: str) -> str:
    """The sha256 of a file of a store; "-" where there is none."""
    try:
        with store.open(name) as content:
            return file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return "-"


def _digest(file: Path) -> str:
    if not file.is_file():
        return "-"
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _table_names() -> list[str]:
    return sorted(connection.introspection.table_names())


def _count(cursor: Any, table: str) -> int:
    name = connection.ops.quote_name(table)
    cursor.execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608  a table's own name
    return int(cursor.fetchone()[0])


def _migrations(cursor: Any) -> list[str]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return [f"{app}.{name}" for app, name in cursor.fetchall()]


def _run(tool: str, *words: str) -> None:
    """One of PostgreSQL's tools on the site's database. The password goes by the environment:
    a command line is read by everybody on the machine."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), reverse=True)
    program = str(places[0]) if places else shutil.which(tool)
    if program is None:
        raise Refused(f"{tool} is missing: apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603  PostgreSQL's own tools
        [program, "--dbname", str(connection.settings_dict["NAME"]), *words],
        env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Refused(f"{tool} failed: {done.stderr.strip()}")


def _environment() -> dict[str, str]:
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    config = connection.settings_dict
    given = {variable: str(config[name]) for name, variable in names.items() if config.get(name)}
    return os.environ | given
