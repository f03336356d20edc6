"""What the pages of every list on its way into a register have in common: rows that are decided
about, the workbook of those not taken, and the hand-over to a job."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks.base import Task

from learners.choices import ImportState, RowDecision, RowOutcome
from learners.exports import Column, Sheet, stamp
from learners.imports.kept_lists import accept_repairs
from learners.models.kept_lists import KeptRow
from learners.views.ticked import ticked_keys

LEFT_OUT: tuple[str, ...] = (RowOutcome.REFUSED, RowOutcome.UNSURE)
"""Outcomes about which somebody may decide; lists of businesses call them the same."""
DECISIONS: Mapping[str, Sequence[RowDecision]] = {
    RowOutcome.REFUSED: (RowDecision.ACCEPTED, RowDecision.NONE),
    RowOutcome.UNSURE: (RowDecision.ACCEPTED, RowDecision.OTHER, RowDecision.NONE),
}


def decide(request: HttpRequest, run: Any, outcome: str) -> None:
    """Keep what was pressed for the rows that were ticked."""
    ticked, pressed = ticked_keys(request, "row"), request.POST.get("decision", "")
    if not ticked:
        messages.warning(request, _("Tick the rows first."))
    elif run.is_open and pressed in DECISIONS.get(outcome, ()):
        chosen = run.rows.filter(pk__in=ticked, outcome=outcome)
        if outcome == RowOutcome.REFUSED and pressed == RowDecision.ACCEPTED:
            able = [row.pk for row in chosen if row.can_be_accepted]
            chosen = run.rows.filter(pk__in=able)
        done = chosen.update(decision=pressed)
        said = ngettext("%(n)d row decided.", "%(n)d rows decided.", done)
        messages.success(request, said % {"n": done})


def not_taken(run: Any, columns: Mapping[str, Sequence[str]]) -> Sheet:
    """The rows not taken as they came, with the reasons, to be mended and sent again."""
    headings = {place: columns[name][0] for name, place in run.places.items()}
    left = run.rows.filter(outcome__in=LEFT_OUT)
    width = max([*headings, -1]) + 1
    return Sheet(
        name=_("Not taken"),
        title=_("Rows that were not taken: %(file)s") % {"file": run.name},
        source=[stamp()],
        columns=[
            *(Column(headings.get(place, ""), 20) for place in range(width)),
            Column(_("Row"), 8),
            Column(_("Reason"), 60),
            Column(_("How to mend it"), 60),
        ],
        rows=(_cells(row, width) for row in left.iterator(chunk_size=500)),
    )


def _cells(row: KeptRow, width: int) -> list[str]:
    cells = (row.cells() + [""] * width)[:width]
    why = " ".join(fault["why"] for fault in row.faults)
    repair = " ".join(fault["repair"] for fault in row.faults)
    return [*cells, str(row.line), why, repair]


def page_of(run: Any, outcomes: type[TextChoices], doors: Mapping[str, str]) -> dict[str, Any]:
    """What templates/learners/kept_lists/detail.html shows; `doors` are the names of the addresses
    of its rows, of its workbook, and of what applies it."""
    return {
        "run": run,
        "figures": [(one, n) for one in outcomes if (n := run.counts.get(one, 0))],
        "left_out": sum(run.counts.get(outcome, 0) for outcome in LEFT_OUT),
        "doors": doors,
    }


def apply_checked(request: HttpRequest, run: Any, job: Task) -> None:
    """Apply what was checked, with every proposed repair if that was pressed; a second click
    changes nothing."""
    if "accept_all" in request.POST and run.is_open:
        accept_repairs(run)
    hand_over(run, ImportState.CHECKED, ImportState.APPLYING, job)


def hand_over(run: Any, before: ImportState, after: ImportState, job: Task) -> None:
    """Give the list to its job; one of two clicks does it."""
    begun = type(run).objects.filter(pk=run.pk, state=before)
    if begun.update(state=after, read=0, last_line=0):
        job.enqueue(run.pk)
