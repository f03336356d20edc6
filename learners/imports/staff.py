"""A list of staff on its way into the register: opened, checked, applied.

Rows are read one after the other and handled in batches. Applying writes each batch
and the place it came to in one short transaction, so that a run that was killed goes on where
it stopped, and nobody is entered twice.
"""

import gc
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.fast_rows import among, insert_rows, seldom_collected
from learners.actions.audit import note
from learners.choices import Act, ImportState, RowDecision, RowOutcome
from learners.imports.cells import text
from learners.imports.kept_lists import (
    keep_places,
    read_list,
    remembered_places,
    sheet_of_list,
)
from learners.imports.sheets import Sheet, heading_key
from learners.imports.staff_columns import COLUMNS
from learners.imports.staff_plan import WRITING, Plan, Planner
from learners.imports.staff_rows import RowReader, StaffRow
from learners.imports.staff_store import store
from learners.imports.staff_units import Units
from learners.models import Post, StaffImport, StaffImportRow, User
from learners.models.kept_lists import sealed_cells

BATCH = 2000
ATTEMPTS = 3
"""How often a batch is planned anew when somebody else changed the register meanwhile."""

LEFT_OUT = (RowOutcome.REFUSED, RowOutcome.UNSURE)

Tell = Callable[[int], None]
"""Hears how many rows were read, after each batch."""


# ------------------------------------------------------------------ opening


def open_list(
    data: bytes,
    *,
    name: str,
    unit: int | None,
    effective_on: date,
    default_kind: str = "",
    by: User | None = None,
) -> tuple[StaffImport, Sheet]:
    """Keep a list, with its columns named as far as they are known or were named before.

    Raises ImportRefused, with nothing kept, for a file that is no list of staff.
    """
    sheet, total = read_list(data, COLUMNS)
    run = StaffImport(
        name=name[:200],
        unit_id=unit,
        effective_on=effective_on,
        default_kind=default_kind,
        by=by,
        total=total,
        places=remembered_places(sheet) or dict(sheet.headings.places),
        warnings=list(sheet.warnings),
    )
    run.keep(data)
    run.save()
    return run, sheet


def sheet_of(run: StaffImport) -> Sheet:
    """The table of a kept list. Raises ImportRefused when the file can no longer be opened."""
    return sheet_of_list(run, COLUMNS)


def name_columns(run: StaffImport, sheet: Sheet, places: Mapping[str, int]) -> None:
    """Take what the columns mean, and remember it for this set of headings."""
    keep_places(run, sheet, places)


def missing_columns(places: Mapping[str, int]) -> str:
    """What the columns lack to be a list of staff; "" when they are enough."""
    if not ("full_name" in places or {"family_name", "given_name"} <= set(places)):
        return _("Say which column holds the full name.")
    if not {"personal_number", "staff_number", "birth_date"} & set(places):
        return _("Say which column holds the personal number, the staff number or the birth date.")
    return ""


# ------------------------------------------------------------------ passing through


class _Pass:
    """One way through the list, from row to plan."""

    def __init__(self, run: StaffImport, sheet: Sheet | None) -> None:
        self.sheet = sheet or sheet_of(run)
        self.units = Units(run.effective_on, run.unit_id)
        self.planner = Planner(
            self.units, effective_on=run.effective_on, default_kind=run.default_kind
        )
        self.reader = RowReader(
            run.places,
            timezone.localdate(),
            _counted(self.sheet.headings.titles),
            first=self.sheet.first,
        )
        self.cells: dict[int, list] = {}
        """Of the batch at hand."""

    def batches(self, *, after: int, decisions: Mapping[int, str]) -> Iterator[list[StaffRow]]:
        """Rows behind the line `after`, by the batch; those before are only noted."""
        rows = self._rows(after, decisions)
        with seldom_collected():
            for count in itertools.count(1):
                batch = list(islice(rows, BATCH))
                if not batch:
                    return
                yield batch
                self.cells.clear()
                if count % 10 == 0:
                    del batch
                    gc.collect(1)

    def _rows(self, after: int, decisions: Mapping[int, str]) -> Iterator[StaffRow]:
        for line, cells in self.sheet.rows():
            row = self.reader.read(line, cells, accept=decisions.get(line) == RowDecision.ACCEPTED)
            if row.is_heading:
                continue
            if line <= after:
                self.planner.said.note(row)
                continue
            self.cells[line] = cells
            yield row


def _counted(titles: Sequence[str]) -> int | None:
    """The column that numbers the rows."""
    places = [place for place, title in enumerate(titles) if heading_key(title) in _COUNTING]
    return places[0] if places else None


_COUNTING = {"stt", "tt", "so tt", "so thu tu"}


def check_list(
    run: StaffImport, sheet: Sheet | None = None, *, tell: Tell = lambda _read: None
) -> None:
    """Say of every row what it would do; writes nothing but that. Begins anew when repeated.

    Raises ImportRefused when the file can no longer be opened.
    """
    StaffImportRow.objects.filter(run=run).delete()
    counts: Counter[str] = Counter()
    way = _Pass(run, sheet)
    read = 0
    for batch in way.batches(after=0, decisions={}):
        plans = way.planner.plan(batch)
        _keep_rows(run, way, plans)
        counts.update(plan.outcome for plan in plans)
        read += len(batch)
        StaffImport.objects.filter(pk=run.pk).update(read=read, counts=dict(counts))
        tell(read)
    counts[RowOutcome.MISSING] = _keep_missing(run, way)
    StaffImport.objects.filter(pk=run.pk, state=ImportState.CHECKING).update(
        state=ImportState.CHECKED, read=read, counts=dict(counts)
    )


def apply_list(
    run: StaffImport,
    sheet: Sheet | None = None,
    *,
    accept_all: bool = False,
    tell: Tell = lambda _read: None,
) -> None:
    """Write the list into the register, from the place where an earlier try stopped.

    Rows refused or undecided at the check stay out, unless the officer accepted the repair;
    `accept_all` accepts every repair there is. A list that says what the register says is not
    read again. Idempotent. Raises ImportRefused when the file can no longer be opened.
    """
    run.refresh_from_db()
    decisions = _decisions(run, accept_all=accept_all)
    if not decisions and _is_known_already(run):
        _finish(run)
        return
    counts: Counter[str] = Counter(run.counts if run.last_line else {})
    way = _Pass(run, sheet)
    read = run.read if run.last_line else 0
    for batch in way.batches(after=run.last_line, decisions=decisions):
        read += len(batch)
        plans = _store_batch(run, way, batch, decisions, counts, read)
        counts.update(plan.outcome for plan in plans)
        tell(read)
    _finish(run)


def _is_known_already(run: StaffImport) -> bool:
    """Whether the check found no row that changes the register; of a list that was not checked,
    or that stopped in the middle, nobody knows."""
    was_checked = bool(run.counts) and not run.last_line
    return was_checked and not any(run.counts.get(outcome) for outcome in WRITING)


def _store_batch(
    run: StaffImport,
    way: _Pass,
    batch: Sequence[StaffRow],
    decisions: Mapping[int, str],
    counts: Mapping[str, int],
    read: int,
) -> list[Plan]:
    """One batch, with the place it came to, in one transaction."""
    for attempt in range(1, ATTEMPTS + 1):
        plans = way.planner.plan(batch, decisions)
        now = Counter(counts)
        now.update(plan.outcome for plan in plans)
        try:
            with transaction.atomic():
                store(plans)
                _keep_new_refusals(run, way, plans)
                _settle(run, plans, decisions)
                StaffImport.objects.filter(pk=run.pk).update(
                    read=read, last_line=batch[-1].line, counts=dict(now)
                )
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
            way.planner.forget(batch)
            continue
        return plans
    raise AssertionError


@transaction.atomic
def _finish(run: StaffImport) -> None:
    """The file is no longer needed: what was not taken is kept with its rows."""
    run.refresh_from_db()
    run.forget_file()
    run.counts[RowOutcome.MISSING] = run.rows.filter(outcome=RowOutcome.MISSING).count()
    run.state, run.finished_at = ImportState.APPLIED, timezone.now()
    run.save(update_fields=["file", "counts", "state", "finished_at"])
    note(Act.STAFF_LIST, f"list of staff {run.pk}", by=run.by, after=run.counts)


# ------------------------------------------------------------------ rows to look at


def _decisions(run: StaffImport, *, accept_all: bool) -> dict[int, str]:
    rows = StaffImportRow.objects.filter(run=run, outcome__in=LEFT_OUT)
    decisions = {}
    for row in rows.order_by().iterator():
        accepted = accept_all and row.can_be_accepted
        decisions[row.line] = RowDecision.ACCEPTED.value if accepted else row.decision
    return {line: decision for line, decision in decisions.items() if decision}


def _keep_rows(run: StaffImport, way: _Pass, plans: Sequence[Plan]) -> None:
    _insert(_row(run, way, plan) for plan in plans if plan.outcome != RowOutcome.UNCHANGED)


def _keep_new_refusals(run: StaffImport, way: _Pass, plans: Sequence[Plan]) -> None:
    """What the check did not foresee: somebody changed the register in between."""
    faulty = [plan for plan in plans if plan.faults]
    rows = run.rows.filter(line__in=[plan.row.line for plan in faulty])
    left = set(rows.filter(outcome__in=LEFT_OUT).values_list("line", flat=True))
    rows.exclude(outcome__in=LEFT_OUT).delete()
    _insert(_row(run, way, plan) for plan in faulty if plan.row.line not in left)


def _settle(run: StaffImport, plans: Sequence[Plan], decisions: Mapping[int, str]) -> None:
    """Rows taken because the officer decided are no longer among those left out."""
    for plan in plans:
        if plan.row.line in decisions and not plan.faults:
            run.rows.filter(line=plan.row.line).update(
                outcome=plan.outcome, faults=[], sealed="", person=plan.person_id
            )


KEPT = ["run_id", "line", "outcome", "name", "unit", "person_id", "what", "faults", "decision"]
KEPT += ["sealed"]


def _insert(rows: Iterable[tuple]) -> None:
    insert_rows(StaffImportRow, KEPT, rows)


def _row(run: StaffImport, way: _Pass, plan: Plan) -> tuple:
    """What is kept of a row, in the order of KEPT."""
    unit = way.units.name(plan.unit) if plan.unit else plan.row.unit or plan.row.unit_code
    sealed = ""
    if plan.faults:
        sealed = sealed_cells([text(cell) for cell in way.cells[plan.row.line]])
    return (
        run.pk,
        plan.row.line,
        plan.outcome,
        plan.row.full_name[:120],
        unit[:250],
        plan.person_id,
        "; ".join([*plan.changes, *plan.row.notes])[:500],
        [fault.kept() for fault in plan.faults],
        RowDecision.NONE,
        sealed,
    )


def _keep_missing(run: StaffImport, way: _Pass) -> int:
    """People whose main post is in the unit, and whom the list does not name."""
    posts = Post.objects.on(run.effective_on).filter(is_main=True, valid_to__isnull=True)
    if way.units.within is not None:
        posts = posts.filter(managing_unit__in=way.units.within)
    absent = [
        pk
        for pk, person in posts.order_by("person__name_key").values_list("pk", "person_id")
        if person not in way.planner.people
    ]
    for at in range(0, len(absent), BATCH):
        found = Post.objects.filter(pk__in=among(absent[at : at + BATCH]))
        rows = found.order_by("person__name_key").values_list(
            "person_id", "person__full_name", "managing_unit_id"
        )
        _insert(_missing(run, pk, name, way.units.name(unit)) for pk, name, unit in rows)
    return len(absent)


def _missing(run: StaffImport, person: int, name: str, unit: str) -> tuple:
    nothing: tuple = ("", [], RowDecision.NONE, "")
    return (run.pk, 0, RowOutcome.MISSING, name[:120], unit[:250], person, *nothing)
