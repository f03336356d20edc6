"""How the questions of a quiz did their work, from all attempts that were handed in."""

from dataclasses import dataclass

from django.db.models import QuerySet

from courses.models import EditionItem
from courses.questions import ItemStatistics, as_kinded, item_statistics
from learners.models import Attempt

FEWEST = 5
"""Below so many answers nothing is said: chance alone, and perhaps one person's mark."""


@dataclass(frozen=True)
class QuestionRow:
    ref: str
    stem: str
    count: int
    statistics: ItemStatistics | None
    """None under FEWEST answers."""

    @property
    def reached(self) -> int:
        """The mean share of the mark, in percent."""
        return round(100 * self.statistics.difficulty) if self.statistics else 0

    @property
    def is_suspect(self) -> bool:
        """The better people answer it worse: the first thing to look at is the key."""
        found = self.statistics
        return found is not None and found.discrimination is not None and found.discrimination < 0


def question_rows(item: EditionItem) -> list[QuestionRow]:
    """One row for each question that was asked in any edition of the quiz, hardest first; those
    with too few answers last. Reads the attempts one by one: memory does not grow with them."""
    stems: dict[str, str] = {}
    counts: dict[str, int] = {}
    marked = []
    for attempt in attempts_of(item).iterator(chunk_size=200):
        marks = {}
        for index, asked in enumerate(attempt.asked()):
            ref = asked.get("ref") or f"f{index}"
            stems[ref] = as_kinded(asked)["stem"]
            mark = attempt.mark_of(index)
            if mark is not None:
                marks[ref] = float(mark)
                counts[ref] = counts.get(ref, 0) + 1
        marked.append(marks)
    statistics = item_statistics(marked)
    rows = [
        QuestionRow(
            ref,
            stem,
            counts.get(ref, 0),
            statistics.get(ref) if counts.get(ref, 0) >= FEWEST else None,
        )
        for ref, stem in stems.items()
    ]
    return sorted(rows, key=lambda row: row.statistics.difficulty if row.statistics else 2)


def attempts_of(item: EditionItem) -> QuerySet[Attempt]:
    """Handed-in attempts with answers, in every edition of the same quiz."""
    same = {"item__page": item.page_id} if item.page_id else {"item": item}
    handed_in = Attempt.objects.filter(submitted_at__isnull=False, entered_by__isnull=True, **same)
    return handed_in.select_related("item").order_by("pk")
