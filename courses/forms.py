"""The doors through which answers enter: one form for every kind of question."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from courses.choices import QuestionKind
from courses.questions import gaps, is_answered, kind_of, numbers_in, options

_LONGEST_LINE, _LONGEST_TEXT = 500, 20_000


class AnswerForm(forms.Form):
    """The answer to one question; `answer()` is its JSON (courses.questions).

    Names of choices are indices into the frozen question; "shown" in the question is the
    order in which they are offered. Bound without anything answered it is not valid.
    """

    def __init__(self, question: dict, before: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.kind = question, kind_of(question)
        # An answer in the form of another kind is no answer.
        self.before = before if is_answered(question, before) else None
        match self.kind:
            case QuestionKind.CHOICE | QuestionKind.MULTIPLE | QuestionKind.TRUE_FALSE:
                self._offer_choices()
            case QuestionKind.MATCHING:
                offered = self._shown([(str(n), text) for n, text in enumerate(options(question))])
                for place, pair in enumerate(question["pairs"]):
                    self._offer_select(place, pair["left"], offered)
            case QuestionKind.ORDERING:
                places = [(str(n), str(n + 1)) for n in range(len(question["items"]))]
                where = {item: at for at, item in enumerate(self.before or [])}
                for item, text in self._shown(list(enumerate(question["items"]))):
                    self._offer_select(item, text, places, initial=where.get(item))
            case QuestionKind.GAP_FILL:
                for place, gap in enumerate(gaps(question)):
                    self._offer_gap(place, gap)
            case QuestionKind.ESSAY:
                self.fields["answer"] = forms.CharField(
                    label=_("Your answer"),
                    widget=forms.Textarea(attrs={"rows": 10}),
                    initial=self.before,
                    validators=[MaxLengthValidator(_LONGEST_TEXT)],
                    error_messages={"required": _("Write an answer, or press “Later”.")},
                )
            case _:
                self.fields["answer"] = _line(
                    _("Your answer"), self.before, number=self.kind == QuestionKind.NUMERICAL
                )

    def answer(self) -> Any:
        """The answer as the question's kind keeps it; call after is_valid()."""
        data = self.cleaned_data
        match self.kind:
            case QuestionKind.CHOICE | QuestionKind.TRUE_FALSE:
                return [int(data["answer"])]
            case QuestionKind.MULTIPLE:
                return sorted(int(place) for place in data["answer"])
            case QuestionKind.MATCHING:
                count = len(self.question["pairs"])
                return [_index(data.get(f"answer_{place}")) for place in range(count)]
            case QuestionKind.ORDERING:
                placed: list[int | None] = [None] * len(self.question["items"])
                for item in range(len(placed)):
                    if (place := _index(data.get(f"answer_{item}"))) is not None:
                        placed[place] = item
                return placed
            case QuestionKind.GAP_FILL:
                return [
                    _index(data.get(f"answer_{place}"))
                    if gap["kind"] == QuestionKind.CHOICE
                    else data.get(f"answer_{place}", "")
                    for place, gap in enumerate(gaps(self.question))
                ]
        return data["answer"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kind == QuestionKind.ORDERING:
            places = [place for place in data.values() if place]
            if len(set(places)) < len(places):
                raise forms.ValidationError(_("Two items have the same place. Change one."))
        is_empty = all(value in (None, "") for value in data.values())
        if "answer" not in self.fields and not self.errors and is_empty:
            raise forms.ValidationError(_("Choose an answer, or press “Later”."))
        return data

    def parts(self) -> Iterator[dict]:
        """A gap_fill's text and fields in reading order, for its template."""
        place = 0
        for part in self.question["parts"]:
            if isinstance(part, str):
                yield {"text": part}
            else:
                yield {"field": self[f"answer_{place}"], "number": place + 1}
                place += 1

    @property
    def is_choice(self) -> bool:
        return self.kind in {
            QuestionKind.CHOICE,
            QuestionKind.MULTIPLE,
            QuestionKind.TRUE_FALSE,
        }

    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")

    def first_input(self) -> str:
        """The id that a summary of errors leads to."""
        name = next((name for name in self.errors if name in self.fields), next(iter(self.fields)))
        return f"id_{name}_0" if self.is_choice else f"id_{name}"

    def _shown(self, offered: list) -> list:
        """In the order that the attempt fixed; as frozen if it fixed none."""
        shown = self.question.get("shown") or []
        return [offered[n] for n in shown] if len(shown) == len(offered) else offered

    def _offer_choices(self) -> None:
        required = {"required": _("Choose an answer, or press “Later”.")}
        if self.kind == QuestionKind.TRUE_FALSE:
            choices = [("1", _("True")), ("0", _("False"))]
        else:
            texts = [choice["text"] for choice in self.question["choices"]]
            choices = self._shown([(str(place), text) for place, text in enumerate(texts)])
        before = [str(place) for place in self.before or []]
        label = _("Your answer")
        if self.kind == QuestionKind.MULTIPLE:
            self.fields["answer"] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                initial=before,
                error_messages=required,
            )
        else:
            self.fields["answer"] = forms.ChoiceField(
                label=label,
                choices=choices,
                widget=forms.RadioSelect,
                initial=before[0] if before else None,
                error_messages=required,
            )

    def _offer_select(
        self, place: int, label: str, offered: list[tuple[str, str]], **initial: Any
    ) -> None:
        before = initial.get("initial") if initial else _at(self.before, place)
        self.fields[f"answer_{place}"] = forms.ChoiceField(
            label=label,
            choices=[("", _("– choose –")), *offered],
            initial=before,
            required=False,
        )

    def _offer_gap(self, place: int, gap: dict) -> None:
        label, before = _("Gap %(number)s") % {"number": place + 1}, _at(self.before, place)
        if gap["kind"] == QuestionKind.CHOICE:
            offered = [(str(n), choice["text"]) for n, choice in enumerate(gap["choices"])]
            self._offer_select(place, label, offered)
        else:
            number = gap["kind"] == QuestionKind.NUMERICAL
            self.fields[f"answer_{place}"] = _line(label, before, number=number, required=False)


def _line(label: str, before: Any, *, number: bool, required: bool = True) -> forms.CharField:
    attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    if number:
        attrs["inputmode"] = "text"
    return forms.CharField(
        label=label,
        initial=before,
        required=required,
        max_length=_LONGEST_LINE,
        validators=[_is_number] if number else [],
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": _("Write an answer, or press “Later”.")},
    )


def _is_number(typed: str) -> None:
    if not numbers_in(typed):
        raise forms.ValidationError(_("Write a number in digits, for example 3,14."))


def _index(value: str | None) -> int | None:
    return int(value) if value else None


def _at(before: Any, place: int) -> Any:
    return before[place] if isinstance(before, list) and place < len(before) else None
