"""The papers themselves, drawn anew from their frozen records; signed ones as they were kept."""

import logging
from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from certificates.codes import read_code
from certificates.designs import draw
from certificates.models import Certificate, PaperNotice, SignedPdf
from certificates.permissions import may_fetch, owns

logger = logging.getLogger(__name__)


@login_required
@require_GET
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The paper as PDF, drawn anew from its frozen record; the same bytes every time."""
    certificate = Certificate.objects.filter(code=read_code(code) or "").first()
    if certificate is None or not may_fetch(request.user, certificate):
        raise Http404
    if owns(request.user, certificate):
        notices = PaperNotice.objects.filter(certificate=certificate, seen_at__isnull=True)
        notices.update(seen_at=timezone.now())
    signed = SignedPdf.objects.filter(certificate=certificate).first()
    if signed is not None:
        return _pdf(certificate, signed.file.read())
    pdf = draw(certificate)
    if sha256(pdf).hexdigest() != certificate.pdf_sha256:
        logger.error("certificate %s renders to other bytes than at issue", certificate.serial)
    return _pdf(certificate, pdf)


def _pdf(certificate: Certificate, pdf: bytes) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{certificate.serial}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
