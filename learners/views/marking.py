"""The marker's desk: answers that wait, keys that were wrong, results from paper, statistics."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.choices import ItemKind
from courses.editions import page_still_asks, same_quiz
from courses.models import CoursePage, EditionItem
from learners.actions.attempts import MarkedMeanwhile, enter_from_paper, mark_answer
from learners.actions.remarking import CorrectedMeanwhile, changes, correct_key, question_of
from learners.marking_forms import KeyForm, MarkForm, PaperForm
from learners.models import Attempt, Enrolment, Person, Remarking
from learners.permissions import account_of, kept_banks, marked_courses, refuse
from learners.reports.quizzes import FEWEST, NEWEST, question_rows
from learners.tasks import remark_attempts
from learners.views.results import marked_answers

ON_A_PAGE = 30
SHOWN_CHANGES = 200


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Attempts that wait for a mark, the oldest first, and the quizzes one looks after."""
    courses = marked_courses(request.user).filter(editions__isnull=False).distinct()
    if not marked_courses(request.user).exists():
        raise refuse(request.user, "marking", "courses")
    course = _chosen_course(request)
    waiting = _waiting(request, course)
    page = Paginator(
        waiting.select_related("enrolment__person", "enrolment__edition", "item"), ON_A_PAGE
    ).get_page(request.GET.get("trang"))
    newest = _items(request).order_by("edition__course", "position", "-edition__number")
    quizzes: dict[tuple, EditionItem] = {}
    for item in newest.select_related("edition"):
        quizzes.setdefault((item.edition.course_id, item.page_id or item.pk), item)
    context = {
        "page": page,
        "quizzes": list(quizzes.values()),
        "courses": courses.order_by("title"),
        "course": course,
        "banks": kept_banks(request.user).order_by("name"),
    }
    return render(request, "learners/marking/queue.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """One answer beside its question and guidance; then the next that waits."""
    attempt = _attempts(request).filter(pk=pk).select_related("item", "enrolment__person").first()
    if attempt is None or index >= len(attempt.asked()):
        raise refuse(request.user, "answer of attempt", pk)
    given = attempt.manual_marks.filter(index=index).last()
    initial = (
        {"percent": given.percent, "comment": given.comment, "seen": given.pk} if given else {}
    )
    form = MarkForm(request.POST or None, initial=initial)
    course = _chosen_course(request)
    query = {"khoa": course.pk} if course else None
    if request.method == "POST" and form.is_valid():
        try:
            mark_answer(
                attempt=attempt,
                index=index,
                mark=form.cleaned_data["percent"],
                comment=form.cleaned_data["comment"],
                by=account_of(request.user),
                seen=form.cleaned_data["seen"],
            )
        except MarkedMeanwhile:
            messages.warning(
                request, _("Somebody marked this answer meanwhile. Look at the mark before yours.")
            )
            return redirect(reverse("learners:mark", args=[pk, index], query=query))
        messages.success(request, _("Marked. The learner sees it at once."))
        following = _waiting(request, course).first()
        if following is None:
            return redirect(reverse("learners:marking", query=query))
        place = [following.pk, following.first_open()]
        return redirect(reverse("learners:mark", args=place, query=query))
    rows = marked_answers(attempt, show_key=True)
    context = {
        "attempt": attempt,
        "row": rows[index],
        "guidance": attempt.asked()[index].get("guidance", ""),
        "form": form,
        "given": given,
        "course": course,
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/marking/mark.html", context, status=status)


@login_required
@require_GET
def quiz_of_page(request: HttpRequest, pk: int) -> HttpResponse:
    """From the page of a quiz to its desk, by the newest edition that asks it."""
    if not marked_courses(request.user).exists():
        raise refuse(request.user, "quiz of page", pk)
    newest = _items(request).filter(page=pk).order_by("-edition__number").first()
    if newest is None:
        messages.info(request, _("This quiz is not published yet: nobody has answered it."))
        return redirect("learners:marking")
    return redirect("learners:quiz_desk", newest.pk)


@login_required
@require_GET
def quiz_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """One quiz: how each question did, what was corrected, and the door for paper results."""
    item = kept_quiz(request, pk)
    rows = question_rows(item)
    of_banks = [row.ref for row in rows if row.is_of_bank]
    acts = Remarking.objects.filter(Q(item__in=same_quiz(item).values("pk")) | Q(ref__in=of_banks))
    context = {
        "item": item,
        "rows": rows,
        "fewest": FEWEST,
        "newest": NEWEST,
        "remarkings": acts.select_related("done_by"),
        "paper_form": PaperForm(),
    }
    return render(request, "learners/marking/quiz.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int, ref: str) -> HttpResponse:
    """Correct the key of one question: first who would be marked differently, then the act."""
    item = kept_quiz(request, pk)
    if ref.startswith("q") and not request.user.has_perm("courses.change_question"):
        raise refuse(request.user, "question of a bank", ref)
    before = question_of(item, ref)
    if before is None:
        raise Http404
    form = KeyForm(request.POST or None, before=before)
    found = None
    if request.method == "POST" and form.is_valid():
        after = form.cleaned_data["after"]
        if "apply" in request.POST:
            try:
                # Together: an act without its job would leave everybody as they were.
                with transaction.atomic():
                    remarking = correct_key(
                        item=item,
                        ref=ref,
                        before=before,
                        after=after,
                        reason=form.cleaned_data["reason"],
                        by=account_of(request.user),
                    )
                    remark_attempts.enqueue(remarking.pk)
            except CorrectedMeanwhile:
                text = _("Somebody corrected this question meanwhile. Look at it again.")
                messages.warning(request, text)
                return redirect("learners:correct_key", pk, ref)
            messages.success(request, _("The key is corrected; the attempts are being re-marked."))
            if page_still_asks(item, before):
                text = _(
                    "The page of the quiz still has this question as it was. Correct it there"
                    " before you publish it next."
                )
                messages.warning(request, text)
            return redirect("learners:quiz_desk", pk)
        found = changes(item, ref, before, after)
    mine = set(marked_courses(request.user).values_list("pk", flat=True))
    named = [change for change in found or [] if change.course in mine]
    people = Person.objects.in_bulk([change.person for change in named[:SHOWN_CHANGES]])
    context = {
        "item": item,
        "before": before,
        "form": form,
        "previewed": found is not None,
        "changes": [(change, people[change.person]) for change in named[:SHOWN_CHANGES]],
        "changed": len(found or []),
        "elsewhere": len(found or []) - len(named),
        "now_pass": sum(c.now_passes for c in found or []),
        "would_fail": sum(c.would_fail for c in found or []),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "learners/marking/correct.html", context, status=status)


@login_required
@require_http_methods(["POST"])
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one result from paper, for somebody who is enrolled in the course."""
    item = kept_quiz(request, pk)
    form = PaperForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        enrolment = (
            Enrolment.objects.filter(person=given["person"], edition__course=item.edition.course_id)
            .order_by("-started_at")
            .first()
        )
        own = _same_quiz(item, enrolment) if enrolment else None
        if enrolment is None or own is None:
            form.add_error("person", _("This person is not enrolled in the course."))
        else:
            enter_from_paper(
                enrolment=enrolment,
                item=own,
                score=given["score"],
                source=given["source"],
                reason=given["reason"],
                by=account_of(request.user),
            )
            text = _("Entered for %(name)s.")
            messages.success(request, text % {"name": given["person"].full_name})
            return redirect("learners:quiz_desk", pk)
    context = {"item": item, "paper_form": form}
    return render(request, "learners/marking/paper.html", context, status=422)


# ------------------------------------------------------------------ scope


def _items(request: HttpRequest) -> QuerySet[EditionItem]:
    courses = marked_courses(request.user)
    return EditionItem.objects.filter(kind=ItemKind.QUIZ, edition__course__in=courses)


def kept_quiz(request: HttpRequest, pk: int) -> EditionItem:
    """A quiz of the courses that the viewer marks, or 404."""
    item = _items(request).filter(pk=pk).select_related("edition").first()
    if item is None:
        raise refuse(request.user, "quiz", pk)
    return item


def _same_quiz(item: EditionItem, enrolment: Enrolment) -> EditionItem | None:
    """The quiz as the edition of that enrolment has it."""
    if enrolment.edition_id == item.edition_id:
        return item
    return EditionItem.objects.filter(
        edition=enrolment.edition_id, page=item.page_id, page__isnull=False
    ).first()


def _chosen_course(request: HttpRequest) -> CoursePage | None:
    """The course by which the queue is narrowed; None shows all of one's own."""
    chosen = request.GET.get("khoa", "")
    if not chosen.isdecimal():
        return None
    return marked_courses(request.user).filter(pk=int(chosen)).first()


def _waiting(request: HttpRequest, course: CoursePage | None) -> QuerySet[Attempt]:
    """What waits for a marker, the oldest first."""
    waiting = _attempts(request).filter(waiting__gt=0).order_by("submitted_at", "pk")
    return waiting.filter(enrolment__edition__course=course) if course else waiting


def _attempts(request: HttpRequest) -> QuerySet[Attempt]:
    """Of the courses one marks, but never one's own: nobody marks himself."""
    courses = marked_courses(request.user)
    return Attempt.objects.filter(
        submitted_at__isnull=False, enrolment__edition__course__in=courses
    ).exclude(enrolment__person__user=request.user.pk)
