"""Model fields of the product."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.choices import Audience, CityField, PlanSolution, PlanTask


class CodesField(models.JSONField):
    """A list of codes of one vocabulary, shown as boxes to tick."""

    vocabulary: type[models.TextChoices]
    unknown = _("Unknown code: %(code)s")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": list, **kwargs})

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=kwargs.get("label", self.verbose_name),
            choices=self.vocabulary.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            help_text=self.help_text,
        )

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        codes = value if isinstance(value, list) else [value]
        unknown = [code for code in codes if code not in self.vocabulary.values]
        if unknown:
            raise ValidationError(self.unknown % {"code": unknown[0]})


class AudiencesField(CodesField):
    vocabulary = Audience
    unknown = _("Unknown audience: %(code)s")


class TasksField(CodesField):
    vocabulary = PlanTask
    unknown = _("Unknown task of the plan: %(code)s")


class SolutionsField(CodesField):
    vocabulary = PlanSolution
    unknown = _("Unknown solution of the plan: %(code)s")


class CityFieldsField(CodesField):
    vocabulary = CityField
    unknown = _("Unknown field of the smart city: %(code)s")
