"""What each row of a list of businesses would do to the register. Reads, writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses.text import fold
from learners.business_numbers import is_personal
from learners.choices import BusinessKind, BusinessOutcome, RowDecision
from learners.imports.business_communes import Communes
from learners.imports.business_rows import BusinessRow
from learners.imports.staff_rows import Fault
from learners.models import Business, Tombstone
from learners.personal_numbers import digest_of
from learners.reports.names import short_name


@dataclass
class Plan:
    """One row's effect: a new business, changed `fields` of a known one, or nothing."""

    row: BusinessRow
    outcome: BusinessOutcome
    business: Business | None = None
    fields: dict[str, object] = field(default_factory=dict)
    takes_number: bool = False
    """The known business had none and gets the row's."""
    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return self.outcome in (BusinessOutcome.CREATED, BusinessOutcome.CHANGED)


@dataclass
class _Known:
    """The businesses that the rows of a batch may mean."""

    by_number: dict[str, Business]
    by_place: Mapping[tuple[str, str, int], list[Business]]
    erased: Mapping[str, date]
    """Numbers of people whose data was erased at their own request, and since when."""


class Planner:
    """Keeps which rows of the list named which business: the second one is refused."""

    def __init__(self, communes: Communes) -> None:
        self.communes = communes
        self._seen: dict[tuple[object, ...], int] = {}

    def note(self, row: BusinessRow) -> None:
        """A row of an earlier try: it counts as the first of its business."""
        if not row.faults:
            self._seen.setdefault(row.key, row.line)

    def forget(self, batch: Iterable[BusinessRow]) -> None:
        """Before a batch is planned anew."""
        lines = {row.line for row in batch}
        self._seen = {key: line for key, line in self._seen.items() if line not in lines}

    def plan(
        self, batch: Sequence[BusinessRow], decisions: Mapping[int, str] | None = None
    ) -> list[Plan]:
        """Three queries, or four with numbers of households, however many rows."""
        known = _known(batch)
        return [self._plan(row, (decisions or {}).get(row.line, ""), known) for row in batch]

    def _plan(self, row: BusinessRow, decision: str, known: _Known) -> Plan:
        if row.faults:
            return _refused(row, *row.faults)
        first = self._seen.setdefault(row.key, row.line)
        if first != row.line:
            return _refused(
                row,
                Fault(
                    "name",
                    _("The same business stands in row %(n)d.") % {"n": first},
                    _("Nothing to do: the first row counts."),
                    better=False,
                ),
            )
        found = known.by_number.get(row.number) if row.number else None
        namesakes = known.by_place.get(row.place, []) if found is None else []  # type: ignore[arg-type]
        unnumbered = [one for one in namesakes if not has_number(one)]
        # One with another number is another business, however it is called; and a row without any
        # means the one without.
        namesakes = unnumbered if row.number or unnumbered else namesakes
        if len(namesakes) > 1:
            return _refused(
                row,
                Fault(
                    "number",
                    _("Several businesses of this commune have this name."),
                    _("Write the tax code, or the twelve digits of the household's head."),
                    better=False,
                ),
            )
        if namesakes:
            [likely] = namesakes
            sure = row.kind != BusinessKind.HOUSEHOLD_BUSINESS
            sure = sure or not (row.number or has_number(likely))
            if sure or decision == RowDecision.ACCEPTED:
                found = likely
            elif decision != RowDecision.OTHER:
                return self._unsure(row, likely)
        if found is not None:
            return self._known_one(row, found)
        return self._new(row, decision, known.erased.get(row.number))

    def _unsure(self, row: BusinessRow, likely: Business) -> Plan:
        """Two households of one name live in many a commune."""
        why = Fault(
            "number",
            _("The register has a household business of this name in this commune (%(number)s).")
            % {"number": likely.shown_number or _("without a number")},
            _("Say whether it is the same one."),
            better=True,
        )
        return Plan(row, BusinessOutcome.UNSURE, business=likely, faults=[why])

    def _new(self, row: BusinessRow, decision: str, erased_on: date | None) -> Plan:
        lacking = _was_erased(erased_on) if erased_on else _lacking(row)
        if lacking and decision != RowDecision.ACCEPTED:
            return _refused(row, lacking)
        return Plan(row, BusinessOutcome.CREATED)

    def _known_one(self, row: BusinessRow, found: Business) -> Plan:
        within = self.communes.within
        if within is not None and found.commune_id not in within:
            return _refused(
                row,
                Fault(
                    "number",
                    _("The register has this business in a commune that you do not answer for."),
                    _("Take the row out, or ask the officer of that commune."),
                    better=False,
                ),
            )
        plan = Plan(row, BusinessOutcome.UNCHANGED, business=found)
        if row.number and not has_number(found):
            plan.takes_number = True
            plan.changes.append(_("the number is entered"))
        if row.says_kind and row.kind != found.kind:
            kind = BusinessKind(row.kind)
            plan.fields["kind"] = kind.value
            plan.changes.append(
                _("kind: %(before)s → %(after)s")
                % {"before": found.get_kind_display(), "after": kind.label}
            )
        if fold(row.name) != found.folded_name:
            plan.fields["name"] = row.name
            plan.changes.append(
                _("name: %(before)s → %(after)s") % {"before": found.name, "after": row.name}
            )
        if row.says_commune and row.commune != found.commune_id:
            plan.fields["commune_id"] = row.commune
            plan.changes.append(
                _("commune: %(before)s → %(after)s")
                % {
                    "before": self.name(found.commune_id) or "–",
                    "after": self.name(row.commune),
                }
            )
        if row.recognition and row.recognition != found.recognition:
            plan.fields["recognition"] = row.recognition
            plan.changes.append(_("recognition decision: %(after)s") % {"after": row.recognition})
        if plan.changes:
            plan.outcome = BusinessOutcome.CHANGED
        return plan

    def name(self, commune: int | None) -> str:
        return short_name(self.communes.name(commune)) if commune else ""


def has_number(business: Business) -> bool:
    return bool(business.tax_code or business.number_digest)


def _refused(row: BusinessRow, *faults: Fault) -> Plan:
    return Plan(row, BusinessOutcome.REFUSED, faults=list(faults))


def _was_erased(day: date) -> Fault:
    """A list does not bring back, unseen, whoever had his data erased."""
    return Fault(
        "number",
        _("The data of this person was erased at his own request on %(day)s.")
        % {"day": f"{day:%d/%m/%Y}"},
        _("Take the row out; or accept to enter the household business anew."),
        better=True,
    )


def _lacking(row: BusinessRow) -> Fault | None:
    """What a new business should be known by; whoever knows that it has none may accept it."""
    if row.kind == BusinessKind.ENTERPRISE and not row.number:
        return Fault(
            "number",
            _("An enterprise has a tax code; the row has none."),
            _("Write it; or accept to enter the enterprise without."),
            better=True,
        )
    if row.kind == BusinessKind.CRAFT_VILLAGE and not (row.recognition or row.number):
        return Fault(
            "recognition",
            _("A craft village is known by its recognition decision; the row has none."),
            _("Write number and date of the decision; or accept to enter the village without."),
            better=True,
        )
    return None


def _known(batch: Sequence[BusinessRow]) -> _Known:
    good = [row for row in batch if not row.faults]
    codes = {row.number for row in good if row.number and not is_personal(row.number)}
    digests = {digest_of(row.number): row.number for row in good if is_personal(row.number)}
    by_number = {
        str(one.tax_code): one for one in Business.objects.filter(tax_code__in=codes).iterator()
    }
    for one in Business.objects.filter(number_digest__in=list(digests)).iterator():
        by_number[digests[str(one.number_digest)]] = one
    by_place: dict[tuple[str, str, int], list[Business]] = defaultdict(list)
    named = Business.objects.filter(
        folded_name__in={fold(row.name) for row in good}, commune__in={row.commune for row in good}
    )
    for one in named.order_by("pk").iterator():
        by_place[one.kind, one.folded_name, one.commune_id].append(one)
    graves = Tombstone.objects.filter(digest__in=list(digests), erasure__closed_at__isnull=False)
    erased = {
        digests[digest]: localdate(at)
        for digest, at in graves.values_list("digest", "erasure__closed_at")
    }
    return _Known(by_number, by_place, erased)
