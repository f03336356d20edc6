"""How the questions of a quiz or of a bank did their work, from attempts that were handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from courses.choices import QuestionKind
from courses.editions import drawing_from, same_quiz
from courses.models import EditionItem, Question, QuestionBank
from courses.questions import ItemStatistics, as_kinded, item_statistics
from learners.models import Attempt

FEWEST = 5
"""Below so many answers nothing is said: chance alone, and perhaps one person's mark."""

NEWEST = 5000
"""So many attempts are read at most, the newest: enough to judge by, and done within a request."""


@dataclass(frozen=True)
class QuestionRow:
    ref: str
    """The question within the quiz (courses.draws); empty where it is no longer asked."""
    stem: str
    kind: str
    count: int
    statistics: ItemStatistics | None
    """None under FEWEST answers."""

    @property
    def reached(self) -> int:
        """The mean share of the mark, in percent."""
        return round(100 * self.statistics.difficulty) if self.statistics else 0

    @property
    def is_suspect(self) -> bool:
        """The better people answer it worse, in the two places shown: look at the key first."""
        apart = self.statistics.discrimination if self.statistics else None
        return apart is not None and round(apart, 2) < 0

    @property
    def is_of_bank(self) -> bool:
        return self.ref.startswith("q")


def question_rows(item: EditionItem) -> list[QuestionRow]:
    """One row for each question that was asked in any edition of the quiz, hardest first; those
    with too few answers last."""
    found = _measured(same_quiz(item))
    banks = [rule["bank"] for rule in item.draws]
    drawn = Question.objects.filter(bank__in=banks).values_list("pk", flat=True) if banks else []
    asked_today = {f"q{pk}": f"q{pk}" for pk in drawn}
    asked_today |= {_origin(asked): f"f{place}" for place, asked in enumerate(item.questions)}
    return _arranged(found, lambda key: asked_today.get(key, ""))


def bank_rows(bank: QuestionBank) -> list[QuestionRow]:
    """One row for each question of the bank that was asked anywhere, hardest first."""
    found = _measured(EditionItem.objects.filter(pk__in=drawing_from(bank.pk)))
    own = {f"q{pk}" for pk in bank.questions.values_list("pk", flat=True)}
    return _arranged({key: row for key, row in found.items() if key in own}, str)


@dataclass
class _Measured:
    stem: str
    kind: str
    statistics: ItemStatistics | None = None


def _measured(quizzes: QuerySet[EditionItem]) -> dict[str, _Measured]:
    attempts = Attempt.objects.filter(
        item__in=quizzes.values("pk"), submitted_at__isnull=False, entered_by__isnull=True
    )
    newest = attempts.select_related("item").defer("item__body", "answers").order_by("-pk")
    found: dict[str, _Measured] = {}
    marked = []
    for attempt in newest[:NEWEST].iterator(chunk_size=200):
        marks = {}
        for index, asked in enumerate(attempt.asked()):
            key = _origin(asked)
            if key not in found:
                whole = as_kinded(asked)
                found[key] = _Measured(whole["stem"], str(QuestionKind(whole["kind"]).label))
            mark = attempt.mark_of(index)
            if mark is not None:
                marks[key] = float(mark)
        marked.append(marks)
    for key, statistics in item_statistics(marked).items():
        found[key].statistics = statistics
    return found


def _arranged(found: dict[str, _Measured], ref_of: Callable[[str], str]) -> list[QuestionRow]:
    rows = []
    for key, measured in found.items():
        count = measured.statistics.count if measured.statistics else 0
        told = measured.statistics if count >= FEWEST else None
        rows.append(QuestionRow(ref_of(key), measured.stem, measured.kind, count, told))
    return sorted(rows, key=lambda row: row.statistics.difficulty if row.statistics else 2)


def _origin(asked: Mapping) -> str:
    """What makes two copies the same question: its row in the bank, otherwise what it asks, since
    its place in the page differs between editions."""
    ref = asked.get("ref", "")
    whole = as_kinded(asked)
    return ref if ref.startswith("q") else f"{whole['kind']} {whole['stem']}"
