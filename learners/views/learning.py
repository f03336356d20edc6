"""The learner's path: what I learn, one course, one lesson."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.choices import ItemKind, PackageRule
from courses.draws import asked_count
from courses.models import CoursePage, EditionItem
from courses.rendering import item_html
from learners.actions.attempts import open_attempt_of
from learners.actions.enrolments import CannotEnrol, enrol, online_class
from learners.actions.progress import learning_of, newest_with_ticks, tick_lesson
from learners.models import Attempt, Enrolment
from learners.permissions import own_enrolments, own_person
from learners.reports.assignments import given_to
from learners.reports.class_notices import own_classes
from learners.reports.my_year import course_reminders, my_year, own_reminders
from learners.reports.surveys import has_answered, open_surveys
from learners.reports.training import training_of
from learners.views.outline import edition_items, outline
from learners.views.packages import package_lesson


@login_required
@require_GET
def my_learning(request: HttpRequest) -> HttpResponse:
    """What to do next, what runs, what is finished, and whether the year's goal is met."""
    person = own_person(request.user)
    found = own_enrolments(request.user).select_related("edition__course")
    enrolments = list(found.prefetch_related("ticks"))
    courses = [
        learning_of(e, edition_items(e.edition), frozenset(tick.item_id for tick in e.ticks.all()))
        for e in enrolments
        if not e.completed_at
    ]
    context: dict[str, object] = {
        "person": person,
        "running": courses,
        "next": courses[0] if courses else None,
    }
    if person is not None:
        training, reminders = training_of(person.pk), own_reminders(person)
        context |= {
            "training": training,
            "classes": own_classes(person),
            "reminders": course_reminders(reminders, enrolments),
            "given": given_to(person, enrolments),
            "my_year": my_year(person, training, reminders),
            "surveys": open_surveys(person),
        }
    return render(request, "learners/my_learning.html", context)


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Everything that one has learnt, whatever the way, to read and to print."""
    person = own_person(request.user)
    if person is None:
        raise Http404
    context = {"person": person, "training": training_of(person.pk), "today": timezone.localdate()}
    return render(request, "learners/history.html", context)


@login_required
def enrol_course(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what enrolling means; enrol on POST."""
    course = get_object_or_404(CoursePage.objects.live(), slug=slug)
    person = own_person(request.user)
    if request.method == "POST" and person:
        try:
            enrolment = enrol(person=person, course=course)
        except CannotEnrol:
            messages.error(request, _("This course has no lessons yet. Choose another one."))
            return redirect(course.url)
        return _to_next(enrolment)
    context = {"course": course, "person": person, "class_group": online_class(course)}
    return render(request, "learners/enrol.html", context)


@login_required
@require_GET
def course_home(request: HttpRequest, slug: str) -> HttpResponse:
    """The path of one's own course: done, here, to do."""
    enrolment, done = _own_enrolment(request, slug)
    learning = learning_of(enrolment, edition_items(enrolment.edition), done)
    context = {"learning": learning, "modules": outline(learning), "course_slug": slug}
    if enrolment.completed_at:
        context["asks_opinion"] = not has_answered(enrolment.person_id, enrolment.edition.course_id)
    return render(request, "learners/course_home.html", context)


@login_required
@require_GET
def item(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """One lesson, or the front page of one quiz."""
    enrolment, done = _own_enrolment(request, slug)
    items = edition_items(enrolment.edition)
    current = _at(items, position)
    if enrolment.last_item_id != current.pk and not enrolment.completed_at:
        Enrolment.objects.filter(pk=enrolment.pk).update(last_item=current)
        enrolment.last_item_id = current.pk
    quiz = _quiz_front(enrolment, current) if current.kind == ItemKind.QUIZ else None
    learning = learning_of(enrolment, items, done)
    context = {
        "learning": learning,
        "course_slug": slug,
        "item": current,
        "is_done": current.pk in learning.done,
        "previous": items[position - 2] if position > 1 else None,
        "next": items[position] if position < len(items) else None,
        # Called by the template where the page is not kept.
        "html": partial(item_html, enrolment.edition, current),
    }
    if quiz is not None:
        return render(request, "learners/quiz.html", context | quiz)
    if current.package_id:
        return package_lesson(request, context, enrolment, current)
    return render(request, "learners/lesson.html", context)


@login_required
@require_POST
def complete_lesson(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Tick the lesson and go on; a second tap changes nothing."""
    enrolment, _done = _own_enrolment(request, slug)
    items = edition_items(enrolment.edition)
    current = _at(items, position)
    decides_itself = current.package_id and current.package_rule != PackageRule.READER
    if current.kind != ItemKind.LESSON or decides_itself:
        raise Http404
    tick_lesson(enrolment=enrolment, item=current)
    if position < len(items):
        return redirect("learners:item", slug=slug, position=position + 1)
    return redirect("learners:course_home", slug=slug)


def _own_enrolment(request: HttpRequest, slug: str) -> tuple[Enrolment, frozenset[int]]:
    """The viewer's newest enrolment in the course and what is done in it, or 404."""
    found = newest_with_ticks(request.user.pk or 0, slug)
    if found is None:
        raise Http404
    return found


def _at(items: list[EditionItem], position: int) -> EditionItem:
    if not 1 <= position <= len(items):
        raise Http404
    return items[position - 1]


def _to_next(enrolment: Enrolment) -> HttpResponse:
    learning = learning_of(enrolment, edition_items(enrolment.edition))
    slug = enrolment.edition.course.slug
    if learning.resume_at is None:
        return redirect("learners:course_home", slug=slug)
    return redirect("learners:item", slug=slug, position=learning.resume_at.position)


def _quiz_front(enrolment: Enrolment, quiz: EditionItem) -> dict:
    current = open_attempt_of(enrolment, quiz)
    handed_in = list(
        Attempt.objects.filter(enrolment=enrolment, item=quiz, submitted_at__isnull=False).defer(
            "questions", "answers", "marks"
        )
    )
    used = sum(attempt.entered_by_id is None for attempt in handed_in)
    left = None if quiz.attempts_allowed is None else quiz.attempts_allowed - used
    is_closed = quiz.closes_at is not None and quiz.closes_at <= timezone.now()
    return {
        "attempts": handed_in,
        "open_attempt": current,
        "attempts_left": left,
        "is_closed": is_closed,
        "may_try": (left is None or left > 0) and not is_closed,
        "question_count": asked_count(quiz.questions, quiz.draws),
    }
