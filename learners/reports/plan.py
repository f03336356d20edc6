"""What the plan asks for in a year, and the rule by which it is counted."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import DecimalField, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from courses.prepared import Prepared
from learners.choices import IndicatorCode
from learners.models import CountingRule, Denominator, ReportingPeriod, Snapshot, Target
from learners.models.organisations import InForce
from learners.reading import apart, as_one, from_json, once


@dataclass(frozen=True)
class Plan:
    """All that was ever set: some rows a year."""

    periods: list[ReportingPeriod]
    """The newest first."""
    targets: list[Target]
    rules: list[CountingRule]
    """By indicator, the newest version first."""
    signed_at: dict[int, datetime]
    """By the key of a period: when the province's figures of the whole year were signed first."""


@once
def the_plan() -> Plan:
    """Four small tables, and a day of a fifth, in one query: nearly every report wants something
    of each."""
    *found, signatures = apart(_ALL.rows(), len(TABLES) + 1)
    periods, denominators, targets, rules = (
        [_made(table, row) for row in told] for table, told in zip(TABLES, found, strict=True)
    )
    signatures.sort(key=itemgetter("number"), reverse=True)
    at = Snapshot._meta.get_field("signed_at")
    named = {one.pk: one for one in denominators}
    for target in targets:
        target.denominator = named.get(target.denominator_id)
    return Plan(
        sorted(periods, key=lambda period: -period.year),
        sorted(targets, key=lambda target: (-target.year, target.indicator)),
        sorted(rules, key=lambda rule: (rule.indicator, -rule.version)),
        {row["period"]: from_json(at, row["at"]) for row in signatures},
    )


TABLES: tuple[Any, ...] = (ReportingPeriod, Denominator, Target, CountingRule)


def _asked(_number: int, _word: str) -> QuerySet:
    signed = Snapshot.objects.filter(unit__isnull=True, part="").final()
    return as_one(
        *((table.objects.all(), _columns(table)) for table in TABLES),
        (signed, {"period": "period_id", "number": "number", "at": "signed_at"}),
    )


_ALL = Prepared(_asked)


def _columns(table: type[Model]) -> dict[str, Any]:
    return {field.attname: field.attname for field in table._meta.concrete_fields}


def _made(table: type[Model], row: dict[str, Any]) -> Any:
    fields = table._meta.concrete_fields
    values = [from_json(field, row[field.attname]) for field in fields]
    return table.from_db("default", [field.attname for field in fields], values)


def periods_begun(today: date) -> list[ReportingPeriod]:
    """The years that have begun, the newest first."""
    return [period for period in the_plan().periods if period.starts_on <= today]


def targets_of(period: ReportingPeriod) -> dict[str, Target]:
    """By indicator code; an indicator without a target that year is absent."""
    return targets_in(period.year)


def targets_in(year: int) -> dict[str, Target]:
    """As `targets_of`, by the number of the year."""
    return {target.indicator: target for target in the_plan().targets if target.year == year}


def rules_on(day: date) -> dict[str, CountingRule]:
    """The newest rule of each indicator in force that day."""
    return {rule.indicator: rule for rule in reversed(the_plan().rules) if rule.covers(day)}


def rules_of(indicator: IndicatorCode) -> list[CountingRule]:
    """Every version there was, the newest first."""
    return [rule for rule in the_plan().rules if rule.indicator == indicator]


def least_hours_on(day: date) -> Coalesce:
    """As a part of a query: how long training has to be, by that day's rule, to count."""
    rules = InForce(CountingRule).on(day).filter(indicator=IndicatorCode.STAFF_TRAINED)
    return Coalesce(
        Subquery(rules.order_by("-version").values("minimum_hours")[:1]),
        Value(Decimal(0)),
        output_field=DecimalField(),
    )
