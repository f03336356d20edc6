"""Answering a quiz: one question a page, each answer kept as it is given."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.choices import ItemKind
from courses.grading import is_multiple, is_right
from courses.models import EditionItem
from learners.actions.progress import (
    NoAttemptLeft,
    open_attempt,
    save_answer,
    submit_attempt,
)
from learners.forms import AnswerForm
from learners.models import Attempt
from learners.permissions import own_enrolments


@login_required
@require_POST
def start(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Begin, or go on where the open attempt stands."""
    enrolment, quiz = _own_quiz(request, slug, position)
    try:
        attempt = open_attempt(enrolment=enrolment, item=quiz)
    except NoAttemptLeft:
        messages.error(request, _("All attempts were used. Ask the HR officer of your unit."))
        return redirect("learners:item", slug=slug, position=position)
    return redirect("learners:question", slug, position, _first_open(attempt, quiz))


@login_required
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, slug: str, position: int, number: int) -> HttpResponse:
    """One question. POST keeps the answer, or leaves it for later, and goes on."""
    enrolment, quiz = _own_quiz(request, slug, position)
    attempt = Attempt.objects.filter(
        enrolment=enrolment, item=quiz, submitted_at__isnull=True
    ).first()
    if attempt is None:
        return redirect("learners:item", slug=slug, position=position)
    if not 1 <= number <= len(quiz.questions):
        raise Http404
    asked = quiz.questions[number - 1]
    chosen = attempt.answers.get(str(number - 1), [])
    form = AnswerForm(asked, chosen, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if "later" in request.POST or form.is_valid():
            if "later" not in request.POST and not save_answer(
                attempt=attempt, question=number - 1, chosen=form.chosen()
            ):
                return redirect("learners:item", slug=slug, position=position)
            if number < len(quiz.questions):
                return redirect("learners:question", slug, position, number + 1)
            return redirect("learners:review", slug, position)
        status = 422
    context = {
        "course_slug": slug,
        "quiz": quiz,
        "question": asked,
        "is_multiple": is_multiple(asked),
        "number": number,
        "total": len(quiz.questions),
        "form": form,
        "enrolment": enrolment,
    }
    return render(request, "learners/question.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """What was answered and what was left; hand in on POST."""
    enrolment, quiz = _own_quiz(request, slug, position)
    attempt = Attempt.objects.filter(
        enrolment=enrolment, item=quiz, submitted_at__isnull=True
    ).first()
    if attempt is None:
        return redirect("learners:item", slug=slug, position=position)
    if request.method == "POST":
        handed_in = submit_attempt(attempt=attempt)
        return redirect("learners:result", slug, position, handed_in.number)
    rows = [
        {
            "number": index + 1,
            "stem": asked["stem"],
            "answered": str(index) in attempt.answers,
        }
        for index, asked in enumerate(quiz.questions)
    ]
    context = {
        "course_slug": slug,
        "quiz": quiz,
        "rows": rows,
        "unanswered": sum(not row["answered"] for row in rows),
        "enrolment": enrolment,
    }
    return render(request, "learners/review.html", context)


@login_required
@require_GET
def result(request: HttpRequest, slug: str, position: int, number: int) -> HttpResponse:
    """What was right, why, and what comes next."""
    enrolment, quiz = _own_quiz(request, slug, position)
    attempt = Attempt.objects.filter(
        enrolment=enrolment, item=quiz, number=number, submitted_at__isnull=False
    ).first()
    if attempt is None:
        raise Http404
    used = Attempt.objects.filter(enrolment=enrolment, item=quiz).count()
    may_try = quiz.attempts_allowed is None or used < quiz.attempts_allowed
    context = {
        "course_slug": slug,
        "quiz": quiz,
        "attempt": attempt,
        "enrolment": enrolment,
        "may_try": may_try and not attempt.passed,
        # The right answers are shown only when they can no longer be copied into a next try.
        "show_key": attempt.passed or not may_try,
        "rows": [_marked(index, asked, attempt) for index, asked in enumerate(quiz.questions)],
        "next_position": position + 1 if position < enrolment.edition.items.count() else None,
    }
    return render(request, "learners/result.html", context)


def _marked(index: int, asked: dict, attempt: Attempt) -> dict:
    chosen = set(attempt.answers.get(str(index), []))
    return {
        "number": index + 1,
        "stem": asked["stem"],
        "explanation": asked["explanation"],
        "is_right": is_right(asked, chosen),
        "choices": [
            {**choice, "chosen": place in chosen} for place, choice in enumerate(asked["choices"])
        ],
    }


def _first_open(attempt: Attempt, quiz: EditionItem) -> int:
    for index in range(len(quiz.questions)):
        if str(index) not in attempt.answers:
            return index + 1
    return len(quiz.questions)


def _own_quiz(request: HttpRequest, slug: str, position: int) -> tuple:
    """The viewer's enrolment and its quiz at that position, or 404."""
    enrolment = (
        own_enrolments(request.user)
        .filter(edition__course__slug=slug)
        .select_related("edition")
        .first()
    )
    quiz = (
        enrolment
        and EditionItem.objects.filter(
            edition=enrolment.edition, position=position, kind=ItemKind.QUIZ
        ).first()
    )
    if not quiz:
        raise Http404
    return enrolment, quiz
