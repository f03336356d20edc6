"""Giving people a course to do, and taking that back."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from learners.models import Assignment, User


class AlreadyAssigned(Exception):
    """The same course was given to the same people before and is in force."""


def assign_course(assignment: Assignment, *, by: User) -> Assignment:
    """Put the rule in force. Raises AlreadyAssigned, also when two press at once."""
    same = Assignment.objects.in_force().filter(
        course=assignment.course_id,
        unit=assignment.unit_id,
        staff_kind=assignment.staff_kind,
        position=assignment.position,
    )
    if same.exists():
        raise AlreadyAssigned
    assignment.given_by = by
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError:
        raise AlreadyAssigned from None
    return assignment


def withdraw_assignment(assignment: Assignment, *, reason: str, by: User) -> bool:
    """Take the rule out of force; it stays to be seen. True when this call did it."""
    done = (
        Assignment.objects.in_force()
        .filter(pk=assignment.pk)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason)
    )
    return bool(done)
