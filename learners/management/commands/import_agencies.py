"""Load the register of agencies with their dates and successors."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.import_report import ImportRefused
from learners.imports.agencies import import_agencies

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load agencies, old communes and successions from three CSV files. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            help="Leave out what came after this day, YYYY-MM-DD: reorganisations then follow as"
            " documents (apply_reorganisation).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only report.")
        parser.add_argument("--report", type=Path, help="Write the report to this JSON file.")

    def handle(
        self,
        *,
        folder: Path,
        until: date | None,
        dry_run: bool,
        report: Path | None,
        **options: Any,
    ) -> None:
        if report and not report.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {report.parent}; create it for the report.")
        try:
            done = import_agencies(folder, dry_run=dry_run, until=until)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if report:
            done.write(report)
        self.stdout.write(f"Agencies: {done}")
