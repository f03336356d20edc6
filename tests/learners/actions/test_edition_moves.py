"""Seven hundred are enrolled, two hundred finished, and the author changes the course."""

from copy import copy

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from courses.editions import publish_edition
from courses.models import EditionItem, LessonPage
from home.site import MODERATORS, create_site
from learners.actions.edition_moves import effects, move
from learners.actions.enrolments import enrol
from learners.actions.progress import tick_lesson
from learners.models import EditionMove, Enrolment, LessonTick, Person, User
from tests.factories.learning import small_course, staff, this_period

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    this_period()
    return small_course(lessons=2, quiz=False)


@pytest.fixture
def thu():
    create_site()
    thu = User.objects.create_user("thu", full_name="Cao Thị Thu")
    thu.groups.add(Group.objects.get(name=MODERATORS))
    return thu


def learner(course, done: int, name: str = "Nguyễn Thị Hoa") -> Enrolment:
    person = staff(name, sign_in=f"hv{Enrolment.objects.count()}")
    enrolment = enrol(person=person, course=course)
    for item in EditionItem.objects.filter(edition=enrolment.edition)[:done]:
        tick_lesson(enrolment=enrolment, item=item)
    enrolment.refresh_from_db()
    return enrolment


def add_lesson(course):
    module = course.get_children().first()
    module.add_child(instance=LessonPage(title="Bài mới"))
    return publish_edition(course)


def test_list_comes_first_and_names_who_would_fall(course):
    half, finished = learner(course, 1), learner(course, 2, "Lê Ba")
    add_lesson(course)
    assert [(e.enrolment, e.before, e.after, e.falls) for e in effects(course)] == [
        (half, 50, 33, True)
    ]
    assert finished.completed_at is not None
    assert EditionMove.objects.count() == 0


def test_moved_person_keeps_what_was_done_and_can_finish(course, thu):
    half = learner(course, 1)
    newest = add_lesson(course)
    (made,) = move(enrolments=[half], course=course, reason="Luật mới", by=thu)
    assert (made.percent_before, made.percent_after, made.reason) == (50, 33, "Luật mới")
    half.refresh_from_db()
    assert half.edition == newest
    for item in newest.items.all():
        tick_lesson(enrolment=half, item=item)
    half.refresh_from_db()
    assert half.completed_at is not None


def test_second_press_and_finished_people_change_nothing(course, thu):
    half, finished = learner(course, 1), learner(course, 2, "Lê Ba")
    add_lesson(course)
    both = [half, finished]
    assert len(move(enrolments=both, course=course, reason="Luật mới", by=thu)) == 1
    assert move(enrolments=both, course=course, reason="Luật mới", by=thu) == []
    finished.refresh_from_db()
    assert finished.edition.number == 1


def test_removed_lesson_completes_whoever_did_the_rest(course, thu):
    half = learner(course, 1)
    LessonPage.objects.descendant_of(course).last().unpublish()
    publish_edition(course)
    move(enrolments=[half], course=course, reason="Bỏ bài cũ", by=thu)
    half.refresh_from_db()
    assert half.completed_at is not None


def test_seven_hundred_stay_where_they_are_and_five_hundred_move_by_one_act(
    course, thu, django_assert_max_num_queries
):
    first = course.editions.get()
    lessons = list(first.items.all())
    person = Person(full_name="Nguyễn Thị Hoa")
    people = Person.objects.bulk_create([copy(person) for _one in range(700)])
    Enrolment.objects.bulk_create(
        Enrolment(
            person=one,
            edition=first,
            title="An toàn thông tin" if place < 200 else "",
            completed_at=timezone.now() if place < 200 else None,
        )
        for place, one in enumerate(people)
    )
    under_way = list(Enrolment.objects.open())
    LessonTick.objects.bulk_create(LessonTick(enrolment=e, item=lessons[0]) for e in under_way)

    add_lesson(course)
    LessonPage.objects.get(title="Bài 1").unpublish()
    newest = publish_edition(course)
    assert (newest.number, Enrolment.objects.filter(edition=first).count()) == (3, 700)
    tick_lesson(enrolment=under_way[0], item=lessons[1])
    assert Enrolment.objects.completed().count() == 201

    with django_assert_max_num_queries(10):
        assert len([one for one in effects(course) if one.falls]) == 499
    move(enrolments=under_way, course=course, reason="Luật mới", by=thu)
    assert Enrolment.objects.filter(edition=newest, completed_at=None).count() == 499
    assert Enrolment.objects.completed().filter(edition=first).count() == 201


class TestPage:
    def test_author_moves_only_those_who_lose_nothing(self, course, thu, client):
        nothing, half = learner(course, 0), learner(course, 1, "Lê Ba")
        add_lesson(course)
        client.force_login(thu)
        address = f"/cham-bai/khoa/{course.pk}/phien-ban/"
        assert client.get(address).context["falling"] == 1
        client.post(address, {"reason": "Luật mới", "only_unhurt": "1"})
        assert [made.enrolment for made in EditionMove.objects.all()] == [nothing]
        assert client.post(address, {"reason": ""}).status_code == 422
        half.refresh_from_db()
        assert half.edition.number == 1

    def test_learner_finds_no_such_page(self, course, client):
        client.force_login(learner(course, 0).person.user)
        assert client.get(f"/cham-bai/khoa/{course.pk}/phien-ban/").status_code == 404
