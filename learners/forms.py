"""The only doors through which typed data enters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.grading import is_multiple


class AnswerForm(forms.Form):
    """The answer to one choice question."""

    def __init__(self, question: dict, chosen: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(place), choice["text"]) for place, choice in enumerate(question["choices"])]
        before = [str(place) for place in chosen]
        required = {"required": _("Choose an answer, or press “Later”.")}
        if is_multiple(question):
            self.fields["answer"] = forms.MultipleChoiceField(
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                initial=before,
                error_messages=required,
            )
        else:
            self.fields["answer"] = forms.ChoiceField(
                choices=choices,
                widget=forms.RadioSelect,
                initial=before[0] if before else None,
                error_messages=required,
            )

    def chosen(self) -> list[int]:
        """Indices of the chosen choices, in order."""
        answer = self.cleaned_data["answer"]
        return sorted(int(place) for place in ([answer] if isinstance(answer, str) else answer))
