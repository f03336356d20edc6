"""What an importer did, in the one shape that every importer of the product writes."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


class ImportRefused(Exception):
    """The input cannot be taken; str() is one sentence saying where and how to mend it.

    Raised before anything is written, or inside the transaction that it rolls back.
    """


@dataclass
class Skipped:
    where: str
    what: str
    why: str
    repair: str


@dataclass
class ImportReport:
    """Counts of rows or pages, and what was left out with the reason."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def skip(self, *, where: str, what: str, why: str, repair: str) -> None:
        self.skipped.append(Skipped(where, what, why, repair))

    def count(self, outcome: str) -> None:
        """Add one to `created`, `updated` or `unchanged`."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n", "utf-8")

    def __str__(self) -> str:
        return (
            f"{self.read} read: {self.created} created, {self.updated} updated,"
            f" {self.unchanged} unchanged, {len(self.skipped)} skipped"
        )
