"""What is said about a list of results, and about a row whose person is not certain."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.choices import ANY_TOPIC
from learners.models import OutsideFile, OutsideSource

LARGEST_BYTES = 50 * 2**20


class ResultsForm(forms.ModelForm):
    """A list, where it is from, and what its rows leave out."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel or CSV with the columns Họ và tên, Ngày hoàn thành, and Số hiệu, CCCD, Điện"
            " thoại, Ngày sinh or Đơn vị to tell people apart. Any order."
        ),
    )
    topic = forms.ChoiceField(
        label=_("What are the courses about?"), choices=ANY_TOPIC, required=False
    )

    class Meta:
        model = OutsideFile
        fields = ["source", "title", "topic", "hours"]
        labels = {
            "source": _("Where are the results from?"),
            "title": _("Course, if the rows name none"),
            "hours": _("Hours, if the rows give none"),
        }
        help_texts = {"title": "", "hours": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_force = OutsideSource.objects.on(timezone.localdate())
        self.fields["source"] = forms.ModelChoiceField(
            label=_("Where are the results from?"), queryset=in_force, empty_label=_("Choose")
        )
        self.fields["hours"].required = False
        self.fields["hours"].validators += [MinValueValidator(0.5), MaxValueValidator(2000)]
        self.order_fields(["source", "upload", "title", "topic", "hours"])

    def clean_hours(self) -> Decimal:
        """Zero for none: rows must give theirs."""
        return self.cleaned_data["hours"] or Decimal(0)

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_BYTES:
            raise ValidationError(
                _("The file is larger than %(n)d MB.") % {"n": LARGEST_BYTES // 2**20}
            )
        return upload


class SetAsideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does the row mean nobody here?"), max_length=300, min_length=3
    )
