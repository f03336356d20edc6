"""What a page weighs on its first visit: itself and all that it loads, compressed as served.

Pictures of lessons are left out: they are the author's, and loaded when they come in sight.
"""

import gzip
import re
from collections.abc import Iterator

import brotli
from django.contrib.staticfiles import finders
from django.test import Client

from tests.bench.rows import Floor, Measured
from tests.bench.world import COURSE, LEADER, LEARNER, seen, signed_in

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".woff2")
FIRST_VISIT = 50
"""kB of a lesson; of the other pages it is no floor."""
LATER_VISIT = 15
SCRIPTS = 20
BUDGET = Floor(1)


def page_weights() -> Iterator[Measured]:
    """Beside the budgets of a learner's pages, in kB."""
    learner = signed_in(LEARNER)
    own, scripts, rest = _weights(learner, f"/hoc-tap/{COURSE}/1/")
    yield _weight("lesson, first visit over the wire", own + scripts + rest, FIRST_VISIT, BUDGET)
    yield _weight("lesson, later visit over the wire", own, LATER_VISIT, BUDGET)
    yield _weight("lesson, its scripts", scripts, SCRIPTS, BUDGET)
    own, scripts, rest = _weights(learner, "/hoc-tap/")
    yield _weight("my learning, first visit", own + scripts + rest, FIRST_VISIT)
    yield _weight("my learning, its scripts", scripts, SCRIPTS, BUDGET)
    for name, client, address in (
        ("catalogue, first visit", Client(), "/khoa-hoc/"),
        ("dashboard of the province, first visit", signed_in(LEADER), "/bao-cao/"),
        ("check of a certificate, first visit", Client(), "/tra-cuu/"),
    ):
        yield _weight(name, sum(_weights(client, address)), FIRST_VISIT)


def _weight(name: str, size: int, budget: int, floor: Floor | None = None) -> Measured:
    return Measured(name, size / 1024, "kB allowed", budget, floor=floor, unit="kB")


def _weights(client: Client, address: str) -> tuple[int, int, int]:
    """Bytes of its HTML, of its scripts, and of styles and static pictures."""
    body = seen(client, address).content
    found = _with_imports({*re.findall(r'(?:src|href)="/static/([^"?]+)"', body.decode())})
    scripts = {name for name in found if name.endswith(".js")}
    others = found - scripts
    return len(gzip.compress(body, 6)), sum(map(_static, scripts)), sum(map(_static, others))


def _with_imports(names: set[str]) -> set[str]:
    """Modules load their own imports."""
    known: set[str] = set()
    while names - known:
        name = (names - known).pop()
        known.add(name)
        if name.endswith(".js"):
            text = _read(name).decode()
            folder = name.rpartition("/")[0]
            imported = re.findall(r"^import[^'\"]*['\"]\./([^'\"]+)['\"]", text, re.M)
            names = names | {f"{folder}/{other}" for other in imported}
    return known


def _static(name: str) -> int:
    content = _read(name)
    return len(content) if name.endswith(PICTURES) else len(brotli.compress(content))


def _read(name: str) -> bytes:
    place = finders.find(name)
    if place is None:
        raise SystemExit(f"static file {name} is missing")
    with open(place, "rb") as file:
        return file.read()
