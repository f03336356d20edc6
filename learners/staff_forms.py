"""What an officer says about a list of staff: whose it is, and what its columns mean."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.choices import StaffKind
from learners.days import DayInput
from learners.imports.kept_lists import LARGEST_BYTES
from learners.imports.sheets import Aliases, Sheet
from learners.imports.staff import missing_columns
from learners.imports.staff_columns import COLUMNS
from learners.reports.names import short_name
from learners.tree import Tree, tree_on

Choices = list[tuple[Any, Any]]


def unit_choices(roots: list[int] | None, tree: Tree) -> Choices:
    """The units that the officer answers for, each below the one it belongs to; for the whole
    province its departments and communes, because a list names the units below by itself."""
    if roots is None:
        units = [unit for root in tree.roots() for unit in (root, *tree.children(root))]
        return [("", _("The whole province")), *_named(units, tree)]
    return _named([unit for root in roots for unit in tree.subtree_ids(root)], tree)


def _named(units: list[int], tree: Tree) -> Choices:
    return [(unit, short_name(tree.name(unit))) for unit in units]


class StaffListForm(forms.Form):
    upload = forms.FileField(
        label=_("File"),
        help_text=_("Excel or CSV, as your office keeps it. Columns in any order."),
    )
    unit = forms.TypedChoiceField(
        label=_("Whose list is it?"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_(
            "With the units below it. People of this unit who are not on the list are shown"
            " as perhaps having left."
        ),
    )
    effective_on = forms.DateField(
        label=_("True on"),
        help_text=_("Moves without a date of their own take place on this day."),
        widget=DayInput(),
    )
    default_kind = forms.ChoiceField(
        label=_("Kind of staff, if the rows name none"),
        required=False,
        choices=[("", _("None")), *StaffKind.choices],
    )

    def __init__(self, *args: Any, roots: list[int] | None, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        unit.choices = unit_choices(roots, tree)  # type: ignore[attr-defined]
        # Left empty it means the whole province, and Django asks no empty value for its choice.
        unit.required = roots is not None
        self.fields["effective_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unit, day = data.get("unit"), data.get("effective_on")
        if unit and day and unit not in tree_on(day):
            self.add_error("effective_on", _("This unit did not exist on that day."))
        return data

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_BYTES:
            raise ValidationError(
                _("The file is larger than %(n)d MB. Cut the list in two.")
                % {"n": LARGEST_BYTES >> 20}
            )
        return upload


class ColumnsForm(forms.Form):
    """One choice for each thing a list may say: the column that holds it."""

    known: Aliases = COLUMNS
    lacking = staticmethod(missing_columns)

    def __init__(self, *args: Any, sheet: Sheet, places: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns: Choices = [("", _("not in the list"))]
        columns += [
            (str(place), f"{_letter(place)}: {title}")
            for place, title in enumerate(sheet.headings.titles)
            if title
        ]
        for name, headings in self.known.items():
            self.fields[name] = forms.TypedChoiceField(
                label=headings[0],
                choices=columns,
                coerce=int,
                empty_value=None,
                required=False,
                initial=places.get(name, ""),
            )

    def places(self) -> dict[str, int]:
        found = self.cleaned_data.items()
        return {name: place for name, place in found if place is not None}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [place for place in data.values() if place is not None]
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_("One column was chosen for two things. Choose each once."))
        if not self.errors and (lacking := self.lacking(self.places())):
            raise ValidationError(lacking)
        return data


def _letter(place: int) -> str:
    """As Excel names the column."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
