"""The register book: every paper for ever, and the doors to take one back or replace it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from certificates.actions.online import NoDecision
from certificates.actions.successors import CannotFollow, confirm_loss, renew
from certificates.actions.withdrawal import NothingDiffers, NotValid, replace, withdraw
from certificates.actions.withholding import DrawsWrongly, withheld_now
from certificates.codes import read_code
from certificates.forms import WithdrawalForm
from certificates.models import Certificate
from certificates.pdf import Unprintable
from certificates.permissions import keeps_register, require_keeper, require_reader
from certificates.views.wording import facts_of
from courses.text import fold
from learners.permissions import account_of
from learners.views.searching import searched

ON_A_PAGE = 50


@login_required
@searched
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register, the newest paper first, to those who keep or audit it."""
    require_reader(request.user)
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
    keeps = keeps_register(request.user)
    context = {"page": page, "words": words, "may_issue": keeps}
    context["withheld"] = withheld_now().count() if keeps else 0
    return render(request, "certificates/register.html", context)


@login_required
def entry(request: HttpRequest, serial: str) -> HttpResponse:
    """One paper of the register, with the doors to take it back or replace it."""
    require_reader(request.user)
    found = Certificate.objects.filter(serial=serial).select_related(
        "person",
        "state_by",
        "replaced_by",
        "replaces",
        "decision",
        "confirms",
        "renews",
        "issued_by",
        "signed_pdf",
    )
    certificate = found.first()
    if certificate is None:
        raise Http404
    may_change = keeps_register(request.user)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST":
        require_keeper(request.user, certificate.pk)
        if form.is_valid() and _act(request, certificate, form):
            return redirect("certificates:entry", serial)
    context = {**facts_of(certificate), "may_change": may_change, "form": form}
    context["withheld"] = withheld_now().filter(certificate=certificate).first()
    context["can_be_renewed"] = certificate.can_be_renewed(timezone.localdate())
    status = 422 if form.is_bound else 200
    return render(request, "certificates/entry.html", context, status=status)


def _act(request: HttpRequest, certificate: Certificate, form: WithdrawalForm) -> bool:
    """Withdraw or replace; False with the form saying why not."""
    given = {"certificate": certificate, "by": account_of(request.user), **form.cleaned_data}
    try:
        if "confirm" in request.POST:
            new = confirm_loss(**given)
            text = _("Confirmed by %(serial)s.") % {"serial": new.serial}
        elif "renew" in request.POST:
            new = renew(**given)
            text = _("Renewed by %(serial)s.") % {"serial": new.serial}
        elif "replace" in request.POST:
            new = replace(**given)
            text = _("Replaced by %(serial)s.") % {"serial": new.serial}
        else:
            withdraw(**given)
            text = _("Withdrawn. Whoever checks it is told so at once.")
    except NotValid:
        form.add_error(None, _("This paper was withdrawn or replaced before."))
    except CannotFollow:
        form.add_error(None, _("This paper was confirmed or renewed before, or does not stand."))
    except NothingDiffers:
        form.add_error(
            None, _("A new paper would say the same. Correct the person's record first.")
        )
    except DrawsWrongly as refusal:
        form.add_error(None, str(refusal))
    except NoDecision:
        form.add_error(None, _("No standing decision is in force, so no paper can be issued."))
    except Unprintable as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, text)
        return True
    return False
