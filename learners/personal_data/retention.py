"""Data that has had its time: how much is due, and taking it away.

Days by kind come from the settings (KEEP_DAYS). What a figure or a register rests on is no kind
of this list; it stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from learners.actions.audit import note
from learners.choices import Act, ImportState, RecordState, RequestState
from learners.models import (
    BusinessListRow,
    ClassTold,
    PackageState,
    Proof,
    Reminder,
    StaffImportRow,
    SubjectRequest,
    SubjectRequestStep,
)
from learners.personal_data.own_eraser import GONE

BATCH = 1000


@dataclass(frozen=True)
class Kind:
    """One kind of data; `purge` takes a batch of it away in the caller's transaction."""

    name: str
    due: Callable[[datetime], QuerySet]
    """Rows older than that moment that still say something."""
    purge: Callable[[list[Any]], object]
    setting: str = ""
    """Its key in settings.KEEP_DAYS, where that is not its name."""

    @property
    def days(self) -> int:
        """For how long it is kept; 0: for ever."""
        return settings.KEEP_DAYS[self.setting or self.name]


def _old_rows(before: datetime) -> QuerySet:
    applied = StaffImportRow.objects.filter(run__state=ImportState.APPLIED)
    return applied.filter(run__finished_at__lt=before)


def _old_business_rows(before: datetime) -> QuerySet:
    applied = BusinessListRow.objects.filter(run__state=ImportState.APPLIED)
    return applied.filter(run__finished_at__lt=before)


def _delete_business_rows(keys: list[Any]) -> None:
    BusinessListRow.objects.filter(pk__in=keys).delete()


def _old_requests(before: datetime) -> QuerySet:
    closed = SubjectRequest.objects.exclude(state=RequestState.RECEIVED)
    said = ~Q(words__in=["", GONE]) | Q(steps__in=_spoken())
    return closed.filter(said, closed_at__lt=before).distinct()


def _spoken() -> QuerySet:
    return SubjectRequestStep.objects.exclude(words__in=["", GONE])


def _old_proofs(before: datetime) -> QuerySet:
    decided = (RecordState.APPROVED, RecordState.RETURNED)
    kept = Proof.objects.exclude(file="")
    return kept.filter(record__state__in=decided, added_at__lt=before)


def _forget_words(keys: list[Any]) -> None:
    SubjectRequest.objects.filter(pk__in=keys).exclude(words="").update(words=GONE)
    _spoken().filter(request__in=keys).update(words=GONE)


def _forget_proofs(keys: list[Any]) -> None:
    """Files first: after a kill the row still names what is gone, and is done again."""
    rows = Proof.objects.filter(pk__in=keys)
    for name in rows.values_list("file", flat=True):
        storages["private"].delete(name)
    rows.update(file="")


def _delete_reminders(keys: list[Any]) -> None:
    Reminder.objects.filter(pk__in=keys).delete()


def _delete_class_told(keys: list[Any]) -> None:
    ClassTold.objects.filter(pk__in=keys).delete()


def _delete_rows(keys: list[Any]) -> None:
    StaffImportRow.objects.filter(pk__in=keys).delete()


def _forget_package_data(keys: list[Any]) -> None:
    PackageState.objects.filter(pk__in=keys).update(cmi={})


KINDS = (
    Kind(
        "reminders",
        lambda before: Reminder.objects.filter(day__lt=timezone.localdate(before)),
        _delete_reminders,
    ),
    Kind(
        "class_notices",
        lambda before: ClassTold.objects.filter(notice__made_at__lt=before),
        _delete_class_told,
        setting="reminders",
    ),
    Kind("staff_list_rows", _old_rows, _delete_rows),
    Kind(
        "business_list_rows", _old_business_rows, _delete_business_rows, setting="staff_list_rows"
    ),
    Kind(
        "package_data",
        lambda before: PackageState.objects.filter(enrolment__completed_at__lt=before).exclude(
            cmi={}
        ),
        _forget_package_data,
    ),
    Kind("request_words", _old_requests, _forget_words),
    Kind("proofs", _old_proofs, _forget_proofs),
)


def due(kind: Kind) -> QuerySet:
    """The rows of a kind that have had their time; none where the setting keeps them."""
    rows = kind.due(timezone.now() - timedelta(days=kind.days))
    return rows.order_by("pk") if kind.days > 0 else rows.none()


def purge(kind: Kind) -> int:
    """Take away what is due, batch by batch; how many rows. Idempotent, and goes on where it was
    killed. Each batch is noted in the audit log."""
    gone = 0
    while keys := list(due(kind).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            kind.purge(keys)
            note(Act.PURGED, kind.name, by=None, after={"rows": len(keys)})
        gone += len(keys)
    return gone
