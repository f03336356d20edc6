"""Accounts and what they may see. A person is not an account."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from learners.choices import Role
from learners.normalise import given_name


class User(AbstractUser):
    """An account. The sign-in name is a staff number, a phone or whatever HR chose."""

    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=16, null=True, blank=True, unique=True)

    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def get_full_name(self) -> str:
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return given_name(self.full_name) or self.username

    first_name = property(get_short_name)
    """Not a column: what Wagtail's menu calls the user by."""


class RoleGrant(models.Model):
    """A right to see the people of one organisation and of all below it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(
        "learners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "valid_from"], name="one_grant_per_start"
            )
        ]
