"""Roles given and withdrawn, with days and by whom."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from learners.actions.audit import note
from learners.choices import Act, Role
from learners.models import RoleGrant, User


class HasItAlready(Exception):
    """The account holds this role on this unit from that day."""


@transaction.atomic
def give_role(
    *, user: User, role: Role, unit: int, first: date, last: date | None, by: User, why: str
) -> RoleGrant:
    """Give a role on a unit and all below it. Raises HasItAlready, also when two press at once."""
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                user=user,
                role=role,
                organisation_id=unit,
                valid_from=first,
                valid_to=last,
                granted_by=by,
            )
    except IntegrityError as error:
        raise HasItAlready from error
    note(Act.ROLE_GRANTED, f"account {user.pk}", by=by, after=_said(grant), why=why)
    return grant


@transaction.atomic
def withdraw_role(grant: RoleGrant, *, by: User, why: str) -> bool:
    """From today on the role is not held any more; True when this call did it.

    One that begins today or later was never used on an earlier day and goes altogether; the
    audit log keeps it.
    """
    locked = RoleGrant.objects.select_for_update().filter(pk=grant.pk).first()
    today = timezone.localdate()
    if locked is None or (locked.valid_to is not None and locked.valid_to < today):
        return False
    before = _said(locked)
    if locked.valid_from >= today:
        locked.delete()
        after = None
    else:
        locked.valid_to = today - timedelta(days=1)
        locked.save(update_fields=["valid_to"])
        after = _said(locked)
    about = f"account {locked.user_id}"
    note(Act.ROLE_WITHDRAWN, about, by=by, before=before, after=after, why=why)
    return True


def _said(grant: RoleGrant) -> dict[str, object]:
    return {
        "role": grant.role,
        "unit": grant.organisation_id,
        "from": grant.valid_from.isoformat(),
        "to": grant.valid_to.isoformat() if grant.valid_to else None,
    }
