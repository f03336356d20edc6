"""Minh gives the nurses of his department a course; Hoa learns why she has it to do."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses.models import CoursePage
from learners.actions.assignments import AlreadyAssigned, assign_course
from learners.choices import Role
from learners.models import Assignment, Enrolment, Person, Post
from learners.reports.assignments import progress_of
from tests.factories.claims import account_for
from tests.factories.learning import edition_of, small_course
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

GIVE = "/bao-cao/giao-hoc/moi/"


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
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
def course():
    return small_course(lessons=1, quiz=False)


@pytest.fixture
def minh(province):
    return viewer("minh", unit=province.health)


@pytest.fixture
def minh_client(client, minh):
    client.force_login(minh)
    return client


def asked(course: CoursePage, /, **changes: object) -> dict:
    return {
        "course": course.pk,
        "staff_kind": "",
        "position": "",
        "due_on": "2026-12-14",
        "days_for_newcomers": "",
        "counts_from": "",
        "reason": "Kế hoạch số 12/KH-SYT",
    } | changes


def given(course: CoursePage, minh, unit, **fields: object) -> Assignment:
    values = {"due_on": date(2026, 12, 14), "reason": "Kế hoạch số 12/KH-SYT"} | fields
    return assign_course(Assignment(course=course, unit=unit, **values), by=minh)


def finish(found: Person, course: CoursePage, days_ago: int = 0) -> None:
    Enrolment.objects.create(
        person=found,
        edition=edition_of(course),
        title=course.title,
        completed_at=timezone.now() - timedelta(days=days_ago),
    )


def hoa() -> Person:
    return Person.objects.get(full_name="Nguyễn Thị Hoa")


class TestGiving:
    def test_shows_whom_it_concerns_before_it_is_done(self, minh_client, course):
        finish(hoa(), course)
        page = minh_client.post(GIVE, asked(course))
        effect = page.context["effect"]
        assert (effect.assigned, effect.done, effect.left) == (3, 1, 2)
        assert Assignment.objects.count() == 0

    def test_is_done_on_the_second_press(self, minh_client, course, province):
        page = minh_client.post(GIVE, asked(course, apply="1"), follow=True)
        rule = Assignment.objects.get()
        assert (rule.unit, rule.given_by.username) == (province.health, "minh")
        assert page.context["total"].assigned == 3

    def test_twice_the_same_is_said_not_done(self, minh_client, minh, course, province):
        given(course, minh, province.health)
        page = minh_client.post(GIVE, asked(course, apply="1"))
        assert (page.status_code, Assignment.objects.count()) == (422, 1)

    def test_two_at_once_make_one(self, minh, course, province):
        """The database refuses the second, also for the whole province."""
        for unit in (province.health, None):
            given(course, minh, unit)
            twin = Assignment(
                course=course, unit=unit, due_on=date(2026, 12, 1), reason="x", given_by=minh
            )
            with pytest.raises(AlreadyAssigned):
                assign_course(twin, by=minh)
        assert Assignment.objects.count() == 2

    @pytest.mark.parametrize(
        "wrong",
        [
            {"position": "Phi công"},
            {"due_on": "2026-11-22"},
            {"due_on": "31/02/2026"},
            {"reason": ""},
            {"course": "999999"},
            {"staff_kind": "cadre"},
        ],
    )
    def test_bad_input_gets_a_sentence_and_changes_nothing(self, minh_client, course, wrong):
        page = minh_client.post(GIVE, asked(course, apply="1", **wrong))
        assert (page.status_code, bool(page.context["form"].errors)) == (422, True)
        assert Assignment.objects.count() == 0


class TestProgress:
    def test_rows_sum_to_the_total_and_open_their_lists(self, minh_client, minh, course, province):
        rule = given(course, minh, province.health)
        finish(hoa(), course)
        page = minh_client.get(f"/bao-cao/giao-hoc/{rule.pk}/")
        rows = [
            (row.name, row.progress.assigned, row.progress.done) for row in page.context["rows"]
        ]
        assert rows == [("Sở Y tế", 1, 0), ("Bệnh viện Hữu nghị Đa khoa", 2, 1)]
        assert page.context["total"].assigned == 3
        people = minh_client.get(f"/bao-cao/giao-hoc/{rule.pk}/danh-sach/?tien-do=con-lai")
        names = [post.person.full_name for post, _unit in people.context["rows"]]
        assert names == ["Võ Thị An", "Lê Văn Bình"]

    def test_a_position_names_only_those_who_hold_it(self, minh, course, province, minh_client):
        rule = given(course, minh, province.health, position="Điều dưỡng")
        page = minh_client.get(f"/bao-cao/giao-hoc/{rule.pk}/")
        assert page.context["total"].assigned == 1

    def test_an_old_completion_counts_only_when_the_rule_says_so(self, minh, course, province):
        finish(hoa(), course, days_ago=400)
        assert progress_of(given(course, minh, province.health)).done == 1
        anew = given(course, minh, province.hospital, counts_from=date(2026, 1, 1))
        assert progress_of(anew).done == 0

    def test_whoever_leaves_no_longer_has_it_to_do(self, minh, course, province):
        rule = given(course, minh, province.health)
        Post.objects.filter(person=hoa()).update(valid_to=date(2026, 11, 22))
        assert progress_of(rule).assigned == 2

    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries_do_not_grow_with_the_rules(
        self, minh_client, minh, course, province, rows, django_assert_max_num_queries
    ):
        for unit in [province.health, province.hospital, None][:rows]:
            given(course, minh, unit)
        rule = Assignment.objects.first()
        for address in ("", f"{rule.pk}/", f"{rule.pk}/danh-sach/"):
            with django_assert_max_num_queries(12):
                minh_client.get(f"/bao-cao/giao-hoc/{address}")


class TestTakingBack:
    def test_asks_for_a_reason_and_stays_to_be_seen(self, minh_client, minh, course, province):
        rule = given(course, minh, province.health)
        address = f"/bao-cao/giao-hoc/{rule.pk}/thu-hoi/"
        minh_client.post(address, {"reason": ""})
        assert Assignment.objects.in_force().count() == 1
        minh_client.post(address, {"reason": "Giao nhầm"})
        assert Assignment.objects.in_force().count() == 0
        assert "Giao nhầm" in minh_client.get(f"/bao-cao/giao-hoc/{rule.pk}/").content.decode()


class TestHoa:
    @pytest.fixture
    def hoa_client(self, province, client):
        client.force_login(account_for(hoa()))
        return client

    def test_reads_on_her_page_what_she_has_to_do_and_why(self, hoa_client, minh, course, province):
        given(course, minh, province.health, position="Điều dưỡng")
        page = hoa_client.get("/hoc-tap/").content.decode()
        assert "Điều dưỡng · Sở Y tế. Kế hoạch số 12/KH-SYT." in page

    def test_no_longer_reads_it_once_she_has_completed_the_course(
        self, hoa_client, minh, course, province
    ):
        given(course, minh, province.health)
        finish(hoa(), course)
        assert hoa_client.get("/hoc-tap/").context["given"] == []

    def test_is_not_concerned_by_what_another_position_has_to_do(
        self, hoa_client, minh, course, province
    ):
        given(course, minh, province.health, position="Chuyên viên")
        given(course, minh, province.school)
        assert hoa_client.get("/hoc-tap/").context["given"] == []


class TestDeadline:
    @pytest.fixture
    def since_november(self, province):
        """Hoa came to the hospital on 10 November; before that she was at the school."""
        post = Post.objects.get(person=hoa())
        Post.objects.filter(pk=post.pk).update(valid_from=date(2026, 11, 10))
        return Post.objects.create(
            person=hoa(),
            managing_unit=province.school,
            using_unit=province.school,
            staff_kind=post.staff_kind,
            title="Y tế học đường",
            valid_from=date(2023, 1, 1),
            valid_to=date(2026, 11, 9),
        )

    def own(self, client) -> list[tuple[date, bool]]:
        client.force_login(account_for(hoa()))
        given_now = client.get("/hoc-tap/").context["given"]
        return [(one.due_on, one.is_longer) for one in given_now]

    def test_who_comes_later_has_the_days_that_the_rule_gives(
        self, since_november, minh, course, province, client
    ):
        given(course, minh, province.health, due_on=date(2026, 11, 20), days_for_newcomers=30)
        assert self.own(client) == [(date(2026, 12, 10), True)]
        page = client.get("/hoc-tap/").content.decode()
        assert "10/11/2026" in page
        assert "20/11/2026" in page

    def test_nobody_has_less_time_than_the_others(
        self, since_november, minh, course, province, client
    ):
        given(course, minh, province.health, days_for_newcomers=5)
        assert self.own(client) == [(date(2026, 12, 14), False)]

    def test_another_post_under_the_same_rule_gives_no_more_time(
        self, since_november, minh, course, province, client
    ):
        """From the school to the hospital, and the whole province has it to do."""
        given(course, minh, None, due_on=date(2026, 11, 20), days_for_newcomers=30)
        assert self.own(client) == [(date(2026, 11, 20), False)]

    def test_a_gap_between_two_posts_begins_the_days_anew(
        self, since_november, minh, course, province, client
    ):
        Post.objects.filter(pk=since_november.pk).update(valid_to=date(2026, 10, 31))
        given(course, minh, None, due_on=date(2026, 11, 20), days_for_newcomers=30)
        assert self.own(client) == [(date(2026, 12, 10), True)]

    def test_is_told_to_the_officer_on_the_persons_page(
        self, since_november, minh_client, minh, course, province
    ):
        given(course, minh, province.health, due_on=date(2026, 11, 20), days_for_newcomers=30)
        page = minh_client.get(f"/bao-cao/nguoi/{hoa().pk}/")
        assert [one.due_on for one in page.context["given"]] == [date(2026, 12, 10)]
        assert "Kế hoạch số 12/KH-SYT" in page.content.decode()

    @pytest.mark.parametrize("days", ["0", "366", "x"])
    def test_impossible_days_are_refused_with_a_sentence(self, minh_client, course, days):
        page = minh_client.post(GIVE, asked(course, apply="1", days_for_newcomers=days))
        assert (page.status_code, "days_for_newcomers" in page.context["form"].errors) == (
            422,
            True,
        )
        assert Assignment.objects.count() == 0


class TestOthers:
    def test_lan_sees_nothing_of_another_department(self, minh, course, province, client):
        rule = given(course, minh, province.health)
        client.force_login(viewer("lan", unit=province.education))
        assert client.get("/bao-cao/giao-hoc/").context["rows"] == []
        for address in ("", "danh-sach/"):
            assert client.get(f"/bao-cao/giao-hoc/{rule.pk}/{address}").status_code == 404

    def test_the_hospital_cannot_take_back_what_the_department_gave(
        self, minh, course, province, client
    ):
        rule = given(course, minh, province.health)
        client.force_login(viewer("ha", unit=province.hospital))
        assert client.get(f"/bao-cao/giao-hoc/{rule.pk}/").context["total"].assigned == 2
        taken = client.post(f"/bao-cao/giao-hoc/{rule.pk}/thu-hoi/", {"reason": "thử xem"})
        assert (taken.status_code, Assignment.objects.in_force().count()) == (404, 1)

    def test_an_auditor_gives_nothing(self, course, province, client):
        client.force_login(viewer("viet", Role.AUDITOR, province.province))
        assert client.post(GIVE, asked(course, apply="1")).status_code == 404
