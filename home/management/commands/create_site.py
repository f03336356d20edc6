"""Lay the first pages of a new installation."""

from typing import Any

from django.core.management.base import BaseCommand

from home.site import create_site


class Command(BaseCommand):
    help = "Create the home page, the catalogue and the site record if they are missing."

    def handle(self, **options: Any) -> None:
        catalog = create_site()
        self.stdout.write(f"Catalogue at {catalog.url}")
