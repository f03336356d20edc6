"""Institutions that run classes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Provider(models.Model):
    """A body that trains; only an entitled one may issue a "chứng chỉ"."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    is_educational_institution = models.BooleanField(
        _("educational institution"),
        default=False,
        help_text=_("Counts towards the plan's one or two institutions that teach e-commerce."),
    )
    may_issue_certificates = models.BooleanField(_('entitled to issue "chứng chỉ"'), default=False)
    legal_act = models.CharField(_("legal act of the entitlement"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(may_issue_certificates=False) | ~models.Q(legal_act=""),
                name="provider_entitlement_names_its_act",
                violation_error_message=_("Name the legal act that entitles this provider."),
            )
        ]

    def __str__(self) -> str:
        return self.name
