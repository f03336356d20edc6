"""A course as the readers of foreign forms give it back: checked, and not yet stored."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from courses.imports.markdown import Block
from courses.imports.questions.parsed import Source

WORDS_A_MINUTE = 180


def minutes_for(words: int) -> int:
    """How long reading so many words takes, a minute at least."""
    return max(1, round(words / WORDS_A_MINUTE))


@dataclass
class ItemDraft:
    """A lesson, or a quiz when it has questions."""

    source: str
    title: str
    minutes: int
    blocks: list[Block] = field(default_factory=list)
    questions: list[dict] = field(default_factory=list)
    intro: str = ""
    pass_mark: int = 50
    attempts_allowed: int | None = None
    drawn: Source | None = None
    """Questions that go into a bank of the course's name; the quiz asks them all."""

    @property
    def is_quiz(self) -> bool:
        return bool(self.questions) or self.drawn is not None


@dataclass
class ModuleDraft:
    number: int
    title: str
    items: list[ItemDraft] = field(default_factory=list)


@dataclass
class CourseDraft:
    """Everything a course needs, checked; pictures still name their files."""

    folder: Path
    root: Path
    title: str
    summary: str
    topic: str
    audiences: list[str]
    hours: Decimal
    completion: str
    gains: list[str] = field(default_factory=list)
    framework: str = ""
    cover: str = ""
    plan_tags: dict[str, list[str]] = field(default_factory=dict)
    """By field of the page; what is not named is left as the page has it."""
    legal_bases: list[dict[str, Any]] = field(default_factory=list)
    introduction: list[Block] = field(default_factory=list)
    modules: list[ModuleDraft] = field(default_factory=list)
    is_foreign: bool = False

    def hours_of_items(self) -> Decimal:
        """For a course that states none: what its parts take, an hour at least."""
        minutes = sum(item.minutes for module in self.modules for item in module.items)
        return Decimal(max(1, round(minutes / 60)))
