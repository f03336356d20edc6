"""Requests about one's own data: asking, the officers' list by what is due, and answering."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from learners.actions.subject_requests import (
    AskedAlready,
    IsClosed,
    close,
    extend,
    file_request,
    reply_first,
)
from learners.choices import RequestState, SubjectRight
from learners.models import Person, SubjectRequest
from learners.permissions import (
    ANSWER_SUBJECTS,
    SEE_SUBJECTS,
    account_of,
    granted_roots,
    own_person,
    own_subject_requests,
    refuse,
    subject_requests_for,
    subjects_of,
)
from learners.reports.claims import unit_names_of_people
from learners.subject_request_forms import OwnRequestForm, RecordedRequestForm, StepForm

ON_A_PAGE = 50


# ------------------------------------------------------------------ one's own


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask about one's own data; the day of asking starts the clock."""
    person = own_person(request.user)
    if person is None:
        raise refuse(request.user, "own data", "request")
    form = OwnRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _filed(request, person, form):
        messages.success(request, _("Your request is received. You see here how it goes on."))
        return redirect("learners:own_data")
    status = 422 if form.errors else 200
    return render(request, "learners/subject_requests/ask.html", {"form": form}, status=status)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own request, as long as it is open."""
    found = own_subject_requests(request.user).filter(pk=pk).first()
    if found is None:
        raise refuse(request.user, "own request", pk)
    try:
        close(found, RequestState.TAKEN_BACK, by=account_of(request.user), words="")
        messages.success(request, _("Your request is taken back."))
    except IsClosed:
        messages.info(request, _("This request was closed before."))
    return redirect("learners:own_data")


def _filed(request: HttpRequest, person: Person, form: OwnRequestForm) -> bool:
    said = form.cleaned_data
    try:
        file_request(
            person=person,
            right=SubjectRight(said["right"]),
            words=said["words"],
            paper=said.get("paper", ""),
            received_on=said.get("received_on") or timezone.localdate(),
            by=account_of(request.user),
        )
    except AskedAlready:
        form.add_error("right", _("The same request is being handled already."))
        return False
    return True


# ------------------------------------------------------------------ the desk


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What is open by what is due next; with ?xem=xong what was closed, newest first."""
    if granted_roots(request.user, SEE_SUBJECTS) == []:
        raise refuse(request.user, "requests about data", "list")
    found = subject_requests_for(request.user).select_related("person")
    shows_closed = request.GET.get("xem") == "xong"
    rows = found.exclude(state=RequestState.RECEIVED) if shows_closed else found.open().by_due()
    if shows_closed:
        rows = rows.order_by("-closed_at", "-pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("trang"))
    units = unit_names_of_people({row.person_id for row in page.object_list})
    today = timezone.localdate()
    answers = granted_roots(request.user, ANSWER_SUBJECTS) != []
    late = sum(row.is_overdue(today) for row in page.object_list)
    if not shows_closed and page.number == 1 and answers:
        request.session["overdue_requests"] = late
    context = {
        "page": page,
        "shows_closed": shows_closed,
        "rows": [
            (row, units.get(row.person_id, ""), row.next_day(), row.is_overdue(today))
            for row in page.object_list
        ],
    }
    return render(request, "learners/subject_requests/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """File for somebody who came with a letter or in person."""
    person = subjects_of(request.user).filter(pk=pk).first()
    if person is None:
        raise refuse(request.user, "request about data of person", pk)
    form = RecordedRequestForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _filed(request, person, form):
        messages.success(request, _("The request is recorded."))
        return redirect("reports:subject_requests")
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "learners/subject_requests/record.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its steps; POST takes the next one."""
    found = subject_requests_for(request.user).filter(pk=pk).select_related("person").first()
    may_answer = subject_requests_for(request.user, ANSWER_SUBJECTS).filter(pk=pk).exists()
    if found is None or (request.method == "POST" and not may_answer):
        raise refuse(request.user, "request about data", pk)
    form = StepForm(request.POST or None, initial=_drafted(found), asked=found)
    if request.method == "POST" and form.is_valid():
        _take_step(request, found, form)
        return redirect("reports:subject_request", pk)
    context = {
        "asked": found,
        "steps": found.steps.select_related("by"),
        "form": form if may_answer and found.is_open else None,
        "is_overdue": found.is_overdue(timezone.localdate()),
        "next_day": found.next_day(),
        "could_end": found.could_end(),
        "is_erasure": found.right == SubjectRight.ERASURE,
    }
    status = 422 if form.errors else 200
    return render(request, "learners/subject_requests/detail.html", context, status=status)


def _drafted(found: SubjectRequest) -> dict[str, str]:
    """The step that is next and a letter to begin with, in Vietnamese."""
    step = "answer" if found.first_reply_at else "reply"
    context = {"asked": found, "right": str(found.right), "step": step}
    with translation.override("vi"):
        words = render_to_string("learners/subject_requests/letter.txt", context)
    return {"step": step, "words": words.strip()}


def _take_step(request: HttpRequest, found: SubjectRequest, form: StepForm) -> None:
    by, words = account_of(request.user), form.cleaned_data["words"].strip()
    try:
        match form.cleaned_data["step"]:
            case "reply":
                reply_first(found, by=by, words=words)
            case "extend":
                extend(found, by=by, why=words)
            case "answer":
                close(found, RequestState.ANSWERED, by=by, words=words)
            case "refuse":
                close(found, RequestState.REFUSED, by=by, words=words)
        messages.success(request, _("The step is recorded."))
    except IsClosed:
        messages.warning(
            request, _("This step was taken before, or there is no more time to be extended.")
        )
