"""The scaled-out form under faults: PostgreSQL, Redis, Celery workers, beat, web processes."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path

import psycopg

from tests.faults.embedded import PEOPLE, export_without_room
from tests.faults.kinds import kill_in_every_kind
from tests.faults.report import hold, settle, unfinished
from tests.faults.servers import PostgreSQL, Redis, end, wait_until
from tests.faults.site import BEAT, CELERY, Site, Web, signing_key
from tests.load.journey import Browser, WentWrong, learn, sign_in

PASSWORD = "mot-cau-rieng-cua-ban"
STORM_LEARNERS = 8
SLUG = "ky-nang-so-co-ban"


class World(Site):
    title = "scaled out"

    def __init__(self, folder: Path, cuts: int) -> None:
        place = folder / "scaled-out"
        place.mkdir()
        place.chmod(0o711)
        self.postgresql = PostgreSQL(place)
        self.redis = Redis(place)
        super().__init__(
            place, DATABASE_URL=self.postgresql.url, REDIS_URL=self.redis.url, **signing_key(place)
        )
        for words in (["migrate", "-v0"], ["load_demo", "--people", str(PEOPLE)]):
            self.run("manage.py", *words)
        self.run("manage.py", "run_jobs", "--until-empty")
        # Hundreds of messages about what was just done would be looked at first, slowly.
        self.redis.forget()
        accounts = self.script("open_accounts", 2 * STORM_LEARNERS, PASSWORD)
        self.names = json.loads(accounts)["names"]

    @classmethod
    def faults(cls) -> dict[str, Callable]:
        return {
            "kill -9 in each kind of job": cls.kills,
            "Redis stopped, then back": cls.redis_stopped,
            "Redis killed and emptied": cls.redis_emptied,
            "PostgreSQL crashed in a storm of requests": cls.storm,
            "web processes killed in a storm of requests": cls.web_killed,
            "two beats at once": cls.two_beats,
            "a worker's clock two hours ahead, and behind": cls.clocks,
            "every task delivered twice": cls.twice,
            "disk full on export": cls.disk_full,
        }

    def close(self) -> None:
        super().close()
        self.redis.kill()
        self.postgresql.stop("immediate")

    def ask(self, sql: str) -> str:
        with psycopg.connect(self.postgresql.url, autocommit=True) as database:
            row = database.execute(sql).fetchone()
        return str(row[0]) if row else ""

    @staticmethod
    def now_plus(seconds: float) -> str:
        return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()

    # ------------------------------------------------------------------ workers

    def kills(self) -> str:
        beat = self.start(*BEAT)
        found = kill_in_every_kind(self, CELERY)
        end(beat)
        return found

    def twice(self) -> str:
        worker = self.start(*CELERY)
        found = json.loads(self.script("deliver_twice"))
        time.sleep(3)
        settle(self)
        end(worker, signal.SIGTERM)
        assert found["changed"] == {}, found["changed"]
        return (
            f"{found['repeated']} jobs of {found['tasks']} kinds again: no row more; {hold(self)}"
        )

    def two_beats(self) -> str:
        beats = [self.start(*BEAT, "-s", str(self.folder / f"beat{n}")) for n in range(2)]
        worker = self.start(*CELERY)
        time.sleep(15)
        settle(self)
        for process in (*beats, worker):
            end(process)
        found = json.loads(self.script("periodic_twice"))
        assert found["most"] == 1, found
        return f"{found['slots']} periodic slots, each written once; {hold(self)}"

    def clocks(self) -> str:
        """Wrong clocks take jobs and die with them; a right one carries on."""
        for hours in (2, -2):
            self.script("complete_courses", 3)
            shift = {"FAULTS_CLOCK_SHIFT": str(hours * 3600), "FAULTS_PAUSE_AT_QUERY": "0.03"}
            wrong = self.start("manage.py", "run_jobs", **shift)
            time.sleep(6)
            end(wrong)
        beat, worker = self.start(*BEAT), self.start(*CELERY)
        settle(self)
        end(beat)
        end(worker)
        return f"killed with a job in hand, both ways; {hold(self)}"

    # ------------------------------------------------------------------ broker

    def redis_stopped(self) -> str:
        self.redis.kill()
        took = json.loads(self.script("complete_courses", 5))["slowest"]
        waiting = unfinished(self)
        self.redis.start()
        beat, worker = self.start(*BEAT), self.start(*CELERY)
        settle(self)
        end(beat)
        end(worker)
        assert waiting >= 5, f"{waiting} jobs were written while Redis was away"
        return f"5 courses completed without it, slowest {took:.1f} s, papers later; {hold(self)}"

    def redis_emptied(self) -> str:
        """The broker took the messages and forgot them."""
        self.script("complete_courses", 5)
        self.redis.kill()
        self.redis.empty()
        self.redis.start()
        # A minute after they were handed over they would be handed over again.
        self.ask(
            "UPDATE home_job SET published_at = created_at - interval '2 minutes' RETURNING id"
        )
        beat, worker = self.start(*BEAT), self.start(*CELERY)
        settle(self)
        end(beat)
        end(worker)
        return f"5 messages forgotten, 5 papers issued; {hold(self)}"

    # ------------------------------------------------------------------ database, disk

    def storm(self) -> str:
        return self._in_a_storm(3, "crashes", lambda _web: self.postgresql.crash_and_restart())

    def web_killed(self) -> str:
        def kill(web: Web) -> None:
            # The oldest: one that dies again at once is taken for broken, and ends the server,
            # which systemd and containers start anew.
            os.kill(min(web.workers()), signal.SIGKILL)

        return self._in_a_storm(2, "processes killed", kill)

    def _in_a_storm(self, times: int, what: str, strike: Callable[[Web], None]) -> str:
        """Learners learn while it strikes; whoever saw an error comes back. What was acknowledged
        must be there, once, and everybody must come to the end."""
        web = self.web(workers=2)
        names = self.names[:STORM_LEARNERS]
        del self.names[:STORM_LEARNERS]
        told: list[tuple[str, str]] = []
        failures: list[str] = []
        over = threading.Event()

        def walk(name: str) -> None:
            browser = Browser(web.address)
            while not over.is_set():
                try:
                    sign_in(browser.send, name, PASSWORD)
                    for step in learn(browser.send, SLUG, rest=lambda: time.sleep(0.05)):
                        if step.startswith("tick "):
                            # At once: a strike in the next step must not take it back.
                            told.append((name, step.removeprefix("tick ")))  # noqa: PERF401
                    return
                except (WentWrong, OSError, HTTPException) as error:
                    failures.append(str(error))
                    time.sleep(0.3)

        # Of a fault that breaks off none may be left that keeps this process alive.
        walkers = [threading.Thread(target=walk, args=[name], daemon=True) for name in names]
        for walker in walkers:
            walker.start()
        for _time in range(times):
            time.sleep(1.2)
            strike(web)
        for walker in walkers:
            walker.join(60)
        over.set()
        end(web.process)
        ticks = json.loads(self.script("ticks_of", names))["ticks"]
        kept = {(name, str(place)) for name, place in ticks}
        lost = sorted(set(told) - kept)
        doubled = len(ticks) - len(kept)
        assert (lost, doubled) == ([], 0), f"lost {lost}, doubled {doubled}"
        beat, worker = self.start(*BEAT), self.start(*CELERY)
        settle(self)
        end(beat)
        end(worker)
        wait_until(lambda: unfinished(self) == 0, 30, "jobs are left")
        finished = self.ask(
            "SELECT COUNT(*) FROM learners_enrolment e JOIN learners_person p ON p.id = e.person_id"
            " JOIN learners_user u ON u.id = p.user_id WHERE e.completed_at IS NOT NULL"
            f" AND u.username IN ({', '.join(repr(name) for name in names)})"
        )
        assert finished == str(STORM_LEARNERS), f"{finished} of {STORM_LEARNERS} came to the end"
        return (
            f"{times} {what}, {len(told)} acknowledged lessons, 0 lost, {len(failures)} requests"
            f" told to come back, all {finished} learners finished; {hold(self)}"
        )

    def disk_full(self) -> str:
        return export_without_room(self)
