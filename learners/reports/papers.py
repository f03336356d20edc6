"""What an app above knows of the papers that training yielded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from learners.models import TrainingRecord


@dataclass(frozen=True)
class Paper:
    """The paper of one training record that stands today."""

    serial: str
    code: str
    """By which it is fetched and checked."""
    issued_on: date
    issued_by: str
    decision_number: str
    decided_on: date
    is_valid: bool
    """False: it was withdrawn. The training itself stays."""
    is_regulated: bool
    """A "chứng chỉ", which only an entitled institution issues."""
    has_badge: bool


PapersOf: TypeAlias = Callable[[Sequence[TrainingRecord]], Mapping[int, Paper]]
"""Of these records, each with its person at hand, by the record's key; in a fixed number of
queries."""

_sources: list[PapersOf] = []


def register_papers(source: PapersOf) -> None:
    """Idempotent; called once, when the site starts."""
    if source not in _sources:
        _sources.append(source)


def papers_of(records: Sequence[TrainingRecord]) -> dict[int, Paper]:
    found: dict[int, Paper] = {}
    for source in _sources:
        found |= source(records)
    return found
