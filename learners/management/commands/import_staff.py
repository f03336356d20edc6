"""Bring a list of staff into the register."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.import_report import ImportRefused, ImportReport
from learners.choices import ImportState, RowOutcome, StaffKind
from learners.imports.sheets import Sheet
from learners.imports.staff import apply_list, check_list, missing_columns, open_list
from learners.models import StaffImport
from learners.tree import organisation_by_code


class Command(BaseCommand):
    help = (
        "Bring a list of staff (XLSX or CSV) into the register. Safe to repeat: the same file"
        " changes nothing. --dry-run says what would be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--unit", help="Code of the unit whose list it is; all without it.")
        parser.add_argument("--on", type=date.fromisoformat, help="Day of the list, YYYY-MM-DD.")
        parser.add_argument(
            "--kind", default="", choices=["", *StaffKind.values], help="For rows that name none."
        )
        parser.add_argument(
            "--accept-repairs", action="store_true", help="Accept every repair that is proposed."
        )
        parser.add_argument("--resume", type=int, metavar="ID", help="Go on with a killed run.")
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only report.")
        parser.add_argument("--report", type=Path, help="Write the report to this JSON file.")

    def handle(self, *, dry_run: bool, report: Path | None, **options: Any) -> None:
        if report and not report.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {report.parent}; create it for the report.")
        try:
            run, sheet = self._run(**options)
            self.stdout.write(f"Run {run.pk}: {run.total} rows")
            if dry_run or (options["accept_repairs"] and not run.last_line):
                _take_state(run, ImportState.CHECKING)
                check_list(run, sheet, tell=self._tell)
            if not dry_run:
                _take_state(run, ImportState.APPLYING)
                apply_list(run, sheet, accept_all=options["accept_repairs"], tell=self._tell)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        run.refresh_from_db()
        done = _report(run)
        if dry_run:
            run.forget_file()
            run.delete()
        if report:
            done.write(report)
        self.stdout.write(f"Staff: {done}")

    def _tell(self, read: int) -> None:
        self.stdout.write(f"{read} rows")
        self.stdout.flush()

    def _run(
        self,
        *,
        file: Path | None,
        unit: str | None,
        on: date | None,
        kind: str,
        resume: int | None,
        **options: Any,
    ) -> tuple[StaffImport, Sheet | None]:
        if resume is not None:
            found = StaffImport.objects.filter(pk=resume, state=ImportState.APPLYING).first()
            if found is None:
                raise CommandError(f"No run {resume} stopped in the middle.")
            return found, None
        if file is None:
            raise CommandError("Name the file to import, or the run to go on with by --resume.")
        day = on or timezone.localdate()
        root = organisation_by_code(unit, day) if unit else None
        if unit and root is None:
            raise CommandError(f"No unit has the code {unit} on {day}.")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be opened: {error.strerror}.") from error
        run, sheet = open_list(data, name=file.name, unit=root, effective_on=day, default_kind=kind)
        if lacking := missing_columns(run.places):
            run.forget_file()
            run.delete()
            raise ImportRefused(lacking)
        return run, sheet


def _take_state(run: StaffImport, state: ImportState) -> None:
    StaffImport.objects.filter(pk=run.pk).update(state=state)


def _report(run: StaffImport) -> ImportReport:
    counts = run.counts
    report = ImportReport(
        read=run.read,
        created=counts.get(RowOutcome.CREATED, 0),
        updated=counts.get(RowOutcome.CHANGED, 0) + counts.get(RowOutcome.MOVED, 0),
        unchanged=counts.get(RowOutcome.UNCHANGED, 0),
        warnings=list(run.warnings),
    )
    left_out = run.rows.filter(outcome__in=[RowOutcome.REFUSED, RowOutcome.UNSURE])
    for row in left_out.iterator():
        for fault in row.faults:
            report.skip(
                where=f"{run.name}, {row.line}",
                what=row.name,
                why=fault["why"],
                repair=fault["repair"],
            )
    if missing := run.rows.filter(outcome=RowOutcome.MISSING).count():
        report.warnings.append(f"{missing} people of the unit are not in the file: have they left?")
    return report
