"""The papers themselves, drawn anew from their frozen records; signed ones as they were kept."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from certificates.actions.withholding import Withheld, issued_pdf, release
from certificates.codes import read_code
from certificates.models import Certificate, PaperNotice
from certificates.permissions import may_fetch, owns


@login_required
@require_GET
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The paper as PDF, drawn anew from its frozen record: the same bytes every time, or a page
    that says why there is none now."""
    certificate = Certificate.objects.filter(code=read_code(code) or "").first()
    if certificate is None or not may_fetch(request.user, certificate):
        raise Http404
    try:
        pdf = issued_pdf(certificate)
    except Withheld as error:
        context = {"certificate": certificate, "withheld": error.entry}
        return render(request, "certificates/withheld_paper.html", context, status=503)
    release(certificate)
    if owns(request.user, certificate):
        notices = PaperNotice.objects.filter(certificate=certificate, seen_at__isnull=True)
        notices.update(seen_at=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{certificate.serial}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
