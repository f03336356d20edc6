"""Days as people type them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """A day as offices write it. The browser's own field would show it in the order of the
    browser's language: 11/29/2026 on most of the machines here."""

    def __init__(self) -> None:
        attrs = {"placeholder": _("dd/mm/yyyy"), "autocomplete": "off", "class": "day-input"}
        super().__init__(attrs=attrs, format="%d/%m/%Y")


def typed_day(text: str) -> date | None:
    """The day that a form field would read; None for what is none."""
    try:
        return forms.DateField(required=False).clean(text)
    except ValidationError:
        return None


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **more)
