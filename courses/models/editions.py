"""The frozen form of a course that a learner is measured against."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.choices import ItemKind, KeyShown, PackageRule
from courses.models.packages import Package
from courses.models.pages import CoursePage


class Edition(models.Model):
    """What was required, in which order, when somebody enrolled.

    A change to what is required makes a new edition; a corrected wording refreshes
    the texts of the newest one (docs/decisions/0004-editions.md).
    """

    course = models.ForeignKey(CoursePage, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=255)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    signature = models.CharField(max_length=64, editable=False)
    refreshed_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="edition_number_per_course")
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class EditionItem(models.Model):
    """One lesson or quiz of an edition, with its text as a learner reads it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, related_name="+")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=ItemKind)
    module_title = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    minutes = models.PositiveIntegerField()
    required = models.BooleanField(default=True, help_text="Counts towards completion.")
    body = models.JSONField(default=list, help_text="The page's StreamField as stored.")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, null=True, related_name="+")
    package_rule = models.CharField(max_length=10, choices=PackageRule, default=PackageRule.SAID)
    package_score = models.PositiveSmallIntegerField(null=True, help_text="Per cent.")
    questions = models.JSONField(default=list, help_text="Parsed questions: courses.grading.")
    pass_mark = models.PositiveIntegerField(default=0, help_text="Per cent; 0 for a lesson.")
    draws = models.JSONField(default=list, help_text="Rules: QuizDraw.rule.")
    shuffles = models.JSONField(default=dict, help_text='{"questions": bool, "choices": bool}')
    attempts_allowed = models.PositiveIntegerField(null=True)
    time_limit = models.PositiveIntegerField(null=True, help_text="Minutes.")
    closes_at = models.DateTimeField(null=True)
    key_shown = models.CharField(max_length=10, choices=KeyShown, default=KeyShown.AUTO)

    class Meta:
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_item_position"),
            models.CheckConstraint(
                condition=models.Q(pass_mark__lte=100), name="pass_mark_at_most_100"
            ),
        ]

    def __str__(self) -> str:
        return self.title
