"""What the plan asks for in a year, and the rule by which it is counted."""

from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, Subquery, Value
from django.db.models.functions import Coalesce

from learners.choices import IndicatorCode
from learners.models import CountingRule, ReportingPeriod, Target
from learners.models.organisations import InForce
from learners.reading import once


def targets_of(period: ReportingPeriod) -> dict[str, Target]:
    """By indicator code; an indicator without a target that year is absent."""
    return targets_in(period.year)


@once
def targets_in(year: int) -> dict[str, Target]:
    """As `targets_of`, by the number of the year."""
    found = Target.objects.filter(year=year).select_related("denominator")
    return {target.indicator: target for target in found}


@once
def rules_on(day: date) -> dict[str, CountingRule]:
    """The newest rule of each indicator in force that day."""
    rules = InForce(CountingRule).on(day).order_by("version")
    return {rule.indicator: rule for rule in rules}


def least_hours_on(day: date) -> Coalesce:
    """As a part of a query: how long training has to be, by that day's rule, to count."""
    rules = InForce(CountingRule).on(day).filter(indicator=IndicatorCode.STAFF_TRAINED)
    return Coalesce(
        Subquery(rules.order_by("-version").values("minimum_hours")[:1]),
        Value(Decimal(0)),
        output_field=DecimalField(),
    )
