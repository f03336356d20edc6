"""What trainers and walk-ins type."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from courses.models import ClassGroup, ClassSession
from courses.models.plan_tags import PLAN_TAGS
from courses.text import nfc
from learners.account_forms import OWN_SIGN_UP, BusinessFields, NameAndPhone, commune_choices
from learners.actions.walk_ins import NameDiffers, known_or_new
from learners.models import Person, User
from learners.normalise import staff_number
from learners.proofs import CheckedProof, ProofError, check_proof

LARGEST_LIST = 5 * 2**20


class WalkInForm(BusinessFields, NameAndPhone):
    """Somebody who is here and on no list: an official by staff number, others by group."""

    staff_number = forms.CharField(
        label=_("Staff number, if an official"), max_length=40, required=False
    )
    audience = forms.ChoiceField(label=_("Otherwise: group"), choices=OWN_SIGN_UP, required=False)
    commune = forms.TypedChoiceField(
        label=_("Commune or ward"),
        choices=commune_choices,
        coerce=int,
        empty_value=None,
        required=False,
    )

    field_order = ["full_name", "phone", "staff_number", "audience", "commune"]

    def clean_staff_number(self) -> str:
        return staff_number(self.cleaned_data["staff_number"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("staff_number"):
            for name in ("audience", "commune"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose one, or give a staff number."))
        return data

    def record(self) -> Person | None:
        """The record of whoever is here, made if there is none; None with the form saying what
        to mend."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        try:
            return known_or_new(
                full_name=given["full_name"],
                phone=given["phone"],
                staff_number=given["staff_number"],
                audience=given["audience"],
                commune_id=given["commune"],
                business=None if given["staff_number"] else self.business(),
            )
        except NameDiffers:
            self.add_error("staff_number", _("This staff number does not belong to this name."))
            return None


class AttendanceListForm(forms.Form):
    """A list of attendance of one class, and what its rows leave out."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel or CSV with the column Họ và tên, and Mã cán bộ or Số điện thoại to tell people"
            " apart; a column for each session (Buổi 1, Buổi 2 …) with x for present, or one list"
            " for one session. Any order."
        ),
    )
    session = forms.ModelChoiceField(
        label=_("Which session is the list of?"),
        queryset=ClassSession.objects.none(),
        required=False,
        empty_label=_("The columns say it"),
    )
    audience = forms.ChoiceField(
        label=_("Group, if the row names none"), choices=OWN_SIGN_UP, required=False
    )
    commune = forms.TypedChoiceField(
        label=_("Commune or ward, if the row names none"),
        choices=commune_choices,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, group: ClassGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["session"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  what was declared above
        field.queryset = group.sessions.all()

    def clean_upload(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["upload"]
        if (upload.size or 0) > LARGEST_LIST:
            raise ValidationError(
                _("The file is larger than %(n)d MB.") % {"n": LARGEST_LIST // 2**20}
            )
        return upload


class PlanTagsForm(forms.ModelForm):
    """What a class serves in the plan."""

    class Meta:
        model = ClassGroup
        fields = PLAN_TAGS


class KeeperForm(forms.Form):
    sign_in_name = forms.CharField(label=_("Sign-in name of the trainer"), max_length=150)

    def clean_sign_in_name(self) -> User:
        typed = self.cleaned_data["sign_in_name"].strip()
        account = User.objects.filter(username__iexact=typed, is_active=True).first()
        if account is None:
            raise ValidationError(_("No account has this sign-in name."))
        return account


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does the class not take place?"),
        help_text=_("Everybody who has a seat or waits for one reads it."),
        max_length=300,
        min_length=3,
    )

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=_("Photo or scan of the signed sheet"),
        help_text=_("PDF or photo, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    def clean_sheet(self) -> CheckedProof:
        try:
            return check_proof(self.cleaned_data["sheet"])
        except ProofError as error:
            raise ValidationError(str(error)) from error


class NamesForm(forms.Form):
    names = forms.CharField(
        label=_("Names on the signed sheet, one a line"),
        help_text=_("Typed or pasted from Excel. Nothing is changed by comparing."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=50_000,
    )

    def clean_names(self) -> list[str]:
        return [line for line in self.cleaned_data["names"].splitlines() if line.strip()]
