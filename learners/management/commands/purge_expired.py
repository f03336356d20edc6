"""Take away the personal data that has had its time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from learners.personal_data.retention import KINDS, due, purge


class Command(BaseCommand):
    help = "Take away personal data older than KEEP_…_DAYS say; --dry-run only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what is due.")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        for kind in KINDS:
            days = kind.days
            if days <= 0:
                self.stdout.write(f"{kind.name}: kept for ever")
            elif dry_run:
                self.stdout.write(f"{kind.name}: {due(kind).count()} due after {days} days")
            else:
                self.stdout.write(f"{kind.name}: {purge(kind)} gone after {days} days")
