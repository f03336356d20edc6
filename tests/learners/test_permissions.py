import logging
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from courses.choices import Audience
from learners.choices import Role, Status
from learners.models import Enrolment, Person, RoleGrant, User
from learners.permissions import (
    APPROVE_RECORDS,
    enrolments_for,
    granted_units,
    may_see_reports,
    organisations_for,
    participations_for,
    people_for,
    refuse,
    standings_for,
)
from tests.factories.reports import (
    World,
    ecommerce_class,
    participation,
    person,
    recount,
    viewer,
    world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> World:
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE)
    person("Vi Văn Nam", found.school, Status.LEARNING)
    person("Lê Văn Đảng", found.party)
    return recount(found)


def names(people: list[Person]) -> list[str]:
    return [one.full_name for one in people]


def test_officer_is_granted_the_unit_and_all_below_it(province: World):
    minh = viewer("minh", Role.OFFICER, province.health)

    assert granted_units(minh, timezone.localdate()) == {
        province.health.pk,
        province.hospital.pk,
    }


def test_a_grant_on_the_province_covers_everything_the_partys_bodies_too(province: World):
    leader = viewer("thinh", Role.LEADER, province.province)

    assert granted_units(leader, timezone.localdate()) is None
    assert standings_for(leader, province.period).count() == 3


def test_superuser_sees_everything_without_a_grant(province: World):
    root = User.objects.create_superuser("quantri", password="hoc-so-nghe-an")

    assert granted_units(root, timezone.localdate()) is None
    assert people_for(root).count() == 3


def test_a_stranger_and_a_plain_learner_answer_for_nobody(province: World):
    assert granted_units(AnonymousUser(), timezone.localdate()) == frozenset()
    assert not may_see_reports(viewer("hoa"))


@pytest.mark.parametrize(
    ("first", "last"), [(date(2024, 1, 1), date(2025, 1, 1)), (date(2100, 1, 1), None)]
)
def test_a_grant_that_is_not_in_force_today_gives_nothing(
    province: World, first: date, last: date | None
):
    user = viewer("cu")
    RoleGrant.objects.create(
        user=user,
        role=Role.OFFICER,
        organisation=province.health,
        valid_from=first,
        valid_to=last,
    )

    assert granted_units(user, timezone.localdate()) == frozenset()


def test_an_account_that_was_closed_sees_nothing(province: World):
    user = viewer("nghi", Role.LEADER, province.province)
    user.is_active = False

    assert granted_units(user, timezone.localdate()) == frozenset()


def test_a_right_that_does_not_exist_raises(province: World):
    with pytest.raises(KeyError):
        granted_units(viewer("hoa"), timezone.localdate(), "see_everything")


def test_an_auditor_sees_but_does_not_approve(province: World):
    auditor = viewer("viet", Role.AUDITOR, province.health)
    today = timezone.localdate()

    assert granted_units(auditor, today, APPROVE_RECORDS) == frozenset()
    assert granted_units(auditor, today) == {province.health.pk, province.hospital.pk}


def test_every_queryset_stops_at_the_edge_of_the_scope(province: World):
    group = ecommerce_class()
    for one in Person.objects.all():
        participation(one, group)
    minh = viewer("minh", Role.OFFICER, province.health)

    assert names(people_for(minh)) == ["Nguyễn Thị Hoa"]
    assert names(e.person for e in enrolments_for(minh)) == ["Nguyễn Thị Hoa"]
    assert names(s.person for s in standings_for(minh, province.period)) == ["Nguyễn Thị Hoa"]
    assert names(p.person for p in participations_for(minh, province.period)) == ["Nguyễn Thị Hoa"]
    assert set(organisations_for(minh)) == {province.health, province.hospital}


def test_a_learner_sees_own_things_only(province: World):
    hoa = Person.objects.get(full_name="Nguyễn Thị Hoa")
    hoa.user = viewer("hoa")
    hoa.save()

    assert list(people_for(hoa.user)) == [hoa]
    assert list(enrolments_for(hoa.user)) == list(Enrolment.objects.filter(person=hoa))
    assert not standings_for(hoa.user, province.period).exists()


def test_people_without_a_post_belong_to_their_commune(province: World):
    trader = Person.objects.create(
        full_name="Cao Thị Thu",
        audience=Audience.HOUSEHOLD_BUSINESS,
        commune=province.commune,
    )

    assert list(people_for(viewer("xa", Role.OFFICER, province.commune))) == [trader]
    assert trader not in people_for(viewer("minh", Role.OFFICER, province.health))


def test_a_refusal_is_logged_with_ids_only(
    province: World, client, caplog: pytest.LogCaptureFixture
):
    lan = viewer("lan", Role.OFFICER, province.education)
    hoa = Person.objects.get(full_name="Nguyễn Thị Hoa")
    client.force_login(lan)

    with caplog.at_level(logging.WARNING, "learners.permissions"):
        response = client.get(f"/bao-cao/nguoi/{hoa.pk}/")

    assert response.status_code == 404
    assert [
        record.getMessage() for record in caplog.records if record.name == "learners.permissions"
    ] == [f"refused: account {lan.pk}, person {hoa.pk}"]


def test_a_number_typed_in_place_of_an_id_is_not_logged(
    province: World, caplog: pytest.LogCaptureFixture
):
    refuse(viewer("lan", unit=province.education), "person", 187190001234)
    assert "187190001234" not in caplog.text
