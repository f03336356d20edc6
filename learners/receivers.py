"""What learners do when something of courses is saved."""

from typing import Any

from courses.models import ClassGroup
from learners.actions import participation_tallies


def keep_participations_in_step(instance: ClassGroup, raw: bool, **kwargs: Any) -> None:
    """A class whose topic an editor corrects takes its participations along, or out."""
    if raw or instance.pk is None:
        return
    before = ClassGroup.objects.filter(pk=instance.pk).values_list("topic", flat=True).first()
    if before is not None and before != instance.topic:
        participation_tallies.change_topic(instance, instance.topic)
