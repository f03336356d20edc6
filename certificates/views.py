"""Anybody may check a paper; only its owner and his officers may fetch it."""

import logging
from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from certificates.actions import NoDecision, thaw
from certificates.codes import read_code, shown
from certificates.forms import CodeForm, PaperForm, WithdrawalForm
from certificates.limits import count_miss, has_guessed_too_often
from certificates.models import Certificate
from certificates.pdf import Unprintable, render_paper
from certificates.withdrawal import NothingDiffers, NotValid, replace, withdraw
from courses.text import fold
from learners.permissions import account_of, granted_roots, people_for, refuse

logger = logging.getLogger(__name__)

ON_A_PAGE = 50
KEEPS_REGISTER = "certificates.change_certificate"
"""Who may take papers back."""


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
                return _private(render(request, "certificates/check.html", _facts(found)))
            not_found = True
            count_miss(request)
    context = {"code_form": code_form, "paper_form": paper_form, "not_found": not_found}
    failed = not_found or code_form.errors or paper_form.errors
    return _private(
        render(request, "certificates/verify.html", context, status=422 if failed else 200)
    )


@never_cache
@require_GET
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What the register says of one code. The same answer for every code that is not there."""
    if has_guessed_too_often(request):
        return render(request, "429.html", status=429)
    wanted = read_code(code)
    found = Certificate.objects.filter(code=wanted).first() if wanted else None
    if found is None:
        count_miss(request)
        return _private(render(request, "certificates/unknown.html", status=404))
    return _private(render(request, "certificates/check.html", _facts(found)))


@login_required
@require_GET
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The paper as PDF, drawn anew from its frozen record; the same bytes every time."""
    certificate = Certificate.objects.filter(code=read_code(code) or "").first()
    if certificate is None or not _may_fetch(request, certificate):
        raise Http404
    pdf = render_paper(thaw(certificate.paper))
    if sha256(pdf).hexdigest() != certificate.pdf_sha256:
        logger.error("certificate %s renders to other bytes than at issue", certificate.serial)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{certificate.serial}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register, the newest paper first, to those who keep or audit it."""
    _require_register(request)
    words = request.GET.get("q", "").strip()
    found = Certificate.objects.select_related("person", "register")
    if words:
        code = read_code(words)
        found = found.filter(
            Q(serial__iexact=words)
            | Q(code=code or "")
            | Q(person__folded_name__contains=fold(words))
        )
    page = Paginator(found.order_by("-issued_at", "-pk"), ON_A_PAGE).get_page(
        request.GET.get("trang")
    )
    return render(request, "certificates/register.html", {"page": page, "words": words})


@login_required
def entry(request: HttpRequest, serial: str) -> HttpResponse:
    """One paper of the register, with the doors to take it back or replace it."""
    _require_register(request)
    found = Certificate.objects.filter(serial=serial).select_related(
        "person", "state_by", "replaced_by", "replaces", "decision"
    )
    certificate = found.first()
    if certificate is None:
        raise Http404
    may_change = request.user.has_perm(KEEPS_REGISTER)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST":
        if not may_change:
            raise refuse(request.user, "certificate", certificate.pk)
        if form.is_valid() and _act(request, certificate, form):
            return redirect("certificates:entry", serial)
    context = {**_facts(certificate), "may_change": may_change, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "certificates/entry.html", context, status=status)


def _act(request: HttpRequest, certificate: Certificate, form: WithdrawalForm) -> bool:
    """Withdraw or replace; False with the form saying why not."""
    given = {"certificate": certificate, "by": account_of(request.user), **form.cleaned_data}
    try:
        if "replace" in request.POST:
            new = replace(**given)
            text = _("Replaced by %(serial)s.") % {"serial": new.serial}
        else:
            withdraw(**given)
            text = _("Withdrawn. Whoever checks it is told so at once.")
    except NotValid:
        form.add_error(None, _("This paper was withdrawn or replaced before."))
    except NothingDiffers:
        form.add_error(
            None, _("A new paper would say the same. Correct the person's record first.")
        )
    except NoDecision:
        form.add_error(None, _("No standing decision is in force, so no paper can be issued."))
    except Unprintable as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, text)
        return True
    return False


def _require_register(request: HttpRequest) -> None:
    """Those who keep the register, and those who see the whole province."""
    if not request.user.has_perm(KEEPS_REGISTER) and granted_roots(request.user) is not None:
        raise refuse(request.user, "register", "certificates")


def _may_fetch(request: HttpRequest, certificate: Certificate) -> bool:
    own = certificate.person.user_id == request.user.pk
    return own or people_for(request.user).filter(pk=certificate.person_id).exists()


def _by_facts(*, serial: str, full_name: str, birth_date: object) -> Certificate | None:
    found = Certificate.objects.filter(serial__iexact=serial.strip()).first()
    if found is None:
        return None
    paper = thaw(found.paper)
    same = fold(paper.full_name) == fold(full_name) and paper.birth_date == birth_date
    return found if same else None


def _facts(certificate: Certificate) -> dict:
    return {
        "certificate": certificate,
        "paper": thaw(certificate.paper),
        "shown_code": shown(certificate.code),
    }


def _private(response: HttpResponse) -> HttpResponse:
    """Not for search engines; the code does not travel on in a Referer."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
