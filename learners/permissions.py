"""Who may see what, decided in one place. Every right is a queryset."""

from django.contrib.auth.models import AnonymousUser

from learners.models import Enrolment, Person, User
from learners.querysets import Enrolments


def own_person(user: User | AnonymousUser) -> Person | None:
    """The viewer's own record; None for an account without one."""
    return Person.objects.filter(user=user.pk).first() if user.pk else None


def own_enrolments(user: User | AnonymousUser) -> Enrolments:
    """The viewer's own enrolments, newest first."""
    return Enrolment.objects.filter(person__user=user.pk or 0)
