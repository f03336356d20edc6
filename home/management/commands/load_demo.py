"""The demo world: real agencies, invented people, real courses."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from home.demo.cast import (
    CAST,
    PASSWORD,
    create_cast,
    open_class_in_a_room,
    open_online_classes,
    sign_standing_decision,
)
from home.demo.claims import file_claims
from home.site import create_site
from learners.actions.recounting import recount_period
from learners.models import ReportingPeriod, User
from learners.plan import seed_plan

COURSES = Path(__file__).resolve().parents[2] / "demo" / "courses"


class Command(BaseCommand):
    help = "Load the demo world. Safe to repeat: what is there stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=3000, help="Size of the population.")

    def handle(self, *, people: int, **options: Any) -> None:
        create_site()
        call_command("import_agencies", stdout=self.stdout)
        seed_plan()
        for folder in sorted(COURSES.iterdir()):
            if folder.is_dir():
                call_command("import_course", str(folder), stdout=self.stdout)
        open_online_classes()
        open_class_in_a_room()
        sign_standing_decision()
        create_cast()
        call_command("make_population", people=people, stdout=self.stdout)
        filed = file_claims(approver=User.objects.get(username="quantri"))
        self.stdout.write(f"Self-training: {filed} filed with their proofs")
        for period in ReportingPeriod.objects.all():
            recount_period(period)
        self.stdout.write("")
        self.stdout.write(f"Demo accounts, all with the password {PASSWORD}:")
        for member in CAST:
            self.stdout.write(f"  {member.sign_in:<10} {member.full_name}, {member.title}")
