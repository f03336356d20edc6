"""Completion by unit and course: every cell opens its people, and the file holds real dates."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from courses.models import CoursePage
from home.models import SavedView
from learners.actions.assignments import assign_course
from learners.actions.reminders import remind, send_mails
from learners.choices import ReminderChannel, ReminderState, Role, StaffKind
from learners.models import Assignment, Enrolment, Person, Post, Reminder, ReminderRun, User
from tests.factories.claims import account_for
from tests.factories.learning import edition_of, small_course
from tests.factories.reports import World, person, recount, viewer, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

URL = "/bao-cao/hoan-thanh/"
PEOPLE = "/bao-cao/hoan-thanh/nguoi/"
REMIND = "/bao-cao/hoan-thanh/nhac/"
STAFF = {"tinh-tren": "tat-ca"}


@pytest.fixture
def province() -> World:
    """Three people of health, one of education."""
    found = world()
    for name, unit in [
        ("Nguyễn Thị Hoa", found.hospital),
        ("Lê Văn Bình", found.hospital),
        ("Võ Thị An", found.health),
        ("Đinh Văn Tú", found.school),
    ]:
        person(name, unit)
    Post.objects.filter(person__full_name="Nguyễn Thị Hoa").update(title="Điều dưỡng")
    return recount(found)


@pytest.fixture
def safety() -> CoursePage:
    return small_course(lessons=1, quiz=False)


@pytest.fixture
def skills(safety: CoursePage) -> CoursePage:
    return small_course("Kỹ năng số cơ bản", lessons=1, quiz=False)


@pytest.fixture
def minh(province: World, client: Client) -> Client:
    client.force_login(viewer("minh", Role.OFFICER, province.health))
    return client


def one(name: str) -> Person:
    return Person.objects.get(full_name=name)


def finished(name: str, course: CoursePage, day: date = date(2026, 6, 1)) -> Enrolment:
    at = timezone.make_aware(datetime.combine(day, time(9)))
    return Enrolment.objects.create(
        person=one(name), edition=edition_of(course), title=course.title, completed_at=at
    )


def begun(name: str, course: CoursePage) -> Enrolment:
    return Enrolment.objects.create(person=one(name), edition=edition_of(course))


def give(course: CoursePage, unit, **fields: object) -> Assignment:
    values = {"due_on": date(2026, 12, 14), "reason": "Kế hoạch số 12/KH-SYT"} | fields
    by = User.objects.filter(username="lanhdao").first() or viewer("lanhdao")
    return assign_course(Assignment(course=course, unit=unit, **values), by=by)


def table(client: Client, **query: object) -> dict[str, list[str]]:
    """ "done/of" of each line, by its name."""
    context = client.get(URL, query).context
    lines = [(line.row.name, line.cells) for line in context["rows"]]
    lines.append(("Tổng cộng", context["total"]))
    return {name: [f"{c.cell.done}/{c.cell.of}" for c in cells] for name, cells in lines}


class TestTable:
    def test_rows_are_units_and_columns_are_courses(self, minh: Client, safety, skills):
        finished("Nguyễn Thị Hoa", safety)
        finished("Nguyễn Thị Hoa", skills)
        finished("Võ Thị An", skills)
        finished("Đinh Văn Tú", skills)

        assert table(minh, **STAFF, khoa=[safety.pk, skills.pk]) == {
            "Sở Y tế": ["0/1", "1/1"],
            "Bệnh viện Hữu nghị Đa khoa": ["1/2", "1/2"],
            "Tổng cộng": ["1/3", "2/3"],
        }

    def test_courses_given_to_the_unit_are_the_columns_unless_others_are_chosen(
        self, province: World, minh: Client, safety, skills
    ):
        give(skills, province.health)
        give(safety, province.education)

        context = minh.get(URL).context
        assert [course.title for course in context["matrix"].courses] == ["Kỹ năng số cơ bản"]
        assert context["matrix"].of == "duoc-giao"
        assert table(minh, khoa=safety.pk) == {"Tổng cộng": ["0/0"]}

    def test_every_number_opens_its_people(self, province: World, minh: Client, safety, skills):
        give(safety, province.health, staff_kind=StaffKind.PUBLIC_EMPLOYEE)
        give(skills, province.hospital, position="Điều dưỡng")
        finished("Lê Văn Bình", safety)
        begun("Nguyễn Thị Hoa", skills)
        for measure in ("duoc-giao", "tat-ca", "ghi-danh"):
            context = minh.get(URL, {"tinh-tren": measure}).context
            cells = [c for line in context["rows"] for c in line.cells] + context["total"]
            for shown in cells:
                for number, url in [
                    (shown.cell.of, shown.of_url),
                    (shown.cell.done, shown.done_url),
                    (shown.cell.left, shown.left_url),
                ]:
                    query = dict(parse_qsl(urlsplit(url).query))
                    page = minh.get(PEOPLE, query).context if url else None
                    assert number == (len(page["rows"]) if page else 0)
                    assert page is None or number == page["found"].count

    def test_measure_is_all_staff_those_given_or_those_enrolled(
        self, province: World, minh: Client, safety
    ):
        give(safety, province.hospital)
        finished("Nguyễn Thị Hoa", safety)
        begun("Võ Thị An", safety)

        found = {
            measure: table(minh, khoa=safety.pk, **{"tinh-tren": measure})["Tổng cộng"]
            for measure in ("tat-ca", "duoc-giao", "ghi-danh")
        }
        assert found == {"tat-ca": ["1/3"], "duoc-giao": ["1/2"], "ghi-danh": ["1/2"]}

    def test_completion_counts_in_its_year_and_for_a_rule_from_its_day(
        self, province: World, minh: Client, safety
    ):
        finished("Nguyễn Thị Hoa", safety, date(2025, 3, 1))
        finished("Lê Văn Bình", safety)
        give(safety, province.hospital)
        rules = {"khoa": safety.pk, "tinh-tren": "duoc-giao"}

        assert table(minh, khoa=safety.pk, **STAFF)["Tổng cộng"] == ["1/3"]
        assert table(minh, **rules)["Tổng cộng"] == ["2/2"]
        give(safety, province.health, counts_from=date(2026, 1, 1))
        assert table(minh, **rules)["Tổng cộng"] == ["1/3"]

    def test_kind_of_staff_narrows_both_numbers(self, minh: Client, safety):
        Post.objects.filter(person__full_name="Nguyễn Thị Hoa").update(
            staff_kind=StaffKind.CONTRACT
        )
        finished("Nguyễn Thị Hoa", safety)
        finished("Võ Thị An", safety)

        query = STAFF | {"khoa": safety.pk, "loai": "public_employee"}
        assert table(minh, **query)["Tổng cộng"] == ["1/2"]

    def test_clicking_a_course_sorts_the_lowest_share_first(self, minh: Client, safety, skills):
        finished("Võ Thị An", safety)
        query = STAFF | {"khoa": [safety.pk, skills.pk], "sap-xep": safety.pk}
        names = [line.row.name for line in minh.get(URL, query).context["rows"]]
        assert names == ["Bệnh viện Hữu nghị Đa khoa", "Sở Y tế"]

    def test_officer_of_another_unit_sees_nobody_of_it(self, province: World, client, safety):
        finished("Nguyễn Thị Hoa", safety)
        client.force_login(viewer("lan", Role.OFFICER, province.education))
        assert table(client, **STAFF, khoa=safety.pk)["Tổng cộng"] == ["0/1"]
        query = STAFF | {"khoa": safety.pk, "don-vi": province.health.pk}
        assert client.get(URL, query).status_code == 404

    def test_people_of_a_unit_that_is_no_more_stand_apart(
        self, province: World, client: Client, safety
    ):
        province.hospital.versions.update(valid_to=date(2026, 6, 30))
        client.force_login(viewer("thinh", Role.LEADER, province.province))
        found = table(client, **STAFF, khoa=safety.pk)
        assert (found[""], found["Tổng cộng"]) == (["0/2"], ["0/4"])

    @pytest.mark.parametrize(
        "query", [{"khoa": "0"}, {"khoa": "x"}, {"loai": "x"}, {"tinh-tren": "x"}]
    )
    def test_what_does_not_exist_is_no_page(self, minh: Client, safety, query: dict):
        assert minh.get(URL, query).status_code == 404

    @pytest.mark.parametrize("query", [{"mot": "0"}, {"tien-do": "x"}, {"tien-do": "xong"}])
    def test_list_that_does_not_exist_is_no_page(self, minh: Client, safety, query: dict):
        assert minh.get(PEOPLE, query).status_code == 404

    @pytest.mark.parametrize("units", [1, 3])
    def test_costs_the_same_queries_for_one_unit_as_for_three(
        self, province: World, client, safety, units, django_assert_num_queries: Callable
    ):
        for unit in [province.commune, province.party, province.province][:units]:
            for number in range(3):
                person(f"Cao {unit.pk} {number}", unit)
        client.force_login(viewer("thinh", Role.LEADER, province.province))
        client.get(URL)
        with django_assert_num_queries(TABLE_QUERIES):
            client.get(URL, STAFF)
        with django_assert_num_queries(PEOPLE_QUERIES):
            client.get(PEOPLE, STAFF)


TABLE_QUERIES = 7
"""Account, grants, periods, tree, rules, courses, the table."""
PEOPLE_QUERIES = 11
"""The same without the table; count, page, enrolments, who has a page."""


class TestFiles:
    def test_workbook_holds_the_figures_of_the_page(self, minh: Client, safety, skills):
        finished("Nguyễn Thị Hoa", safety)
        file = minh.get(f"{URL}tai-ve/", STAFF | {"khoa": [safety.pk, skills.pk]}).getvalue()
        sheet = openpyxl.load_workbook(io.BytesIO(file), data_only=True).active
        lines = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows()}

        assert lines["Bệnh viện Hữu nghị Đa khoa"] == [1, 2, 50, 0, 2, 0]
        assert lines["Tổng cộng"] == [1, 3, 33.3, 0, 3, 0]

    def test_people_stand_with_real_dates(self, minh: Client, safety, skills):
        finished("Nguyễn Thị Hoa", safety)
        begun("Nguyễn Thị Hoa", skills)
        file = minh.get(f"{PEOPLE}tai-ve/", STAFF | {"khoa": [safety.pk, skills.pk]}).getvalue()
        sheet = openpyxl.load_workbook(io.BytesIO(file)).active
        lines = {row[0].value: [cell.value for cell in row[5:]] for row in sheet.iter_rows()}

        assert lines["Nguyễn Thị Hoa"] == [
            "Đã xong",
            datetime.combine(date(2026, 6, 1), time.min),
            "Đang học",
            None,
        ]
        assert lines["Võ Thị An"] == ["Chưa học", None, "Chưa học", None]

    def test_view_is_kept_with_its_filters(self, minh: Client, safety):
        query = f"khoa={safety.pk}&tinh-tren=tat-ca"
        data = {"name": "An toàn", "page": "course_matrix", "query": query}
        minh.post("/bao-cao/da-luu/moi/", data)
        assert SavedView.objects.get().address == f"{URL}?{query}"


class TestReminding:
    def left(self, course: CoursePage) -> dict[str, object]:
        return STAFF | {"khoa": course.pk, "mot": course.pk, "tien-do": "con-lai"}

    def test_is_one_click_from_the_list_of_those_who_have_it_to_do(
        self, minh: Client, province: World, safety
    ):
        give(safety, province.hospital)
        finished("Lê Văn Bình", safety)
        query = {"khoa": safety.pk, "mot": safety.pk, "tien-do": "con-lai"}
        page = minh.get(PEOPLE, query)
        preview = minh.get(page.context["remind_url"])

        assert [who.full_name for who, *_rest in preview.context["rows"]] == ["Nguyễn Thị Hoa"]
        assert "“An toàn thông tin”" in preview.context["asked"].text
        assert "14/12/2026" in preview.context["asked"].text
        assert Reminder.objects.count() == 0

    def test_second_press_on_the_same_day_reminds_nobody(self, minh: Client, safety):
        for _press in range(2):
            minh.post(f"{REMIND}?{_encoded(self.left(safety))}", {"note": ""})
        assert (ReminderRun.objects.count(), Reminder.objects.count()) == (1, 3)
        assert ReminderRun.objects.get().course == safety

    def test_who_finishes_meanwhile_gets_nothing(self, province: World, safety, settings):
        settings.MAIL_IS_SENT = True
        people = [one("Nguyễn Thị Hoa"), one("Lê Văn Bình")]
        for number, who in enumerate(people):
            account = account_for(who)
            account.email, account.last_login = f"{number}@so.example", timezone.now()
            account.save()
        people = list(Person.objects.filter(pk__in=[who.pk for who in people]))
        run = remind(
            people=people,
            period=province.period,
            unit_name="Sở Y tế",
            note="",
            by=viewer("minh2"),
            course=safety,
        )
        finished("Lê Văn Bình", safety, date(2026, 11, 24))
        send_mails(run)

        assert [sent.to for sent in mail.outbox] == [["0@so.example"]]
        assert mail.outbox[0].subject.endswith("An toàn thông tin")
        states = dict(Reminder.objects.values_list("person__full_name", "state"))
        assert states["Lê Văn Bình"] == ReminderState.SPARED

    def test_mail_that_waits_for_long_is_told(self, minh: Client, province, safety, settings):
        settings.MAIL_IS_SENT = True
        run = ReminderRun.objects.create(
            period=province.period, unit_name="Sở Y tế", by=viewer("minh2"), course=safety
        )
        Reminder.objects.create(
            run=run,
            person=one("Nguyễn Thị Hoa"),
            day=date(2026, 11, 23),
            channel=ReminderChannel.MAIL,
            state=ReminderState.QUEUED,
        )
        address = f"/bao-cao/nhac/{run.pk}/"
        assert not minh.get(address).context["is_stuck"]
        ReminderRun.objects.update(at=timezone.now() - timedelta(hours=2))
        assert minh.get(address).context["is_stuck"]
        assert "hocso_reminders_late 1.0" in minh.get("/metrics").content.decode()

    @pytest.mark.parametrize("state", ["", "xong"])
    def test_those_who_have_done_it_cannot_be_reminded(self, minh: Client, safety, state: str):
        query = self.left(safety) | {"tien-do": state}
        assert minh.get(REMIND, query).status_code == 404

    def test_past_year_cannot_be_reminded(self, minh: Client, safety):
        assert minh.get(REMIND, self.left(safety) | {"nam": "2025"}).status_code == 404

    def test_learner_reads_it_until_the_course_is_done(self, province: World, safety, client):
        account = account_for(one("Nguyễn Thị Hoa"))
        hoa = Person.objects.get(full_name="Nguyễn Thị Hoa")
        remind(
            people=[hoa],
            period=province.period,
            unit_name="Sở Y tế",
            note="Phòng máy mở chiều thứ Năm.",
            by=viewer("minh2"),
            course=safety,
            due_on=date(2026, 12, 1),
        )
        client.force_login(account)
        page = client.get("/hoc-tap/")
        assert [r.run.course for r in page.context["reminders"]] == [safety]
        assert "Phòng máy mở chiều thứ Năm." in page.content.decode()
        assert page.context["my_year"].reminder is None

        finished("Nguyễn Thị Hoa", safety, date(2026, 11, 24))
        assert client.get("/hoc-tap/").context["reminders"] == []


def _encoded(query: dict[str, object]) -> str:
    return "&".join(f"{name}={value}" for name, value in query.items())


def test_course_with_a_rule_or_a_reminder_is_not_deleted(province: World, safety, client):
    client.force_login(User.objects.create_superuser("quantri", password="hoc-so-nghe-an"))
    give(safety, province.health)
    answer = client.post(f"/quan-tri/pages/{safety.pk}/delete/")
    assert (answer.status_code, CoursePage.objects.count()) == (302, 1)


def test_marks_decide_as_the_states_do(province: World, minh: Client, safety, skills):
    """By every measure, whoever is in a state's list bears that state's mark."""
    give(safety, province.hospital)
    give(safety, province.health, counts_from=date(2026, 6, 1))
    finished("Nguyễn Thị Hoa", safety, date(2026, 3, 1))
    finished("Lê Văn Bình", safety, date(2026, 6, 1))
    begun("Võ Thị An", safety)
    for measure in ("tat-ca", "duoc-giao", "ghi-danh"):
        for state in ("xong", "dang-hoc", "chua-hoc"):
            query = {"tinh-tren": measure, "khoa": safety.pk, "mot": safety.pk, "tien-do": state}
            rows = minh.get(PEOPLE, query).context["rows"]
            assert {marks[0].state for _post, _unit, marks in rows} <= {state}


def test_last_day_of_the_year_counts_to_its_end(province: World, minh: Client, safety):
    at = timezone.make_aware(datetime.combine(date(2025, 12, 14), time(23, 59, 59)))
    row = finished("Nguyễn Thị Hoa", safety)
    Enrolment.objects.filter(pk=row.pk).update(completed_at=at)
    query = STAFF | {"khoa": safety.pk}
    assert table(minh, **query, nam="2025")["Tổng cộng"] == ["1/3"]
    assert table(minh, **query)["Tổng cộng"] == ["0/3"]
    Enrolment.objects.filter(pk=row.pk).update(completed_at=at + timedelta(seconds=1))
    assert table(minh, **query)["Tổng cộng"] == ["1/3"]
