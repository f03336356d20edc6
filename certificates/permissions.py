"""Who keeps the register, and who may read it."""

from certificates.models import Certificate
from learners.permissions import Viewer, granted_roots, people_for, refuse

KEEPS_REGISTER = "certificates.change_certificate"
"""Who draws up lists, enters decisions, hands papers over and takes them back."""


def keeps_register(user: Viewer) -> bool:
    return bool(user.has_perm(KEEPS_REGISTER))


def require_keeper(user: Viewer, key: object) -> None:
    """Raises 404, logged, for anybody else."""
    if not keeps_register(user):
        raise refuse(user, "papers", key)


def require_reader(user: Viewer) -> None:
    """Those who keep the register, and those who see the whole province."""
    if not keeps_register(user) and granted_roots(user) is not None:
        raise refuse(user, "register", "certificates")


def owns(user: Viewer, certificate: Certificate) -> bool:
    """Whether the paper is the viewer's own. It stays with the record it was issued for,
    wherever that was merged to."""
    return user.is_authenticated and certificate.person.current.user_id == user.pk


def may_fetch(user: Viewer, certificate: Certificate) -> bool:
    """The owner, his officers, and those who keep the register."""
    person = certificate.person.current
    in_scope = people_for(user).filter(pk=person.pk)
    return owns(user, certificate) or keeps_register(user) or in_scope.exists()
