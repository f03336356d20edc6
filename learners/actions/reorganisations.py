"""Put a reorganisation into effect, take it back, settle it.

Each is one transaction behind one conditional update of the document's state: two who press
at once do it once, and a document half in effect does not exist.
"""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.actions.reorganisation_journal import (
    HANGING_ON_UNITS,
    UNITS,
    check_untouched,
    people_moved,
    take_back,
)
from learners.actions.reorganisation_plan import Plan, plan_reorganisation
from learners.actions.reorganisation_writing import RegisterChanged, write
from learners.actions.standing import refresh_since
from learners.choices import ReorganisationState, ReorganisationStep
from learners.models import (
    OrganisationVersion,
    Reorganisation,
    ReorganisationEvent,
    User,
)
from learners.models.reorganisations import OPEN_DOCUMENT
from learners.tree import forget_trees

_WAITING = (*OPEN_DOCUMENT, ReorganisationState.SCHEDULED)
_IN_EFFECT = (ReorganisationState.APPLIED, ReorganisationState.UNDOING)


class DocumentIsClosed(Exception):
    """The document is in another state than the step needs: nothing was changed."""


class CannotApply(Exception):
    """Something stands in the way; str() says what. Nothing was changed."""


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
    document: Reorganisation, expected: Iterable[str], state: ReorganisationState, **more: Any
) -> None:
    same = Reorganisation.objects.filter(pk=document.pk, state__in=expected)
    if not same.update(state=state, error="", **more):
        raise DocumentIsClosed
    document.refresh_from_db()


def _note(
    document: Reorganisation, step: ReorganisationStep, by: User | None, note: str = ""
) -> None:
    ReorganisationEvent.objects.create(reorganisation=document, step=step, by=by, note=note[:500])


# ------------------------------------------------------------------ into effect


@transaction.atomic
def apply_reorganisation(*, document: Reorganisation, by: User | None = None) -> Plan:
    """Write what the dry run shows; returns it. All or nothing, once.

    Closes and opens the periods of units, successions and posts with their dates, hands the
    roles, assignments and residents of units that end to their heirs, and moves the standings.
    Raises DocumentIsClosed, or CannotApply before the day, for a faulty document, and when
    people would be left without a unit that nobody has seen.
    """
    if document.effective_on > timezone.localdate():
        text = _("It takes effect on %(day)s.")
        raise CannotApply(text % {"day": f"{document.effective_on:%d/%m/%Y}"})
    _step(document, _WAITING, ReorganisationState.APPLIED)
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
    _note(document, ReorganisationStep.APPLIED, by)
    return plan


# ------------------------------------------------------------------ and back


@transaction.atomic
def undo_reorganisation(*, document: Reorganisation, by: User | None = None) -> None:
    """Bring back exactly the state before. All or nothing, once.

    Raises DocumentIsClosed once it is settled, and CannotUndo when something that it wrote was
    changed since, or new facts hang on its units.
    """
    _step(document, _IN_EFFECT, ReorganisationState.UNDONE, leaves_people=False)
    list(OrganisationVersion.objects.select_for_update().order_by("pk").values_list("pk"))
    check_untouched(document)
    people = people_moved(document)
    for table in HANGING_ON_UNITS:
        take_back(document, table)
    # Before the new units go: nobody may be counted there any more.
    refresh_since(people, document.effective_on)
    take_back(document, UNITS)
    document.changes.all().delete()
    transaction.on_commit(forget_trees)
    _note(document, ReorganisationStep.UNDONE, by)
