"""The register of agencies: three tables in, dated organisations out.

A code without a date names nothing: all 130 communes of July 2025 re-use the code of one
predecessor. Rows of agencies.csv with one code are periods of one organisation; an old
commune is an organisation of its own, unless it went on unchanged.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from courses.import_report import ImportRefused, ImportReport
from courses.text import fold
from learners.choices import Level, SuccessionKind
from learners.imports.communes import (
    BASELINE,
    check_every_new_commune_has_a_past,
    read_old_communes,
)
from learners.imports.register import Line, Period, Register
from learners.imports.tables import read_day, read_table, read_words
from learners.models import Organisation, OrganisationVersion, Succession
from learners.models.organisations import ranks_with_departments

Outcomes = dict[str, set[str]]
"""What was done for each row: one row may make an organisation, periods and a succession."""


def import_agencies(
    folder: Path, *, dry_run: bool = False, until: date | None = None
) -> ImportReport:
    """Load the three tables of `folder`. Idempotent; all or nothing.

    `until` leaves out what came later: the register as it was known on that day.

    Every row is reported once: created, updated or unchanged. Raises ImportRefused, with
    nothing changed, for a table that cannot be understood or contradicts what is stored.
    """
    communes = read_old_communes(folder / "communes_legacy.csv")
    going_on = {commune.code for commune in communes if commune.goes_on}
    agencies = _read_agencies(folder / "agencies.csv", going_on)
    check_every_new_commune_has_a_past(folder / "communes_legacy.csv", communes, agencies)
    periods = agencies + [period for commune in communes for period in commune.periods()]
    lines = _read_successions(folder / "agency_successors.csv")
    lines += [commune.line() for commune in communes if not commune.goes_on]
    if until is not None:
        periods = [_known_on(until, period) for period in periods if period.valid_from <= until]
        lines = [line for line in lines if line.day <= until]
    register = Register(periods)
    register.check(lines)
    outcomes: Outcomes = {}
    with transaction.atomic():
        ids = _store_periods(periods, register, outcomes)
        _store_lines(lines, register, ids, outcomes)
        if dry_run:
            transaction.set_rollback(True)
    return _report(outcomes)


def _known_on(day: date, period: Period) -> Period:
    """Nobody knew yet that the period would end."""
    ends_later = period.valid_to is not None and period.valid_to >= day
    return replace(period, valid_to=None) if ends_later else period


def _report(outcomes: Outcomes) -> ImportReport:
    report = ImportReport(read=len(outcomes))
    for done in outcomes.values():
        report.count(next(name for name in ("created", "updated", "unchanged") if name in done))
    return report


# ------------------------------------------------------------------ reading


def _read_agencies(path: Path, going_on: set[str]) -> list[Period]:
    """Periods of agencies; those in `going_on` keep their identity of before July 2025."""
    columns = ("code", "name_vi", "level", "parent_code", "valid_from", "valid_to")
    first_day: dict[str, date] = {}
    periods = []
    for line, row in read_table(path, columns):
        if row["level"] not in Level.values:
            raise ImportRefused(
                f"{path.name}, line {line}: level “{row['level']}” is unknown;"
                f" use {', '.join(Level.values)}."
            )
        valid_from = read_day(path, line, "valid_from", row["valid_from"])
        valid_to = row["valid_to"] and read_day(path, line, "valid_to", row["valid_to"])
        code = read_words(path, line, "code", row["code"], 40)
        start = BASELINE if code in going_on else first_day.setdefault(code, valid_from)
        periods.append(
            Period(
                where=f"{path.name}, line {line}",
                key=f"{code}@{start}",
                code=code,
                name=read_words(path, line, "name_vi", row["name_vi"], 200),
                level=row["level"],
                parent_code=row["parent_code"],
                valid_from=valid_from,
                valid_to=valid_to or None,
            )
        )
    return periods


def _read_successions(path: Path) -> list[Line]:
    columns = ("predecessor_code", "successor_code", "kind", "effective_from", "note")
    lines = []
    for line, row in read_table(path, columns):
        if row["kind"] not in SuccessionKind.values:
            raise ImportRefused(
                f"{path.name}, line {line}: kind “{row['kind']}” is unknown;"
                f" use {', '.join(SuccessionKind.values)}."
            )
        lines.append(
            Line(
                where=f"{path.name}, line {line}",
                predecessor_code=row["predecessor_code"],
                successor_code=read_words(path, line, "successor_code", row["successor_code"], 100),
                kind=row["kind"],
                day=read_day(path, line, "effective_from", row["effective_from"]),
                note=row["note"] and read_words(path, line, "note", row["note"], 190),
            )
        )
    return lines


# ------------------------------------------------------------------ storing


def _store_periods(periods: list[Period], register: Register, outcomes: Outcomes) -> dict[str, int]:
    """Organisations and versions; returns the id of each organisation by key."""
    stored = {(v.code, v.valid_from): v for v in OrganisationVersion.objects.all()}
    _check_stored(periods, stored.values())
    ids = _store_organisations(periods, stored)
    fresh = []
    for period in periods:
        parent_key = register.parent_of(period)
        wanted = {
            "organisation_id": ids[period.key],
            "name": period.name,
            "folded_name": fold(period.name),
            "level": period.level,
            "parent_id": ids[parent_key] if parent_key else None,
            "is_specialised": ranks_with_departments(period.code, period.name, period.parent_code),
            "valid_to": period.valid_to,
        }
        version = stored.get((period.code, period.valid_from))
        done = outcomes.setdefault(period.where, set())
        if version is None:
            fresh.append(
                OrganisationVersion(code=period.code, valid_from=period.valid_from, **wanted)
            )
            done.add("created")
        elif any(getattr(version, name) != value for name, value in wanted.items()):
            OrganisationVersion.objects.filter(pk=version.pk).update(
                **wanted, updated_at=timezone.now()
            )
            done.add("updated")
        else:
            done.add("unchanged")
    OrganisationVersion.objects.bulk_create(fresh)
    return ids


def _check_stored(periods: Iterable[Period], stored: Iterable[OrganisationVersion]) -> None:
    """A stored period that the tables no longer hold must not overlap one that they do."""
    by_code: dict[str, list[Period]] = {}
    for period in periods:
        by_code.setdefault(period.code, []).append(period)
    for version in stored:
        same_code = by_code.get(version.code, [])
        if any(period.valid_from == version.valid_from for period in same_code):
            continue
        for period in same_code:
            ends_before = version.valid_to and version.valid_to < period.valid_from
            begins_after = period.valid_to and period.valid_to < version.valid_from
            if not (ends_before or begins_after):
                raise ImportRefused(
                    f"{period.where}: the register already has {version.code} from"
                    f" {version.valid_from}; keep that first day in the file."
                )


def _store_organisations(
    periods: Iterable[Period], stored: dict[tuple[str, date], OrganisationVersion]
) -> dict[str, int]:
    """An id for each key. An organisation that got an earlier first day keeps its id: people
    and evidence hang on it."""
    ids = dict(Organisation.objects.values_list("key", "pk"))
    for period in periods:
        version = stored.get((period.code, period.valid_from))
        if version is not None:
            ids.setdefault(period.key, version.organisation_id)
    missing = dict.fromkeys(period.key for period in periods if period.key not in ids)
    Organisation.objects.bulk_create([Organisation(key=key) for key in missing])
    return ids | dict(Organisation.objects.values_list("key", "pk"))


def _store_lines(
    lines: Iterable[Line], register: Register, ids: dict[str, int], outcomes: Outcomes
) -> None:
    stored: set[tuple[int, int | None, str, date, str]] = set(
        Succession.objects.values_list(
            "predecessor_id", "successor_id", "kind", "effective_from", "note"
        )
    )
    fresh = []
    for line in lines:
        before, after = register.ends_of(line)
        note = f"{line.successor_code[1:-1]}: {line.note}" if after is None else line.note
        row = (ids[before.key], ids[after.key] if after else None, line.kind, line.day, note)
        done = outcomes.setdefault(line.where, set())
        if row in stored:
            done.add("unchanged")
            continue
        stored.add(row)
        done.add("created")
        fresh.append(
            Succession(
                predecessor_id=row[0],
                successor_id=row[1],
                kind=row[2],
                effective_from=row[3],
                note=row[4],
            )
        )
    Succession.objects.bulk_create(fresh)
