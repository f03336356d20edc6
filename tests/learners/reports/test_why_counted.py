"""One class, a person of every fate: the sentences and the number say the same."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from courses.choices import Audience, Topic
from learners.actions.attendance import check_in
from learners.choices import CheckInWay, IndicatorCode, Role, SeatState
from learners.models import CountingRule, Participation, Person, Seat
from learners.reports.why_counted import Reason, verdicts_of
from tests.factories.classes import class_of
from tests.factories.reports import (
    ecommerce_class,
    on_23_november,
    participation,
    person,
    recount,
    viewer,
    world,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place():
    return recount(world())


def shopkeeper(place, name, audience=Audience.HOUSEHOLD_BUSINESS):
    return Person.objects.create(full_name=name, audience=audience, commune=place.commune)


def seated(who, group, state=SeatState.SEATED):
    Seat.objects.create(person=who, class_group=group, state=state, queued_at=timezone.now())


def seen(who, group, by):
    session = group.sessions.first()
    check_in(session=session, person=who, way=CheckInWay.TICK, at=timezone.now(), by=by)


def verdicts(who):
    rules = CountingRule.objects.filter(indicator=IndicatorCode.PARTICIPATIONS)
    taken = who.participations.select_related("class_group")
    return verdicts_of(who, taken, rules, TODAY)


def reason(who):
    [only] = verdicts(who)
    return only.reason


def test_every_fate_has_its_reason_and_the_number_agrees(place):
    over = class_of(starts_on=TODAY - timedelta(days=10))
    trainer = viewer("giangvien")
    came = shopkeeper(place, "Nguyễn Thị Mai")
    seated(came, over)
    seen(came, over, trainer)
    walked_in = person("Lê Văn Bình", place.hospital)
    seen(walked_in, over, trainer)
    absent, waited, left = (shopkeeper(place, f"Trần Thị {n}") for n in ("Tư", "Năm", "Sáu"))
    seated(absent, over)
    seated(waited, over, SeatState.WAITING)
    seated(left, over, SeatState.WITHDRAWN)
    stranger = shopkeeper(place, "Hồ Thị Bảy", audience="")
    seen(stranger, over, trainer)
    everybody = [came, walked_in, absent, waited, left, stranger]

    assert [reason(one) for one in everybody] == [
        Reason.COUNTED,
        Reason.COUNTED,
        Reason.ABSENT,
        Reason.WAITING,
        Reason.WITHDRAWN,
        Reason.NO_GROUP,
    ]
    counted = sum(verdict.counts for one in everybody for verdict in verdicts(one))
    assert counted == Participation.objects.counted().count() == 2


def test_a_class_to_come_is_not_counted_yet(place):
    mai = shopkeeper(place, "Nguyễn Thị Mai")
    seated(mai, class_of(starts_on=TODAY + timedelta(days=5)))

    assert reason(mai) == Reason.AHEAD


def test_two_classes_are_two_and_other_topics_none(place):
    mai = shopkeeper(place, "Nguyễn Thị Mai")
    for topic in (Topic.ECOMMERCE_LAW, Topic.ECOMMERCE_SKILLS, Topic.DIGITAL_SKILLS):
        participation(mai, ecommerce_class(topic))

    found = verdicts(mai)
    assert sorted(verdict.reason.value for verdict in found) == ["counted", "counted", "topic"]
    assert {verdict.rule.version for verdict in found} == {1}


def test_the_page_says_it_in_one_sentence_with_the_rule(client, place):
    mai = shopkeeper(place, "Nguyễn Thị Mai")
    participation(mai, ecommerce_class())
    client.force_login(viewer("leader", Role.LEADER, place.province))

    page = client.get(f"/bao-cao/nguoi/{mai.pk}/lop/").content.decode()
    assert "Tính một lượt cho nhóm “Hộ kinh doanh”" in page
    assert "(quy tắc số 1)" in page


@pytest.mark.parametrize("classes", [1, 3])
def test_verdicts_cost_the_same_for_any_number_of_classes(
    place, classes, django_assert_num_queries
):
    mai = shopkeeper(place, "Nguyễn Thị Mai")
    for _number in range(classes):
        participation(mai, class_of())
        seated(mai, class_of())

    with django_assert_num_queries(4):
        assert len(verdicts(mai)) == 2 * classes
