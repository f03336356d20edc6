"""Indicators of one year for every unit, as other systems take them.

A record says what was counted, of whom, by which rule and which definition. Its key names
period, indicator, unit and rule: a system that files records by key may receive them as often
as it likes. Its hash covers everything but the day of reading: the same figures, the same hash.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from learners.choices import IndicatorCode
from learners.models import CountingRule, ParticipationTally, ReportingPeriod, Target
from learners.reports.completion import Counts, counts_by_unit, counts_of, percent
from learners.reports.it_officers import it_officers
from learners.reports.participations import institutions_teaching
from learners.reports.plan import rules_on, targets_of
from learners.tree import Tree, tree_on

PROVINCE_CODE = "40"
"""Nghệ An with the statistics office: the whole province, the Party's bodies included."""
PROVINCE_NAME = "Toàn tỉnh Nghệ An"


@dataclass(frozen=True)
class Asked:
    """One year, read with the tree and the rules of its cut-off day."""

    period: ReportingPeriod
    tree: Tree
    targets: dict[str, Target]
    rules: dict[str, CountingRule]


def document(period: ReportingPeriod) -> dict[str, Any]:
    """All records of a year with their reconciliation totals. Eight queries or fewer."""
    day = period.cut_off()
    asked = Asked(period, tree_on(day), targets_of(period), rules_on(day))
    records = [*_of_staff(asked), *_of_participations(asked), *_of_the_province(asked)]
    return {
        "version": 1,
        "period": period.year,
        "period_starts": period.starts_on.isoformat(),
        "period_ends": period.ends_on.isoformat(),
        "as_of": day.isoformat(),
        "rules": {
            code: {"version": rule.version, "sentence": rule.sentence}
            for code, rule in sorted(asked.rules.items())
        },
        "count": len(records),
        "records": records,
        "hash": hash_of([record["hash"] for record in records]),
    }


def hash_of(value: object) -> str:
    """SHA-256 of the value as canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _of_staff(asked: Asked) -> Iterator[dict[str, Any]]:
    by_unit = counts_by_unit(asked.period, None)
    yield _staff(asked, PROVINCE_CODE, PROVINCE_NAME, counts_of(by_unit, by_unit))
    for unit, counter in summed_upwards(asked.tree, by_unit).items():
        node = asked.tree[unit]
        yield _staff(asked, node.code, node.name, Counts(counter))


def _staff(asked: Asked, code: str, name: str, counts: Counts) -> dict[str, Any]:
    share = percent(counts.reached, counts.headcount)
    return _record(
        asked,
        IndicatorCode.STAFF_TRAINED,
        code,
        name,
        value=None if share is None else float(share),
        measure="percent",
        numerator=counts.reached,
        denominator=counts.headcount,
    )


def summed_upwards(tree: Tree, by_unit: dict[int, Counter[str]]) -> dict[int, Counter[str]]:
    """Each unit of the tree with all below it; units without anybody are left out."""
    sums: dict[int, Counter[str]] = {}
    for unit, counter in by_unit.items():
        if unit in tree:
            for above in [*tree.ancestors(unit), unit]:
                sums.setdefault(above, Counter()).update(counter)
    return dict(sorted(sums.items(), key=lambda found: tree[found[0]].code))


def _of_participations(asked: Asked) -> Iterator[dict[str, Any]]:
    tallies = ParticipationTally.objects.filter(period=asked.period)
    rows = tallies.values_list("organisation_id").annotate(sum=Sum("participations")).order_by()
    by_unit = {unit: Counter({"all": count}) for unit, count in rows}
    whole = sum(counter["all"] for counter in by_unit.values())
    code = IndicatorCode.PARTICIPATIONS
    yield _record(asked, code, PROVINCE_CODE, PROVINCE_NAME, value=whole, measure="participations")
    for unit, counter in summed_upwards(asked.tree, by_unit).items():
        node = asked.tree[unit]
        count = counter["all"]
        yield _record(asked, code, node.code, node.name, value=count, measure="participations")


def _of_the_province(asked: Asked) -> Iterator[dict[str, Any]]:
    """What only the province as a whole is asked."""
    yield _record(
        asked,
        IndicatorCode.PROVIDERS,
        PROVINCE_CODE,
        PROVINCE_NAME,
        value=len(institutions_teaching(asked.period)),
        measure="institutions",
    )
    found = it_officers(asked.tree, None, asked.period.cut_off())
    share = percent(found.covered, found.agencies)
    yield _record(
        asked,
        IndicatorCode.IT_OFFICERS,
        PROVINCE_CODE,
        PROVINCE_NAME,
        value=None if share is None else float(share),
        measure="percent",
        numerator=found.covered,
        denominator=found.agencies,
    )


def _record(
    asked: Asked,
    indicator: IndicatorCode,
    unit_code: str,
    unit_name: str,
    *,
    value: float | None,
    measure: str,
    numerator: int | None = None,
    denominator: int | None = None,
) -> dict[str, Any]:
    target, rule = asked.targets.get(indicator), asked.rules.get(indicator)
    version = rule.version if rule else 0
    definition = target.denominator if target else None
    is_whole = unit_code == PROVINCE_CODE
    record: dict[str, Any] = {
        "key": f"{asked.period.year}:{indicator.value}:{unit_code}:r{version}",
        "period": asked.period.year,
        "indicator": indicator.value,
        "unit_code": unit_code,
        "unit_name": unit_name,
        "value": value,
        "measure": measure,
        "numerator": numerator,
        "denominator": denominator,
        "target": target.value if target and (is_whole or measure == "percent") else None,
        "rule_version": version,
        "definition_version": definition.pk if definition else None,
        "definition": definition.sentence if definition else None,
    }
    return record | {"hash": hash_of(record)}
