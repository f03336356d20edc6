"""Surveys after classes and courses: answered in a minute, read without names."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from courses.models import ClassGroup, CoursePage
from learners.actions.surveys import answer_survey
from learners.permissions import (
    granted_roots,
    kept_classes,
    marked_courses,
    own_enrolments,
    own_person,
    provable_classes,
    refuse,
)
from learners.reports.surveys import (
    LEAST,
    class_figures,
    course_figures,
    is_open,
    participants,
)
from learners.survey_forms import OpenSurveyForm, SurveyForm
from learners.views.classes import qr


@never_cache
@require_http_methods(["GET", "POST"])
def class_survey(request: HttpRequest, pk: int) -> HttpResponse:
    """For a participant who is signed in, just the questions; for anybody else a number that
    tells participants apart. Whether a number belongs to one is never said."""
    group = get_object_or_404(ClassGroup.objects.select_related("provider"), pk=pk)
    if not is_open(group):
        return render(request, "learners/surveys/closed.html", {"group": group}, status=410)
    person = own_person(request.user)
    if person and not participants(group).filter(person=person).exists():
        person = None
    make = SurveyForm if person else OpenSurveyForm
    form = make(request.POST) if request.method == "POST" else make()
    if request.method == "POST" and form.is_valid():
        if isinstance(form, OpenSurveyForm):
            person = form.participant(group)
        if person:
            answer_survey(person=person, about=group, answer=form.save(commit=False))
        return redirect("learners:survey_thanks")
    context = {"form": form, "title": group.title, "by": group.provider.name, "person": person}
    status = 422 if form.is_bound else 200
    return render(request, "learners/surveys/answer.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def course_survey(request: HttpRequest, slug: str) -> HttpResponse:
    """About a course that one has completed."""
    completed = own_enrolments(request.user).filter(
        edition__course__slug=slug, completed_at__isnull=False
    )
    enrolment = completed.select_related("edition__course", "person").first()
    if enrolment is None:
        raise refuse(request.user, "survey of course", slug)
    form = SurveyForm(request.POST) if request.method == "POST" else SurveyForm()
    if request.method == "POST" and form.is_valid():
        course, answer = enrolment.edition.course, form.save(commit=False)
        answer_survey(person=enrolment.person, about=course, answer=answer)
        return redirect("learners:survey_thanks")
    context = {"form": form, "title": enrolment.edition.title, "person": enrolment.person}
    status = 422 if form.is_bound else 200
    return render(request, "learners/surveys/answer.html", context, status=status)


@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "learners/surveys/thanks.html")


@login_required
@require_GET
def class_opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the participants of a class said, and the code by which they say it."""
    group = provable_classes(request.user).filter(pk=pk).select_related("provider").first()
    if group is None:
        raise refuse(request.user, "survey of class", pk)
    address = settings.PUBLIC_URL + reverse("learners:class_survey", args=[pk])
    context = {
        "title": group.title,
        "group": group,
        "figures": class_figures(group),
        "least": LEAST,
        "keeps": kept_classes(request.user).filter(pk=pk).exists(),
        "address": address if is_open(group) else "",
        "qr": qr(address),
    }
    return render(request, "learners/surveys/opinions.html", context)


@login_required
@require_GET
def course_opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """What those who completed a course said: for its authors, and for the whole province's
    viewers."""
    sees_all = granted_roots(request.user) is None
    courses = CoursePage.objects.all() if sees_all else marked_courses(request.user)
    course = courses.filter(pk=pk).first()
    if course is None:
        raise refuse(request.user, "survey of course", pk)
    context = {"title": course.title, "course": course, "least": LEAST}
    context["figures"] = course_figures(course)
    return render(request, "learners/surveys/opinions.html", context)
