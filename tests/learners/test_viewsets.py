"""Targets and rules in the administration."""

import pytest
from django.urls import reverse

from learners.choices import IndicatorCode, StaffKind
from learners.models import CountingRule, Denominator, Standing, Target, User
from learners.plan import seed_plan
from tests.factories.authoring import admin_client
from tests.factories.learning import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    seed_plan()
    admin = User.objects.create_superuser("quantri", "hoc-so-nghe-an", full_name="Lê Thị Quỳnh")
    return admin_client(admin)


def fields(target: Target, **changes: object) -> dict[str, object]:
    return {
        "indicator": target.indicator,
        "year": target.year,
        "value": target.value,
        "legal_act": target.legal_act,
        "denominator": target.denominator_id or "",
        "responsible": target.responsible,
    } | changes


def staff_target(year: int = 2026) -> Target:
    return Target.objects.get(indicator=IndicatorCode.STAFF_TRAINED, year=year)


def test_a_target_takes_another_denominator_and_everything_is_recounted(client):
    staff("Nguyễn Thị Hoa", kind=StaffKind.CONTRACT)
    target = staff_target()
    wider = Denominator.objects.get(with_part_time=True)
    client.post(reverse("muc-tieu:edit", args=[target.pk]), fields(target, denominator=wider.pk))
    assert staff_target().denominator == wider
    assert Standing.objects.filter(period__year=2026).count() == 1


@pytest.mark.parametrize("wrong", [{"denominator": ""}, {"value": 101}])
def test_a_share_without_denominator_or_above_100_is_refused(client, wrong):
    target = staff_target()
    page = client.post(reverse("muc-tieu:edit", args=[target.pk]), fields(target, **wrong))
    assert page.status_code == 200
    assert fields(staff_target()) == fields(target)


def test_a_rule_is_never_deleted(client):
    rule = CountingRule.objects.first()
    client.post(reverse("quy-tac:delete", args=[rule.pk]))
    assert CountingRule.objects.filter(pk=rule.pk).exists()


def test_the_lists_can_be_read(client):
    names = ("muc-tieu", "quy-tac", "mau-so")
    assert [client.get(reverse(f"{name}:index")).status_code for name in names] == [200] * 3
