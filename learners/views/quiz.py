"""Answering a quiz: one question a page, each answer kept as it is given."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.choices import ItemKind
from courses.forms import AnswerForm
from courses.models import EditionItem
from courses.questions import is_answered
from learners.actions.attempts import (
    NoAttemptLeft,
    NothingToAsk,
    QuizClosed,
    open_attempt,
    open_attempt_at,
    save_answer,
    submit_attempt,
    used_attempts,
)
from learners.models import Attempt, Enrolment
from learners.permissions import account_of, own_enrolments
from learners.views.results import marked_answers, points, shows_key


@login_required
@require_POST
def start(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Begin, or go on where the open attempt stands."""
    enrolment, quiz = _own_quiz(request, slug, position)
    try:
        attempt = open_attempt(enrolment=enrolment, item=quiz)
    except NoAttemptLeft:
        messages.error(request, _("All attempts were used. Ask the HR officer of your unit."))
    except QuizClosed:
        messages.error(request, _("This quiz is closed. Ask the HR officer of your unit."))
    except NothingToAsk:
        messages.error(request, _("This quiz has no questions yet. Please come back later."))
    else:
        return redirect("learners:question", slug, position, _first_open(attempt))
    return redirect("learners:item", slug=slug, position=position)


@login_required
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, slug: str, position: int, number: int) -> HttpResponse:
    """One question. POST keeps the answer, or leaves it for later, and goes on.

    A POST with X-Autosave keeps the answer by the same way and answers in JSON.
    """
    autosave = request.method == "POST" and "X-Autosave" in request.headers
    attempt = open_attempt_at(account_of(request.user).pk, slug, position)
    if attempt is None:
        return _over(request, slug, position, autosave=autosave)
    questions = attempt.asked()
    if not 1 <= number <= len(questions):
        raise Http404
    asked = questions[number - 1]
    form = AnswerForm(
        asked, attempt.answer(number - 1), request.POST if request.method == "POST" else None
    )
    status = 200
    if request.method == "POST":
        later = "later" in request.POST and not autosave
        if later or form.is_valid():
            if not later and not save_answer(
                attempt=attempt, question=number - 1, answer=form.answer()
            ):
                return _over(request, slug, position, autosave=autosave)
            if autosave:
                return JsonResponse({"saved": True})
            if number < len(questions):
                return redirect("learners:question", slug, position, number + 1)
            return redirect("learners:review", slug, position)
        status = 422
        if autosave:
            return JsonResponse({"saved": False, "error": form.first_error()}, status=status)
    context = {
        "course_slug": slug,
        "quiz": attempt.item,
        "question": asked,
        "number": number,
        "total": len(questions),
        "form": form,
        "enrolment": attempt.enrolment,
    }
    return render(request, "learners/question.html", context | _time(attempt), status=status)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """What was answered and what was left; hand in on POST."""
    attempt = open_attempt_at(account_of(request.user).pk, slug, position)
    if attempt is None:
        return _over(request, slug, position)
    if request.method == "POST":
        handed_in = submit_attempt(attempt=attempt)
        return redirect("learners:result", slug, position, handed_in.number)
    rows = [
        {
            "number": index + 1,
            "stem": asked["stem"] or _("Question %(number)s") % {"number": index + 1},
            "answered": is_answered(asked, attempt.answer(index)),
        }
        for index, asked in enumerate(attempt.asked())
    ]
    context = {
        "course_slug": slug,
        "quiz": attempt.item,
        "rows": rows,
        "unanswered": sum(not row["answered"] for row in rows),
        "enrolment": attempt.enrolment,
    }
    return render(request, "learners/review.html", context | _time(attempt))


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
    attempt.item = quiz
    tries = Attempt.objects.filter(enrolment=enrolment, item=quiz)
    may_try = quiz.attempts_allowed is None or used_attempts(tries) < quiz.attempts_allowed
    show_key = shows_key(attempt, may_try=may_try)
    rows = marked_answers(attempt, show_key=show_key)
    context = {
        "course_slug": slug,
        "quiz": quiz,
        "attempt": attempt,
        "enrolment": enrolment,
        "may_try": may_try and not attempt.passed and not _is_closed(quiz),
        "show_key": show_key,
        "rows": rows,
        "points": points(rows),
        "next_position": position + 1 if position < enrolment.edition.items.count() else None,
    }
    return render(request, "learners/result.html", context)


def _time(attempt: Attempt) -> dict:
    """The deadline and the whole seconds to it, for the page and its script."""
    deadline = attempt.deadline()
    if deadline is None:
        return {"deadline": None}
    left = max(int((deadline - timezone.now()).total_seconds()), 0)
    # A quiz that closes next week needs no running clock.
    return {"deadline": deadline, "seconds_left": left, "is_timed": attempt.due_at is not None}


def _is_closed(quiz: EditionItem) -> bool:
    return quiz.closes_at is not None and quiz.closes_at <= timezone.now()


def _over(
    request: HttpRequest, slug: str, position: int, *, autosave: bool = False
) -> HttpResponse:
    """Nothing is open any more: lead to the newest result, saying why if the time is over."""
    enrolment, quiz = _own_quiz(request, slug, position)
    last = (
        Attempt.objects.filter(enrolment=enrolment, item=quiz, submitted_at__isnull=False)
        .order_by("-number")
        .first()
    )
    if last is None:
        address = reverse("learners:item", args=[slug, quiz.position])
    else:
        last.item = quiz
        address = reverse("learners:result", args=[slug, quiz.position, last.number])
        if not autosave and last.is_overdue():
            messages.warning(
                request, _("The time is over. What you had answered until then was handed in.")
            )
    return (
        JsonResponse({"saved": False, "url": address}, status=409)
        if autosave
        else redirect(address)
    )


def _first_open(attempt: Attempt) -> int:
    questions = attempt.asked()
    for index in range(len(questions)):
        if str(index) not in attempt.answers:
            return index + 1
    return len(questions)


def _own_quiz(request: HttpRequest, slug: str, position: int) -> tuple[Enrolment, EditionItem]:
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
        )
        # An attempt has its own questions; those of the edition are for drawing.
        .defer("body", "questions")
        .first()
    )
    if enrolment is None or quiz is None:
        raise Http404
    return enrolment, quiz
