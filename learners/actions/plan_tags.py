"""Saying of classes what they serve in the plan."""

from collections.abc import Iterable

from django.db import transaction
from wagtail.log_actions import log

from courses.choices import PLAN_VOCABULARIES
from courses.models import ClassGroup
from learners.models import User


@transaction.atomic
def tag_classes(*, classes: Iterable[int], field: str, code: str, serves: bool, by: User) -> int:
    """Add a code of one vocabulary to the classes, or take it off; how many were changed.

    Idempotent. Two at once follow one another, so neither's code is lost.
    """
    changed = 0
    # One order, so that two who tick the same classes do not wait for one another for ever.
    groups = ClassGroup.objects.select_for_update().filter(pk__in=list(classes)).order_by("pk")
    for group in groups:
        if (code in getattr(group, field)) == serves:
            continue
        held = {*getattr(group, field), code} if serves else {*getattr(group, field)} - {code}
        known = PLAN_VOCABULARIES[field].values
        setattr(group, field, [one for one in known if one in held])
        group.save(update_fields=[field])
        log(group, "wagtail.edit", user=by)
        changed += 1
    return changed
