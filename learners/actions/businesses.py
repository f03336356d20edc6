"""Which business somebody belongs to: found by its number, made when nobody named it before."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from courses.text import fold
from learners import personal_numbers
from learners.actions.audit import note
from learners.business_numbers import is_personal
from learners.choices import Act
from learners.models import Business, User


@dataclass(frozen=True)
class Named:
    """A business as somebody names it; `number` is tidy and without fault, or empty."""

    kind: str
    name: str
    commune_id: int
    number: str = ""


def business_of(said: Named) -> Business:
    """The business that is meant; a new row when there is none. Two at once make one.

    A number decides alone: what the register calls the business is not changed by whoever
    types its number.
    """
    found = _find(said)
    if found is not None:
        return found
    made = Business(kind=said.kind, name=said.name, commune_id=said.commune_id)
    if is_personal(said.number):
        made.number_sealed = personal_numbers.seal(said.number)
        made.number_digest = personal_numbers.digest_of(said.number)
    else:
        made.tax_code = said.number or None
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        other = _find(said)
        if other is None:
            raise
        return other
    return made


def _find(said: Named) -> Business | None:
    if is_personal(said.number):
        digest = personal_numbers.digest_of(said.number)
        return Business.objects.filter(number_digest=digest).first()
    if said.number:
        return Business.objects.filter(tax_code=said.number).first()
    return Business.objects.filter(
        kind=said.kind,
        folded_name=fold(said.name),
        commune=said.commune_id,
        tax_code__isnull=True,
        number_digest__isnull=True,
    ).first()


@transaction.atomic
def correct_business(business: Business, *, by: User, why: str) -> None:
    """Store what the officer corrected, and write down what it was."""
    was = Business.objects.select_for_update().get(pk=business.pk)
    business.save()
    note(
        Act.BUSINESS,
        f"business {business.pk}",
        by=by,
        before=said_of(was),
        after=said_of(business),
        why=why,
    )


def said_of(business: Business) -> dict[str, str]:
    """What the log says of a business: never its number."""
    return {
        "kind": business.kind,
        "name": business.name,
        "commune": str(business.commune_id),
        "recognition": business.recognition,
    }
