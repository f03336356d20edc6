"""Put a reorganisation into effect, take it back, settle it.

Each is one transaction behind one conditional update of the document's state: two who press
at once do it once, and a document half in effect does not exist.
"""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.actions import audit
from learners.actions.reorganisation_journal import (
    HANGING_ON_UNITS,
    UNITS,
    CannotUndo,
    check_untouched,
    people_moved,
    take_back,
)
from learners.actions.reorganisation_plan import Plan, plan_reorganisation
from learners.actions.reorganisation_writing import RegisterChanged, write
from learners.actions.standing import refresh_since
from learners.choices import Act, ReorganisationState, ReorganisationStep
from learners.models import (
    OrganisationVersion,
    Reorganisation,
    ReorganisationEvent,
    ReorganisationLine,
    User,
)
from learners.models.reorganisations import OPEN_DOCUMENT
from learners.tree import forget_trees

States = tuple[ReorganisationState, ...]

_WAITING = (*OPEN_DOCUMENT, ReorganisationState.SCHEDULED)
_IN_EFFECT = (ReorganisationState.APPLIED, ReorganisationState.UNDOING)


class DocumentIsClosed(Exception):
    """The document is in another state than the step needs: nothing was changed."""


class CannotApply(Exception):
    """Something stands in the way; str() says what. Nothing was changed."""


@transaction.atomic
def keep_document(*, document: Reorganisation, by: User | None = None) -> None:
    """Store what the document is about, not its lines. Raises DocumentIsClosed when it is in
    effect or about to be."""
    if not Reorganisation.objects.filter(pk=document.pk).exists():
        document.save(force_insert=True)
        _note(document, ReorganisationStep.DRAWN_UP, by)
        return
    fields = ("decision_number", "title", "signed_on", "effective_on", "leaves_people")
    same = Reorganisation.objects.filter(pk=document.pk, state__in=OPEN_DOCUMENT)
    if not same.update(**{name: getattr(document, name) for name in fields}):
        raise DocumentIsClosed


@transaction.atomic
def draw_up(
    *, document: Reorganisation, lines: Sequence[ReorganisationLine], by: User | None = None
) -> None:
    """Store the document with these lines in place of those that it had.

    Raises DocumentIsClosed when it is in effect or about to be.
    """
    keep_document(document=document, by=by)
    document.lines.all().delete()
    for position, line in enumerate(lines, start=1):
        line.reorganisation, line.position = document, position
    ReorganisationLine.objects.bulk_create(lines)


@transaction.atomic
def add_line(*, document: Reorganisation, line: ReorganisationLine) -> None:
    """Put one more line at the end. Raises DocumentIsClosed when it is in effect."""
    _require_open(document)
    last = document.lines.aggregate(last=Max("position"))["last"] or 0
    line.reorganisation, line.position = document, last + 1
    line.save()


@transaction.atomic
def remove_line(*, document: Reorganisation, line_id: int) -> None:
    """Take a line out; harmless when it is gone. Raises DocumentIsClosed."""
    _require_open(document)
    document.lines.filter(pk=line_id).delete()


def _require_open(document: Reorganisation) -> None:
    kept = Reorganisation.objects.select_for_update().get(pk=document.pk)
    if not kept.is_open:
        raise DocumentIsClosed


# ------------------------------------------------------------------ setting in motion


@transaction.atomic
def schedule_reorganisation(
    *, document: Reorganisation, by: User, leaves_people: bool = False
) -> None:
    """Let a job put it into effect, at once or on its day. Raises DocumentIsClosed."""
    _step(document, OPEN_DOCUMENT, ReorganisationState.SCHEDULED, leaves_people=leaves_people)
    _note(document, ReorganisationStep.SCHEDULED, by)


@transaction.atomic
def stop_reorganisation(*, document: Reorganisation, by: User) -> None:
    """Back to the desk before its day. Raises DocumentIsClosed when the job was quicker."""
    _step(document, (ReorganisationState.SCHEDULED,), ReorganisationState.DRAFT)
    _note(document, ReorganisationStep.STOPPED, by)


@transaction.atomic
def ask_back(*, document: Reorganisation, by: User) -> None:
    """Let a job take it back. Raises DocumentIsClosed once it is settled."""
    _step(document, (ReorganisationState.APPLIED,), ReorganisationState.UNDOING)
    _note(document, ReorganisationStep.ASKED_BACK, by)


@transaction.atomic
def sign_reorganisation(*, document: Reorganisation, by: User) -> None:
    """Settle what is in effect: nobody can take it back any more. Raises DocumentIsClosed."""
    _step(document, (ReorganisationState.APPLIED,), ReorganisationState.SIGNED)
    _note(document, ReorganisationStep.SIGNED, by)


def refuse_reorganisation(document: Reorganisation, reason: str) -> None:
    """A job could not put it into effect, or take it back: to the desk with the reason."""
    for waiting, state, step in (
        (ReorganisationState.SCHEDULED, ReorganisationState.DRAFT, ReorganisationStep.REFUSED),
        (ReorganisationState.UNDOING, ReorganisationState.APPLIED, ReorganisationStep.KEPT),
    ):
        with transaction.atomic():
            same = Reorganisation.objects.filter(pk=document.pk, state=waiting)
            if same.update(state=state, error=reason[:500]):
                _note(document, step, None, reason)


def _step(
    document: Reorganisation, expected: States, state: ReorganisationState, **more: Any
) -> None:
    same = Reorganisation.objects.filter(pk=document.pk, state__in=expected)
    if not same.update(state=state, error="", **more):
        raise DocumentIsClosed
    document.refresh_from_db()


def _note(
    document: Reorganisation, step: ReorganisationStep, by: User | None, note: str = ""
) -> None:
    ReorganisationEvent.objects.create(reorganisation=document, step=step, by=by, note=note[:500])
    if step != ReorganisationStep.DRAWN_UP:
        moved = document.lines.aggregate(n=Sum("moved"))["n"] or 0
        audit.note(
            Act.REORGANISED,
            f"reorganisation {document.pk}",
            by=by,
            after={"step": str(step), "people": moved},
            why=document.decision_number,
        )


# ------------------------------------------------------------------ into effect


@transaction.atomic
def apply_reorganisation(
    *, document: Reorganisation, by: User | None = None, expected: States = _WAITING
) -> Plan:
    """Write what the dry run shows; returns it. All or nothing, once.

    Closes and opens the periods of units, successions and posts with their dates, hands the
    roles, assignments and residents of units that end to their heirs, and moves the standings.
    Raises DocumentIsClosed, or CannotApply before the day, for a faulty document, and when
    people would be left without a unit that nobody has seen.
    """
    if document.effective_on > timezone.localdate():
        text = _("It takes effect on %(day)s.")
        raise CannotApply(text % {"day": f"{document.effective_on:%d/%m/%Y}"})
    _step(document, expected, ReorganisationState.APPLIED)
    # Two documents at once would each read a register without the other.
    list(OrganisationVersion.objects.select_for_update().order_by("pk").values_list("pk"))
    plan = plan_reorganisation(document)
    if plan.faults:
        raise CannotApply(plan.faults[0].text)
    if plan.left and not document.leaves_people:
        text = _("%(n)d people would be left without a unit. Say where they go, or confirm it.")
        raise CannotApply(text % {"n": plan.left_count})
    try:
        with transaction.atomic():
            write(plan)
    except (IntegrityError, RegisterChanged):
        raise CannotApply(_("The register changed meanwhile. Look at the dry run again.")) from None
    for outcome in plan.lines:
        ReorganisationLine.objects.filter(pk=outcome.line.pk).update(moved=len(outcome.people))
    _note(document, ReorganisationStep.APPLIED, by)
    return plan


def put_into_effect(document_id: int) -> bool:
    """For jobs: apply a document that was set in motion and whose day has come, or send it back
    to the desk with the reason. Idempotent; returns whether this call applied it."""
    document = Reorganisation.objects.get(pk=document_id)
    try:
        apply_reorganisation(document=document, expected=(ReorganisationState.SCHEDULED,))
    except DocumentIsClosed:
        return False
    except CannotApply as reason:
        refuse_reorganisation(document, str(reason))
        return False
    return True


# ------------------------------------------------------------------ and back


@transaction.atomic
def undo_reorganisation(
    *, document: Reorganisation, by: User | None = None, expected: States = _IN_EFFECT
) -> None:
    """Bring back exactly the state before. All or nothing, once.

    Raises DocumentIsClosed once it is settled, and CannotUndo when something that it wrote was
    changed since, or new facts hang on its units.
    """
    _step(document, expected, ReorganisationState.UNDONE, leaves_people=False)
    list(OrganisationVersion.objects.select_for_update().order_by("pk").values_list("pk"))
    check_untouched(document)
    people = people_moved(document)
    for table in HANGING_ON_UNITS:
        take_back(document, table)
    # Before the new units go: nobody may be counted there any more.
    refresh_since(people, document.effective_on)
    take_back(document, UNITS)
    document.changes.all().delete()
    document.lines.update(moved=None)
    transaction.on_commit(forget_trees)
    _note(document, ReorganisationStep.UNDONE, by)


def bring_back(document_id: int) -> bool:
    """For jobs: as `put_into_effect`, for a document that is to be undone."""
    document = Reorganisation.objects.get(pk=document_id)
    try:
        undo_reorganisation(document=document, expected=(ReorganisationState.UNDOING,))
    except DocumentIsClosed:
        return False
    except CannotUndo as reason:
        refuse_reorganisation(document, str(reason))
        return False
    return True


def due_reorganisations() -> list[int]:
    """Set in motion, and their day has come; in the order of their days."""
    due = Reorganisation.objects.filter(
        state=ReorganisationState.SCHEDULED, effective_on__lte=timezone.localdate()
    )
    return list(due.order_by("effective_on", "pk").values_list("pk", flat=True))
