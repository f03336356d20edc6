"""A real process that dies in the middle of a list, and another that goes on."""

import signal
import subprocess
import sys
from contextlib import closing

from tests.factories.staff_lists import line, workbook
from tests.home.jobs.processes import ROOT, World

PEOPLE = 3500


def test_a_killed_import_goes_on_and_enters_nobody_twice(tmp_path):
    with closing(World(tmp_path)) as world:
        assert start(world, "import_agencies").wait() == 0
        file = tmp_path / "list.xlsx"
        lines = [line(number, **{"Mã đơn vị": "NA-SNV-2025"}) for number in range(PEOPLE)]
        file.write_bytes(workbook(*lines))

        dying = start(world, "import_staff", str(file))
        next(said for said in dying.stdout if said.startswith("2000 rows"))
        dying.send_signal(signal.SIGKILL)
        dying.wait()
        assert world.ask("SELECT state FROM learners_staffimport") == ["applying"]
        (entered,) = world.ask("SELECT count(*) FROM learners_person")
        assert 2000 <= entered < PEOPLE

        (number,) = world.ask("SELECT id FROM learners_staffimport")
        going_on = start(world, "import_staff", "--resume", str(number))
        said = going_on.communicate()[0]
        assert f"{PEOPLE} read: {PEOPLE} created, 0 updated, 0 unchanged, 0 skipped" in said
        assert world.ask("SELECT count(*) FROM learners_person") == [PEOPLE]
        assert world.ask("SELECT count(*) FROM learners_post") == [PEOPLE]
        assert world.ask("SELECT count(*) FROM learners_personalnumber") == [PEOPLE]


def start(world: World, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=world.environment,
        text=True,
        stdout=subprocess.PIPE,
    )
