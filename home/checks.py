"""Refuse to start on settings that would hurt, each with a hint how to mend it."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.db import connection

from certificates.badges.keys import BadKey, badge_keys

LEASE_SECONDS = range(5, 601)
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
SHORTEST_TOKEN = 24
REMINDER_HOURS = range(337)


@register()
def check_environment(**kwargs: Any) -> list[CheckMessage]:
    return [
        *_addresses(),
        *_stores(),
        *_secrets(),
        *_levels(),
        *_reminders(),
        *_packages(),
        *_object_storage(),
        *_badges(),
        *_sign_in_elsewhere(),
    ]


def _split(address: str) -> SplitResult:
    """The parts of an address; all of them empty where it cannot be read."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  raises when it is no number
    except ValueError:
        return urlsplit("")
    return parts


def _addresses() -> Iterator[CheckMessage]:
    address = _split(settings.PUBLIC_URL)
    bare = not (address.path or address.query or address.fragment or address.username)
    if address.scheme not in ("http", "https") or not address.hostname or not bare:
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
    elif address.scheme == "http" and address.hostname not in THIS_MACHINE:
        yield checks.Warning(
            "PUBLIC_URL does not begin with https://: passwords and records cross the network for"
            " everybody on the way to read.",
            hint="Put a proxy with a certificate in front (docs/deployment) and give its address,"
            f" e.g. PUBLIC_URL=https://{address.hostname}",
            id="home.W022",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield checks.Warning(
            "ALLOWED_HOSTS is *: the site answers to any name that somebody points at it.",
            hint=f"Set ALLOWED_HOSTS={address.hostname or 'hoc.nghean.gov.vn'}",
            id="home.W023",
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


def _object_storage() -> Iterator[CheckMessage]:
    if not settings.OBJECT_STORAGE_BUCKET:
        return
    if find_spec("storages") is None or find_spec("boto3") is None:
        yield Error(
            "OBJECT_STORAGE_BUCKET is set, and the library that reads such stores is not there.",
            hint="pip install --require-hashes -r requirements-s3.lock",
            id="home.E022",
        )
    if not (settings.OBJECT_STORAGE_KEY and settings.OBJECT_STORAGE_SECRET):
        yield Error(
            "OBJECT_STORAGE_BUCKET is set without the key to it.",
            hint="Set OBJECT_STORAGE_KEY and OBJECT_STORAGE_SECRET.",
            id="home.E023",
        )


def _packages() -> Iterator[CheckMessage]:
    if not settings.PACKAGES_URL:
        yield checks.Warning(
            "PACKAGES_URL is not set: SCORM packages cannot be launched.",
            hint="Point a second host name at the site, e.g. PACKAGES_URL=https://goi.hoc.nghean.gov.vn,"
            " and add it to ALLOWED_HOSTS.",
            id="home.W011",
        )
        return
    address = _split(settings.PACKAGES_URL)
    if address.hostname == _split(settings.PUBLIC_URL).hostname:
        yield Error(
            "PACKAGES_URL has the host of PUBLIC_URL: a package could act as whoever opens it.",
            hint="Use another host name for the same site, e.g. goi.hoc.nghean.gov.vn.",
            id="home.E012",
        )
    elif not address.hostname or not _host_allowed(address.hostname):
        yield Error(
            f"ALLOWED_HOSTS lacks {address.hostname}, the host of PACKAGES_URL.",
            hint="Add it to ALLOWED_HOSTS.",
            id="home.E013",
        )


def _reminders() -> Iterator[CheckMessage]:
    if settings.CLASS_REMINDER_HOURS not in REMINDER_HOURS:
        yield Error(
            f"CLASS_REMINDER_HOURS is {settings.CLASS_REMINDER_HOURS}: nobody could plan by it.",
            hint="Set 1 to 336 hours, e.g. CLASS_REMINDER_HOURS=24, or 0 for no reminders.",
            id="home.E022",
        )


def _badges() -> Iterator[CheckMessage]:
    try:
        badge_keys()
    except BadKey as error:
        yield Error(
            f"BADGE_KEY_FILES: {error}",
            hint="Make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072"
            " -out huy-hieu.pem; keep old keys behind it, or leave it unset for no badges.",
            id="home.E021",
        )


def _sign_in_elsewhere() -> Iterator[CheckMessage]:
    if not settings.OIDC_ISSUER:
        return
    address = _split(settings.OIDC_ISSUER)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
        yield Error(
            "OIDC_ISSUER does not begin with https://: anybody on the way could sign in.",
            hint="Give the issuer's address, e.g. OIDC_ISSUER=https://sso.nghean.gov.vn",
            id="home.E019",
        )
    if not (settings.OIDC_CLIENT_ID and settings.OIDC_CLIENT_SECRET):
        yield Error(
            "OIDC_ISSUER is set without OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.",
            hint="Set all three, or none: sign-in by another system is then off.",
            id="home.E020",
        )


def _stores() -> Iterator[CheckMessage]:
    addresses = {"REDIS_URL": settings.REDIS_URL, "CACHE_URL": settings.CACHE_URL}
    for name, address in addresses.items():
        if address and _split(address).scheme not in ("redis", "rediss", "unix"):
            yield Error(
                f"{name} does not begin with redis://, rediss:// or unix://.",
                hint=f"Use {name}=redis://host:6379/0, or leave it unset.",
                id="home.E004",
            )
            return
    if settings.REDIS_URL and connection.vendor == "sqlite":
        yield checks.Warning(
            "REDIS_URL is set, but the database is SQLite, which one machine alone can use.",
            hint="Set DATABASE_URL to PostgreSQL before running workers elsewhere.",
            id="home.W005",
        )


def _secrets() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        yield Error(
            "SECRET_KEY is too short to protect sessions.",
            hint="Leave it unset to have one made in DATA_DIR, or give 50 random characters.",
            id="home.E006",
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Error(
            "METRICS_TOKEN is too short to keep anybody out.",
            hint="Give 32 random characters, or leave it unset: only this machine reads then.",
            id="home.E014",
        )
    if any(len(key) < 32 for key in [*settings.PERSONAL_DATA_KEYS, settings.PERSONAL_INDEX_KEY]):
        yield Error(
            "A key of PERSONAL_DATA_KEYS or PERSONAL_INDEX_KEY is too short to protect anybody.",
            hint="Give 32 random characters or more, or leave both unset.",
            id="home.E017",
        )
    elif not settings.PERSONAL_KEYS_GIVEN and (settings.HTTPS or settings.REDIS_URL):
        yield checks.Warning(
            "PERSONAL_DATA_KEYS and PERSONAL_INDEX_KEY are not set: the keys that protect personal"
            " numbers lie in DATA_DIR beside the data, and another machine would make its own.",
            hint="Set both, first to the texts in DATA_DIR/personal_data_key and"
            " DATA_DIR/personal_index_key, and keep a copy apart from the backups.",
            id="home.W018",
        )
    if settings.JOB_LEASE_SECONDS not in LEASE_SECONDS:
        yield Error(
            f"JOB_LEASE_SECONDS is {settings.JOB_LEASE_SECONDS}.",
            hint="Choose 5 to 600 seconds; 30 is right for most.",
            id="home.E007",
        )


def _levels() -> Iterator[CheckMessage]:
    """Whatever is set below the level of TCVN 14423:2026, by name: nothing is lowered silently."""
    floors = [
        ("TEMPORARY_PASSWORD_DAYS", settings.TEMPORARY_PASSWORD_DAYS, 14),
        ("DORMANT_AFTER_DAYS", settings.DORMANT_AFTER_DAYS, 45),
        ("IDLE_MINUTES", settings.IDLE_MINUTES, 15),
        ("ADMIN_IDLE_MINUTES", settings.ADMIN_IDLE_MINUTES, 5),
    ]
    for name, value, most in floors:
        if value < 1:
            yield Error(
                f"{name} is {value}: nobody could work.",
                hint=f"Set {name} to a number from 1 to {most}.",
                id="home.E008",
            )
        elif value > most:
            yield checks.Warning(
                f"{name} is {value}, above the {most} that the security level allows.",
                hint=f"Set {name}={most} or less, or write the exception into the level dossier.",
                id="home.W009",
            )
    is_public = _split(settings.PUBLIC_URL).hostname not in THIS_MACHINE
    if is_public and not settings.REQUIRE_SECOND_FACTOR:
        yield checks.Warning(
            "REQUIRE_SECOND_FACTOR is off on a public site: a guessed password shows other"
            " people's records.",
            hint="Leave REQUIRE_SECOND_FACTOR unset.",
            id="home.W010",
        )
    if settings.LOG_LEVEL in ("ERROR", "CRITICAL"):
        yield checks.Warning(
            f"LOG_LEVEL is {settings.LOG_LEVEL}: refused pages and failed sign-ins are not logged.",
            hint="Set LOG_LEVEL=WARNING or INFO.",
            id="home.W024",
        )
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT < 0:
        yield Error(
            f"TRUSTED_PROXIES is {settings.ALLAUTH_TRUSTED_PROXY_COUNT}.",
            hint="Give the number of your own proxies before the site: 0, 1, 2.",
            id="home.E025",
        )
    elif settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield checks.Warning(
            "TRUSTED_PROXIES is 0 behind https: all visitors seem to come from the proxy and share"
            " the limits of sign-in and of checking papers.",
            hint="Set TRUSTED_PROXIES=1 for one proxy in front.",
            id="home.W026",
        )
