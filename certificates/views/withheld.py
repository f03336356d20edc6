"""Papers that are held back: the alarm of those who keep the register."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certificates.actions.withholding import withheld_now
from certificates.models import WithheldPaper
from certificates.permissions import require_keeper
from certificates.tasks import look_again_at_papers

ON_A_PAGE = 50
ENDED_SHOWN = 20


@login_required
@require_http_methods(["GET", "POST"])
def withheld(request: HttpRequest) -> HttpResponse:
    """What is held back and why, the first found first; a POST has a job look again."""
    require_keeper(request.user, "withheld papers")
    if request.method == "POST":
        look_again_at_papers.enqueue()
        messages.success(request, _("The papers are being looked at again. Reload in a minute."))
        return redirect("certificates:withheld")
    found = withheld_now().select_related("certificate")
    ended = WithheldPaper.objects.filter(ended_at__isnull=False).select_related("certificate")
    context = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang")),
        "ended": ended.order_by("-ended_at", "-pk")[:ENDED_SHOWN],
    }
    return render(request, "certificates/withheld.html", context)
