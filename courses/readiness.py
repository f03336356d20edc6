"""What a course needs before anybody may see it. Pure: knows values, no pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.choices import Completion

OUTLINE = "outline"
"""The requirement that no field of the course's own form can meet."""

LEGAL_BASES = "legal_bases"


class OutlineSize(NamedTuple):
    """Published lessons and quizzes."""

    lessons: int
    quizzes: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the author's checklist; `field` is where it is met."""

    field: str
    label: str | Promise
    met: bool
    remedy: str | Promise
    is_advice: bool = False
    """Told, and asked of nobody: a course can be published without."""


class CannotPublish(PermissionDenied):
    """Something is missing; str() names the course and each missing thing.

    A kind of PermissionDenied, which Wagtail's administration turns into a refusal
    wherever it publishes.
    """

    def __init__(self, title: str, missing: Iterable[Requirement]) -> None:
        self.missing = list(missing)
        remedies = " ".join(str(requirement.remedy) for requirement in self.missing)
        super().__init__(f"{title}: {remedies}")


def unmet(checklist: Iterable[Requirement]) -> list[Requirement]:
    """What stands between the course and its readers; advice does not."""
    return [one for one in checklist if not one.met and not one.is_advice]


def requirements(
    *,
    topic: str,
    hours: Decimal | None,
    audiences: list[str],
    completion: str,
    legal_bases: int,
    tasks: list[str],
    outline: OutlineSize,
) -> list[Requirement]:
    """The author's checklist, in the order of the form."""
    return [
        Requirement("topic", _("Topic"), bool(topic), _("Topic: choose what the course is about.")),
        Requirement("hours", _("Hours"), bool(hours), _("Hours: say how long the course takes.")),
        Requirement(
            "completion",
            _("Completion rule"),
            bool(completion),
            _("Completion rule: choose what a learner has to do."),
        ),
        Requirement(
            "audiences",
            _("Audience"),
            bool(audiences),
            _("Audience: tick at least one group."),
        ),
        Requirement(
            LEGAL_BASES,
            _("Legal basis"),
            legal_bases > 0,
            _("Legal basis: name at least one act that the course rests on."),
        ),
        _outline(completion, outline),
        Requirement(
            "tasks",
            _("Tasks of the plan"),
            bool(tasks),
            _(
                "Tasks of the plan: tick what the course serves. Without, it is counted in no line"
                " of the report by task."
            ),
            is_advice=True,
        ),
    ]


def _outline(completion: str, outline: OutlineSize) -> Requirement:
    if completion == Completion.QUIZZES:
        return Requirement(
            OUTLINE,
            _("Something to learn"),
            outline.quizzes > 0,
            _("Content: publish at least one quiz; this completion rule asks for quizzes only."),
        )
    return Requirement(
        OUTLINE,
        _("Something to learn"),
        sum(outline) > 0,
        _("Content: publish at least one lesson or quiz in a published module."),
    )
