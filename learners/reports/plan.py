"""What the plan asks for in a year, and the rule by which it is counted."""

from datetime import date

from learners.models import CountingRule, ReportingPeriod, Target
from learners.models.organisations import InForce


def targets_of(period: ReportingPeriod) -> dict[str, Target]:
    """By indicator code; an indicator without a target that year is absent."""
    return {target.indicator: target for target in Target.objects.filter(year=period.year)}


def rules_on(day: date) -> dict[str, CountingRule]:
    """The newest rule of each indicator in force that day."""
    rules = InForce(CountingRule).on(day).order_by("version")
    return {rule.indicator: rule for rule in rules}
