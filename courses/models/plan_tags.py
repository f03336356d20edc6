"""What a course or a class serves in the plan, and what it was said to serve before."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import PLAN_VOCABULARIES
from courses.fields import CityFieldsField, SolutionsField, TasksField

PLAN_TAGS = tuple(PLAN_VOCABULARIES)


class ServesPlan(models.Model):
    """Which of the plan's tasks and solutions something trains for. Each change is remembered,
    so that the figures of a signed year can be read as they were tagged when it was signed."""

    tasks = TasksField(
        _("tasks of the plan"), blank=True, help_text=_("What it trains for; several may fit.")
    )
    solutions = SolutionsField(_("solutions of the plan"), blank=True)
    city_fields = CityFieldsField(_("fields of the smart city"), blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        # Wagtail saves single columns of a page while a draft with other tags is in memory.
        named = kwargs.get("update_fields")
        if named is None or not set(PLAN_TAGS).isdisjoint(named):
            self._remember()

    def plan_tags(self) -> dict[str, list[str]]:
        """By field, in the order of the plan, so that equal tags are equal."""
        return {
            name: [code for code in vocabulary.values if code in getattr(self, name)]
            for name, vocabulary in PLAN_VOCABULARIES.items()
        }

    def _remember(self) -> None:
        history: models.Manager[PlanTagging] = self.plan_taggings  # type: ignore[attr-defined]
        last = history.order_by("pk").last()
        tags = self.plan_tags()
        known = {name: getattr(last, name) if last else [] for name in PLAN_TAGS}
        if known != tags:
            history.create(**tags)


class PlanTagging(models.Model):
    """What one course or class was said to serve from a moment on. Rows are only added."""

    course = models.ForeignKey(
        "courses.CoursePage", on_delete=models.CASCADE, null=True, related_name="plan_taggings"
    )
    class_group = models.ForeignKey(
        "courses.ClassGroup", on_delete=models.CASCADE, null=True, related_name="plan_taggings"
    )
    since = models.DateTimeField(default=timezone.now)
    tasks = TasksField(blank=True)
    solutions = SolutionsField(blank=True)
    city_fields = CityFieldsField(blank=True)

    class Meta:
        verbose_name = _("tagging for the plan")
        verbose_name_plural = _("taggings for the plan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(course__isnull=False, class_group__isnull=True)
                | Q(course__isnull=True, class_group__isnull=False),
                name="plan_tagging_is_of_one_thing",
            )
        ]
