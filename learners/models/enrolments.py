"""Enrolment, and the facts of learning."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import ClassGroup, Edition, EditionItem
from learners.models.people import Person
from learners.querysets import Enrolments


class Enrolment(models.Model):
    """One person in one edition; a later year's repetition is another row.

    What was finished stays finished.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    last_item = models.ForeignKey(
        EditionItem, on_delete=models.PROTECT, null=True, related_name="+"
    )
    completed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # Frozen at completion: what the person finished, whatever becomes of the page.
    title = models.CharField(_("course as completed"), max_length=255, blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = Enrolments.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "edition"],
                condition=Q(completed_at__isnull=True),
                name="one_open_enrolment_per_edition",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | ~Q(title=""),
                name="completion_is_frozen",
            ),
        ]


class LessonTick(models.Model):
    """A lesson done or a quiz passed. Never removed by a change to the course."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="ticks")
    item = models.ForeignKey(EditionItem, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item"], name="one_tick_per_lesson")
        ]
