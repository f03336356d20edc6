"""Let another system read figures."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction
from django.utils import timezone

from home.models import ApiClient, Scope


class Command(BaseCommand):
    help = "Make an API client and print its token, which is shown only now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Of the system, as the administration will list it.")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            required=True,
            dest="scopes",
            help="What it may read; may be given several times.",
        )
        parser.add_argument("--days", type=int, default=365, help="How long the token is valid.")
        parser.add_argument("--contact", default="", help="Who answers for it.")

    def handle(self, *, name: str, scopes: list[str], days: int, **options: Any) -> None:
        if not 1 <= days <= 732:
            raise CommandError("--days: between 1 and 732.")
        client = ApiClient(
            name=name,
            contact=options["contact"],
            scopes=" ".join(dict.fromkeys(scopes)),
            expires_at=timezone.now() + timedelta(days=days),
        )
        token = client.give_token()
        try:
            with transaction.atomic():
                client.save()
        except IntegrityError as taken:
            raise CommandError(f"There is a client named {name} already.") from taken
        self.stdout.write(token)
