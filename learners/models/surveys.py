"""What people thought of a class or a course, apart from who they are."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import ClassGroup, CoursePage
from learners.models.people import Person

ABOUT_ONE_THING = Q(class_group__isnull=False, course__isnull=True) | Q(
    class_group__isnull=True, course__isnull=False
)


class SurveyTicket(models.Model):
    """That somebody has answered, so that nobody answers twice. Not when, and not what: its key
    is random and it has no time, so that no column leads from here to an answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("answered survey")
        verbose_name_plural = _("answered surveys")
        constraints = [
            models.CheckConstraint(condition=ABOUT_ONE_THING, name="ticket_is_about_one_thing"),
            models.UniqueConstraint(
                fields=["person", "class_group"],
                condition=Q(class_group__isnull=False),
                name="one_answer_per_class",
            ),
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(course__isnull=False),
                name="one_answer_per_course",
            ),
        ]


QUESTIONS = {
    "useful": _("What I learnt is useful for my work"),
    "clear": _("It was explained clearly"),
    "organised": _("Time, place and pages were well organised"),
    "recommended": _("I would recommend it to a colleague"),
}


def _mark(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        QUESTIONS[name], validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class SurveyAnswer(models.Model):
    """One set of answers, of nobody. The random key is the order in which words are shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, null=True, related_name="+")
    useful = _mark("useful")
    clear = _mark("clear")
    organised = _mark("organised")
    recommended = _mark("recommended")
    words = models.TextField(
        _("What should be better?"),
        max_length=1000,
        blank=True,
        help_text=_("Nobody sees who wrote it. Please name no persons."),
    )

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=ABOUT_ONE_THING, name="answer_is_about_one_thing"),
            models.CheckConstraint(
                condition=Q(
                    useful__range=(1, 5),
                    clear__range=(1, 5),
                    organised__range=(1, 5),
                    recommended__range=(1, 5),
                ),
                name="marks_are_one_to_five",
            ),
        ]
