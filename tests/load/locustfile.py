"""Who comes on a day of the wave: learners above all, trainers, officers, strangers."""

import json
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import gevent
from locust import FastHttpUser, between, events, task
from locust.exception import StopUser

from tests.load.journey import Answer, WentWrong, checked, learn, sign_in

DAY = json.loads(Path(os.environ["LOAD_DAY"]).read_text())
"""{"names": [sign-in of a learner], "password", "classes": [{"trainer", "session", "codes"}]}"""
PASSWORD = DAY["password"]
COURSES = ["an-toan-thong-tin", "ky-nang-so-co-ban", "luat-thuong-mai-dien-tu-2025"]
PAUSE = float(os.environ.get("LOAD_PAUSE", "1.0"))
"""Seconds between two steps: a real learner reads for minutes."""

ALONE = not DAY["classes"]
"""Nobody but learners comes, and it is over when the last of them has gone."""

AT_A_TIME = 5
"""People whom a trainer's phone has scanned when it sends them."""

_left: Iterator[str] = iter(DAY["names"])
_classes: Iterator[dict] = iter(DAY["classes"])
_gone: list[str] = []
"""Learners whose journey has ended."""


class Visitor(FastHttpUser):
    abstract = True
    network_timeout = connection_timeout = 30.0

    def send(self, method: str, path: str, form: dict | None, kind: str) -> Answer:
        body = headers = None
        if method == "POST":
            token = {c.name: c.value for c in self.client.cookiejar}.get("csrftoken", "")
            # Several answers to one question are several values of one name.
            body = urlencode({"csrfmiddlewaretoken": token, **(form or {})}, doseq=True)
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with self.client.request(
            method, path, data=body, headers=headers, name=kind, catch_response=True,
            allow_redirects=True,
        ) as response:  # fmt: skip
            if response.status_code >= 400 or not response.status_code:
                response.failure(f"{kind}: {response.status_code}")
            final = urlsplit(response.url or path).path
            return Answer(response.status_code, final, response.text or "")

    def post_json(self, path: str, body: object, kind: str) -> dict:
        """As the check-in page sends: the token in a header."""
        token = {c.name: c.value for c in self.client.cookiejar}.get("csrftoken", "")
        with self.client.post(
            path, json=body, headers={"X-CSRFToken": token}, name=kind, catch_response=True
        ) as response:
            if response.status_code != 200:
                response.failure(f"{kind}: {response.status_code}")
                return {}
            return json.loads(response.text)

    def rest(self) -> None:
        time.sleep(random.uniform(0.5, 1.5) * PAUSE)


class Learner(Visitor):
    """Signs in once, learns one course from enrolment to result, looks at the paper, goes."""

    weight = 8
    wait_time = between(0.1, 0.5)

    @task
    def journey(self) -> None:
        name = next(_left, None)
        if name is None:
            raise StopUser
        self.client.cookiejar.clear()
        begun = time.perf_counter()
        error: Exception | None = None
        try:
            sign_in(self.send, name, PASSWORD)
            slug = random.choice(COURSES)
            for _step in learn(self.send, slug, rest=self.rest):
                pass
            checked(self.send("GET", f"/hoc-tap/{slug}/", None, "course overview"), "overview")
            checked(self.send("GET", "/hoc-tap/", None, "my learning"), "my learning")
        except WentWrong as wrong:
            error = wrong
        events.request.fire(
            request_type="JOURNEY", name="journey from sign-in to result",
            response_time=(time.perf_counter() - begun) * 1000, response_length=0,
            exception=error, context={},
        )  # fmt: skip
        _gone.append(name)
        if ALONE and len(_gone) == len(DAY["names"]):
            # Not by this learner, whom quitting ends first, nor before the table is written.
            gevent.spawn_later(2, self.environment.runner.quit)


class Trainer(Visitor):
    """Opens the list of the session, scans a class by and by, and sends the last part twice, as
    a phone does whose answer was lost."""

    fixed_count = len(DAY["classes"])
    wait_time = between(0.1, 0.5)

    @task
    def session(self) -> None:
        mine = next(_classes, None)
        if mine is None:
            raise StopUser
        self.client.cookiejar.clear()
        sign_in(self.send, mine["trainer"], PASSWORD)
        list_page = f"/lop/phu-trach/buoi/{mine['session']}/"
        checked(self.send("GET", list_page, None, "check-in page"), "check-in page")
        codes = mine["codes"]
        parts = [codes[n : n + AT_A_TIME] for n in range(0, len(codes), AT_A_TIME)]
        for part in [*parts, parts[-1]]:
            at = datetime.now(UTC).isoformat()
            seen = [{"code": code, "at": at, "way": "scan"} for code in part]
            self.post_json(f"{list_page}dong-bo/", {"seen": seen}, f"check-in of {AT_A_TIME}")
            self.rest()


class Officer(Visitor):
    """Looks at the figures, drills down, opens the list of those who miss, takes it along."""

    weight = 1
    wait_time = between(1, 3)

    def on_start(self) -> None:
        sign_in(self.send, "NA900004", PASSWORD)

    @task(4)
    def figures(self) -> None:
        self.send("GET", "/bao-cao/", None, "dashboard")
        self.rest()
        self.send("GET", "/bao-cao/don-vi/", None, "units")

    @task(2)
    def missing(self) -> None:
        self.send("GET", "/bao-cao/danh-sach/?trang-thai=missing", None, "missing list")

    @task(1)
    def export(self) -> None:
        self.send("GET", "/bao-cao/danh-sach/tai-ve/?trang-thai=missing", None, "export XLSX")


class Stranger(Visitor):
    """Looks at the catalogue and checks a paper."""

    weight = 1
    wait_time = between(0.5, 2)

    @task
    def look(self) -> None:
        self.client.cookiejar.clear()
        self.send("GET", "/", None, "home page")
        self.send("GET", "/khoa-hoc/", None, "catalogue")
        self.send("GET", "/tra-cuu/", None, "check a paper")
