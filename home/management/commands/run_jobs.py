"""The worker process of the embedded form."""

import gc
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from home.jobs.worker import Worker
from home.models import Job


class Command(BaseCommand):
    help = "Run background jobs from the database, one after the other, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queues",
            nargs="+",
            choices=Job.Queue.values,
            default=[],
            help="Only jobs of these queues; all without it.",
        )
        parser.add_argument("--until-empty", action="store_true", help="Stop when none is due.")
        parser.add_argument(
            "--follow-parent", action="store_true", help="Stop when the parent process is gone."
        )

    def handle(
        self, *, queues: list[str], until_empty: bool, follow_parent: bool, **options: Any
    ) -> None:
        # As in wsgi.py: the modules stay, and long jobs make many objects.
        gc.freeze()
        Worker(queues=queues, follow_parent=follow_parent).run(until_empty=until_empty)
