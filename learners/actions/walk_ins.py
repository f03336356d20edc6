"""People who come without having signed up, and who may have no account."""

from django.db import transaction

from courses.text import fold
from learners.actions.attendance import check_in, take_back
from learners.actions.businesses import Named, business_of
from learners.choices import CheckInWay
from learners.models import Attendance, Person, User


class NameDiffers(Exception):
    """The staff number, or the slip, belongs to somebody of another name."""


def known_or_new(
    *,
    full_name: str,
    phone: str,
    staff_number: str,
    audience: str,
    commune_id: int | None,
    business: Named | None = None,
) -> Person:
    """The record that attendances of a walk-in go to.

    A staff number names a record when the name agrees; raises NameDiffers otherwise. Without
    one, a record without an account and with equal name and phone is used again, so that a
    shopkeeper in two classes stays one person. A record with an account is never used: it is
    its owner's to claim.
    """
    if staff_number:
        found = Person.objects.filter(staff_number=staff_number).first()
        if found is None or found.folded_name != fold(full_name):
            raise NameDiffers
        return found.current
    same = Person.objects.filter(
        user__isnull=True, merged_into__isnull=True, phone=phone, folded_name=fold(full_name)
    )
    found = same.first()
    if found is not None:
        return found
    return Person.objects.create(
        full_name=full_name,
        phone=phone,
        audience=audience,
        commune_id=commune_id,
        business=business_of(business) if business else None,
    )


@transaction.atomic
def claim(*, walk_in: Person, person: Person, by: User) -> int:
    """Move what a walk-in attended to the record of the person who holds the slip.

    Idempotent; how many attendances moved. A session that both attended counts once. Raises
    NameDiffers, with nothing changed, for a slip on which neither name nor phone is the person's:
    whoever finds a slip is not whoever attended.
    """
    if walk_in.pk == person.pk or walk_in.user_id is not None:
        return 0
    is_phone = walk_in.phone != "" and walk_in.phone in _phones(person)
    if walk_in.folded_name != person.folded_name and not is_phone:
        raise NameDiffers
    mine = Attendance.objects.filter(person=walk_in, revoked_at__isnull=True)
    attended = list(mine.select_related("session__class_group__provider"))
    for seen in attended:
        check_in(
            session=seen.session, person=person, way=CheckInWay(seen.way), at=seen.at, by=seen.by
        )
        take_back(session=seen.session, person=walk_in, by=by)
    return len(attended)


def _phones(person: Person) -> set[str]:
    account = person.user
    return {person.phone, (account.phone or "") if account else ""} - {""}
