"""Questions and completion, as pure functions: no database, no learner.

The frozen shape of a question of any kind, and of its answer, is in courses.questions.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from courses.questions import grade, validate
from courses.text import nfc


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
    validate(question)
    return question


def is_multiple(question: Mapping) -> bool:
    """Whether more than one choice is right, so that boxes and not dots are shown."""
    return sum(choice["right"] for choice in question["choices"]) > 1


def is_right(question: Mapping, chosen: Iterable[int]) -> bool:
    """All right choices and no wrong one."""
    right = {index for index, choice in enumerate(question["choices"]) if choice["right"]}
    return set(chosen) == right


def score(questions: Sequence[Mapping], answers: Mapping[str, Any]) -> int:
    """Whole per cent of the marks reached, rounded down; what no one marked yet counts as 0.

    `answers` maps the question's index, as text, to its answer. Rounding down keeps 69.6
    from passing a mark of 70.
    """
    return percent(
        grade(question, answers.get(str(index))) for index, question in enumerate(questions)
    )


def percent(marks: Iterable[Fraction | None]) -> int:
    """Whole per cent of the sum of marks between 0 and 1, rounded down; 0 for no marks."""
    given = [mark or Fraction(0) for mark in marks]
    return int(sum(given, Fraction(0)) * 100 / len(given)) if given else 0


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
