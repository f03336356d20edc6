"""Tries at a quiz: what was asked, answered and marked."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import EditionItem
from learners.models.accounts import User
from learners.models.enrolments import Enrolment


class Attempt(models.Model):
    """One try at a quiz; open until it is submitted, at most one open at a time.

    It keeps its own questions, so that neither a refresh nor a second device nor an author
    changes what was asked. One with `entered_by` was entered from paper and holds no answers.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    item = models.ForeignKey(EditionItem, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    questions = models.JSONField(
        default=list, help_text="Questions in their order; empty: those of the edition's item."
    )
    answers = models.JSONField(default=dict, help_text='{"question index": answer}')
    marks = models.JSONField(
        default=list, help_text='A fraction as text for each question, "" for one not marked yet.'
    )
    started_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="End of the time limit.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(default=False)
    waiting = models.PositiveSmallIntegerField(
        default=0, db_index=True, help_text="Answers that a person has still to mark."
    )
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entry_source = models.CharField(_("paper"), max_length=200, blank=True)
    entry_reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "item", "number"], name="attempts_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "item"],
                condition=Q(submitted_at__isnull=True),
                name="one_open_attempt",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=100), name="score_at_most_100"
            ),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True) | ~Q(entry_reason=""),
                name="entered_result_has_a_reason",
            ),
        ]

    def asked(self) -> list[dict]:
        """The questions in the order of this attempt; none for a result from paper."""
        if self.entered_by_id:
            return []
        return self.questions or self.item.questions

    def answer(self, index: int) -> Any:
        return self.answers.get(str(index))

    def deadline(self) -> datetime | None:
        """When it is handed in at the latest: end of the time limit, or the quiz closes."""
        ends = [end for end in (self.due_at, self.item.closes_at) if end is not None]
        return min(ends) if ends else None

    def is_overdue(self) -> bool:
        deadline = self.deadline()
        return deadline is not None and deadline <= timezone.now()

    def first_open(self) -> int:
        """Index of the first answer that waits for its marker; 0 when none does."""
        return self.marks.index("") if "" in self.marks else 0

    def mark_of(self, index: int) -> Fraction | None:
        """The kept mark; None while it waits for its marker or was never kept."""
        kept = self.marks[index] if index < len(self.marks) else ""
        return Fraction(kept) if kept else None


class ManualMark(models.Model):
    """A mark that a person gave to one answer; the newest counts, none is removed."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="manual_marks")
    index = models.PositiveSmallIntegerField(help_text="Of the question within the attempt.")
    percent = models.PositiveSmallIntegerField(_("mark (0 to 100)"))
    comment = models.TextField(_("comment"), blank=True)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="manual_mark_at_most_100")
        ]


class Remarking(models.Model):
    """The key of one question corrected in a running quiz, and what it did to whom."""

    item = models.ForeignKey(EditionItem, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=40, help_text="The question within the quiz: courses.draws.")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(_("reason"), max_length=400)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    changes = models.JSONField(
        default=list, help_text='[{"attempt", "score", "new_score", "passed"}] as applied.'
    )

    class Meta:
        verbose_name = _("re-marking")
        ordering = ["-pk"]
