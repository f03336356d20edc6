"""The list of a class on its way to the papers, their hand-over, and the word to their owners."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.choices import HandOverWay, LineState, ListState
from certificates.models.certificates import Certificate
from certificates.models.decisions import Decision
from courses.models import ClassGroup
from learners.models import Person


class IssueList(models.Model):
    """Who of a class shall get a paper and who shall not, drawn up for one decision.

    Lines are frozen when the list is drawn up. Once decided it is worked off line by line; how
    far that has come is what the lines say, so it can be broken off anywhere and taken up again.
    """

    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ListState, default=ListState.DRAFT)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, related_name="issue_list"
    )
    drawn_up_at = models.DateTimeField(auto_now_add=True)
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("list of papers")
        verbose_name_plural = _("lists of papers")
        ordering = ["-drawn_up_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["class_group"],
                condition=Q(state=ListState.DRAFT),
                name="one_list_awaits_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(state=ListState.DECIDED, decision__isnull=False)
                | (~Q(state=ListState.DECIDED) & Q(decision__isnull=True)),
                name="a_decided_list_names_its_decision",
            ),
        ]


class IssueLine(models.Model):
    """One person on such a list. Every refusal has its reason, in words."""

    issue_list = models.ForeignKey(IssueList, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("No."))
    state = models.CharField(_("state"), max_length=10, choices=LineState)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, null=True, related_name="issue_line"
    )

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["issue_list", "person"], name="one_line_per_person"),
            models.UniqueConstraint(fields=["issue_list", "position"], name="lines_have_an_order"),
            models.CheckConstraint(
                condition=~Q(state=LineState.REFUSED) | ~Q(reason=""),
                name="a_refusal_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.ISSUED, certificate__isnull=False)
                | (~Q(state=LineState.ISSUED) & Q(certificate__isnull=True)),
                name="an_issued_line_names_its_paper",
            ),
        ]


class HandOver(models.Model):
    """A paper put into somebody's hands. Taken back, the row stays with who took it back."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="hand_overs"
    )
    handed_on = models.DateField(_("handed over on"))
    way = models.CharField(_("way"), max_length=10, choices=HandOverWay)
    received_by = models.CharField(_("received by"), max_length=100)
    noted_at = models.DateTimeField(auto_now_add=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-noted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(revoked_at__isnull=True),
                name="a_paper_is_handed_over_once",
            )
        ]


class PaperNotice(models.Model):
    """The word to the owner that a paper is there: written with the paper, one for each."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="notice")
    written_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)
