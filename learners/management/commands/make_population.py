"""Fill the real agencies with invented people."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learners.actions.recounting import recount_period
from learners.models import OrganisationVersion, ReportingPeriod
from learners.population import make_population


class Command(BaseCommand):
    help = "Bring the invented population up to N people with posts and evidence."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, required=True, help="1 to 2,500,000.")
        parser.add_argument(
            "--seed",
            type=int,
            default=2026,
            help="Another seed makes other people; those who are there stay.",
        )

    def handle(self, *, people: int, seed: int, **options: Any) -> None:
        if not 1 <= people <= 2_500_000:
            raise CommandError("--people must lie between 1 and 2500000.")
        if not OrganisationVersion.objects.exists():
            raise CommandError("There are no agencies yet; run import_agencies first.")
        made = make_population(people, seed=seed)
        if not (made.people or made.participations):
            self.stdout.write(f"Population: {people} people or more are there; nothing added")
            return
        for period in ReportingPeriod.objects.all():
            recount_period(period)
        self.stdout.write(
            f"Population: {made.people} people, {made.records} records,"
            f" {made.participations} participations added"
        )
