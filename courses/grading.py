"""Questions and completion, as pure functions: no database, no learner.

A question in its frozen shape::

    {"stem": str, "choices": [{"text": str, "right": bool}, ...], "explanation": str}

Choices are answered by their index in the frozen order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courses.text import nfc


class QuestionError(ValueError):
    """A question that cannot be asked; str() says what is wrong and how to mend it."""

    def as_validation_error(self) -> ValidationError:
        return ValidationError(str(self))


def parse_choices(stem: str, typed: str) -> dict:
    """The frozen question from a stem and its typed choices.

    One choice a line; `*` marks a right one, `-` may mark a wrong one, `>` begins the
    explanation. Raises QuestionError for a question without two choices, without a
    right one, with nothing but right ones, or with the same choice twice.
    """
    choices: list[dict] = []
    explanation: list[str] = []
    for line in (nfc(raw) for raw in typed.splitlines()):
        if not line:
            continue
        if line.startswith(">"):
            explanation.append(line[1:].strip())
        else:
            marked = line[0] in "*-" and line[1:2] == " "
            choices.append(
                {
                    "text": line[1:].strip() if marked else line,
                    "right": line.startswith("* "),
                }
            )
    question = {
        "stem": nfc(stem),
        "choices": choices,
        "explanation": " ".join(explanation),
    }
    _refuse_unaskable(question)
    return question


def _refuse_unaskable(question: Mapping) -> None:
    texts = [choice["text"].casefold() for choice in question["choices"]]
    right = sum(choice["right"] for choice in question["choices"])
    if not question["stem"]:
        raise QuestionError(_("The question has no text. Write what is asked."))
    if len(texts) < 2:
        raise QuestionError(_("A question needs at least two choices, one a line."))
    if not right:
        raise QuestionError(_("No choice is marked right. Put “* ” before the right one."))
    if right == len(texts):
        raise QuestionError(_("Every choice is marked right. Leave at least one wrong."))
    if len(set(texts)) < len(texts):
        raise QuestionError(_("The same choice stands twice. Change or remove one."))


def is_multiple(question: Mapping) -> bool:
    """Whether more than one choice is right, so that boxes and not dots are shown."""
    return sum(choice["right"] for choice in question["choices"]) > 1


def is_right(question: Mapping, chosen: Iterable[int]) -> bool:
    """All right choices and no wrong one."""
    right = {index for index, choice in enumerate(question["choices"]) if choice["right"]}
    return set(chosen) == right


def score(questions: Sequence[Mapping], answers: Mapping[str, Collection[int]]) -> int:
    """Whole per cent of questions answered right, rounded down.

    `answers` maps the question's index, as text, to the chosen indices. Rounding down
    keeps 69.6 from passing a mark of 70.
    """
    if not questions:
        return 0
    right = sum(
        is_right(question, answers.get(str(index), ())) for index, question in enumerate(questions)
    )
    return right * 100 // len(questions)


@dataclass(frozen=True)
class Missing:
    """What still stands between a learner and completion."""

    lessons: int
    quizzes: int

    def __bool__(self) -> bool:
        return bool(self.lessons or self.quizzes)


def progress(required: Collection[int], done: Collection[int]) -> int:
    """Whole per cent, 0 to 100, of required items done; 100 only when all are.

    Items that are done but no longer required do not count, so the figure cannot
    exceed 100 (docs/decisions/0004-editions.md).
    """
    if not required:
        return 0
    return len(set(required) & set(done)) * 100 // len(set(required))
