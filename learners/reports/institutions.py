"""Indicator "1 to 2 educational institutions teach e-commerce": which count, and why others do not.

An institution counts once somebody has completed one of its e-commerce classes; the class that
proves it is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Min, Q

from courses.choices import ECOMMERCE_TOPICS
from courses.models import ClassGroup, Provider
from learners.models import Participation, ReportingPeriod


class Reason(StrEnum):
    COUNTED = "counted"
    NO_INSTITUTION = "no_institution"
    NO_CLASS = "no_class"
    AHEAD = "ahead"
    """Its first e-commerce class is still to come."""
    NOBODY = "nobody"
    """Its classes are over or under way, and nobody took part."""
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True)
class InstitutionRow:
    provider: Provider
    reason: Reason
    classes: int
    """E-commerce classes that run in the period."""
    lots: int
    completed: int
    proof: ClassGroup | None
    """The class that somebody completed first."""
    begins_on: date | None
    """The first day of its first e-commerce class of the period."""

    @property
    def is_counted(self) -> bool:
        return self.reason == Reason.COUNTED


def institution_rows(period: ReportingPeriod, today: date) -> list[InstitutionRow]:
    """Every educational institution, and others that ran an e-commerce class; those that count
    first. Four queries."""
    days = (period.starts_on, period.ends_on)
    lots = Participation.objects.counted().filter(happened_on__range=days).order_by()
    counted = {
        row["class_group__provider"]: row
        for row in lots.values("class_group__provider").annotate(
            lots=Count("pk"),
            done=Count("pk", filter=Q(completed=True)),
        )
    }
    classes = ClassGroup.objects.filter(topic__in=ECOMMERCE_TOPICS).filter(
        starts_on__lte=period.ends_on, ends_on__gte=period.starts_on
    )
    planned = {
        row["provider"]: row
        for row in classes.order_by()
        .values("provider")
        .annotate(n=Count("pk"), first=Min("starts_on"))
    }
    proofs = _proofs(period)
    providers = Provider.objects.filter(
        Q(is_educational_institution=True) | Q(pk__in=[*counted, *planned])
    )
    rows = []
    for provider in providers.order_by("name", "pk"):
        taught, plan = counted.get(provider.pk), planned.get(provider.pk)
        rows.append(
            InstitutionRow(
                provider=provider,
                reason=_reason(provider, taught, plan, today),
                classes=plan["n"] if plan else 0,
                lots=taught["lots"] if taught else 0,
                completed=taught["done"] if taught else 0,
                proof=proofs.get(provider.pk),
                begins_on=plan["first"] if plan else None,
            )
        )
    return sorted(rows, key=lambda row: (not row.is_counted, row.reason == Reason.NO_INSTITUTION))


def _proofs(period: ReportingPeriod) -> dict[int, ClassGroup]:
    """By provider: the e-commerce class that somebody completed first. One query."""
    done = Participation.objects.counted().filter(
        completed=True, happened_on__range=(period.starts_on, period.ends_on)
    )
    groups = ClassGroup.objects.filter(pk__in=done.order_by().values("class_group"))
    found: dict[int, ClassGroup] = {}
    for group in groups.order_by("starts_on", "pk"):
        found.setdefault(group.provider_id, group)
    return found


def _reason(
    provider: Provider,
    taught: Mapping[str, Any] | None,
    plan: Mapping[str, Any] | None,
    today: date,
) -> Reason:
    if not provider.is_educational_institution:
        return Reason.NO_INSTITUTION
    if taught and taught["done"]:
        return Reason.COUNTED
    if taught:
        return Reason.NOT_COMPLETED
    if not plan:
        return Reason.NO_CLASS
    return Reason.AHEAD if plan["first"] > today else Reason.NOBODY
