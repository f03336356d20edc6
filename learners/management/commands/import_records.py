"""Bring in a list of results from another platform or a paper class."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.choices import Topic
from courses.import_report import ImportReport
from learners.choices import FileState, RowState
from learners.imports.outside import bring, process
from learners.models import OutsideFile, OutsideSource, Person


class Command(BaseCommand):
    help = "Record results from elsewhere (XLSX or CSV). The same list again adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The list: XLSX or CSV.")
        parser.add_argument("--source", required=True, help="Name of the source, e.g. OneTouch.")
        parser.add_argument("--title", default="", help="The course, for rows that name none.")
        parser.add_argument("--topic", default="", choices=["", *Topic.values])
        parser.add_argument("--hours", type=Decimal, default=Decimal(8), help="For rows without.")
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only report.")
        parser.add_argument("--report", type=Path, help="Write the report to this JSON file.")

    def handle(self, *, path: Path, source: str, **options: Any) -> None:
        in_force = OutsideSource.objects.on(timezone.localdate())
        chosen = in_force.filter(name__iexact=source).first()
        if chosen is None:
            names = ", ".join(in_force.values_list("name", flat=True))
            raise CommandError(f"The source “{source}” is not known; use one of: {names}.")
        if not path.is_file():
            raise CommandError(f"{path} is no file; name the list.")
        file = OutsideFile(
            source=chosen,
            name=path.name,
            title=options["title"],
            topic=options["topic"],
            hours=options["hours"],
        )
        bring(file, path.read_bytes())
        process(file, Person.objects.all(), dry_run=options["dry_run"])
        report = self._report(file)
        if options["dry_run"] or file.state == FileState.REFUSED:
            file.file.delete(save=False)
            file.delete()
        if file.state == FileState.REFUSED:
            raise CommandError(f"{path.name}: {file.report['sentence']}")
        if options["report"]:
            report.write(options["report"])
        self.stdout.write(f"{path.name}: {report}")

    @staticmethod
    def _report(file: OutsideFile) -> ImportReport:
        """The counts, and every row that was not recorded; on trial the first ones."""
        counts = file.report
        report = ImportReport(
            read=counts.get("read", 0),
            created=counts.get("matched", 0),
            unchanged=counts.get("unchanged", 0),
            warnings=list(counts.get("warnings", [])),
        )
        left = file.rows.exclude(state=RowState.MATCHED).order_by("line")
        rows = [(row.line, row.cells.get("full_name", ""), row.why) for row in left.iterator()]
        for line, name, why in rows or [
            (shown["line"], shown["name"], shown["why"]) for shown in counts.get("shown", [])
        ]:
            report.skip(where=f"row {line}", what=name, why=why, repair="")
        return report
