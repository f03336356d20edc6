"""What is installed is pinned, checked by hash, and fetched from wherever pip is told to."""

import re
import tomllib

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]
S3 = PROJECT["project"]["optional-dependencies"]["s3"]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-s3.lock"]


def pins(lock: str) -> dict[str, Requirement]:
    """What a lock pins, by name."""
    lines = (settings.BASE_DIR / lock).read_text().splitlines()
    found = (Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[A-Za-z]", line))
    return {canonicalize_name(pin.name): pin for pin in found}


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", RUNTIME),
        ("requirements-dev.lock", RUNTIME + DEVELOPMENT),
        ("requirements-s3.lock", RUNTIME + S3),
    ],
)
def test_lock_pins_everything_the_project_asks_for(lock, asked):
    pinned = pins(lock)
    wrong = []
    for requirement in map(Requirement, asked):
        pin = pinned.get(canonicalize_name(requirement.name))
        version = next(iter(pin.specifier)).version if pin else None
        if version is None or version not in requirement.specifier:
            wrong.append((str(requirement), version))
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_a_hash_for_every_pin_and_no_address(lock):
    text = (settings.BASE_DIR / lock).read_text()
    entries = re.split(r"\n(?=[A-Za-z])", text)
    without = [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    loose = [
        name for name, pin in pins(lock).items() if [s.operator for s in pin.specifier] != ["=="]
    ]
    assert (without, loose, "://" in text, "-index-url" in text) == ([], [], False, False)


@pytest.mark.parametrize("larger", ["requirements-dev.lock", "requirements-s3.lock"])
def test_larger_lock_holds_the_runtime_lock(larger):
    """`make test` after `make run`, or before it, changes no version under the other."""
    runtime, found = pins("requirements.lock"), pins(larger)
    assert {name: found.get(name) for name in runtime} == runtime
