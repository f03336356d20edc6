"""Put a reorganisation into effect from a file, or say what it would do."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from courses.import_report import ImportRefused, ImportReport
from learners.actions.reorganisation_plan import Plan, plan_reorganisation
from learners.actions.reorganisations import CannotApply, apply_reorganisation, draw_up
from learners.choices import ReorganisationState
from learners.imports.reorganisations import read_lines
from learners.models import Reorganisation


@dataclass
class Report(ImportReport):
    """Rows of the file, and what each of them does."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    """People who would be left without a unit, by unit."""


class Command(BaseCommand):
    help = (
        "Put a reorganisation into effect whose lines stand in an XLSX or CSV file. Safe to"
        " repeat: a decision that is in effect changes nothing. --dry-run says who goes where."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--number", required=True, help="Number of the decision.")
        parser.add_argument("--title", default="", help="Subject of the decision.")
        parser.add_argument(
            "--effective", type=date.fromisoformat, required=True, help="First day, YYYY-MM-DD."
        )
        parser.add_argument(
            "--signed", type=date.fromisoformat, help="Day of the decision; the first without it."
        )
        parser.add_argument(
            "--leave-people",
            action="store_true",
            help="Go on although people would be left without a unit.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only report.")
        parser.add_argument("--report", type=Path, help="Write the report to this JSON file.")

    def handle(self, *, report: Path | None, **options: Any) -> None:
        if report and not report.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {report.parent}; create it for the report.")
        done = Report()
        try:
            with transaction.atomic():
                self._run(done, **options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except (ImportRefused, CannotApply) as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            if report:
                done.write(report)
        self.stdout.write(f"Reorganisation: {done}")

    def _run(
        self,
        done: Report,
        *,
        file: Path,
        number: str,
        title: str,
        effective: date,
        signed: date | None,
        leave_people: bool,
        dry_run: bool,
        **options: Any,
    ) -> None:
        known = Reorganisation.objects.filter(
            decision_number=number, effective_on=effective
        ).first()
        if known and not known.is_open:
            if known.state == ReorganisationState.SCHEDULED:
                raise CannotApply(f"The decision {number} waits to be put into effect already.")
            done.read = done.unchanged = known.lines.count()
            return
        try:
            data = file.read_bytes()
        except OSError as error:
            raise ImportRefused(f"{file} cannot be opened: {error.strerror}.") from error
        lines, done.skipped = read_lines(data, effective)
        done.read = len(lines) + len(done.skipped)
        if done.skipped:
            first = done.skipped[0]
            raise ImportRefused(f"{file.name}, row {first.where}: {first.why} {first.repair}")
        document = known or Reorganisation(decision_number=number, effective_on=effective)
        document.title = title or document.title or file.stem
        document.signed_on = signed or effective
        document.leaves_people = leave_people
        draw_up(document=document, lines=lines)
        plan = plan_reorganisation(document)
        _tell(done, plan)
        for fault in plan.faults:
            place = f"line {fault.line}: " if fault.line else ""
            self.stderr.write(f"{place}{fault.text}")
        if not dry_run:
            apply_reorganisation(document=document)
            done.created = len(lines)


def _tell(done: Report, plan: Plan) -> None:
    done.warnings += [fault.text for fault in plan.faults]
    done.lines = [
        {
            "line": outcome.line.position,
            "kind": outcome.line.kind,
            "from": outcome.from_name,
            "to": outcome.to_name,
            "people": len(outcome.people),
            "claims": outcome.claims,
            "officers": outcome.officers,
        }
        for outcome in plan.lines
    ]
    done.left = [
        {"unit": plan.change.name(unit), "people": len(people)}
        for unit, people in plan.left.items()
    ]
