"""What training did for the plan's tasks: each number opens its list and equals the file."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
import time_machine
from django.test import Client
from wagtail.models import ModelLogEntry

from courses.choices import PlanTask, Topic
from courses.models import ClassGroup, CoursePage
from learners.actions.plan_tags import tag_classes
from learners.actions.snapshots import check, draw_up, sign
from learners.choices import Role, Status
from learners.models import ClassKeeper, Enrolment, Person, Post, User
from learners.reports.plan_tags import NOT_TAGGED, WHOLE, TagRow
from tests.factories.reports import (
    World,
    ecommerce_class,
    participation,
    person,
    recount,
    viewer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

URL = "/bao-cao/nhiem-vu/"
LIST = "/bao-cao/nhiem-vu/ket-qua/"
TAG = "/bao-cao/nhiem-vu/gan/"


@pytest.fixture
def officer(province: World, client: Client) -> Client:
    """An officer of the whole province."""
    client.force_login(viewer("quynh", Role.OFFICER, province.province))
    return client


def tagged(*tasks: str, topic: Topic = Topic.ECOMMERCE_SKILLS, **fields: object) -> ClassGroup:
    group = ecommerce_class(topic)
    for name, value in {"tasks": list(tasks), **fields}.items():
        setattr(group, name, value)
    group.save()
    return group


def course_serving(*tasks: str) -> CoursePage:
    course = CoursePage.objects.get()
    course.tasks = list(tasks)
    course.save()
    return course


def row_of(client: Client, code: str, **query: object) -> TagRow:
    rows = client.get(URL, query).context["rows"]
    return next(row for row in rows if row.code == code)


def figures(row: TagRow) -> tuple[int, int, int, int, int, str]:
    return (row.courses, row.classes, row.lots, row.people, row.completed, f"{row.hours:.1f}")


@pytest.fixture
def busy(province: World) -> World:
    """Hoa: two classes and one online course; An: one class, not completed."""
    economy, both = tagged("economy"), tagged("economy", "society")
    hoa = person("Nguyễn Thị Hoa", province.hospital, Status.ONLINE)
    an = person("Võ Thị An", province.school)
    for group in (economy, both):
        participation(hoa, group)
    participation(an, economy, completed=False)
    course_serving("security", "society")
    return recount(province)


def test_every_task_has_its_line_and_the_last_counts_each_once(busy: World, officer: Client):
    rows = officer.get(URL).context["rows"]

    assert [row.code for row in rows] == [*PlanTask.values, NOT_TAGGED, WHOLE]
    assert figures(row_of(officer, "economy")) == (0, 2, 3, 2, 2, "8.0")
    assert figures(row_of(officer, "society")) == (1, 1, 1, 1, 2, "7.0")
    assert figures(row_of(officer, "security")) == (1, 0, 0, 1, 1, "3.0")
    assert figures(row_of(officer, "data")) == (0, 0, 0, 0, 0, "0.0")
    assert figures(row_of(officer, WHOLE)) == (1, 2, 3, 2, 3, "11.0")


def test_each_number_is_the_length_of_its_list_and_of_the_workbook(busy: World, officer: Client):
    for row in officer.get(URL).context["rows"]:
        numbers = {
            "khoa-hoc": row.courses,
            "lop": row.classes,
            "luot": row.lots,
            "nguoi": row.people,
            "hoan-thanh": row.completed,
        }
        for kind, number in numbers.items():
            query = {"ma": row.code, "xem": kind}
            context = officer.get(LIST, query).context
            file = officer.get(f"{LIST}tai-ve/", query | {"dang": "csv"})
            lines = file.getvalue().decode("utf-8-sig").splitlines()
            assert len(context["rows"]) == context["listing"].count == len(lines) - 1 == number


def test_workbook_of_the_table_prints_the_figures_of_the_page(busy: World, officer: Client):
    book = openpyxl.load_workbook(io.BytesIO(officer.get(f"{URL}tai-ve/").getvalue()))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]

    economy = next(row for row in rows if row[0] == PlanTask.ECONOMY.label)
    assert economy[1:] == [0, 2, 3, 2, 2, 8]
    whole = row_of(officer, WHOLE)
    assert next(row for row in rows if row[0] == whole.label)[1:] == [1, 2, 3, 2, 3, 11]


def test_class_that_says_nothing_serves_what_its_course_serves(province: World, officer: Client):
    hoa = person("Nguyễn Thị Hoa", province.hospital, Status.ONLINE)
    course = course_serving("security")
    silent, own = tagged(course=course), tagged("data", course=course)
    for group in (silent, own):
        participation(hoa, group)

    assert (row_of(officer, "security").classes, row_of(officer, "data").classes) == (1, 1)


def test_course_that_a_class_carries_is_counted_as_the_participation(
    province: World, officer: Client
):
    """Not once as a lượt and once more as a completed course."""
    hoa = person("Nguyễn Thị Hoa", province.hospital, Status.ONLINE)
    group = tagged("economy", course=course_serving("economy"))
    Enrolment.objects.update(class_group=group)
    participation(hoa, group)

    assert figures(row_of(officer, "economy")) == (0, 1, 1, 1, 1, "4.0")


def test_solutions_and_city_fields_have_reports_of_their_own(province: World, officer: Client):
    group = tagged(solutions=["models"], city_fields=["tourism"])
    participation(person("Nguyễn Thị Hoa", province.hospital), group)

    assert row_of(officer, "models", theo="giai-phap").lots == 1
    assert row_of(officer, "tourism", theo="linh-vuc").lots == 1
    assert officer.get(URL, {"theo": "x"}).status_code == 404


def test_result_belongs_to_the_unit_of_its_day(busy: World, client: Client):
    """Hoa has moved to the school since; what she learnt stays with the hospital."""
    post = Post.objects.get(person__full_name="Nguyễn Thị Hoa")
    Post.objects.filter(pk=post.pk).update(valid_to=date(2026, 7, 31))
    Post.objects.create(
        person=post.person,
        managing_unit=busy.school,
        using_unit=busy.school,
        staff_kind=post.staff_kind,
        valid_from=date(2026, 8, 1),
    )
    client.force_login(viewer("minh", Role.OFFICER, busy.health))
    assert row_of(client, "security").people == 1
    client.force_login(viewer("lan", Role.OFFICER, busy.education))
    assert row_of(client, "security").people == 0


def test_officer_sees_the_own_units_only(busy: World, client: Client):
    client.force_login(viewer("lan", Role.OFFICER, busy.education))

    assert figures(row_of(client, WHOLE)) == (0, 1, 1, 1, 0, "0.0")
    names = [row.head for row in client.get(LIST, {"xem": "nguoi"}).context["rows"]]
    assert names == ["Võ Thị An"]


def test_retagging_does_not_move_a_year_that_was_signed(busy: World, officer: Client):
    before = officer.get(URL, {"nam": "2026"}).context["rows"]
    drawn = draw_up(period=busy.period, unit=None, by=viewer("ve"))
    check(drawn, by=viewer("kiem"))
    sign(drawn, by=viewer("ky"))
    group = ClassGroup.objects.get(tasks=["economy"])
    with time_machine.travel("2026-11-24T09:00:00+07:00", tick=False):
        tag_classes(
            classes=[group.pk], field="tasks", code="data", serves=True, by=viewer("quynh2")
        )
        course_serving()
        officer.force_login(User.objects.get(username="quynh"))
        rows = officer.get(URL, {"nam": "2026"}).context["rows"]

    assert rows == before
    assert ClassGroup.objects.get(pk=group.pk).tasks == ["data", "economy"]


@pytest.mark.parametrize("kind", ["lop", "khoa-hoc", "luot", "nguoi", "hoan-thanh"])
def test_no_list_asks_more_than_twelve_times_in_a_signed_year(
    busy: World, client: Client, kind: str, django_assert_max_num_queries: Callable
):
    drawn = draw_up(period=busy.period, unit=None, by=viewer("ve"))
    check(drawn, by=viewer("kiem"))
    sign(drawn, by=viewer("ky"))
    client.force_login(viewer("auditor", Role.AUDITOR, busy.province))
    client.get(LIST, {"xem": kind})
    with django_assert_max_num_queries(12):
        assert client.get(LIST, {"xem": kind}).context["selection"].as_of is not None


def test_retagging_moves_a_year_that_is_open(busy: World, officer: Client):
    group = ClassGroup.objects.get(tasks=["economy"])
    tag_classes(classes=[group.pk], field="tasks", code="data", serves=True, by=viewer("x"))

    assert row_of(officer, "data").lots == 2


class TestTagging:
    def test_officer_of_the_province_tags_classes_from_the_list(
        self, province: World, officer: Client
    ):
        groups = [tagged(), tagged()]
        for group in groups:
            participation(person("Nguyễn Thị Hoa", province.hospital), group)
        page = officer.get(LIST, {"ma": NOT_TAGGED, "xem": "lop"})
        assert page.context["taggable"] == {group.pk for group in groups}

        data = {"class": [group.pk for group in groups], "code": "economy"}
        officer.post(f"{TAG}?theo=nhiem-vu&ma={NOT_TAGGED}&xem=lop", data)

        assert row_of(officer, "economy").classes == 2
        assert ModelLogEntry.objects.filter(action="wagtail.edit").count() == 2

    def test_twice_changes_nothing_and_can_be_taken_off(self, province: World):
        group, by = tagged(), viewer("quynh")
        change = {"classes": [group.pk], "field": "tasks", "code": "data", "by": by}
        assert tag_classes(**change, serves=True) == 1
        assert tag_classes(**change, serves=True) == 0
        assert tag_classes(**change, serves=False) == 1
        group.refresh_from_db()
        assert (group.tasks, group.plan_taggings.count()) == ([], 2)

    def test_officer_of_one_unit_tags_nothing(self, province: World, client: Client):
        group = tagged()
        participation(person("Nguyễn Thị Hoa", province.hospital), group)
        client.force_login(viewer("minh", Role.OFFICER, province.health))

        assert client.get(LIST, {"xem": "lop"}).context["taggable"] == set()
        answer = client.post(TAG, {"class": [group.pk], "code": "economy"})
        assert answer.status_code == 404
        assert ClassGroup.objects.get().tasks == []

    @pytest.mark.parametrize("data", [{}, {"code": "cooking"}, {"code": "data", "class": ["x"]}])
    def test_bad_input_changes_nothing(self, province: World, officer: Client, data: dict):
        group = tagged()
        answer = officer.post(TAG, {"class": [group.pk]} | data, follow=True)
        assert answer.status_code == 200
        assert [str(m) for m in answer.context["messages"]] != []
        assert ClassGroup.objects.get().tasks == []


@pytest.mark.parametrize("classes", [1, 3])
def test_page_costs_the_same_queries_for_one_class_as_for_three(
    province: World, officer: Client, classes: int, django_assert_num_queries: Callable
):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    for _number in range(classes):
        participation(hoa, tagged("economy"))
    officer.get(URL)

    with django_assert_num_queries(PAGE_QUERIES):
        officer.get(URL)
    with django_assert_num_queries(LIST_QUERIES):
        officer.get(LIST, {"ma": "economy", "xem": "lop"})


PAGE_QUERIES = 8
"""Account, grants, plan, tree, classes, courses; people of all lines; results elsewhere."""
LIST_QUERIES = 10
"""The same but the last, and the page, the classes, and who may open or tag them."""


def test_person_of_none_of_the_seven_groups_has_no_participation(province: World, officer: Client):
    stranger = Person.objects.create(full_name="Không Nhóm")
    assert participation(stranger, tagged("economy")) is None
    assert row_of(officer, WHOLE).lots == 0


class TestKeepers:
    def test_say_what_their_class_serves(self, province: World, client: Client):
        group, trainer = tagged("data"), viewer("tap-huan")
        ClassKeeper.objects.create(class_group=group, account=trainer)
        client.force_login(trainer)

        client.post(f"/lop/phu-trach/{group.pk}/ke-hoach/", {"tasks": ["economy", "society"]})

        group.refresh_from_db()
        assert (group.tasks, group.solutions) == (["economy", "society"], [])
        assert group.plan_taggings.count() == 2

    def test_cannot_say_what_the_plan_does_not_name(self, province: World, client: Client):
        group, trainer = tagged("data"), viewer("tap-huan")
        ClassKeeper.objects.create(class_group=group, account=trainer)
        client.force_login(trainer)

        answer = client.post(f"/lop/phu-trach/{group.pk}/ke-hoach/", {"tasks": ["cooking"]})

        group.refresh_from_db()
        assert (answer.status_code, group.tasks) == (422, ["data"])
