"""Long absences of people who keep their posts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learners.choices import LeaveKind
from learners.models.organisations import InForce
from learners.models.people import Person


class Leave(models.Model):
    """Somebody is away and still counted; nobody is reminded meanwhile."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(_("kind of leave"), max_length=10, choices=LeaveKind)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="leave_ends_after_start",
            ),
            models.UniqueConstraint(fields=["person", "valid_from"], name="one_leave_per_start"),
        ]
