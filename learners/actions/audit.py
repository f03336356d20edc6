"""Writing the audit log, and finding where it was tampered with."""

from datetime import UTC
from typing import Any

from django.db import transaction
from django.utils import timezone

from learners.choices import Act
from learners.models import User
from learners.models.audit import AuditEntry, AuditHead


@transaction.atomic
def note(
    act: Act,
    about: str,
    *,
    by: User | None,
    before: Any = None,
    after: Any = None,
    why: str = "",
) -> AuditEntry:
    """Write one act down, in the transaction of the act itself: both or none.

    Writers follow one another from here to the end of their transactions, so note late.
    """
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    now = timezone.now().astimezone(UTC)
    entry = AuditEntry(
        number=head.number + 1,
        # As it comes back from any database.
        at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        by=by,
        act=act,
        about=about[:200],
        before=before,
        after=after,
        why=why[:300],
    )
    entry.sha256 = entry.hash_after(head.sha256)
    entry.save(force_insert=True)
    head.number, head.sha256 = entry.number, entry.sha256
    head.save()
    return entry


def first_broken() -> int | None:
    """The number of the first entry that was changed, removed or put in; None when all hold.

    An entry cut off at the end shows as the one after the last that is there. Entries that are
    written meanwhile only have to follow on. Whoever may write to the whole database can forge
    the whole chain: keep the last number and its hash elsewhere too (docs/operations.md).
    """
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(number=0, sha256="")
    previous, expected, met_head = "", 1, head.number == 0
    for entry in AuditEntry.objects.order_by("number").iterator():
        if head.number == 0 or entry.number != expected:
            return expected
        if entry.sha256 != entry.hash_after(previous):
            return expected
        if entry.number == head.number:
            met_head = entry.sha256 == head.sha256
            if not met_head:
                return expected
        previous, expected = entry.sha256, expected + 1
    return None if met_head else expected
