"""What is typed about requests of data subjects."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.choices import SubjectRight
from learners.days import DayInput
from learners.models import SubjectRequest

STEPS = [
    ("reply", _("First reply: received, and how it goes on")),
    ("extend", _("Extend the time once, with a reason")),
    ("answer", _("Answer: done as asked")),
    ("refuse", _("Refuse, with the reason")),
]
WITH_REASON = ("extend", "refuse", "answer")


class OwnRequestForm(forms.Form):
    """Somebody asks for himself."""

    right = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=SubjectRight.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=2000,
        required=False,
        help_text=_("For a correction: what is wrong, and what is right."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("right") == SubjectRight.CORRECTION and not said.get("words"):
            self.add_error("words", _("Write what is wrong, and what is right."))
        return said


class RecordedRequestForm(OwnRequestForm):
    """An officer records what somebody brought on paper or said."""

    paper = forms.CharField(
        label=_("Letter or how it came"),
        max_length=120,
        help_text=_("For example: letter of 20/11/2026, or in person at the one-stop desk."),
    )
    received_on = forms.DateField(
        label=_("Received on"),
        help_text=_("The clock of the law begins on this day."),
        widget=DayInput(),
    )
    field_order = ["right", "words", "paper", "received_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].label = _("What does the person ask for?")
        self.fields["words"].label = _("In the person's words")

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class StepForm(forms.Form):
    """The officer's next step, with the words for the person."""

    step = forms.ChoiceField(label=_("Next step"), choices=STEPS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Words for the person"),
        max_length=4000,
        required=False,
        help_text=_("They become the text of the letter. Write no personal numbers."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, asked: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gone = {"reply"} if asked.first_reply_at else set()
        gone |= {"extend"} if asked.could_end() is None else set()
        steps = [(step, label) for step, label in STEPS if step not in gone]
        cast("forms.ChoiceField", self.fields["step"]).choices = steps

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("step") in WITH_REASON and not (said.get("words") or "").strip():
            self.add_error("words", _("Write the answer or the reason."))
        return said
