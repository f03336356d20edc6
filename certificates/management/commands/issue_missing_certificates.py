"""The repair command: completed, and no certificate?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates.actions.online import NoDecision, due_for_certificate, issue_certificate
from certificates.actions.withholding import DrawsWrongly
from certificates.pdf import Unprintable


class Command(BaseCommand):
    help = "Issue the certificates of completed courses that have none. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many are due.")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        due = list(due_for_certificate().values_list("pk", flat=True))
        if dry_run:
            self.stdout.write(f"{len(due)} certificates due")
            return
        issued = 0
        for enrolment_id in due:
            try:
                issued += issue_certificate(enrolment_id) is not None
            except Unprintable as refusal:
                self.stderr.write(f"enrolment {enrolment_id}: {refusal.reason}")
            except DrawsWrongly as refusal:
                raise CommandError(str(refusal)) from refusal
            except NoDecision as refusal:
                raise CommandError(
                    "No standing decision is in force, so no certificate may be issued."
                    " Enter one in the administration under Certificates > Decisions."
                ) from refusal
        self.stdout.write(f"{issued} of {len(due)} certificates issued")
        if issued < len(due):
            raise CommandError("Some certificates were refused; the reasons stand above.")
