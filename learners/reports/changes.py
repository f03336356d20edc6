"""Who changed one person's record: by hand, by a list, by a decision about units."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from learners.choices import (
    Act,
    ImportState,
    ReorganisationState,
    ReorganisationStep,
    RowDecision,
    RowOutcome,
)
from learners.models import (
    AuditEntry,
    Merge,
    Person,
    Reorganisation,
    ReorganisationChange,
    ReorganisationEvent,
    StaffImportRow,
    User,
)
from learners.reports.audit_words import told

SHOWN = 30
ACTS = (
    Act.POST,
    Act.PERSON,
    Act.MERGED,
    Act.UNMERGED,
    Act.NUMBER_SHOWN,
    Act.DATA_TAKEN_OUT,
)
"""What is told on a person's page. Requests about the own data are told at their desk alone."""
IN_EFFECT = (ReorganisationState.APPLIED, ReorganisationState.UNDOING, ReorganisationState.SIGNED)
WRITTEN = (RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.MOVED)


@dataclass(frozen=True)
class Change:
    at: datetime
    what: str
    lines: list[str]
    by: str
    why: str


def changes_of(person: Person) -> list[Change]:
    """The newest first. At most ten queries, whatever happened."""
    found = [*_entries(person), *_rows(person), *_mergers(person), *_decisions(person)]
    found.sort(key=lambda change: change.at, reverse=True)
    return list(islice(found, SHOWN))


def _entries(person: Person) -> Iterator[Change]:
    entries = AuditEntry.objects.filter(about=f"person {person.pk}", act__in=ACTS)
    for one in told(entries.select_related("by")[:SHOWN]):
        entry = one.entry
        lines = []
        if one.before:
            lines.append(_("Before: %(words)s") % {"words": "; ".join(one.before)})
        if one.after:
            lines.append(_("After: %(words)s") % {"words": "; ".join(one.after)})
        yield Change(entry.at, str(Act(entry.act).label), lines, _name(entry.by), entry.why)


def _rows(person: Person) -> Iterator[Change]:
    rows = StaffImportRow.objects.filter(person=person, run__state=ImportState.APPLIED)
    rows = rows.select_related("run__by").order_by("-run__finished_at", "-pk")[:SHOWN]
    for row in rows:
        ended = row.outcome == RowOutcome.MISSING and row.decision == RowDecision.ENDED
        if row.run.finished_at is None or not (ended or row.outcome in WRITTEN):
            continue
        what = _("Not in the list any more: post ended") if ended else row.get_outcome_display()
        lines = [row.what] if row.what else []
        why = _("List “%(name)s”") % {"name": row.run.name}
        yield Change(row.run.finished_at, what, lines, _name(row.run.by), why)


def _mergers(person: Person) -> Iterator[Change]:
    mergers = Merge.objects.filter(kept=person, undone_at__isnull=True)
    for merger in mergers.select_related("dropped", "by"):
        words = _("The record of %(name)s came into this one")
        line = words % {"name": merger.dropped.full_name}
        yield Change(merger.at, str(Act.MERGED.label), [line], _name(merger.by), merger.reason)


def _decisions(person: Person) -> Iterator[Change]:
    in_effect = Reorganisation.objects.filter(state__in=IN_EFFECT)
    changes = ReorganisationChange.objects.filter(
        reorganisation__in=in_effect, table="post", row_id__in=person.posts.values("pk")
    )
    applied = ReorganisationEvent.objects.filter(
        reorganisation__in=changes.values("reorganisation"), step=ReorganisationStep.APPLIED
    )
    for event in applied.select_related("reorganisation", "by"):
        why = f"{event.reorganisation.decision_number}: {event.reorganisation.title}"
        yield Change(event.at, str(Act.REORGANISED.label), [], _name(event.by), why)


def _name(account: User | None) -> str:
    return account.get_full_name() if account is not None else ""
