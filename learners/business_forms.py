"""What an officer says about a list of businesses, and what its columns mean."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from learners.account_forms import commune_choices
from learners.choices import BusinessKind
from learners.imports.business_columns import COLUMNS
from learners.imports.businesses import missing_columns
from learners.imports.kept_lists import LARGEST_BYTES
from learners.staff_forms import ColumnsForm


class BusinessListForm(forms.Form):
    """A list, and what its rows leave out. `within` are the communes of the officer; None: all."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel or CSV with the name, the tax code or the twelve digits of the household's head,"
            " and the commune by code or name, of today or of before. Columns in any order."
        ),
    )
    kind = forms.ChoiceField(
        label=_("Kind of business, if the rows name none"),
        required=False,
        choices=[
            ("", _("as the name begins: Công ty, HTX, Làng nghề, Hộ kinh doanh")),
            *BusinessKind.choices,
        ],
    )
    commune = forms.TypedChoiceField(
        label=_("Commune or ward, if the rows name none"),
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, within: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [
            (unit, name)
            for unit, name in commune_choices()
            if unit and (within is None or unit in within)
        ]
        commune = self.fields["commune"]
        commune.choices = [("", _("None")), *found]  # type: ignore[attr-defined]
        if len(found) == 1:
            commune.initial = found[0][0]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_BYTES:
            raise ValidationError(
                _("The file is larger than %(n)d MB. Cut the list in two.")
                % {"n": LARGEST_BYTES >> 20}
            )
        return upload


class BusinessColumnsForm(ColumnsForm):
    known = COLUMNS
    lacking = staticmethod(missing_columns)
