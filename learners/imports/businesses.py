"""A list of businesses on its way into the register: opened, checked, applied.

As with lists of staff: rows are handled by the thousand, each thousand is written with the place
it came to in one transaction, and a run that was killed goes on where it stopped.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.text import fold, nfc
from learners import personal_numbers
from learners.actions.audit import note
from learners.actions.businesses import said_of
from learners.business_numbers import is_personal
from learners.choices import Act, BusinessOutcome, ImportState, RowDecision
from learners.imports.business_columns import COLUMNS
from learners.imports.business_communes import Communes
from learners.imports.business_plan import Plan, Planner, has_number
from learners.imports.business_rows import BusinessRow, RowReader
from learners.imports.cells import text
from learners.imports.kept_lists import keep_places, read_list, remembered_places, sheet_of_list
from learners.imports.sheets import Sheet
from learners.models import Business, BusinessList, BusinessListRow, User
from learners.models.kept_lists import sealed_cells

BATCH = 1000
ATTEMPTS = 3
"""How often a thousand is planned anew when somebody else changed the register meanwhile."""

ABOUT = "businesses\n"
LEFT_OUT = (BusinessOutcome.REFUSED, BusinessOutcome.UNSURE)


def open_list(
    data: bytes,
    *,
    name: str,
    by: User,
    default_kind: str = "",
    default_commune: int | None = None,
) -> BusinessList:
    """Keep a list, with its columns named as far as they are known or were named before.

    Raises ImportRefused, with nothing kept, for a file that is no list of businesses.
    """
    sheet, total = read_list(data, COLUMNS)
    run = BusinessList(
        name=name[:200],
        by=by,
        default_kind=default_kind,
        default_commune_id=default_commune,
        total=total,
        places=remembered_places(sheet, ABOUT) or dict(sheet.headings.places),
        warnings=list(sheet.warnings),
    )
    run.keep(data)
    run.save()
    return run


def sheet_of(run: BusinessList) -> Sheet:
    """The table of a kept list. Raises ImportRefused when the file can no longer be opened."""
    return sheet_of_list(run, COLUMNS)


def name_columns(run: BusinessList, sheet: Sheet, places: Mapping[str, int]) -> None:
    """Take what the columns mean, and remember it for this set of headings."""
    keep_places(run, sheet, places, ABOUT)


def missing_columns(places: Mapping[str, int]) -> str:
    """What the columns lack to be a list of businesses; "" when they are enough."""
    return "" if "name" in places else _("Say which column holds the name.")


class _Pass:
    """One way through the list, from row to plan. `within` are the communes that whoever brought
    it answers for; None: all."""

    def __init__(self, run: BusinessList, within: frozenset[int] | None) -> None:
        today = timezone.localdate()
        self.sheet = sheet_of(run)
        communes = Communes(today, within)
        self.planner = Planner(communes)
        default = run.default_commune_id
        if within is not None and default not in within:
            default = None  # No longer the officer's own.
        self.reader = RowReader(
            run.places,
            communes,
            today,
            default_kind=run.default_kind,
            default_commune=default,
            first=self.sheet.first,
        )
        self.cells: dict[int, list] = {}
        """Of the batch at hand."""

    def batches(self, *, after: int, decisions: Mapping[int, str]) -> Iterator[list[BusinessRow]]:
        """Rows behind the line `after`, by the thousand; those before are only noted."""
        rows = self._rows(after, decisions)
        while batch := list(islice(rows, BATCH)):
            yield batch
            self.cells.clear()

    def _rows(self, after: int, decisions: Mapping[int, str]) -> Iterator[BusinessRow]:
        for line, cells in self.sheet.rows():
            row = self.reader.read(line, cells, accept=decisions.get(line) == RowDecision.ACCEPTED)
            if row.is_heading:
                continue
            if line <= after:
                self.planner.note(row)
                continue
            self.cells[line] = cells
            yield row


def check_list(run: BusinessList, within: frozenset[int] | None) -> None:
    """Say of every row what it would do; writes nothing but that. Begins anew when repeated.

    Raises ImportRefused when the file can no longer be opened.
    """
    BusinessListRow.objects.filter(run=run).delete()
    counts: Counter[str] = Counter()
    way, read = _Pass(run, within), 0
    for batch in way.batches(after=0, decisions={}):
        plans = way.planner.plan(batch)
        _keep_rows(run, way, [one for one in plans if one.outcome != BusinessOutcome.UNCHANGED])
        counts.update(plan.outcome.value for plan in plans)
        read += len(batch)
        BusinessList.objects.filter(pk=run.pk).update(read=read, counts=dict(counts))
    BusinessList.objects.filter(pk=run.pk, state=ImportState.CHECKING).update(
        state=ImportState.CHECKED, read=read, counts=dict(counts)
    )


def apply_list(run: BusinessList, within: frozenset[int] | None) -> None:
    """Write the list into the register, from the place where an earlier try stopped.

    Rows refused or undecided at the check stay out, unless the officer accepted the repair.
    Idempotent. Raises ImportRefused when the file can no longer be opened.
    """
    run.refresh_from_db()
    rows = run.rows.filter(outcome__in=LEFT_OUT).exclude(decision=RowDecision.NONE)
    decisions = dict(rows.order_by().values_list("line", "decision"))
    counts: Counter[str] = Counter(run.counts if run.last_line else {})
    way, read = _Pass(run, within), run.read if run.last_line else 0
    for batch in way.batches(after=run.last_line, decisions=decisions):
        read += len(batch)
        plans = _store_batch(run, way, batch, decisions, counts, read)
        counts.update(plan.outcome.value for plan in plans)
    _finish(run)


# ------------------------------------------------------------------ writing


def _store_batch(
    run: BusinessList,
    way: _Pass,
    batch: Sequence[BusinessRow],
    decisions: Mapping[int, str],
    counts: Mapping[str, int],
    read: int,
) -> list[Plan]:
    """One thousand, with the place it came to, in one transaction."""
    for attempt in range(1, ATTEMPTS + 1):
        plans = way.planner.plan(batch, decisions)
        now = Counter(counts)
        now.update(plan.outcome.value for plan in plans)
        try:
            with transaction.atomic():
                changed = _store(plans)
                _keep_new_refusals(run, way, plans)
                _settle(run, plans, decisions)
                BusinessList.objects.filter(pk=run.pk).update(
                    read=read, last_line=batch[-1].line, counts=dict(now)
                )
                for pk, before, after in changed:
                    about, why = f"business {pk}", run.name
                    note(Act.BUSINESS, about, by=run.by, before=before, after=after, why=why)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
            way.planner.forget(batch)
            continue
        return plans
    raise AssertionError


def _store(plans: Sequence[Plan]) -> list[tuple[int, dict[str, str], dict[str, str]]]:
    """Create and change as planned; what was changed, for the log. Raises IntegrityError when the
    register changed since the plans were made."""
    Business.objects.bulk_create(
        [_made(plan.row) for plan in plans if plan.outcome == BusinessOutcome.CREATED]
    )
    changed = []
    for plan in plans:
        if plan.outcome != BusinessOutcome.CHANGED or plan.business is None:
            continue
        business = Business.objects.select_for_update().get(pk=plan.business.pk)
        if plan.takes_number and has_number(business):
            raise IntegrityError("the business was given a number meanwhile")
        before = said_of(business)
        for name, value in plan.fields.items():
            setattr(business, name, value)
        if plan.takes_number:
            _give_number(business, plan.row.number)
        business.save()
        changed.append((business.pk, before, said_of(business)))
    return changed


def _made(row: BusinessRow) -> Business:
    assert row.commune is not None  # noqa: S101  a row without one has a fault
    name = nfc(row.name)
    made = Business(
        kind=row.kind,
        name=name,
        folded_name=fold(name),
        commune_id=row.commune,
        recognition=row.recognition,
    )
    _give_number(made, row.number)
    return made


def _give_number(business: Business, number: str) -> None:
    if is_personal(number):
        business.number_sealed = personal_numbers.seal(number)
        business.number_digest = personal_numbers.digest_of(number)
    else:
        business.tax_code = number or None


@transaction.atomic
def _finish(run: BusinessList) -> None:
    """The file is no longer needed: what was not taken is kept with its rows."""
    run.refresh_from_db()
    run.forget_file()
    run.state, run.finished_at = ImportState.APPLIED, timezone.now()
    run.save(update_fields=["file", "state", "finished_at"])
    note(Act.BUSINESS_LIST, f"list of businesses {run.pk}", by=run.by, after=run.counts)


# ------------------------------------------------------------------ rows to look at


def _keep_rows(run: BusinessList, way: _Pass, plans: Sequence[Plan]) -> None:
    BusinessListRow.objects.bulk_create(
        BusinessListRow(
            run=run,
            line=plan.row.line,
            outcome=plan.outcome,
            name=plan.row.name,
            commune=way.planner.name(plan.row.commune)[:250],
            business=plan.business,
            what="; ".join([*plan.changes, *plan.row.notes])[:500],
            faults=[fault.kept() for fault in plan.faults],
            sealed=sealed_cells([text(cell) for cell in way.cells[plan.row.line]])
            if plan.faults
            else "",
        )
        for plan in plans
    )


def _keep_new_refusals(run: BusinessList, way: _Pass, plans: Sequence[Plan]) -> None:
    """What the check did not foresee: somebody changed the register in between."""
    faulty = [plan for plan in plans if plan.faults]
    lines = [plan.row.line for plan in faulty]
    rows = run.rows.filter(line__in=lines)
    left = set(rows.filter(outcome__in=LEFT_OUT).values_list("line", flat=True))
    rows.exclude(outcome__in=LEFT_OUT).delete()
    _keep_rows(run, way, [plan for plan in faulty if plan.row.line not in left])


def _settle(run: BusinessList, plans: Sequence[Plan], decisions: Mapping[int, str]) -> None:
    """Rows taken because the officer decided are no longer among those left out."""
    for plan in plans:
        if plan.row.line in decisions and not plan.faults:
            run.rows.filter(line=plan.row.line).update(
                outcome=plan.outcome, faults=[], sealed="", business=plan.business
            )
