"""What the approver reads beside a self-training."""

from collections.abc import Collection

from django.utils import timezone

from learners.models import Post, Reminder, TrainingRecord
from learners.reports.names import short_name, unit_names
from learners.tree import tree_on


def unit_names_of(rows: Collection[TrainingRecord] | Collection[Reminder]) -> dict[int, str]:
    """Today's unit of each row's person, by person; at most two queries."""
    return unit_names_of_people({row.person_id for row in rows})


def unit_names_of_people(people: Collection[int]) -> dict[int, str]:
    """Today's unit of each person that has one, by person; at most two queries."""
    today = timezone.localdate()
    posts = Post.objects.on(today).filter(person__in=people)
    units = dict(posts.order_by("is_main").values_list("person_id", "managing_unit_id"))
    names = unit_names(units.values(), tree_on(today))
    return {person: short_name(names.get(unit, "")) for person, unit in units.items()}
