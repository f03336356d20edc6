"""Bring in a course that was written elsewhere."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.import_report import ImportRefused
from courses.imports.course import import_course


class Command(BaseCommand):
    help = (
        "Turn an exported zip, a Common Cartridge or a folder of Markdown into a course."
        " Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", type=Path, help="The folder of the course, or its archive (.zip, .imscc)."
        )
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only report.")
        parser.add_argument("--report", type=Path, help="Write the report to this JSON file.")

    def handle(self, *, path: Path, dry_run: bool, report: Path | None, **options: Any) -> None:
        try:
            done = import_course(path, dry_run=dry_run)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if report:
            done.write(report)
        self.stdout.write(f"{path.name}: {done}")
        for skipped in done.skipped:
            self.stdout.write(f"  {skipped.where}: {skipped.why} {skipped.repair}")
