"""What the readers of learning packages find in them."""

from dataclasses import dataclass
from typing import Any

from courses.choices import PackageKind


@dataclass(frozen=True)
class Manifest:
    kind: PackageKind
    title: str
    parts: list[dict[str, Any]]
    """What can be launched, in its order: {"id", "title", "href", "mastery"}."""
