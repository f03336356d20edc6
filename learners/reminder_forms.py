"""What an officer adds to a reminder."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReminderForm(forms.Form):
    note = forms.CharField(
        label=_("A sentence of your own (optional)"),
        help_text=_("For example whom to ask for help, or when a computer room is free."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
