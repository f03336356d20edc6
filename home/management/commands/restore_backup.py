"""Load what back_up wrote, and prove that nothing is missing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.backup import Manifest, Refused, restore


class Command(BaseCommand):
    help = "Load a backup into an empty database and empty folders, then compare every count."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="What back_up wrote.")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            found = restore(folder)
            manifest = Manifest.read(folder)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for difference in found:
            self.stdout.write(difference)
        self.stdout.write(
            f"{len(manifest.tables)} tables and {len(manifest.files)} files compared with the"
            f" backup of {manifest.made_at}: {len(found)} differences"
        )
        if found:
            raise CommandError("What was restored is not what was backed up.")
