"""Self-trainings in every state."""

from datetime import date
from decimal import Decimal

from learners.actions.claims import save_claim, send_claim
from learners.models import Person, TrainingRecord, User
from learners.proofs import check_proof
from tests.factories.files import pdf, upload
from tests.factories.reports import MIDDLE_OF_YEAR

_accounts = iter(range(10_000))


def account_for(person: Person) -> User:
    """The person's account, made when missing."""
    if person.user is None:
        person.user = User.objects.create_user(f"hv{next(_accounts)}", full_name=person.full_name)
        person.save()
    return person.user


def declared(
    person: Person,
    *,
    title: str = "Ứng dụng AI trong văn phòng",
    source: str = "OneTouch",
    day: date = MIDDLE_OF_YEAR,
    number: str = "",
    content: bytes | None = None,
) -> TrainingRecord:
    claim = TrainingRecord(
        person=person,
        title=title,
        source=source,
        hours=Decimal(4),
        completed_on=day,
        certificate_number=number,
    )
    proof = check_proof(upload(content or pdf()))
    return save_claim(claim=claim, proof=proof, by=account_for(person))


def sent(person: Person, **fields: object) -> TrainingRecord:
    return send_claim(claim=declared(person, **fields), by=account_for(person))
