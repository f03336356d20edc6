"""What a package says is kept in order, never falls, and finishes one enrolment alone."""

import pytest

from courses.editions import publish_edition
from courses.imports.library import store_package
from courses.models import CoursePage, EditionItem, LessonPage
from learners.actions.enrolments import enrol
from learners.actions.packages import open_part, save_part
from learners.models import Enrolment, LessonTick, PackageState
from tests.factories.learning import small_course, staff, this_period
from tests.factories.packages import h5p, scorm

pytestmark = pytest.mark.django_db


def course_with(package, **fields: object) -> CoursePage:
    course = small_course(lessons=0, quiz=False)
    module = course.get_children().first()
    module.add_child(instance=LessonPage(title="Gói", package=package, **fields))
    publish_edition(course)
    return course


@pytest.fixture
def package():
    this_period()
    return store_package(scorm(parts=2))[0]


@pytest.fixture
def enrolment(package) -> Enrolment:
    return enrol(person=staff(sign_in="hoa"), course=course_with(package))


@pytest.fixture
def item(enrolment) -> EditionItem:
    return enrolment.edition.items.get()


def cmi(status: str = "incomplete", score: str = "", place: str = "") -> dict:
    return {"core": {"lesson_status": status, "lesson_location": place, "score": {"raw": score}}}


def say(enrolment, item, said: dict, *, part=0, launch=1, sequence=1):
    return save_part(
        enrolment=enrolment,
        item=item,
        package=item.package,
        part=part,
        launch=launch,
        sequence=sequence,
        cmi=said,
    )


class TestOrder:
    def test_older_commit_changes_nothing(self, enrolment, item):
        open_part(enrolment=enrolment, item=item, part=0)
        assert say(enrolment, item, cmi(place="p5"), sequence=2) is not None
        assert say(enrolment, item, cmi(place="p1"), sequence=1) is None
        assert say(enrolment, item, cmi(place="p1"), sequence=2) is None
        assert PackageState.objects.get().cmi["core"]["lesson_location"] == "p5"

    def test_window_left_open_writes_no_more_after_a_new_launch(self, enrolment, item):
        for _ in range(2):
            state = open_part(enrolment=enrolment, item=item, part=0)
        assert state.launch == 2
        assert say(enrolment, item, cmi(place="p1"), launch=1, sequence=9) is None
        assert say(enrolment, item, cmi(place="p2"), launch=2, sequence=1) is not None

    def test_package_that_was_never_opened_is_not_saved(self, enrolment, item):
        assert say(enrolment, item, cmi("passed")) is None
        assert PackageState.objects.count() == 0


class TestReached:
    def test_nothing_that_was_reached_falls(self, enrolment, item):
        open_part(enrolment=enrolment, item=item, part=0)
        say(enrolment, item, cmi("passed", "90"), sequence=1)
        state = say(enrolment, item, cmi("failed", "10"), sequence=2)
        assert (state.is_done, state.score) == (True, 90)

    def test_lesson_is_done_when_every_part_is(self, enrolment, item):
        for part in (0, 1):
            assert LessonTick.objects.count() == 0
            open_part(enrolment=enrolment, item=item, part=part)
            say(enrolment, item, cmi("completed"), part=part)
        enrolment.refresh_from_db()
        assert (LessonTick.objects.count(), enrolment.completed_at is not None) == (1, True)

    def test_same_package_in_two_courses_finishes_the_launched_one(self, package, enrolment, item):
        other = enrol(person=enrolment.person, course=course_with(package))
        for part in (0, 1):
            open_part(enrolment=enrolment, item=item, part=part)
            say(enrolment, item, cmi("completed"), part=part)
        other.refresh_from_db()
        assert (other.completed_at, LessonTick.objects.filter(enrolment=other).count()) == (None, 0)


class TestRule:
    def test_score_of_the_lesson_decides(self):
        this_period()
        course = course_with(store_package(h5p())[0], package_rule="score", package_score=80)
        enrolment = enrol(person=staff(sign_in="hoa"), course=course)
        item = enrolment.edition.items.get()
        open_part(enrolment=enrolment, item=item, part=0)
        wrong = say(enrolment, item, {"finished": True, "raw": 1, "max": 2}, sequence=1)
        assert (wrong.is_done, wrong.score) == (False, 50)
        right = say(enrolment, item, {"finished": True, "raw": 2, "max": 2}, sequence=2)
        assert (right.is_done, LessonTick.objects.count()) == (True, 1)

    def test_another_rule_is_another_edition(self, package):
        course = course_with(package)
        first = publish_edition(course)
        page = LessonPage.objects.descendant_of(course).get()
        page.package_rule, page.package_score = "score", 60
        page.save()
        person = staff(sign_in="minh")
        enrol(person=person, course=course)
        second = publish_edition(course)
        assert (second.number, second.items.get().package_score) == (first.number + 1, 60)
