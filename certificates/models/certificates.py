"""Registers and the papers entered in them."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.choices import CertificateState, PaperKind, Technique
from certificates.models.decisions import Decision
from certificates.models.designs import Design
from certificates.querysets import Certificates
from courses.models import ClassGroup
from learners.models import Enrolment, Person

RENEWED_BEFORE_END = timedelta(days=90)
STANDS_FOR_ITSELF = Q(confirms__isnull=True, renews__isnull=True)


class Register(models.Model):
    """A register book ("sổ cấp"): one per kind of paper and year, serials without gaps."""

    kind = models.CharField(_("kind of paper"), max_length=12, choices=PaperKind)
    year = models.PositiveIntegerField(_("year"))
    prefix = models.CharField(_("serial prefix"), max_length=12)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [
            models.UniqueConstraint(fields=["kind", "year"], name="one_register_per_kind_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


class Certificate(models.Model):
    """One paper, its content frozen at issue. Never edited, never deleted: the database refuses
    changes of what was printed. Only its state moves on, once, with reason, act and author.

    It rests on a completed online course or on a completed class, never on both.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="+")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="certificates")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField(_("number in the register"))
    serial = models.CharField(_("serial"), max_length=40, unique=True)
    code = models.CharField(_("verification code"), max_length=13, unique=True)
    paper = models.JSONField(_("as printed"), help_text="Fields of certificates.pdf.Paper.")
    design = models.ForeignKey(
        Design,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="How it looks; none: as papers looked before there were designs.",
    )
    technique = models.CharField(
        max_length=10,
        choices=Technique,
        default=Technique.FIRST,
        help_text="How the PDF is drawn, so that it is drawn so for ever.",
    )
    pdf_sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid to"), null=True, blank=True)
    confirms = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="confirmations",
        help_text=_("The lost paper that this one confirms, of equal value."),
    )
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewals")
    issued_at = models.DateTimeField(auto_now_add=True)
    issue_reason = models.CharField(
        max_length=300, blank=True, help_text="Of a confirmation or a renewal."
    )
    issue_act = models.CharField(max_length=60, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=CertificateState,
        default=CertificateState.VALID,
    )
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    state_act = models.CharField(_("decision number"), max_length=60, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces"
    )

    objects = Certificates.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at"]
        indexes = [
            # Status lists ask for the few that were taken back, of all that there are.
            models.Index(
                fields=["id"], condition=~Q(state=CertificateState.VALID), name="papers_taken_back"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="serials_do_not_repeat"),
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, class_group__isnull=True)
                | Q(enrolment__isnull=True, class_group__isnull=False),
                name="a_paper_rests_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=CertificateState.VALID) & STANDS_FOR_ITSELF,
                name="one_valid_paper_per_enrolment",
            ),
            models.UniqueConstraint(
                fields=["person", "class_group"],
                condition=Q(state=CertificateState.VALID) & STANDS_FOR_ITSELF,
                name="one_valid_paper_per_class",
            ),
            models.UniqueConstraint(
                fields=["confirms"],
                condition=Q(state=CertificateState.VALID),
                name="one_valid_confirmation",
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=Q(state=CertificateState.VALID),
                name="one_valid_renewal",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.REPLACED, replaced_by__isnull=False)
                | (~Q(state=CertificateState.REPLACED) & Q(replaced_by__isnull=True)),
                name="a_replaced_paper_names_the_new_one",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.VALID) | ~Q(state_reason=""),
                name="a_withdrawal_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    def has_expired(self, day: date) -> bool:
        """Whether its last day lies before this one."""
        return self.expires_on is not None and self.expires_on < day

    def can_be_renewed(self, day: date) -> bool:
        """Once expired, or in its last 90 days; a confirmation is not renewed, the paper is."""
        return (
            self.state == CertificateState.VALID
            and self.expires_on is not None
            and self.expires_on <= day + RENEWED_BEFORE_END
            and self.confirms_id is None
        )
