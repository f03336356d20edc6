"""How an author writes a question of a bank: typed text, one thing a line."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses.blocks import TYPED_HELP
from courses.choices import QuestionKind
from courses.models import Question
from courses.questions import QuestionError, clean_html, parse_typed, validate, write_typed


class QuestionForm(WagtailAdminModelForm):
    """Reads typed answers into the frozen shape, and refuses what nobody could answer.

    What typed text cannot say (shares within a gap, feedback of an import) stays as it is
    as long as the typed answers are left alone. A changed key counts the version up.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=QuestionKind.choices)
    stem = forms.CharField(
        label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000
    )
    stem_html = forms.CharField(
        label=_("Question with formatting (HTML)"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=50_000,
        help_text=_("Optional. Shown instead of the text above; pictures only from this site."),
    )
    typed = forms.CharField(
        label=_("Choices or answers"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=50_000,
        help_text=TYPED_HELP,
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=10_000,
    )
    fold = forms.BooleanField(
        label=_("Marks and case do not matter"),
        required=False,
        initial=True,
        help_text=_("For short answers and gaps: “nghe an” is then as right as “Nghệ An”."),
    )
    all_or_nothing = forms.BooleanField(
        label=_("All or nothing"),
        required=False,
        help_text=_("For several right choices: no part of the mark for a part of the answer."),
    )

    class Meta:
        model = Question
        fields = [
            "bank", "category", "name", "tags", "difficulty", "framework", "source", "archived",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = self.instance.content if self.instance.pk else None
        if self.before is not None:
            self.initial |= {
                "kind": self.before["kind"],
                "stem": self.before.get("stem", ""),
                "stem_html": self.before.get("stem_html", ""),
                "explanation": self.before.get("explanation", ""),
                "fold": _folds(self.before),
                "all_or_nothing": self.before.get("all_or_nothing", False),
                "typed": write_typed(self.before),
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not {"kind", "stem", "typed"} <= data.keys():
            return data
        try:
            self.instance.content = self._content(data)
        except QuestionError as error:
            self.add_error("typed", error.as_validation_error())
            # The model's own check would say the same once more.
            self.instance.content = self.before or _PLACEHOLDER
        else:
            if self.before is not None and self.instance.content != self.before:
                self.instance.version += 1
        self.instance.kind = self.instance.content["kind"]
        return data

    def _content(self, data: dict[str, Any]) -> dict:
        answers_kept = self.before is not None and not (
            {"kind", "typed", "fold", "all_or_nothing"} & set(self.changed_data)
        )
        if answers_kept and self.before is not None:
            content = dict(self.before)
        else:
            content = parse_typed(
                data["kind"],
                data["stem"],
                data["typed"],
                fold_answers=data["fold"],
                all_or_nothing=data["all_or_nothing"],
            )
        content["stem"] = data["stem"].strip()
        content["stem_html"] = clean_html(data["stem_html"])
        content["explanation"] = data["explanation"].strip() or (
            "" if answers_kept else content["explanation"]
        )
        validate(content)
        return content


def _folds(question: dict) -> bool:
    """Whether every typed text of the question is compared without marks."""
    parts = [question, *(part for part in question.get("parts", []) if isinstance(part, dict))]
    said = [part["fold"] for part in parts if "fold" in part]
    return all(said) if said else True


_PLACEHOLDER = {"kind": "essay", "stem": "–", "stem_html": "", "explanation": "", "guidance": ""}
