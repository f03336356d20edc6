"""Classes of one autumn and everybody's fate in them, counted by hand beforehand.

| who                         | law, 5 sessions        | skills | digital | lượt | completed |
|-----------------------------|------------------------|--------|---------|------|-----------|
| Hoa, hospital               | 1-4, by two phones     | yes    |         | 2    | 2         |
| Nam, hospital, later school | 1-5 at the school      | yes    |         | 2    | 2         |
| Mai, of a business          | 1-3, a slip 3 and 4    |        |         | 1    | 1         |
| Tú, of the same business    | 5                      |        |         | 1    | 0         |
| Bình, cooperative           | 1, taken back          |        |         | 0    | 0         |
| Lan, of no group            | 1-5                    |        |         | 0    | 0         |
| Thu, student                |                        |        | yes     | 0    | 0         |
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses.choices import Audience, Topic
from learners.actions.attendance import Sighting, check_in_many, take_back
from learners.actions.merging import merge, undo
from learners.actions.posts import change_main_post, main_post, work_of
from learners.actions.recounting import differences
from learners.choices import BusinessKind, CheckInWay
from learners.models import Business, Participation, Person
from learners.reports.participations import Extent, extent_of, participation_figures
from tests.factories.classes import class_of
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    return world()


def outsider(name: str, province, audience: str, **fields) -> Person:
    return Person.objects.create(
        full_name=name, audience=audience, commune=province.commune, **fields
    )


@pytest.fixture
def autumn(province):
    """The table above, as it happened."""
    trainer = viewer("giangvien")
    law = class_of(sessions=5, starts_on=date(2026, 11, 16))
    skills = class_of(starts_on=date(2026, 11, 10), topic=Topic.ECOMMERCE_SKILLS)
    digital = class_of(starts_on=date(2026, 11, 11), topic=Topic.DIGITAL_SKILLS)
    shop = Business.objects.create(
        kind=BusinessKind.HOUSEHOLD_BUSINESS, name="Tạp hóa Mai", commune=province.commune
    )
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    nam = person("Vi Văn Nam", province.hospital)
    household = Audience.HOUSEHOLD_BUSINESS
    mai = outsider("Lê Thị Mai", province, household, business=shop)
    slip = outsider("Lê Thị Mai", province, household, business=shop)
    tu = outsider("Lê Văn Tú", province, household, business=shop)
    binh = outsider("Võ Bình", province, Audience.COOPERATIVE)
    lan = outsider("Cao Thị Lan", province, "")
    thu = outsider("Hồ Thị Thu", province, Audience.STUDENT)
    recount(province)

    def seen(group, number: int, *people: Person) -> None:
        session = group.sessions.all()[number - 1]
        sightings = [Sighting(one, CheckInWay.SCAN, session.starts_at) for one in people]
        for _sent in range(2):
            check_in_many(session=session, sightings=sightings, by=trainer, from_queue=True)

    seen(skills, 1, hoa, nam)
    seen(digital, 1, thu)
    school = province.school.pk
    at_school = replace(work_of(main_post(nam)), managing_unit_id=school, using_unit_id=school)
    change_main_post(nam, at_school, day=date(2026, 11, 15), by=trainer, why="Điều động")
    # The list of the third day arrives last, and from two phones.
    seen(law, 1, hoa, nam, mai, binh, lan)
    seen(law, 2, hoa, nam, mai, lan)
    seen(law, 4, hoa, nam, slip, lan)
    seen(law, 5, nam, tu, lan)
    seen(law, 3, hoa, nam, mai, slip, lan)
    seen(law, 3, lan, slip, hoa)
    first = law.sessions.all()[0]
    take_back(session=first, person=binh, by=trainer)
    again = [Sighting(binh, CheckInWay.SCAN, first.starts_at)]
    check_in_many(session=first, sightings=again, by=trainer, from_queue=True)
    return province, mai, slip, trainer


def figures(province) -> tuple[dict, Extent]:
    assert differences(province.period) == []
    counted = Participation.objects.counted()
    return dict(participation_figures(province.period, None).by_group), extent_of(counted)


OFFICIAL, HOUSEHOLD = Audience.OFFICIAL, Audience.HOUSEHOLD_BUSINESS
LAW, SKILLS = Topic.ECOMMERCE_LAW, Topic.ECOMMERCE_SKILLS


def test_slip_and_record_are_two_until_they_are_merged_and_after_it_is_undone(autumn):
    province, mai, slip, trainer = autumn
    apart = (
        {(OFFICIAL, LAW): 2, (OFFICIAL, SKILLS): 2, (HOUSEHOLD, LAW): 3},
        # The hospital, the school, the business.
        Extent(people=5, organisations=3, completed=4),
    )
    together = (
        {(OFFICIAL, LAW): 2, (OFFICIAL, SKILLS): 2, (HOUSEHOLD, LAW): 2},
        Extent(people=4, organisations=3, completed=5),
    )
    assert figures(province) == apart
    done = merge(kept=mai, dropped=slip, by=trainer, why="Một người")
    assert figures(province) == together
    undo(done, by=trainer, why="Hai người")
    assert figures(province) == apart


def test_what_counted_stays_with_the_unit_of_its_day(autumn):
    nam = Participation.objects.filter(person__full_name="Vi Văn Nam").order_by("happened_on")
    province = autumn[0]
    assert [(one.happened_on, one.organisation) for one in nam] == [
        (date(2026, 11, 10), province.hospital),
        (date(2026, 11, 16), province.school),
    ]


def test_a_list_replayed_after_the_merger_adds_nothing(autumn):
    province, mai, slip, trainer = autumn
    merge(kept=mai, dropped=slip, by=trainer, why="Một người")
    before = figures(province)
    session = Participation.objects.get(person=mai).class_group.sessions.all()[2]
    slip.refresh_from_db()
    late = timezone.now() - timedelta(minutes=1)
    seen = [Sighting(slip.current, CheckInWay.SCAN, late)]
    assert check_in_many(session=session, sightings=seen, by=trainer, from_queue=True) == (0, 1)
    assert figures(province) == before
