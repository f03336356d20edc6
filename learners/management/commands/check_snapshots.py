"""Compare every signed figure with its hash, and with what the facts say today."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learners.models import Snapshot
from learners.reports.snapshots import Drawn, as_drawn, changes, drawn_today, lots_changed


class Command(BaseCommand):
    help = (
        "Check signed figures: that nobody changed them, and how far facts that came late lead"
        " away from them. Exit 1 when a signed figure was changed."
    )

    def handle(self, **options: Any) -> None:
        altered = []
        for snapshot in Snapshot.objects.final().select_related("period"):
            if as_drawn(snapshot).sha256 != snapshot.sha256:
                altered.append(snapshot.code)
                self.stdout.write(f"{snapshot.code}: CHANGED after it was signed")
                continue
            today = drawn_today(snapshot)
            same = today.sha256 == snapshot.sha256
            said = "same hash" if same else _what_differs(snapshot, today)
            self.stdout.write(f"{snapshot.code}: as signed; from today's facts: {said}")
        if altered:
            raise CommandError(f"Changed after signing: {', '.join(altered)}.")


def _what_differs(snapshot: Snapshot, today: Drawn) -> str:
    came, went = lots_changed(snapshot, today)
    return (
        f"{len(changes(snapshot, today))} people stand otherwise,"
        f" {came} participations added, {went} taken out"
    )
