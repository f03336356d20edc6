"""Rebuild or check the summaries behind the targets."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learners.actions.recounting import differences, recount_period
from learners.models import ReportingPeriod


class Command(BaseCommand):
    help = "Rebuild the summaries behind the targets from the facts; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="One reporting year; all without it.")
        parser.add_argument(
            "--check", action="store_true", help="Change nothing; exit 1 if a figure differs."
        )

    def handle(self, *, year: int | None, check: bool, **options: Any) -> None:
        periods = ReportingPeriod.objects.order_by("year")
        if year is not None:
            periods = periods.filter(year=year)
        if not periods:
            raise CommandError("No such reporting year. Years come with load_demo or seed_plan.")
        wrong = 0
        for period in periods:
            if check:
                found = differences(period)
                wrong += len(found)
                for difference in found:
                    self.stdout.write(
                        f"{period.year}: {difference.where}: stored {difference.stored},"
                        f" counted {difference.counted}"
                    )
                self.stdout.write(f"{period.year}: {len(found)} differences")
            else:
                self.stdout.write(f"{period.year}: {recount_period(period)} people")
        if wrong:
            raise CommandError("The summaries differ. Run recount_targets to rebuild them.")
