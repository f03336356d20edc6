"""Lists of results from elsewhere: taken in, and the rows settled whose person is not certain."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.fast_rows import among, insert_objects, seldom_collected
from courses.import_report import ImportRefused
from learners.actions.standing import refresh_people
from learners.choices import FileState, RecordState, RowState
from learners.imports.outside_people import match
from learners.imports.outside_rows import ALIASES, Faulty, Result, read_row
from learners.imports.sheets import Headings, open_sheet
from learners.models import (
    OutsideFile,
    OutsideRow,
    Person,
    ReportingPeriod,
    TrainingRecord,
    User,
)

BATCH = 1000
SHOWN = 20
"""Rows with a fault that the trial shows."""


class RowIsSettled(Exception):
    """Somebody else has settled it meanwhile."""


def bring(file: OutsideFile, data: bytes) -> OutsideFile:
    """Keep the list as it came; nothing is looked into yet."""
    file.fingerprint = sha256(data).hexdigest()
    file.file.save("list", ContentFile(data), save=False)
    file.save(force_insert=True)
    return file


def process(file: OutsideFile, people: QuerySet[Person], *, dry_run: bool) -> None:
    """Go through the list: count what would happen, or record it.

    In batches of BATCH rows with one transaction each. Idempotent and resumable: a result that
    was recorded before, from this file or another, is passed over, so a job that was killed
    begins anew and doubles nothing. Only `people` are recorded; a row that means nobody of
    them is kept for somebody to settle. A file that cannot be read becomes REFUSED.
    """
    counts: Counter[str] = Counter()
    shown: list[dict] = []
    with file.file.open("rb") as opened:
        data = opened.read()
    try:
        sheet = open_sheet(data, ALIASES)
        rows = iter(sheet.rows())
        while batch := list(islice(rows, BATCH)):
            read = [read_row(line, row, sheet.headings, file) for line, row in batch]
            with seldom_collected():
                _take(file, read, people, counts, shown, dry_run=dry_run)
            file.seen = counts["read"]
            OutsideFile.objects.filter(pk=file.pk).update(seen=file.seen)
    except ImportRefused as refusal:
        if not counts["read"] or dry_run:
            file.state, file.report = FileState.REFUSED, {"sentence": str(refusal)}
            file.save(update_fields=["state", "report"])
            return
        shown.append({"line": 0, "name": "", "why": str(refusal), "repair": ""})
    file.state = FileState.TRIED if dry_run else FileState.DONE
    file.report = {**counts, "shown": shown, "warnings": list(sheet.warnings)}
    file.save(update_fields=["state", "report"])


@transaction.atomic
def _take(
    file: OutsideFile,
    read: list[Result | Faulty],
    people: QuerySet[Person],
    counts: Counter[str],
    shown: list[dict],
    *,
    dry_run: bool,
) -> None:
    """One batch: rows, records and the targets move together."""
    marks = [_fingerprint(file, item) for item in read]
    rows = OutsideRow.objects.filter(fingerprint__in=among(marks))
    known = {row.fingerprint: row for row in rows}
    results = [item for item in read if isinstance(item, Result)]
    matches = dict(zip((r.line for r in results), match(results, people), strict=True))
    new: list[OutsideRow] = []
    found: list[OutsideRow] = []
    for item, mark in zip(read, marks, strict=True):
        counts["read"] += 1
        before = known.get(mark)
        person = matches[item.line].person_id if isinstance(item, Result) else None
        if before is not None and not (person and before.state == RowState.OPEN):
            counts["unchanged"] += 1
            continue
        row = before or OutsideRow(file=file, line=item.line, fingerprint=mark, cells=item.cells)
        known[mark] = row
        if isinstance(item, Faulty):
            row.state, row.why = RowState.REFUSED, f"{item.why} {item.repair}"[:300]
        elif person is None:
            row.state, row.why = RowState.OPEN, matches[item.line].why
        else:
            row.state, row.why, row.record = RowState.MATCHED, "", _record(file, item, person)
        counts[row.state] += 1
        if row.why and len(shown) < SHOWN:
            name = item.cells.get("full_name", "")
            shown.append({"line": item.line, "name": name, "why": row.why})
        (found if before else new).append(row)
    if dry_run:
        return
    records = [row.record for row in (*new, *found) if row.record is not None]
    insert_objects(TrainingRecord, records)
    for row in (*new, *found):
        row.record = row.record  # Its key is known now.
    insert_objects(OutsideRow, new)
    # Who was not known when an earlier list came, and is now.
    OutsideRow.objects.bulk_update(found, ["state", "why", "record"])
    _refresh(records)


def _fingerprint(file: OutsideFile, item: Result | Faulty) -> str:
    if isinstance(item, Result):
        return item.fingerprint(file.source_id)
    said = "\x1f".join(f"{name}={value}" for name, value in sorted(item.cells.items()))
    return sha256(f"faulty\x1f{file.source_id}\x1f{said}".encode()).hexdigest()


def _record(file: OutsideFile, result: Result, person_id: int) -> TrainingRecord:
    return TrainingRecord(
        person_id=person_id,
        mode=file.source.mode,
        state=RecordState.APPROVED,
        title=result.title,
        topic=file.topic,
        hours=result.hours,
        completed_on=result.completed_on,
        source=file.source.name,
        certificate_number=result.certificate_number,
        created_by=file.brought_by,
    )


def _refresh(records: Iterable[TrainingRecord]) -> None:
    records = list(records)
    if not records:
        return
    days = [record.completed_on for record in records]
    for period in ReportingPeriod.objects.filter(starts_on__lte=max(days), ends_on__gte=min(days)):
        people = {
            record.person_id
            for record in records
            if period.starts_on <= record.completed_on <= period.ends_on
        }
        refresh_people(people, period)


@transaction.atomic
def settle(row: OutsideRow, *, person: Person, by: User) -> TrainingRecord:
    """Record the row for the person it means. Raises RowIsSettled."""
    locked = OutsideRow.objects.select_for_update().select_related("file__source").get(pk=row.pk)
    if locked.state != RowState.OPEN:
        raise RowIsSettled
    result = _again(locked)
    record = _record(locked.file, result, person.pk)
    record.created_by = by
    record.save()
    locked.record, locked.state = record, RowState.MATCHED
    locked.settled_by, locked.settled_at = by, timezone.now()
    locked.save(update_fields=["record", "state", "settled_by", "settled_at"])
    _refresh([record])
    return record


def _again(row: OutsideRow) -> Result:
    """What the row said, from its cells."""
    names = tuple(row.cells)
    headings = Headings(0, names, {name: place for place, name in enumerate(names)})
    result = read_row(row.line, list(row.cells.values()), headings, row.file)
    assert isinstance(result, Result)  # noqa: S101  an open row was read before
    return result


def set_aside(row: OutsideRow, *, reason: str, by: User) -> None:
    """Close a row that means nobody here, with the reason. Raises RowIsSettled."""
    done = OutsideRow.objects.filter(pk=row.pk, state=RowState.OPEN).update(
        state=RowState.SET_ASIDE, why=reason[:300], settled_by=by, settled_at=timezone.now()
    )
    if not done:
        raise RowIsSettled


def begin_import(file: OutsideFile) -> bool:
    """From the trial to the import; True for the one caller that did it."""
    return bool(
        OutsideFile.objects.filter(pk=file.pk, state=FileState.TRIED).update(
            state=FileState.IMPORTING, seen=0
        )
    )
