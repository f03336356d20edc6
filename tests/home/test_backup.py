"""A backup loaded on an empty machine is the same site: every count, every file."""

import json
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection

from tests.home.jobs.processes import ROOT, World

ROWS = (
    "from courses.models import Provider\n"
    "Provider.objects.bulk_create(Provider(name=f'Đơn vị {n}') for n in range(300))"
)


class Site(World):
    """A world that can also be begun empty."""

    def empty(self):
        if connection.vendor == "sqlite":
            (self.folder / "db.sqlite3").unlink()
            return
        import psycopg

        with closing(psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)) as link:
            link.execute("DROP SCHEMA public CASCADE")
            link.execute("CREATE SCHEMA public")

    def manage(self, *words):
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            check=False, cwd=ROOT, env=self.environment, capture_output=True, text=True,
        )  # fmt: skip


@pytest.fixture
def sites(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = []
        for name in ("old", "new"):
            (tmp_path / name).mkdir()
            made.append(Site(tmp_path / name))
        made[1].empty()
        yield made
        for site in made:
            site.close()


@pytest.fixture
def backup(sites, tmp_path):
    old = sites[0]
    old.python(ROWS)
    for name, content in [("media/images/a.png", b"picture"), ("private/giấy tờ.pdf", b"proof")]:
        (old.folder / name).parent.mkdir(parents=True)
        (old.folder / name).write_bytes(content)
    done = old.manage("back_up", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    return tmp_path / "backup"


def test_an_empty_machine_becomes_the_same_site(sites, backup):
    old, new = sites
    done = new.manage("restore_backup", str(backup))
    assert (done.returncode, "0 differences" in done.stdout) == (0, True), done.stderr
    for name in ("media/images/a.png", "private/giấy tờ.pdf", "secret_key"):
        assert (new.folder / name).read_bytes() == (old.folder / name).read_bytes()
    assert (new.folder / "secret_key").stat().st_mode & 0o777 == 0o600
    count = "SELECT COUNT(*) FROM courses_provider"
    assert new.ask(count) == old.ask(count) == [300]
    assert new.manage("migrate", "--check").returncode == 0


def test_a_place_that_is_not_empty_is_left_alone(sites, backup):
    old = sites[0]
    done = old.manage("restore_backup", str(backup))
    assert (done.returncode, "not empty" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", ["private/giấy tờ.pdf", "the database"])
def test_a_damaged_backup_is_refused_before_anything_is_written(sites, backup, name):
    file = next(backup.glob("database.*")) if name == "the database" else backup / name
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    done = sites[1].manage("restore_backup", str(backup))
    assert (done.returncode, "damaged" in done.stderr, file.name in done.stderr) == (1, True, True)
    assert not (sites[1].folder / "media").exists()


def test_a_missing_row_is_found(sites, backup):
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["tables"]["courses_provider"] += 1
    (backup / "manifest.json").write_text(json.dumps(manifest))
    done = sites[1].manage("restore_backup", str(backup))
    assert done.returncode == 1
    assert "courses_provider: 300 rows instead of 301" in done.stdout


def test_a_folder_in_use_and_a_folder_without_a_backup_are_refused(sites, backup, tmp_path):
    assert "not empty" in sites[0].manage("back_up", str(backup)).stderr
    assert "no backup" in sites[1].manage("restore_backup", str(tmp_path)).stderr
