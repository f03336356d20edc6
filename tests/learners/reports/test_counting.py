"""Whom the share is taken of, and by which rule: data with dates."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.utils.timezone import make_aware

from learners.actions.recounting import differences, recount_period
from learners.choices import IndicatorCode, StaffKind, Status
from learners.models import (
    CountingRule,
    Denominator,
    Enrolment,
    ReportingPeriod,
    Standing,
    Target,
    TrainingRecord,
)
from learners.reports.completion import staff_figures
from tests.factories.learning import staff
from tests.factories.reports import MIDDLE_OF_YEAR, on_23_november, person, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_day():
    with on_23_november():
        yield


def figures(year: int) -> tuple[int, int]:
    period = ReportingPeriod.objects.get(year=year)
    recount_period(period)
    counts = staff_figures(period, None).counts
    return counts.reached, counts.headcount


def test_each_year_is_counted_of_its_own_denominator():
    place = world()
    for kind in StaffKind:
        staff(str(kind), at=place.hospital, kind=kind)
    Target.objects.filter(indicator=IndicatorCode.STAFF_TRAINED, year=2026).update(
        denominator=Denominator.objects.get(with_part_time=True)
    )
    Target.objects.filter(indicator=IndicatorCode.STAFF_TRAINED, year=2025).update(
        denominator=Denominator.objects.get(with_contract=True, with_part_time=False)
    )

    assert [figures(year)[1] for year in (2024, 2025, 2026)] == [3, 4, 5]


def test_each_year_is_counted_by_its_own_rule():
    place = world()
    found = person("Nguyễn Thị Hoa", place.hospital, Status.CLASS)
    person("Trần Văn Minh", place.hospital, Status.CLASS, date(2024, 6, 1))
    old = CountingRule.objects.get(indicator=IndicatorCode.STAFF_TRAINED)
    CountingRule.objects.create(
        indicator=IndicatorCode.STAFF_TRAINED,
        version=2,
        sentence="Từ 8 tiết trở lên.",
        minimum_hours=8,
        valid_from=date(2025, 12, 15),
    )

    assert (figures(2024), figures(2026)) == ((1, 2), (0, 2))

    TrainingRecord.objects.filter(person=found).update(hours=Decimal(8))
    assert figures(2026) == (1, 2)
    assert old.minimum_hours == 0
    assert differences(ReportingPeriod.objects.get(year=2026)) == []


def test_a_past_year_keeps_who_was_in_the_middle_of_a_course():
    place = world()
    found = person("Nguyễn Thị Hoa", place.hospital, Status.LEARNING, MIDDLE_OF_YEAR)
    Enrolment.objects.filter(person=found).update(
        started_at=make_aware(datetime.combine(date(2024, 11, 1), time())),
        completed_at=make_aware(datetime.combine(date(2025, 2, 1), time())),
        title="An toàn thông tin",
    )
    statuses = []
    for year in (2024, 2025):
        period = ReportingPeriod.objects.get(year=year)
        recount_period(period)
        statuses.append(Standing.objects.get(period=period, person=found).status)

    assert statuses == [Status.LEARNING, Status.NOTHING]
