"""What an officer says when a course is given to people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.text import nfc
from learners.choices import StaffKind
from learners.days import DayInput
from learners.models import Assignment
from learners.reports.assignments import courses_to_give


class AssignmentForm(forms.ModelForm):
    """For one unit, which the page names; a position is one that somebody there holds."""

    course = forms.ModelChoiceField(
        label=_("Course"), queryset=courses_to_give(), empty_label=_("Choose")
    )
    staff_kind = forms.ChoiceField(
        label=_("For whom"),
        required=False,
        choices=[("", _("Every kind of staff")), *StaffKind.choices],
    )

    class Meta:
        model = Assignment
        fields = [
            "course",
            "staff_kind",
            "position",
            "due_on",
            "days_for_newcomers",
            "counts_from",
            "reason",
        ]
        labels = {
            "position": _("Only for the position (optional)"),
            "due_on": _("To be completed by"),
            "days_for_newcomers": _("Days for those who come later (optional)"),
            "counts_from": _("Completed from (optional)"),
            "reason": _("Why: number of the act or plan"),
        }
        help_texts = {
            "position": _("As it is written in the staff list, for example Điều dưỡng."),
            "days_for_newcomers": _(
                "For example 30: who joins the unit later has thirty days from that day, and never"
                " less time than the others."
            ),
            "counts_from": _("Fill in when last year’s completion is not enough."),
            "reason": _("Everybody reads it beside the course."),
        }
        widgets = {
            "due_on": DayInput(),
            "counts_from": DayInput(),
            "position": forms.TextInput(attrs={"list": "positions", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, titles: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = titles

    def clean_position(self) -> str:
        position = nfc(self.cleaned_data["position"])
        if position and position not in self.titles:
            raise ValidationError(
                _("Nobody in this unit holds this position. Choose one from the list.")
            )
        return position

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day has passed. Choose a later one."))
        return day
