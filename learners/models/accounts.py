"""Accounts and what they may see. A person is not an account."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from learners.choices import PROVINCE_CODE, AccountState, AccountStep, Role
from learners.models.organisations import OrganisationVersion
from learners.normalise import given_name


class User(AbstractUser):
    """An account. The sign-in name is a staff number, a phone or whatever HR chose."""

    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=16, null=True, blank=True, unique=True)
    temporary_password_until = models.DateTimeField(
        _("temporary password until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Set by somebody else and to be changed at the first sign-in."),
    )

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

    @property
    def must_choose_password(self) -> bool:
        return self.temporary_password_until is not None

    def state(self) -> AccountState:
        """What keeps the owner out at this moment, or that nothing does."""
        now = timezone.now()
        if not self.is_active:
            return AccountState.CLOSED
        if self.temporary_password_until:
            expired = self.temporary_password_until < now
            return AccountState.EXPIRED if expired else AccountState.NEW
        last_seen = self.last_login or self.date_joined
        if last_seen < now - timedelta(days=settings.DORMANT_AFTER_DAYS):
            return AccountState.DORMANT
        return AccountState.OPEN

    @cached_property
    def grants_today(self) -> list[tuple[str, int, bool]]:
        """Role, organisation, and whether that is the whole province, of each grant in force.

        Read once: an account's object lives as long as its request.
        """
        today = timezone.localdate()
        province = OrganisationVersion.objects.filter(
            organisation=OuterRef("organisation"), code=PROVINCE_CODE
        )
        grants = self.role_grants.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today
        )
        return list(grants.order_by("pk").values_list("role", "organisation_id", Exists(province)))

    def set_temporary_password(self, password: str, until: datetime) -> None:
        """Whoever signs in with it must choose another one first. Ends all running sessions,
        whose seal hangs on the password."""
        self.set_password(password)
        self.temporary_password_until = until


class RoleGrant(models.Model):
    """A right to see the people of one organisation and of all below it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(
        "learners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("given by")
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "valid_from"], name="one_grant_per_start"
            )
        ]


class AccountEvent(models.Model):
    """What was done to an account, by whom. Rows are added, never changed or removed."""

    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20, choices=AccountStep)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        ordering = ["-at", "-pk"]


class Consent(models.Model):
    """That somebody agreed, to which wording, and when; never assumed, never pre-ticked."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    notice = models.CharField(
        _("notice"), max_length=20, help_text=_("Version of the wording that was on the screen.")
    )
    given_at = models.DateTimeField(_("given at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-pk"]
