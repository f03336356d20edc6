"""The register of agencies: three tables in, dated organisations out.

A code without a date names nothing: all 130 communes of July 2025 re-use the code of one
predecessor. Rows of agencies.csv with one code are periods of one organisation; an old
commune is an organisation of its own, unless it went on unchanged.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from courses.import_report import ImportRefused, ImportReport
from courses.text import fold, nfc
from learners.choices import PROVINCE_CODE, Level, SuccessionKind
from learners.imports.tables import read_day, read_table
from learners.models import Organisation, OrganisationVersion, Succession

BASELINE = date(2020, 1, 1)
"""First day of the register, not a founding date."""

NEW_COMMUNES_FROM = date(2025, 7, 1)
SPECIALISED_BESIDES_DEPARTMENTS = {"NA-VPUB", "NA-TTR", "NA-BDT"}
"""Office, inspectorate and ethnic committee rank with the departments ("sở")."""


@dataclass(frozen=True)
class Period:
    """One row to be: an organisation's name, level and parent from-to."""

    where: str
    key: str
    code: str
    name: str
    level: str
    parent_code: str
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Line:
    """One line of succession to be; codes resolved by date later."""

    where: str
    predecessor_code: str
    successor_code: str
    kind: str
    day: date
    note: str


def import_agencies(folder: Path, *, dry_run: bool = False) -> ImportReport:
    """Load the three tables of `folder`. Idempotent; all or nothing.

    Raises ImportRefused, with nothing changed, for a table that cannot be understood.
    """
    old_communes, merged = _read_old_communes(folder / "communes_legacy.csv")
    periods = _read_agencies(folder / "agencies.csv", merged) + old_communes
    lines = _read_successions(folder / "agency_successors.csv") + _commune_lines(
        old_communes, merged
    )
    register = _Register(periods)
    register.check()
    report = ImportReport(read=len(periods) + len(lines))
    with transaction.atomic():
        organisations = _store_periods(periods, register, report)
        _store_lines(lines, register, organisations, report)
        if dry_run:
            transaction.set_rollback(True)
    return report


# ------------------------------------------------------------------ reading


@dataclass(frozen=True)
class _Merged:
    """What became of one old commune."""

    successor_code: str
    kind: str


def _read_agencies(path: Path, merged: dict[str, _Merged]) -> list[Period]:
    columns = ("code", "name_vi", "level", "parent_code", "valid_from", "valid_to")
    unchanged = {code for code, fate in merged.items() if fate.kind == SuccessionKind.UNCHANGED}
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
        code = row["code"]
        # A commune that went on unchanged keeps its identity from before.
        start = BASELINE if code in unchanged else first_day.setdefault(code, valid_from)
        periods.append(
            Period(
                where=f"{path.name}, line {line}",
                key=f"{code}@{start}",
                code=code,
                name=nfc(row["name_vi"]),
                level=row["level"],
                parent_code=row["parent_code"],
                valid_from=valid_from,
                valid_to=valid_to or None,
            )
        )
    return periods


def _read_old_communes(path: Path) -> tuple[list[Period], dict[str, _Merged]]:
    """Communes until June 2025, below the district they belonged to at the end.

    The table names one district each; the eleven wards and communes that joined Vinh on
    1 December 2024 therefore stand below Vinh from the first day.
    """
    columns = ("old_nso_code", "old_name_vi", "district_code", "new_nso_code", "kind", "valid_to")
    periods, merged = [], {}
    for line, row in read_table(path, columns):
        code = f"X{row['old_nso_code']}"
        if row["kind"] not in SuccessionKind.values:
            raise ImportRefused(f"{path.name}, line {line}: kind “{row['kind']}” is unknown.")
        merged[code] = _Merged(f"X{row['new_nso_code']}", row["kind"])
        periods.append(
            Period(
                where=f"{path.name}, line {line}",
                key=f"{code}@{BASELINE}",
                code=code,
                name=nfc(row["old_name_vi"]),
                level=Level.COMMUNE,
                parent_code=f"D{row['district_code']}",
                valid_from=BASELINE,
                valid_to=read_day(path, line, "valid_to", row["valid_to"]),
            )
        )
    return periods, merged


def _read_successions(path: Path) -> list[Line]:
    columns = ("predecessor_code", "successor_code", "kind", "effective_from", "note")
    lines = []
    for line, row in read_table(path, columns):
        if row["kind"] not in SuccessionKind.values:
            raise ImportRefused(f"{path.name}, line {line}: kind “{row['kind']}” is unknown.")
        lines.append(
            Line(
                where=f"{path.name}, line {line}",
                predecessor_code=row["predecessor_code"],
                successor_code=row["successor_code"],
                kind=row["kind"],
                day=read_day(path, line, "effective_from", row["effective_from"]),
                note=row["note"],
            )
        )
    return lines


def _commune_lines(old: Iterable[Period], merged: dict[str, _Merged]) -> list[Line]:
    return [
        Line(
            where=period.where,
            predecessor_code=period.code,
            successor_code=merged[period.code].successor_code,
            kind=merged[period.code].kind,
            day=NEW_COMMUNES_FROM,
            note="",
        )
        for period in old
        if merged[period.code].kind != SuccessionKind.UNCHANGED
    ]


# ------------------------------------------------------------------ checking


class _Register:
    """Periods by code, so that a code and a date lead to one organisation."""

    def __init__(self, periods: Iterable[Period]) -> None:
        self._by_code: dict[str, list[Period]] = defaultdict(list)
        for period in periods:
            self._by_code[period.code].append(period)
        for same_code in self._by_code.values():
            same_code.sort(key=lambda period: period.valid_from)

    def on(self, code: str, day: date) -> Period | None:
        return next((p for p in self._by_code.get(code, ()) if p.covers(day)), None)

    def parent_of(self, period: Period) -> str | None:
        parent = self.on(period.parent_code, period.valid_from)
        return parent.key if parent else None

    def check(self) -> None:
        """Every period apart from its neighbours and below a parent for its whole life."""
        for same_code in self._by_code.values():
            for earlier, later in pairwise(same_code):
                if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                    raise ImportRefused(
                        f"{later.where}: {later.code} is already in force on"
                        f" {later.valid_from}; end the earlier period before."
                    )
            for period in same_code:
                if period.valid_to and period.valid_to < period.valid_from:
                    raise ImportRefused(f"{period.where}: it ends before it begins.")
                if period.parent_code:
                    self._check_parent(period)

    def _check_parent(self, period: Period) -> None:
        day: date | None = period.valid_from
        while day is not None and (period.valid_to is None or day <= period.valid_to):
            parent = self.on(period.parent_code, day)
            if parent is None:
                raise ImportRefused(
                    f"{period.where}: the parent {period.parent_code} is not in force on {day};"
                    " add it or end the row before."
                )
            day = parent.valid_to and parent.valid_to + timedelta(days=1)


# ------------------------------------------------------------------ storing


def _store_periods(
    periods: list[Period], register: _Register, report: ImportReport
) -> dict[str, int]:
    """Organisations and versions; returns the id of each organisation by key."""
    ids = dict(Organisation.objects.values_list("key", "pk"))
    keys = dict.fromkeys(period.key for period in periods)
    Organisation.objects.bulk_create([Organisation(key=key) for key in keys if key not in ids])
    ids = dict(Organisation.objects.values_list("key", "pk"))
    stored = {(v.code, v.valid_from): v for v in OrganisationVersion.objects.all()}
    fresh = []
    for period in periods:
        parent_key = register.parent_of(period)
        wanted = {
            "organisation_id": ids[period.key],
            "name": period.name,
            "folded_name": fold(period.name),
            "level": period.level,
            "parent_id": ids[parent_key] if parent_key else None,
            "is_specialised": _is_specialised(period),
            "valid_to": period.valid_to,
        }
        version = stored.get((period.code, period.valid_from))
        if version is None:
            fresh.append(
                OrganisationVersion(code=period.code, valid_from=period.valid_from, **wanted)
            )
            report.count("created")
        elif any(getattr(version, name) != value for name, value in wanted.items()):
            OrganisationVersion.objects.filter(pk=version.pk).update(
                **wanted, updated_at=timezone.now()
            )
            report.count("updated")
        else:
            report.count("unchanged")
    OrganisationVersion.objects.bulk_create(fresh)
    return ids


def _is_specialised(period: Period) -> bool:
    return period.parent_code == PROVINCE_CODE and (
        period.name.startswith("Sở ") or period.code in SPECIALISED_BESIDES_DEPARTMENTS
    )


def _store_lines(
    lines: list[Line], register: _Register, ids: dict[str, int], report: ImportReport
) -> None:
    stored: set[tuple[int, int | None, str, date, str]] = set(
        Succession.objects.values_list(
            "predecessor_id", "successor_id", "kind", "effective_from", "note"
        )
    )
    fresh = []
    for line in lines:
        before = register.on(line.predecessor_code, line.day - timedelta(days=1))
        after = register.on(line.successor_code, line.day)
        outside = line.successor_code.startswith("(")
        if before is None or (after is None and not outside):
            code = line.predecessor_code if before is None else line.successor_code
            raise ImportRefused(f"{line.where}: no agency {code} around {line.day}; add it first.")
        note = f"{line.successor_code[1:-1]}: {line.note}" if outside else line.note
        successor_id = ids[after.key] if after else None
        row = (ids[before.key], successor_id, line.kind, line.day, note)
        if row in stored:
            report.count("unchanged")
            continue
        stored.add(row)
        fresh.append(
            Succession(
                predecessor_id=row[0],
                successor_id=row[1],
                kind=row[2],
                effective_from=row[3],
                note=row[4],
            )
        )
        report.count("created")
    Succession.objects.bulk_create(fresh)
