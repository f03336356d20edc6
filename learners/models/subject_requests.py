"""What people ask about their own data, by when they must be answered, and what came of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from learners.choices import RequestState, RequestStep, SubjectRight
from learners.clocks import extended
from learners.models.people import Person


class SubjectRequests(models.QuerySet):
    def open(self) -> "SubjectRequests":
        return self.filter(state=RequestState.RECEIVED)

    def by_due(self) -> "SubjectRequests":
        """What has to be done next first: the first reply, then the thing itself."""
        due = Case(When(first_reply_at__isnull=True, then="first_reply_by"), default="due_on")
        return self.annotate(due_next=due).order_by("due_next", "pk")

    def overdue(self, today: date) -> "SubjectRequests":
        return self.open().by_due().filter(due_next__lt=today)


class SubjectRequest(models.Model):
    """One request of one person. Its steps are kept; what was asked is never changed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="subject_requests")
    right = models.CharField(_("what is asked"), max_length=12, choices=SubjectRight)
    words = models.TextField(_("in your own words"), max_length=2000, blank=True)
    received_on = models.DateField(_("received on"))
    paper = models.CharField(
        _("letter or number of the paper"),
        max_length=120,
        blank=True,
        help_text=_("Of a request that came on paper or by word of mouth."),
    )
    first_reply_by = models.DateField(_("first reply by"))
    first_reply_at = models.DateTimeField(null=True)
    due_on = models.DateField(_("to be done by"), help_text="Moved once at the most.")
    is_extended = models.BooleanField(default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState, default=RequestState.RECEIVED
    )
    closed_at = models.DateTimeField(null=True)

    objects = SubjectRequests.as_manager()

    class Meta:
        verbose_name = _("request about one's own data")
        verbose_name_plural = _("requests about one's own data")
        ordering = ["-received_on", "-pk"]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state=RequestState.RECEIVED),
                name="requests_to_be_answered",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.RECEIVED, closed_at__isnull=True)
                | (~Q(state=RequestState.RECEIVED) & Q(closed_at__isnull=False)),
                name="a_closed_request_says_when",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("received_on")), name="due_after_it_was_received"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.RECEIVED

    def next_day(self) -> date:
        """By when the next thing has to be done."""
        return self.due_on if self.first_reply_at else self.first_reply_by

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.next_day() < today

    def could_end(self) -> date | None:
        """The last day if its one extension were used; None when there is none left."""
        return None if self.is_extended else extended(SubjectRight(self.right), self.due_on)


class SubjectRequestStep(models.Model):
    """One step, by whom, with the words that went to the person. Rows are only added."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=12, choices=RequestStep)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    words = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(step__in=[RequestStep.REFUSED, RequestStep.EXTENDED]) | ~Q(words=""),
                name="refused_or_extended_with_a_reason",
            )
        ]
