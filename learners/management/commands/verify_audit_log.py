"""Walk the audit log and say whether anybody tampered with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learners.actions.audit import first_broken
from learners.models import AuditEntry


class Command(BaseCommand):
    help = "Verify the hash chain of the audit log. Exit 1 where it is broken."

    def handle(self, **options: Any) -> None:
        broken = first_broken()
        if broken is not None:
            raise CommandError(
                f"The audit log is broken at entry {broken}: compare it with a backup."
            )
        last = AuditEntry.objects.first()
        said = f"the last is {last.number}: {last.sha256}" if last else "none yet"
        self.stdout.write(f"All as they were written; {said}")
