"""Read what the environment says; refuse what cannot be read, in one sentence with a remedy.

Values that can be read but would hurt are left to home/checks.py.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

env = environ.Env()


def _refuse(sentence: str, remedy: str) -> NoReturn:
    raise ImproperlyConfigured(f"{sentence} {remedy}")


def whole_number(name: str, *, default: int) -> int:
    value = env.str(name, default=str(default))
    try:
        return int(value)
    except ValueError:
        _refuse(f"{name} is {value!r}, not a whole number.", f"Set e.g. {name}={default}.")


def one_of(name: str, choices: list[str], *, default: str) -> str:
    value: str = env.str(name, default=default)
    if value not in choices:
        _refuse(f"{name} is {value!r}.", f"Choose one of {', '.join(choices)}.")
    return value


def yes_or_no(name: str, *, default: bool) -> bool:
    value: str = env.str(name, default="").lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return value in ("1", "true", "yes", "on") if value else default
    _refuse(f"{name} is {value!r}.", f"Set {name}=yes or {name}=no.")


def folder(name: str, *, default: Path) -> Path:
    """A folder that exists and can be written, made if it is missing."""
    path = Path(env.str(name, default=str(default))).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _refuse(
            f"{name} {path} cannot be made: {error.strerror}.",
            "Name a folder that the account which runs the site may write.",
        )
    if not os.access(path, os.W_OK | os.X_OK):
        _refuse(
            f"{name} {path} cannot be written.",
            "Give the account that runs the site the right to write there.",
        )
    return path


def kept_secret(path: Path) -> str:
    """A key made once and readable by its owner alone. Processes that start together get the
    same one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(draft, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(get_random_secret_key())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def database(name: str, *, default: dict[str, Any]) -> dict[str, Any]:
    """Django's settings for the PostgreSQL database at an address. Never quotes the address:
    it holds a password."""
    address = env.str(name, default="")
    if not address:
        return default
    remedy = f"Use {name}=postgres://user:password@host:5432/name, or leave it unset for SQLite."
    scheme = address.partition("://")[0]
    if scheme not in ("postgres", "postgresql"):
        _refuse(f"{name} does not begin with postgres://.", remedy)
    try:
        config = dict(env.db_url_config(address))
    except ValueError:
        _refuse(f"{name} cannot be read as an address.", remedy)
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
