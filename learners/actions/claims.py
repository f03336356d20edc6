"""Self-training: declared, sent, approved or returned, and looked at a second time.

Each change of state is one conditional update and one step in the history, in one
transaction with the targets: two people who press at once change a record once.
"""

import math
from collections.abc import Collection, Iterable
from datetime import date
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.text import fold
from learners.actions.standing import refresh_people
from learners.choices import ClaimStep, Mode, RecheckOutcome, RecordState
from learners.models import (
    Proof,
    Recheck,
    RecordStep,
    ReportingPeriod,
    TrainingRecord,
    TrustedSource,
    User,
)
from learners.proofs import CheckedProof

OPEN_STATES = (RecordState.DECLARED, RecordState.RETURNED)
"""In which the person may still change what was declared."""

RECHECK_SHARE = 0.05


class ClaimIsClosed(Exception):
    """Somebody else decided meanwhile, or it was approved: nothing was changed."""


@transaction.atomic
def save_claim(*, claim: TrainingRecord, proof: CheckedProof | None, by: User) -> TrainingRecord:
    """File a new self-training, or change one that is still open. Counts as declared only.

    A new proof replaces the old one, which is kept. Raises ClaimIsClosed.
    """
    claim.mode, claim.created_by = Mode.SELF_STUDY, claim.created_by or by
    before: date | None = None
    if not claim.state:
        claim.state = RecordState.DECLARED
        step = ClaimStep.FILED
    else:
        kept = TrainingRecord.objects.select_for_update().get(pk=claim.pk)
        if kept.state not in OPEN_STATES:
            raise ClaimIsClosed
        before, step = kept.completed_on, ClaimStep.CHANGED
        claim.state = kept.state
    claim.save()
    if proof is not None:
        _add_proof(claim, proof)
    RecordStep.objects.create(record=claim, step=step, by=by)
    _refresh([claim], also_on=[before] if before else [])
    return claim


def _add_proof(claim: TrainingRecord, proof: CheckedProof) -> None:
    claim.proofs.filter(replaced_at__isnull=True).update(replaced_at=timezone.now())
    row = Proof(record=claim, content_type=proof.content_type, fingerprint=proof.fingerprint)
    row.file.save(f"proof.{proof.extension}", ContentFile(proof.content), save=False)
    row.save(force_insert=True)


@transaction.atomic
def send_claim(*, claim: TrainingRecord, by: User) -> TrainingRecord:
    """Ask for approval. A trusted source with proof approves itself, by its dated rule.

    Raises ClaimIsClosed when it was sent already.
    """
    _move(claim, OPEN_STATES, RecordState.WAITING)
    RecordStep.objects.create(record=claim, step=ClaimStep.SENT, by=by)
    rule = trusted_rule(claim)
    if rule is not None and not twins_of([claim])[claim.pk]:
        _move(claim, (RecordState.WAITING,), RecordState.APPROVED)
        reason = f"{rule.name}: {rule.legal_act}"
        RecordStep.objects.create(
            record=claim, step=ClaimStep.APPROVED, by=None, reason=reason[:500]
        )
    _refresh([claim])
    return claim


@transaction.atomic
def take_back_claim(*, claim: TrainingRecord, by: User) -> None:
    """The person wants to change it before anybody decided. Raises ClaimIsClosed."""
    _move(claim, (RecordState.WAITING,), RecordState.DECLARED)
    RecordStep.objects.create(record=claim, step=ClaimStep.TAKEN_BACK, by=by)
    _refresh([claim])


def note_opening(*, claim: TrainingRecord, by: User) -> None:
    """Remember that the approver looked at it: only then may it be approved among many."""
    if claim.state == RecordState.WAITING and claim.pk not in opened_by([claim], by):
        RecordStep.objects.create(record=claim, step=ClaimStep.OPENED, by=by)


def opened_by(claims: Collection[TrainingRecord], by: User) -> set[int]:
    """Which of these waiting claims that account has opened since they were sent last."""
    steps = RecordStep.objects.filter(record__in=claims).order_by("at", "pk")
    opened: set[int] = set()
    for record_id, step, account in steps.values_list("record_id", "step", "by_id"):
        if step == ClaimStep.SENT:
            opened.discard(record_id)
        elif step == ClaimStep.OPENED and account == by.pk:
            opened.add(record_id)
    return opened


@transaction.atomic
def approve_claims(*, claims: Iterable[TrainingRecord], by: User) -> list[TrainingRecord]:
    """Approve those that still wait; returns them. The others were decided meanwhile."""
    approved = []
    for claim in sorted(claims, key=lambda claim: claim.pk):  # two approvers lock alike
        try:
            _move(claim, (RecordState.WAITING,), RecordState.APPROVED)
        except ClaimIsClosed:
            continue
        RecordStep.objects.create(record=claim, step=ClaimStep.APPROVED, by=by)
        approved.append(claim)
    _refresh(approved)
    return approved


@transaction.atomic
def return_claim(*, claim: TrainingRecord, by: User, reason: str) -> None:
    """Back to the person, who reads why. Raises ClaimIsClosed."""
    _move(claim, (RecordState.WAITING,), RecordState.RETURNED)
    RecordStep.objects.create(record=claim, step=ClaimStep.RETURNED, by=by, reason=reason)
    _refresh([claim])


# ------------------------------------------------------------------ what strikes the eye


def trusted_rule(claim: TrainingRecord) -> TrustedSource | None:
    """The rule by which the claim approves itself: source trusted that day, proof attached."""
    if not claim.proofs.filter(replaced_at__isnull=True).exists():
        return None
    return TrustedSource.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=claim.completed_on),
        name_key=fold(claim.source),
        valid_from__lte=claim.completed_on,
    ).first()


def twins_of(claims: Collection[TrainingRecord]) -> dict[int, list[TrainingRecord]]:
    """Other records with the same file or the same certificate number, by claim.

    Three queries for any number of claims.
    """
    own = {claim.pk: claim for claim in claims}
    prints = dict(
        Proof.objects.filter(record__in=own, replaced_at__isnull=True).values_list(
            "record_id", "fingerprint"
        )
    )
    same_file: dict[str, list[TrainingRecord]] = {}
    proofs = Proof.objects.filter(fingerprint__in=set(prints.values()))
    for proof in proofs.select_related("record__person"):
        same_file.setdefault(proof.fingerprint, []).append(proof.record)
    numbers = {claim.certificate_number for claim in claims} - {""}
    same_number: dict[str, list[TrainingRecord]] = {}
    for record in TrainingRecord.objects.filter(certificate_number__in=numbers).select_related(
        "person"
    ):
        same_number.setdefault(record.certificate_number, []).append(record)
    twins = {}
    for pk, claim in own.items():
        found = same_file.get(prints.get(pk, ""), []) + same_number.get(
            claim.certificate_number, []
        )
        twins[pk] = list({record.pk: record for record in found if record.pk != pk}.values())
    return twins


# ------------------------------------------------------------------ the second look


@transaction.atomic
def draw_rechecks(period: ReportingPeriod) -> int:
    """Draw one in twenty of the period's approved self-trainings, at least one; how many new.

    The lot is a hash of the record's number and the period, so nobody chooses, anybody can
    repeat the draw, and a record drawn once stays drawn. Idempotent.
    """
    approved = dict(
        TrainingRecord.objects.filter(
            mode=Mode.SELF_STUDY,
            state=RecordState.APPROVED,
            completed_on__range=(period.starts_on, period.ends_on),
        ).values_list("pk", "person_id")
    )
    by_lot = sorted(approved, key=lambda pk: sha256(f"{period.year}:{pk}".encode()).digest())
    drawn = by_lot[: math.ceil(len(by_lot) * RECHECK_SHARE)]
    known = set(Recheck.objects.filter(record__in=drawn).values_list("record_id", flat=True))
    new = [
        Recheck(record_id=pk, period=period, person_id=approved[pk])
        for pk in drawn
        if pk not in known
    ]
    Recheck.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(new)


@transaction.atomic
def record_recheck(*, recheck: Recheck, outcome: RecheckOutcome, note: str, by: User) -> None:
    """Write down what the second look found; an approval that does not hold is revoked.

    Raises ClaimIsClosed when somebody wrote it down before.
    """
    changed = Recheck.objects.filter(pk=recheck.pk, outcome=RecheckOutcome.OPEN).update(
        outcome=outcome, note=note, checked_by=by, checked_at=timezone.now()
    )
    if not changed:
        raise ClaimIsClosed
    if outcome == RecheckOutcome.REFUTED:
        claim = TrainingRecord.objects.get(pk=recheck.record_id)
        _move(claim, (RecordState.APPROVED,), RecordState.RETURNED)
        RecordStep.objects.create(record=claim, step=ClaimStep.REVOKED, by=by, reason=note)
        _refresh([claim])


# ------------------------------------------------------------------ the one way to move


def _move(claim: TrainingRecord, expected: Collection[str], state: RecordState) -> None:
    changed = TrainingRecord.objects.filter(pk=claim.pk, state__in=expected).update(state=state)
    if not changed:
        raise ClaimIsClosed
    claim.state = state


def _refresh(claims: Iterable[TrainingRecord], also_on: Iterable[date] = ()) -> None:
    """The standing of these people in every period that a date falls into."""
    people: dict[ReportingPeriod, set[int]] = {}
    for claim in claims:
        for day in (claim.completed_on, *also_on):
            for period in ReportingPeriod.objects.covering(day):
                people.setdefault(period, set()).add(claim.person_id)
    # One order for all: two approvers lock the periods alike.
    for period in sorted(people, key=lambda period: period.pk):
        refresh_people(people[period], period)
