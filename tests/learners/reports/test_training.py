"""One list of everything that somebody learnt."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from certificates.models import Certificate
from courses.choices import Audience, Topic
from learners.actions.merging import merge
from learners.choices import Mode, StaffKind
from learners.models import Person, Post
from learners.reports.training import training_of, trainings_of
from tests.factories.claims import account_for
from tests.factories.histories import (
    learnt_elsewhere,
    learnt_in_class,
    learnt_in_every_way,
    learnt_online,
    with_paper,
)
from tests.factories.reports import person, viewer

pytestmark = pytest.mark.django_db
BORN = date(1990, 4, 5)


def test_list_holds_every_way_with_hours_topic_provider_and_number(place):
    learnt_in_every_way(place.hoa, place.minh)
    training = training_of(place.hoa.pk)
    told = [
        (
            row.record.mode,
            row.topic,
            row.record.hours,
            row.provider,
            row.begun_on and f"{row.begun_on:%d/%m}",
            f"{row.record.completed_on:%d/%m}",
            row.number,
        )
        for row in training.accepted
    ]
    online = Certificate.objects.get(class_group__isnull=True)
    of_class = Certificate.objects.get(enrolment__isnull=True)
    law, skills = Topic.ECOMMERCE_LAW, Topic.DIGITAL_SKILLS
    assert told == [
        (Mode.ONLINE, skills, 3, "Học số Nghệ An", "23/11", "23/11", online.serial),
        (Mode.CLASS, law, 8, "Trường Đại học Vinh", "21/11", "22/11", of_class.serial),
        (Mode.SELF_STUDY, None, 4, "OneTouch", None, "01/06", "AI-1"),
        (Mode.OUTSIDE, skills, Decimal("4.5"), "OneTouch", None, "10/03", "OT-77"),
    ]
    assert training.hours == Decimal("19.5")


def test_what_is_not_accepted_is_listed_and_not_added(place):
    learnt_in_every_way(place.hoa, place.minh)
    training = training_of(place.hoa.pk)
    left = {row.record.title: row.record.state for row in training.rows if not row.is_accepted}
    assert left == {"Chỉ khai báo": "declared", "Đang chờ": "waiting", "Bị trả lại": "returned"}


def test_student_yesterday_official_today_keeps_everything(place):
    nam = Person.objects.create(
        full_name="Vi Văn Nam", audience=Audience.STUDENT, commune=place.commune
    )
    learnt_in_class(nam)
    Post.objects.create(
        person=nam,
        managing_unit=place.hospital,
        using_unit=place.hospital,
        staff_kind=StaffKind.CIVIL_SERVANT,
        valid_from=timezone.localdate(),
    )
    learnt_elsewhere(nam)
    assert [row.record.mode for row in training_of(nam.pk).rows] == [Mode.CLASS, Mode.OUTSIDE]


def test_merged_records_give_one_list_with_the_papers_of_both(place):
    twin = person("Nguyễn Thị Hoa", place.hospital, birth_date=BORN)
    learnt_online(place.hoa)
    with_paper(learnt_in_class(twin))
    merge(kept=place.hoa, dropped=twin, by=place.minh, why="Nhập hai lần")
    rows = training_of(place.hoa.pk).rows
    assert {row.paper.serial for row in rows} == set(
        Certificate.objects.values_list("serial", flat=True)
    )
    assert training_of(twin.pk).rows == []


@pytest.mark.parametrize(("number", "queries"), [(1, 2), (2, 3), (4, 3)])
def test_lists_cost_the_same_for_two_people_and_four_and_less_for_one(
    place, number, queries, django_assert_num_queries
):
    people = [person(f"Lê Văn {n}", place.hospital) for n in range(number)]
    for one in people:
        learnt_in_class(one)
        learnt_online(one, title=f"Khóa {one.pk}")
    with django_assert_num_queries(queries):
        lists = trainings_of([one.pk for one in people])
    assert [len(lists[one.pk].rows) for one in people] == [2] * number


class TestPages:
    def test_officer_reads_the_list_with_its_sum(self, place, client):
        learnt_in_every_way(place.hoa, place.minh)
        client.force_login(place.minh)
        page = client.get(f"/bao-cao/nguoi/{place.hoa.pk}/").content.decode()
        assert "4 kết quả được công nhận, tổng cộng 19,5 giờ." in page
        serials = Certificate.objects.values_list("serial", flat=True)
        assert [serial for serial in serials if serial not in page] == []

    def test_hoa_reads_the_same_on_her_own_page_and_prints_it(self, place, client):
        learnt_in_every_way(place.hoa, place.minh)
        client.force_login(account_for(place.hoa))
        for address in ("/hoc-tap/", "/hoc-tap/qua-trinh/"):
            page = client.get(address)
            assert page.context["training"].hours == Decimal("19.5")
            assert "4 kết quả được công nhận, tổng cộng 19,5 giờ." in page.content.decode()
            assert page.content.decode().count("<strong>Kỹ năng số cơ bản</strong>") == 1

    def test_own_page_shows_the_newest_and_leads_to_all(self, place, client):
        for _ in range(11):
            learnt_elsewhere(place.hoa)
        client.force_login(account_for(place.hoa))
        page = client.get("/hoc-tap/").content.decode()
        assert (page.count("OT-77"), "Xem cả 11 kết quả" in page) == (10, True)
        assert client.get("/hoc-tap/qua-trinh/").content.decode().count("OT-77") == 11

    def test_account_without_a_record_has_no_list(self, client):
        client.force_login(viewer("khach"))
        assert client.get("/hoc-tap/qua-trinh/").status_code == 404
