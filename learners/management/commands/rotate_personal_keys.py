"""Seal every personal number under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from learners.models import PersonalNumber
from learners.personal_numbers import KeysDoNotFit

BATCH = 1000


class Command(BaseCommand):
    help = (
        "Seal every personal number under the first key of PERSONAL_DATA_KEYS and hash it under"
        " PERSONAL_INDEX_KEY. Afterwards the older keys may be taken out. Safe to repeat."
    )

    def handle(self, **options: Any) -> None:
        after = done = 0
        while batch := list(PersonalNumber.objects.filter(pk__gt=after).order_by("pk")[:BATCH]):
            try:
                for row in batch:
                    row.rotate()
            except KeysDoNotFit as fault:
                raise CommandError(
                    f"{fault} Add the key under which number {row.pk} was sealed; {done} are done."
                ) from fault
            with transaction.atomic():
                PersonalNumber.objects.bulk_update(batch, ["sealed", "digest"])
            after, done = batch[-1].pk, done + len(batch)
        self.stdout.write(f"Personal numbers: {done} sealed under the newest key")
