"""The embedded form under faults: SQLite, no broker."""

import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.kinds import kill_in_every_kind
from tests.faults.report import hold, settle
from tests.faults.servers import end
from tests.faults.site import EMBEDDED, Site, signing_key
from tests.load.journey import Browser, sign_in

PEOPLE = 1500


class World(Site):
    title = "embedded"

    def __init__(self, folder: Path, cuts: int) -> None:
        self.cuts = cuts
        place = folder / "embedded"
        place.mkdir()
        super().__init__(place, **signing_key(place))
        for words in (
            ["migrate", "-v0"],
            ["createcachetable"],
            ["load_demo", "--people", str(PEOPLE)],
        ):
            self.run("manage.py", *words)
        self.run("manage.py", "run_jobs", "--until-empty")

    @classmethod
    def faults(cls) -> dict[str, Callable]:
        return {
            "kill -9 in each kind of job": cls.kills,
            "every task delivered twice": cls.twice,
            "power cut under write load": cls.power_cuts,
            "disk full on export": cls.disk_full,
        }

    def ask(self, sql: str) -> str:
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database:
            row = database.execute(sql).fetchone()
            database.commit()
        return str(row[0]) if row else ""

    @staticmethod
    def now_plus(seconds: float) -> str:
        return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S.%f")

    def kills(self) -> str:
        return kill_in_every_kind(self, EMBEDDED)

    def twice(self) -> str:
        found = json.loads(self.script("deliver_twice"))
        # A repeated job may hand on the next step again, as the one that issues a paper does.
        worker = self.start(*EMBEDDED)
        settle(self)
        end(worker, signal.SIGTERM)
        assert found["changed"] == {}, found["changed"]
        return (
            f"{found['repeated']} jobs of {found['tasks']} kinds again: no row more; {hold(self)}"
        )

    def power_cuts(self) -> str:
        found = json.loads(self.script("power_cuts", self.cuts, str(self.folder / "told.txt")))
        assert (found["lost"], found["integrity"], found["foreign"]) == (0, "ok", 0), found
        # Cuts before anything was acknowledged prove little.
        assert found["told"] >= found["cuts"] / 2, found
        worker = self.start(*EMBEDDED)
        settle(self)
        end(worker, signal.SIGTERM)
        return (
            f"{found['cuts']} cuts, {found['told']} acknowledged writes, {found['lost']} lost,"
            f" integrity {found['integrity']}; {hold(self)}"
        )

    def disk_full(self) -> str:
        """No file may grow beyond the database's size: the export finds no room."""
        return export_without_room(self)


def export_without_room(site: Site, limit: int = 40_000) -> str:
    """The reader of a report is told that it failed; nothing half is handed out."""
    officer = Browser("")
    answers = []
    for room in (None, limit, None):
        web = site.web(file_limit=room)
        officer.move_to(web.address)
        if not answers:
            sign_in(officer.send, "NA900004", "hoc-so-nghe-an")
        answers.append(officer.send("GET", "/bao-cao/danh-sach/tai-ve/", None, "export"))
        if room:
            page = officer.send("GET", "/bao-cao/", None, "dashboard")
        end(web.process)
    statuses = [answer.status for answer in answers]
    assert statuses == [200, 500, 200], f"the export answered {statuses}"
    assert not answers[1].text.startswith("PK"), "half a file was handed out"
    assert page.status == 200, f"without room the dashboard answered {page.status}"
    return f"without room: an error page, other pages serve; with room: the file; {hold(site)}"
