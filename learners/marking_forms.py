"""What markers and authors type about answers that were given."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.editions import retyped
from courses.questions import QuestionError, as_kinded, parse_typed, rekeyed, write_typed
from learners.models import Person
from learners.normalise import staff_number


class MarkForm(forms.Form):
    """One answer: a mark out of a hundred, and a word to the learner."""

    percent = forms.IntegerField(label=_("Mark, 0 to 100"), min_value=0, max_value=100)
    comment = forms.CharField(
        label=_("To the learner"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The mark that stood when the page was opened; another one by now is not overwritten."""


class KeyForm(forms.Form):
    """A corrected key: what was asked stays, what is right changes."""

    typed = forms.CharField(
        label=_("Answers, corrected"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Leave the texts as they were asked; move the * to what is right."),
    )
    is_void = forms.BooleanField(
        label=_("The question was faulty: give everybody its mark"), required=False
    )
    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=400)

    def __init__(self, *args: Any, before: dict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        self.whole = as_kinded(before)
        typed = retyped(self.whole)
        self.can_be_typed = typed is not None
        self.fields["typed"].initial = typed or write_typed(self.whole)
        if not self.can_be_typed:
            del self.fields["typed"]

    def clean(self) -> dict[str, Any]:
        """Adds `after`: the question as it is asked and marked from now on."""
        data = super().clean() or {}
        after = self.whole
        if self.can_be_typed and not self.errors:
            try:
                parsed = parse_typed(
                    self.whole["kind"],
                    self.whole["stem"],
                    data.get("typed", ""),
                    fold_answers=bool(self.whole.get("fold", True)),
                    all_or_nothing=bool(self.whole.get("all_or_nothing")),
                )
                parsed["stem_html"] = self.whole.get("stem_html", "")
                after = rekeyed(self.before, parsed)
            except QuestionError as error:
                self.add_error("typed", str(error))
        if data.get("is_void"):
            after = {**after, "void": True}
        if not self.errors and after == self.whole:
            self.add_error(None, _("Nothing was corrected yet: change the key, or give the mark."))
        data["after"] = after
        return data


class PaperForm(forms.Form):
    """A result that somebody reached on paper."""

    person = forms.CharField(label=_("Staff number or sign-in name"), max_length=150)
    score = forms.IntegerField(label=_("Score, 0 to 100"), min_value=0, max_value=100)
    source = forms.CharField(
        label=_("Which paper"),
        max_length=200,
        help_text=_("For example: exam of 05/04/2026, no. 12."),
    )
    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=400)

    def clean_person(self) -> Person:
        typed = self.cleaned_data["person"].strip()
        found = Person.objects.filter(staff_number=staff_number(typed)).first()
        found = found or Person.objects.filter(user__username__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this staff number or sign-in name."))
        return found.current
