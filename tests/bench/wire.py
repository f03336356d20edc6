"""What a page weighs on its first visit: itself and all that it loads, compressed as served."""

import gzip
import re

import brotli
from django.contrib.staticfiles import finders
from django.test import Client

from tests.bench.world import COURSE, seen, signed_in

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".woff2")


def page_weights() -> dict[str, tuple[int, int]]:
    """For each page: bytes of its HTML, and of it with styles, scripts and static pictures.

    Pictures of lessons are left out: they are the author's, and loaded when they come in sight.
    """
    learner, leader = signed_in("NA900001"), signed_in("NA900004")
    visits = {
        "catalogue": (Client(), "/khoa-hoc/"),
        "lesson": (learner, f"/hoc-tap/{COURSE}/1/"),
        "my learning": (learner, "/hoc-tap/"),
        "dashboard of the province": (leader, "/bao-cao/"),
        "check of a certificate": (Client(), "/tra-cuu/"),
    }
    return {name: _weight(*visit) for name, visit in visits.items()}


def _weight(client: Client, address: str) -> tuple[int, int]:
    body = seen(client, address).content
    own = len(gzip.compress(body, 6))
    found = {*re.findall(r'(?:src|href)="/static/([^"?]+)"', body.decode())}
    return own, own + sum(_static(name) for name in _with_imports(found))


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
