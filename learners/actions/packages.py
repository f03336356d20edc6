"""Learning packages: opened, saved, finished.

Every write holds the row's lock and is compared with what is there, so that commits that overtake
each other, arrive twice or come from a window left open change nothing that is newer.
"""

from typing import Any

from django.db import transaction

from courses.models import EditionItem, Package
from courses.package_rules import is_done, score_of
from learners.actions.progress import tick_lesson
from learners.models import Enrolment, PackageState


def open_part(*, enrolment: Enrolment, item: EditionItem, part: int) -> PackageState:
    """The state to resume from; from now on only this launch may write."""
    with transaction.atomic():
        state, _created = PackageState.objects.select_for_update().get_or_create(
            enrolment=enrolment, item=item, part=part
        )
        state.launch += 1
        state.sequence = 0
        state.save(update_fields=["launch", "sequence"])
    return state


def save_part(
    *,
    enrolment: Enrolment,
    item: EditionItem,
    package: Package,
    part: int,
    launch: int,
    sequence: int,
    cmi: dict[str, Any],
) -> PackageState | None:
    """Keep what the package said; None when something newer is kept already.

    What was reached stays reached: neither "done" nor the best score falls. The last part that is
    done ticks the lesson of this enrolment, and of no other.
    """
    stated = (package.part(part) or {}).get("mastery", "")
    with transaction.atomic():
        state = (
            PackageState.objects.select_for_update()
            .filter(enrolment=enrolment, item=item, part=part)
            .first()
        )
        if state is None or (launch, sequence) <= (state.launch, state.sequence):
            return None
        if launch != state.launch:
            return None
        score = score_of(package.kind, cmi)
        state.sequence, state.cmi = sequence, cmi
        state.is_done = state.is_done or is_done(
            package.kind,
            cmi,
            score,
            mastery=stated,
            rule=item.package_rule,
            needed=item.package_score,
        )
        if score is not None:
            state.score = max(score, state.score or 0)
        state.save()
        if state.is_done:
            _tick_if_whole(enrolment, item, package)
    return state


def _tick_if_whole(enrolment: Enrolment, item: EditionItem, package: Package) -> None:
    done = PackageState.objects.filter(enrolment=enrolment, item=item, is_done=True).count()
    if done >= len(package.parts):
        tick_lesson(enrolment=enrolment, item=item)
