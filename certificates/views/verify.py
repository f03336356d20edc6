"""Anybody may check a paper; the same answer for all that does not exist."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.badges.judging import Finding, judge
from certificates.codes import read_code
from certificates.forms import BadgeForm, CodeForm, FileForm, PaperForm
from certificates.limits import count_miss, has_guessed_too_often
from certificates.models import Certificate
from certificates.papers import thaw
from certificates.views.wording import facts_of
from courses.text import fold

SUSPICIOUS = {Finding.FORGED, Finding.MALFORMED, Finding.NO_BADGE, Finding.UNKNOWN}


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check by code (GET, so that it can be linked) or by three printed facts (POST)."""
    code_form = CodeForm(request.GET if "ma" in request.GET else None)
    paper_form = PaperForm(request.POST if request.method == "POST" else None)
    not_found = False
    if code_form.is_bound and code_form.is_valid():
        return redirect("certificates:check", code=code_form.cleaned_data["ma"])
    if request.method == "POST":
        if has_guessed_too_often(request):
            return render(request, "429.html", status=429)
        if paper_form.is_valid():
            found = _by_facts(**paper_form.cleaned_data)
            if found:
                return _private(render(request, "certificates/check.html", _page(found)))
            not_found = True
            count_miss(request)
    context = {"code_form": code_form, "paper_form": paper_form, "not_found": not_found}
    failed = not_found or code_form.errors or paper_form.errors
    return _private(
        render(request, "certificates/verify.html", context, status=422 if failed else 200)
    )


@never_cache
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What the register says of one code. The same answer for every code that is not there."""
    if has_guessed_too_often(request):
        return render(request, "429.html", status=429)
    found = _standing(code)
    if found is None:
        count_miss(request)
        return _private(render(request, "certificates/unknown.html", status=404))
    return _private(render(request, "certificates/check.html", _page(found)))


def _page(found: Certificate) -> dict[str, Any]:
    return {**facts_of(found), "file_form": FileForm()}


@never_cache
@require_POST
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a file is the paper, for browsers that cannot tell by themselves. The file is
    counted through and kept nowhere."""
    if has_guessed_too_often(request):
        return render(request, "429.html", status=429)
    found = _standing(code)
    if found is None:
        count_miss(request)
        return _private(render(request, "certificates/unknown.html", status=404))
    form = FileForm(request.POST, request.FILES)
    context = {**facts_of(found), "file_form": form}
    if not form.is_valid():
        return _private(render(request, "certificates/check.html", context, status=422))
    counted = sha256()
    for chunk in form.cleaned_data["file"].chunks():
        counted.update(chunk)
    known = {found.pdf_sha256, getattr(context["signed"], "sha256", "")}
    context["is_same_file"] = counted.hexdigest() in known
    return _private(render(request, "certificates/check.html", context))


@never_cache
@require_http_methods(["GET", "POST"])
def check_badge(request: HttpRequest) -> HttpResponse:
    """What can be said of a digital badge, without asking any other site. It is kept nowhere."""
    if has_guessed_too_often(request):
        return render(request, "429.html", status=429)
    posted = request.method == "POST"
    form = BadgeForm(request.POST, request.FILES) if posted else BadgeForm()
    context: dict[str, Any] = {"form": form}
    if posted and form.is_valid():
        context["verdict"] = verdict = judge(form.content())
        if verdict.finding in SUSPICIOUS:
            count_miss(request)
        context["form"] = BadgeForm()
    page = render(
        request,
        "certificates/check_badge.html",
        context,
        status=422 if posted and not form.is_valid() else 200,
    )
    return _private(page)


def _standing(code: str) -> Certificate | None:
    """The paper of a code; None for one that is mistyped or was never given, all the same."""
    wanted = read_code(code)
    found = Certificate.objects.select_related("replaced_by", "confirms", "renews", "signed_pdf")
    return found.filter(code=wanted).first() if wanted else None


def _by_facts(*, serial: str, full_name: str, birth_date: object) -> Certificate | None:
    found = Certificate.objects.filter(serial__iexact=serial.strip()).first()
    if found is None:
        return None
    paper = thaw(found.paper)
    same = fold(paper.full_name) == fold(full_name) and paper.birth_date == birth_date
    return found if same else None


def _private(response: HttpResponse) -> HttpResponse:
    """Not for search engines; the code does not travel on to other sites in a Referer."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Not "no-referrer": under that browsers send forms without an origin, and none is let in.
    response["Referrer-Policy"] = "same-origin"
    return response
