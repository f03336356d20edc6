"""What an officer says about a reorganisation: the decision, and its lines one by one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.text import nfc
from learners.choices import ChangeKind, Level, PeopleGo
from learners.days import DayInput
from learners.imports.reorganisations import UnitCodes
from learners.models import Reorganisation, ReorganisationLine

LARGEST_BYTES = 5 * 2**20


class ReorganisationForm(forms.ModelForm):
    """The decision itself."""

    class Meta:
        model = Reorganisation
        fields = ["decision_number", "title", "signed_on", "effective_on"]
        labels = {
            "decision_number": _("Number of the decision"),
            "title": _("Subject of the decision"),
            "signed_on": _("Signed on"),
            "effective_on": _("In effect from"),
        }
        widgets = {
            "signed_on": DayInput(),
            "effective_on": DayInput(),
        }

    def clean_decision_number(self) -> str:
        return nfc(self.cleaned_data["decision_number"])

    def clean_title(self) -> str:
        return nfc(self.cleaned_data["title"])


class UnitField(forms.CharField):
    """A unit that is chosen from the page's list, with its name behind its code, or typed."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        )


class LineForm(forms.ModelForm):
    """One line; units by code or by name as the register of the day before has them."""

    from_code = UnitField(_("To which unit"), _("Type part of the code or the name and choose."))
    to_code = UnitField(
        _("Code of the unit that follows"),
        _(
            "Choose a unit that is there, or write a new code without marks, for example"
            " NA-SNV-2025. Empty when the unit stays itself or nobody follows."
        ),
    )
    to_parent_code = UnitField(_("Unit above"), _("Empty: the same as before."))

    class Meta:
        model = ReorganisationLine
        fields = [
            "kind",
            "from_code",
            "to_code",
            "to_name",
            "to_level",
            "to_parent_code",
            "people",
            "staff_numbers",
            "note",
        ]
        labels = {
            "kind": _("What happens"),
            "to_name": _("Name of the new or renamed unit"),
            "to_level": _("Level of the new unit"),
            "people": _("Who goes along"),
            "staff_numbers": _("Staff numbers of the people named"),
        }
        help_texts = {
            "to_level": _("Empty: the same as before."),
            "people": _(
                "Empty: everybody, where a unit merges, joins another or is replaced; otherwise"
                " nobody, or those whose staff numbers you write."
            ),
            "staff_numbers": "",
            "note": "",
            "to_name": "",
        }
        widgets = {"staff_numbers": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, codes: UnitCodes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes
        for name, blank, named in (
            ("kind", _("Choose"), ChangeKind.choices),
            ("to_level", _("as before"), Level.choices),
            ("people", _("as this change has it"), PeopleGo.choices),
        ):
            self.fields[name].choices = [("", blank), *named]  # type: ignore[attr-defined]

    def clean_from_code(self) -> str:
        typed = self.cleaned_data["from_code"]
        if self.cleaned_data.get("kind") == ChangeKind.FOUND:
            return ""
        if not typed:
            raise ValidationError(_("Say which unit."))
        code, why = self.codes.existing(typed)
        if not code:
            raise ValidationError(why)
        return code

    def clean_to_code(self) -> str:
        return self._code("to_code")

    def clean_to_parent_code(self) -> str:
        return self._code("to_parent_code")

    def _code(self, name: str) -> str:
        typed = self.cleaned_data[name]
        code = self.codes.any(typed) if typed else ""
        if typed and not code:
            raise ValidationError(_("Choose a unit, or write a code without marks and spaces."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("people") == PeopleGo.NAMED and not cleaned.get("staff_numbers"):
            self.add_error("staff_numbers", _("Write the staff numbers of the people named."))
        return cleaned


class LinesForm(forms.Form):
    """All lines at once, from the annex."""

    upload = forms.FileField(label=_("File"))

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_BYTES:
            raise ValidationError(
                _("The file is larger than %(n)d MB.") % {"n": LARGEST_BYTES // 2**20}
            )
        return upload
