"""What a learning package remembers of one learner."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import EditionItem
from learners.models.enrolments import Enrolment


class PackageState(models.Model):
    """One part of a package for one enrolment: what it said last, and what it reached.

    The same package in another course, or in another year's enrolment, has states of its own.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="package_states"
    )
    item = models.ForeignKey(EditionItem, on_delete=models.PROTECT, related_name="+")
    part = models.PositiveSmallIntegerField(help_text="Place in the package's parts.")
    launch = models.PositiveIntegerField(default=0, help_text="Counts openings; the newest writes.")
    sequence = models.PositiveIntegerField(default=0, help_text="Of commits within the launch.")
    cmi = models.JSONField(default=dict, help_text="The run-time's data as the package left it.")
    is_done = models.BooleanField(default=False, help_text="Completed or passed; never falls.")
    score = models.PositiveSmallIntegerField(null=True, help_text="0 to 100, the best so far.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("state of a package")
        verbose_name_plural = _("states of packages")
        ordering = ["part"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "item", "part"], name="one_state_per_part"
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__lte=100),
                name="package_score_at_most_100",
            ),
        ]
