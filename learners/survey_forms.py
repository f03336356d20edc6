"""What somebody says about a class or a course."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import ClassGroup
from learners.models import Person, SurveyAnswer
from learners.models.surveys import QUESTIONS
from learners.normalise import phone_number, staff_number
from learners.reports.surveys import participants

MARKS = [
    ("5", _("5 – I agree fully")),
    ("4", _("4 – I rather agree")),
    ("3", _("3 – Partly")),
    ("2", _("2 – I rather disagree")),
    ("1", _("1 – I disagree")),
]


class SurveyForm(forms.ModelForm):
    class Meta:
        model = SurveyAnswer
        fields = [*QUESTIONS, "words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=question, choices=MARKS, coerce=int, widget=forms.RadioSelect
            )


class OpenSurveyForm(SurveyForm):
    """For whoever has no account here or is not signed in."""

    who = forms.CharField(
        label=_("Your phone or staff number"),
        max_length=40,
        help_text=_("Only so that each participant answers once. It is not kept with the answers."),
    )

    field_order = ["who"]

    def participant(self, group: ClassGroup) -> Person | None:
        """The participant of the class who has this number; None for nobody."""
        typed = self.cleaned_data["who"]
        phone, number = phone_number(typed), staff_number(typed)
        people = Person.objects.filter(pk__in=participants(group).values("person"))
        by_phone = people.filter(phone=phone).order_by("pk").first() if phone else None
        return by_phone or people.filter(staff_number=number).first()
