"""Refuse to start on settings that would hurt, each with a hint how to mend it."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

_DATABASES = {"postgres", "postgresql", "pgsql", "sqlite"}
_REDIS = {"redis", "rediss", "unix"}


@register()
def check_environment(**kwargs: Any) -> list[CheckMessage]:
    return [*_addresses(), *_stores(), *_secrets()]


def _addresses() -> Iterator[CheckMessage]:
    address = urlsplit(settings.PUBLIC_URL)
    if address.scheme not in ("http", "https") or not address.hostname or address.path:
        yield Error(
            f"PUBLIC_URL is {settings.PUBLIC_URL!r}, not the address of a site.",
            hint="Give scheme and host only, e.g. PUBLIC_URL=https://hoc.nghean.gov.vn",
            id="home.E001",
        )
    elif not _host_allowed(address.hostname):
        yield Error(
            f"ALLOWED_HOSTS lacks {address.hostname}, the host of PUBLIC_URL.",
            hint=f"Set ALLOWED_HOSTS={address.hostname}",
            id="home.E002",
        )
    if settings.DEBUG and settings.HTTPS:
        yield Error(
            "DEBUG is on for a public https address.",
            hint="Leave DEBUG unset; it shows settings and data to every visitor.",
            id="home.E003",
        )


def _host_allowed(host: str) -> bool:
    return any(
        allowed in ("*", host, f"[{host}]") or (allowed.startswith(".") and host.endswith(allowed))
        for allowed in settings.ALLOWED_HOSTS
    )


def _stores() -> Iterator[CheckMessage]:
    scheme = urlsplit(settings.DATABASE_URL).scheme
    if settings.DATABASE_URL and scheme not in _DATABASES:
        yield Error(
            f"DATABASE_URL begins with {scheme or 'nothing'}://, which is not supported.",
            hint="Use DATABASE_URL=postgres://user:password@host/name, or leave it unset.",
            id="home.E004",
        )
    redis = urlsplit(settings.REDIS_URL).scheme
    if settings.REDIS_URL and redis not in _REDIS:
        yield Error(
            f"REDIS_URL begins with {redis or 'nothing'}://, which is not supported.",
            hint="Use REDIS_URL=redis://host:6379/0, or leave it unset.",
            id="home.E005",
        )
    if settings.REDIS_URL and not settings.DATABASE_URL:
        yield Warning(
            "REDIS_URL is set but the database is SQLite, which one machine alone can use.",
            hint="Set DATABASE_URL to PostgreSQL before running workers elsewhere.",
            id="home.W006",
        )
    if not os.access(settings.DATA_DIR, os.W_OK):
        yield Error(
            f"DATA_DIR {settings.DATA_DIR} cannot be written.",
            hint="Give the account that runs the site the right to write there.",
            id="home.E007",
        )


def _secrets() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        yield Error(
            "SECRET_KEY is too short to protect sessions.",
            hint="Leave it unset to have one made in DATA_DIR, or give 50 random characters.",
            id="home.E008",
        )
    if not 5 <= settings.JOB_LEASE_SECONDS <= 600:
        yield Error(
            f"JOB_LEASE_SECONDS is {settings.JOB_LEASE_SECONDS}.",
            hint="Choose 5 to 600 seconds; 30 is right for most.",
            id="home.E009",
        )
