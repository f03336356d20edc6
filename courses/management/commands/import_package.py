"""Bring a SCORM or H5P package into the library."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.import_report import ImportRefused, ImportReport
from courses.imports.library import read_package, store_package


class Command(BaseCommand):
    help = "Unpack a SCORM 1.2, SCORM 2004 or H5P package, to be put into a lesson. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The zip.")
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only report.")
        parser.add_argument("--report", type=Path, help="Write the report to this JSON file.")

    def handle(self, *, file: Path, dry_run: bool, report: Path | None, **options: Any) -> None:
        done = ImportReport(read=1)
        try:
            data = file.read_bytes()
            manifest = read_package(data)
            if dry_run:
                done.created = 1
            else:
                _package, is_new = store_package(data)
                done.count("created" if is_new else "unchanged")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except ImportRefused as refusal:
            raise CommandError(f"{file.name}: {refusal}") from refusal
        if report:
            done.write(report)
        self.stdout.write(f"{manifest.title}: {manifest.kind.label}, {len(manifest.parts)} parts")
