"""Bring questions of other systems into a bank."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.import_report import ImportRefused
from courses.imports.questions.files import read_questions
from courses.imports.questions.store import store_questions


class Command(BaseCommand):
    help = "Read GIFT, Aiken, Moodle XML, QTI or an Excel sheet into a bank. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The file of questions.")
        parser.add_argument("--bank", required=True, help="Name of the bank; made if missing.")
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only report.")
        parser.add_argument("--report", type=Path, help="Write the report to this JSON file.")

    def handle(
        self, *, file: Path, bank: str, dry_run: bool, report: Path | None, **options: Any
    ) -> None:
        try:
            source = read_questions(file.read_bytes())
            done = store_questions(source, bank=bank, origin=file.name, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except ImportRefused as refusal:
            raise CommandError(f"{file.name}: {refusal}") from refusal
        if report:
            done.write(report)
        self.stdout.write(f"{file.name}: {done}")
        for skipped in done.skipped:
            self.stdout.write(f"  {skipped.where}: {skipped.why} {skipped.repair}")
