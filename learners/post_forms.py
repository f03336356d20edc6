"""What an officer enters about one person: who it is, which work, from when to when."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.text import nfc
from learners.actions.posts import Work, work_of
from learners.choices import EndReason, LeaveKind, StaffKind
from learners.days import day_field
from learners.models import Leave, Person, Post
from learners.normalise import phone_number, staff_number
from learners.personal_numbers import fault_of, year_of
from learners.reports.names import short_name
from learners.tree import Tree

FARTHEST_AHEAD = timedelta(days=366)


class WhyForm(forms.Form):
    """Every change names the decision it rests on."""

    why = forms.CharField(label=_("Why: number of the decision"), max_length=300, min_length=3)


class WorkForm(WhyForm):
    """A post: which units, which work, from which day."""

    managing_unit = forms.TypedChoiceField(
        label=_("Managing unit"),
        coerce=int,
        error_messages={
            "invalid_choice": _("On the day below there was no such unit among those you keep.")
        },
    )
    using_unit = forms.TypedChoiceField(
        label=_("Works at (seconded), if elsewhere"), coerce=int, required=False, empty_value=None
    )
    staff_kind = forms.ChoiceField(
        label=_("Kind of staff"), choices=[("", _("Choose")), *StaffKind.choices]
    )
    title = forms.CharField(label=_("Position"), max_length=120, required=False)
    is_it_officer = forms.BooleanField(
        label=_("In charge of information technology"), required=False
    )
    day = day_field(_("From"))

    field_order = [
        "managing_unit",
        "using_unit",
        "staff_kind",
        "title",
        "is_it_officer",
        "day",
        "why",
    ]

    def __init__(
        self,
        *args: Any,
        roots: list[int] | None,
        tree: Tree,
        post: Post | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tree = tree
        wanted = tree.roots() if roots is None else [root for root in roots if root in tree]
        units = dict.fromkeys(unit for root in wanted for unit in tree.subtree_ids(root))
        named: list[Any] = [("", _("Choose"))] if len(units) > 1 else []
        named += [(unit, short_name(tree.name(unit))) for unit in units]
        self.fields["managing_unit"].choices = named  # type: ignore[attr-defined]
        elsewhere: list[Any] = [("", _("The same unit"))]
        everywhere = [unit for root in tree.roots() for unit in tree.subtree_ids(root)]
        elsewhere += [(unit, short_name(tree.name(unit))) for unit in everywhere]
        self.fields["using_unit"].choices = elsewhere  # type: ignore[attr-defined]
        self.fields["day"].initial = timezone.localdate()
        if post is not None:
            work = work_of(post)
            using = work.using_unit_id if work.using_unit_id != work.managing_unit_id else ""
            self.initial = {
                "managing_unit": work.managing_unit_id,
                "using_unit": using,
                "staff_kind": work.staff_kind,
                "title": work.title,
                "is_it_officer": work.is_it_officer,
            }

    def clean_title(self) -> str:
        return nfc(self.cleaned_data["title"])

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > timezone.localdate() + FARTHEST_AHEAD:
            raise ValidationError(_("This day is more than a year ahead. Check the year."))
        return day

    def work(self) -> Work:
        said = self.cleaned_data
        unit = said["managing_unit"]
        return Work(
            managing_unit_id=unit,
            using_unit_id=said["using_unit"] or unit,
            staff_kind=said["staff_kind"],
            title=said["title"],
            is_it_officer=said["is_it_officer"],
        )


class EndForm(WhyForm):
    """A post is over."""

    last_day = day_field(_("Last day"))
    reason = forms.ChoiceField(
        label=_("Why it ends"),
        choices=[
            (reason.value, reason.label) for reason in EndReason if reason != EndReason.CHANGE
        ],
    )

    field_order = ["last_day", "reason", "why"]


class LeaveForm(WhyForm):
    """Away for long, still counted."""

    kind = forms.ChoiceField(label=_("Kind of leave"), choices=LeaveKind.choices)
    first = day_field(_("From"))
    last = day_field(_("To (optional)"), required=False)

    field_order = ["kind", "first", "last", "why"]

    def __init__(self, *args: Any, leave: Leave | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if leave is not None:
            self.initial = {
                "kind": leave.kind,
                "first": leave.valid_from,
                "last": leave.valid_to,
            }
            self.fields["first"].help_text = _("The same day: the leave noted before is corrected.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return data


class PersonForm(WhyForm):
    """Who somebody is. The personal number is written, never shown."""

    full_name = forms.CharField(label=_("Full name"), max_length=100)
    birth_date = day_field(_("Date of birth"), required=False)
    staff_number = forms.CharField(label=_("Staff number"), max_length=40, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    personal_number = forms.CharField(
        label=_("Personal number (CCCD)"),
        max_length=20,
        required=False,
        help_text=_("It is sealed, and never shown in full on this page."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    field_order = ["full_name", "birth_date", "staff_number", "phone", "personal_number", "why"]

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            for name in ("phone", "personal_number"):
                self.fields[name].help_text = _("Empty: leave as it is.")
            self.initial = {
                "full_name": person.full_name,
                "birth_date": person.birth_date,
                "staff_number": person.staff_number or "",
            }

    def clean_full_name(self) -> str:
        name = " ".join(nfc(self.cleaned_data["full_name"]).split())
        if any(letter.isdigit() for letter in name) or " " not in name:
            raise ValidationError(_("Write family name and given name, in letters."))
        return name

    def clean_birth_date(self) -> Any:
        day, today = self.cleaned_data["birth_date"], timezone.localdate()
        if day and not 14 <= today.year - day.year <= 100:
            raise ValidationError(_("This date of birth can't be right. Check the year."))
        return day

    def clean_staff_number(self) -> str | None:
        return staff_number(self.cleaned_data["staff_number"]) or None

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        number = phone_number(typed) if typed else ""
        if typed and not number:
            raise ValidationError(_("This is no Vietnamese phone number, e.g. 0912 345 678."))
        return number

    def clean_personal_number(self) -> str:
        number = "".join(self.cleaned_data["personal_number"].split())
        if number and (fault := fault_of(number)):
            raise ValidationError(fault)
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, born = data.get("personal_number") or "", data.get("birth_date")
        if born and len(number) == 12 and year_of(number) != born.year:
            self.add_error(
                "personal_number",
                _("The number says another year of birth than the date. One of them is wrong."),
            )
        return data

    def facts(self) -> dict[str, Any]:
        """Of the person, by column; what was left empty on purpose is not among them."""
        said = self.cleaned_data
        facts = {name: said[name] for name in ("full_name", "birth_date", "staff_number")}
        return facts | ({"phone": said["phone"]} if said["phone"] else {})


class NewPersonForm(WorkForm, PersonForm):
    """Somebody new, with the first post."""

    field_order = [*PersonForm.field_order[:-1], *WorkForm.field_order]
