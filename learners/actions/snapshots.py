"""Figures on their way: drawn up, checked, signed by somebody else, locked, restated."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from learners.actions.audit import note
from learners.choices import Act, SnapshotState
from learners.models import ReportingPeriod, Snapshot, User
from learners.periods import window_of
from learners.reports.snapshots import FORMAT, as_drawn, draw, drawn_today, faults


class CannotGoOn(Exception):
    """The figures are not where this step begins: somebody was faster."""


class SameHands(Exception):
    """Whoever drew the figures up does not sign them."""


class FactsHaveChanged(Exception):
    """The figures are no longer those that were checked: draw them up anew."""


class DoNotSum(Exception):
    """Parts and whole disagree; `where` names the units."""

    def __init__(self, where: list[str]) -> None:
        super().__init__(", ".join(where))
        self.where = where


class NeedsReason(Exception):
    """Signed figures are restated with a reason only."""


class NothingNew(Exception):
    """The figures are those that were signed."""


@transaction.atomic
def draw_up(
    *, period: ReportingPeriod, unit: int | None, by: User, reason: str = "", part: str = ""
) -> Snapshot:
    """Draw up the figures of a year or a part of it; an open draft is drawn anew, signed ones are
    restated.

    A restatement keeps the days, the tree and the written form of the first. Two at once: one
    draft. Raises NeedsReason, NothingNew.
    """
    # One at a time for each period.
    ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    kept = Snapshot.objects.of(period, unit, part)
    first = kept.final().order_by("number").first()
    last = kept.final().order_by("-number").first()
    if last is not None and not reason:
        raise NeedsReason
    window = window_of(period.year, period.starts_on, period.ends_on, part)
    cut_off = first.cut_off if first else window.cut_off(timezone.localdate())
    tree_day: date = first.tree_on if first else cut_off
    form = last.content["format"] if last else FORMAT
    drawn = draw(window, period, unit=unit, cut_off=cut_off, tree_day=tree_day, form=form)
    if last is not None and last.sha256 == drawn.sha256:
        raise NothingNew
    draft = kept.open().first() or Snapshot(
        period=period, unit_id=unit, part=part, number=last.number + 1 if last else 1
    )
    draft.cut_off, draft.tree_on, draft.reason = cut_off, tree_day, reason
    draft.content, draft.people = drawn.content, drawn.people
    draft.participations, draft.sha256 = drawn.participations, drawn.sha256
    draft.state, draft.drawn_by, draft.drawn_at = SnapshotState.DRAFT, by, timezone.now()
    draft.checked_by, draft.checked_at = None, None
    draft.save()
    _note(draft, by)
    return draft


def _note(snapshot: Snapshot, by: User) -> None:
    after = {"state": str(snapshot.state), "sha256": snapshot.sha256}
    note(Act.FIGURES, f"figures {snapshot.code}", by=by, after=after, why=snapshot.reason)


def check(snapshot: Snapshot, *, by: User) -> None:
    """Say that the parts sum to the whole. Raises DoNotSum, or CannotGoOn."""
    if wrong := faults(as_drawn(snapshot)):
        raise DoNotSum(wrong)
    _step(snapshot, SnapshotState.DRAFT, SnapshotState.CHECKED, "checked", by)


@transaction.atomic
def sign(snapshot: Snapshot, *, by: User) -> None:
    """Sign the figures that were checked, if the facts still give them.

    Raises SameHands, DoNotSum, FactsHaveChanged or CannotGoOn, with nothing changed.
    """
    if by.pk == snapshot.drawn_by_id:
        raise SameHands
    if snapshot.state != SnapshotState.CHECKED:
        raise CannotGoOn
    kept = as_drawn(snapshot)
    if wrong := faults(kept):
        raise DoNotSum(wrong)
    if not kept.sha256 == snapshot.sha256 == drawn_today(snapshot).sha256:
        raise FactsHaveChanged
    _step(snapshot, SnapshotState.CHECKED, SnapshotState.SIGNED, "signed", by)


def lock(snapshot: Snapshot, *, by: User) -> None:
    """Close signed figures for good. Raises CannotGoOn."""
    _step(snapshot, SnapshotState.SIGNED, SnapshotState.LOCKED, "locked", by)


@transaction.atomic
def _step(
    snapshot: Snapshot, before: SnapshotState, after: SnapshotState, what: str, by: User
) -> None:
    """One of two clicks does it; what was drawn anew meanwhile is not what was looked at."""
    ReportingPeriod.objects.select_for_update().get(pk=snapshot.period_id)
    done = Snapshot.objects.filter(pk=snapshot.pk, state=before, sha256=snapshot.sha256).update(
        **{"state": after, f"{what}_by": by, f"{what}_at": timezone.now()}
    )
    if not done:
        raise CannotGoOn
    snapshot.refresh_from_db()
    _note(snapshot, by)
