"""Copy everything the site keeps into a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.backup import Refused, back_up


class Command(BaseCommand):
    help = "Write database, files and secret key into an empty folder, while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Made if it is missing. Keep it secret.")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            manifest = back_up(folder)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"{folder}: {len(manifest.tables)} tables with {rows} rows,"
            f" {len(manifest.files)} files. It holds personal data and the key of all sessions:"
            " keep it as carefully as the site."
        )
