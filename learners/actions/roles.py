"""Roles given and withdrawn, with days and by whom."""

from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import ClassGroup
from learners.actions.audit import note
from learners.choices import AUTHORS_GROUP, Act, Role
from learners.models import ClassKeeper, RoleGrant, User


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
    if role == Role.AUTHOR:
        seat_authors(timezone.localdate(), user)
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
    if before["role"] == Role.AUTHOR:
        _unseat(locked.user, today)
    about = f"account {locked.user_id}"
    note(Act.ROLE_WITHDRAWN, about, by=by, before=before, after=after, why=why)
    return True


# ------------------------------------------------------------------ authors


def seat_authors(today: date, only: User | None = None) -> int:
    """Put whoever is an author on that day into the group that edits courses, and take out those
    whose days are over; returns how many were moved. Idempotent.

    Members who never held the role are an administrator's choice, and stay.
    """
    group = Group.objects.filter(name=AUTHORS_GROUP).first()
    if group is None:
        return 0
    grants = RoleGrant.objects.filter(role=Role.AUTHOR)
    if only is not None:
        grants = grants.filter(user=only)
    in_force = grants.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today
    )
    wanted, known = (set(some.values_list("user", flat=True)) for some in (in_force, grants))
    seated = set(group.user_set.filter(pk__in=known).values_list("pk", flat=True))
    group.user_set.add(*(wanted - seated))
    group.user_set.remove(*(seated - wanted))
    return len(wanted ^ seated)


def _unseat(account: User, today: date) -> None:
    """The role is gone, and with it perhaps the row that said so."""
    seat_authors(today, account)
    if not account.role_grants.filter(role=Role.AUTHOR).exists():
        account.groups.remove(*Group.objects.filter(name=AUTHORS_GROUP))


# ------------------------------------------------------------------ classes


@transaction.atomic
def entrust_class(group: ClassGroup, account: User, *, by: User) -> bool:
    """Let an account keep a class's list; False when it does already."""
    _keeper, made = ClassKeeper.objects.get_or_create(
        class_group=group, account=account, defaults={"granted_by": by}
    )
    if made:
        note(Act.ROLE_GRANTED, f"account {account.pk}", by=by, after={"class": group.code})
    return made


@transaction.atomic
def take_class_back(keeper: ClassKeeper, *, by: User) -> bool:
    """The account keeps the class's list no longer; False when somebody was faster."""
    removed, _rows = ClassKeeper.objects.filter(pk=keeper.pk).delete()
    if removed:
        about = f"account {keeper.account_id}"
        note(Act.ROLE_WITHDRAWN, about, by=by, before={"class": keeper.class_group.code})
    return bool(removed)


def _said(grant: RoleGrant) -> dict[str, object]:
    return {
        "role": grant.role,
        "unit": grant.organisation_id,
        "from": grant.valid_from.isoformat(),
        "to": grant.valid_to.isoformat() if grant.valid_to else None,
    }
