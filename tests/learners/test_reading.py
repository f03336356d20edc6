"""Several questions in one."""

from datetime import date

import pytest

from learners import reading
from learners.models import CountingRule, Organisation, Person, ReportingPeriod
from learners.reading import count_each, from_json, in_one
from learners.reports.plan import rules_on, targets_in, the_plan
from tests.factories.reports import on_23_november, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place():
    with on_23_november():
        yield world()


@pytest.mark.parametrize(("most", "queries"), [(30_000, 1), (2, 3)])
def test_counts_of_unlike_tables_come_in_order(
    monkeypatch, most, queries, django_assert_num_queries
):
    monkeypatch.setattr(reading, "MOST_VALUES", most)
    units = list(Organisation.objects.values_list("pk", flat=True))
    for number in range(3):
        Person.objects.create(full_name=f"Lê Văn {number}")
    asked = [
        Organisation.objects.filter(pk__in=units[:2]).values("pk"),
        Person.objects.none(),
        Person.objects.filter(pk__in=[]),
        Person.objects.values("pk"),
        Organisation.objects.filter(pk__in=units[:1]).values("pk"),
        Organisation.objects.filter(pk__in=units[:2]).values("pk"),
    ]
    with django_assert_num_queries(queries):
        assert count_each(*asked) == [2, 0, 0, 3, 1, 2]


def test_nothing_asked_is_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (count_each(), count_each(Person.objects.none())) == ([], [0])


def test_rows_of_unlike_tables_come_back_as_their_fields_hold_them(django_assert_num_queries):
    rule = CountingRule.objects.first()
    the_plan()  # The first that wants JSON asks the database whether it knows it.
    with django_assert_num_queries(1):
        nobody, rules = in_one(
            (Person.objects.filter(pk__in=[]), {"name": "full_name"}),
            (
                CountingRule.objects.filter(pk=rule.pk),
                {"from": "valid_from", "to": "valid_to", "hours": "minimum_hours"},
            ),
        )
    assert nobody == []
    told = [
        from_json(CountingRule._meta.get_field(name), rules[0][key])
        for name, key in (("valid_from", "from"), ("valid_to", "to"), ("minimum_hours", "hours"))
    ]
    assert told == [rule.valid_from, rule.valid_to, rule.minimum_hours]
    assert str(told[2]) == str(rule.minimum_hours)


def test_the_plan_is_what_the_tables_say(django_assert_num_queries):
    the_plan()
    with django_assert_num_queries(1):
        plan = the_plan()
    assert plan.periods == list(ReportingPeriod.objects.order_by("-year"))
    assert plan.rules == list(CountingRule.objects.order_by("indicator", "-version"))
    for told, kept in zip(plan.rules, CountingRule.objects.all(), strict=True):
        assert {**vars(told), "_state": None} == {**vars(kept), "_state": None}
    target = targets_in(2026)["staff_trained"]
    with django_assert_num_queries(0):
        assert target.denominator.staff_kinds()


def test_of_two_versions_the_newer_counts():
    rule = rules_on(date(2026, 11, 23))["staff_trained"]
    newer = CountingRule.objects.create(
        indicator=rule.indicator,
        version=rule.version + 1,
        sentence="Từ bốn giờ",
        minimum_hours=4,
        valid_from=date(2026, 6, 1),
    )
    assert rules_on(date(2026, 11, 23))[rule.indicator] == newer
    assert rules_on(date(2026, 5, 31))[rule.indicator] == rule
