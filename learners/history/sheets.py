"""The same histories for those who live in Excel: nobody is left out, and the last column says
who could not be sent and why."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from learners.choices import KIND_NAMES
from learners.exports import Cell, Column, Kind, Sheet
from learners.history.people import REASONS, Obstacle, Official
from learners.reports.training import Training


def history_sheet(people: Iterable[Official], *, of: str) -> Sheet:
    """A line for each accepted training, the oldest first; one for whoever has none. The same
    facts give the same rows on any day."""
    return Sheet(
        name="Quá trình đào tạo",
        title=_("Training history: %(of)s") % {"of": of},
        source=[
            _("Accepted results only, of all ways of learning. Each person's list is complete."),
        ],
        columns=[
            Column(_("Full name"), 28),
            Column(_("Staff number"), 16),
            Column(_("Kind of staff"), 16),
            Column(_("Code of the managing unit"), 16),
            Column(_("Managing unit"), 36),
            Column(_("Code of the using unit"), 16),
            Column(_("What was learnt"), 40),
            Column(_("Topic"), 22),
            Column(_("Way"), 22),
            Column(_("Hours"), 8, Kind.NUMBER),
            Column(_("From"), 12, Kind.DAY),
            Column(_("To"), 12, Kind.DAY),
            Column(_("Provider"), 30),
            Column(_("Source"), 24),
            Column(_("Number of the paper"), 22),
            Column(_("Issued on"), 12, Kind.DAY),
            Column(_("Decision number"), 20),
            Column(_("Decided on"), 12, Kind.DAY),
            Column(_("Why it cannot be sent"), 44),
        ],
        rows=_rows(people),
    )


def _rows(people: Iterable[Official]) -> Iterator[list[Cell]]:
    for one in people:
        head = [
            one.person.full_name,
            one.person.staff_number or "",
            KIND_NAMES[one.post.staff_kind] if one.post else "",
            one.managing_code,
            one.managing_name,
            one.using_code,
        ]
        why = str(REASONS[one.obstacle][0]) if one.obstacle else ""
        for training in reversed(one.training.rows):
            yield [*head, *_cells(training), why]
        if not one.training.rows:
            yield [*head, *[None] * 12, why]


def _cells(training: Training) -> list[Cell]:
    record = training.record
    paper = training.paper if training.paper is not None and training.paper.is_valid else None
    return [
        record.title,
        str(training.topic.label) if training.topic else "",
        training.way,
        record.hours,
        training.begun_on,
        record.completed_on,
        training.provider,
        training.source,
        training.number,
        paper.issued_on if paper else None,
        paper.decision_number if paper else "",
        paper.decided_on if paper else None,
    ]


class LeftOut(NamedTuple):
    """Somebody whose history could not be sent."""

    full_name: str
    staff_number: str
    unit: str
    why: Obstacle

    @classmethod
    def of(cls, one: Official, why: Obstacle) -> "LeftOut":
        return cls(one.person.full_name, one.person.staff_number or "", one.managing_name, why)


def left_out_sheet(left_out: Iterable[LeftOut]) -> Sheet:
    """Who was not sent, why, and how that is mended."""
    return Sheet(
        name="Chưa gửi được",
        title=_("Training histories that could not be sent"),
        source=[],
        columns=[
            Column("Họ và tên", 28),
            Column("Mã cán bộ", 16),
            Column("Đơn vị quản lý", 40),
            Column("Lý do", 50),
            Column("Cách xử lý", 60),
        ],
        rows=(
            [name, number, unit, *(str(words) for words in REASONS[why])]
            for name, number, unit, why in left_out
        ),
    )
