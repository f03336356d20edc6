"""What is handed out is what was issued, byte for byte; whatever is not is held back and told."""

import logging
from contextlib import suppress
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.choices import CertificateState, Technique, WithheldCause
from certificates.designs import draw
from certificates.models import Certificate, Design, SignedPdf, WithheldPaper
from certificates.pdf import Unprintable
from courses.work import progress

logger = logging.getLogger(__name__)

LOOKED_AT_ONCE = 200
NEW_PAPERS = (Technique.PAGE, Technique.STAMPED)
"""How new papers are drawn. What is wrong with older techniques says nothing of them."""


class Withheld(Exception):
    """The paper is not handed out: those who keep the register see it in their list. str() says
    so in a sentence, `entry` is the row."""

    def __init__(self, entry: WithheldPaper) -> None:
        super().__init__(
            _("The paper %(serial)s is withheld: what the site draws now is not what was issued.")
            % {"serial": entry.certificate.serial}
        )
        self.entry = entry


class DrawsWrongly(Exception):
    """Papers of this design are not drawn as they were issued, so no new one is made meanwhile:
    whatever waits for one is taken up again when that is settled. str() says so in a sentence."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server does not draw papers of this design as it did, so no new ones are made."
                " See the register's “Withheld papers”."
            )
        )


def issued_pdf(certificate: Certificate) -> bytes:
    """The file that its owner gets: as it was signed, or as it was issued. Raises Withheld."""
    signed = SignedPdf.objects.filter(certificate=certificate).first()
    return unsigned_pdf(certificate) if signed is None else signed_pdf(certificate, signed)


def unsigned_pdf(certificate: Certificate) -> bytes:
    """The paper as it stands in the register. Raises Withheld when it draws to anything else."""
    try:
        pdf = draw(certificate)
    except Unprintable as error:
        raise _withheld(certificate, WithheldCause.NOT_DRAWN, detail=error.reason) from error
    found = sha256(pdf).hexdigest()
    if found != certificate.pdf_sha256:
        raise _withheld(certificate, WithheldCause.OTHER_BYTES, found=found)
    return pdf


def signed_pdf(certificate: Certificate, signed: SignedPdf) -> bytes:
    """The signed file as it was kept. Raises Withheld when the store has another one or none."""
    try:
        with signed.file.open("rb") as file:
            pdf: bytes = file.read()
    except OSError as error:
        raise _withheld(certificate, WithheldCause.SIGNED_FILE, detail=str(error)) from error
    found = sha256(pdf).hexdigest()
    if found != signed.sha256:
        raise _withheld(certificate, WithheldCause.SIGNED_FILE, found=found)
    return pdf


def _withheld(
    certificate: Certificate, cause: WithheldCause, *, detail: str = "", found: str = ""
) -> Withheld:
    """Write into the list of those who keep the register that this paper was wanted and is wrong.
    One open row a paper, however often and by however many at once."""
    rows = WithheldPaper.objects.filter(certificate=certificate)
    facts = {"cause": cause, "detail": detail[:300], "found_sha256": found}
    if not rows.filter(ended_at__isnull=True).update(looked_at=timezone.now(), **facts):
        logger.error("certificate %s is withheld: %s", certificate.serial, cause.value)
        # Another one may have found it at the same moment.
        with suppress(IntegrityError), transaction.atomic():
            WithheldPaper.objects.create(certificate=certificate, **facts)
    return Withheld(rows.select_related("certificate").latest("pk"))


def held_back() -> QuerySet[WithheldPaper]:
    """All that is not handed out at this moment, whether it alarms anybody or not."""
    return WithheldPaper.objects.filter(ended_at__isnull=True)


def withheld_now() -> QuerySet[WithheldPaper]:
    """What is held back and alarms those who keep the register, the first found first: not a paper
    that was taken back, or that a confirmation stands for."""
    standing = held_back().filter(certificate__state=CertificateState.VALID)
    settled = standing.exclude(certificate__confirmations__state=CertificateState.VALID)
    return settled.order_by("since", "pk")


def draws_wrongly(design: Design | None) -> bool:
    """Whether papers of this design are withheld because of how they are drawn now."""
    drawn = Q(certificate__design=design, certificate__technique__in=NEW_PAPERS)
    if design is None:
        drawn = Q(certificate__design__isnull=True, certificate__technique__in=NEW_PAPERS)
    return withheld_now().exclude(cause=WithheldCause.SIGNED_FILE).filter(drawn).exists()


def refuse_wrong_drawing(design: Design | None) -> None:
    """To be called before a paper of this design is made. Draws the newest one anew, so that a
    change of the server stops the next paper and not only those after somebody noticed.

    Call it before the transaction that makes the paper: what is found has to stay in the list of
    those who keep the register. Raises DrawsWrongly.
    """
    standing = Certificate.objects.filter(state=CertificateState.VALID, technique__in=NEW_PAPERS)
    settled = standing.exclude(confirmations__state=CertificateState.VALID)
    newest = settled.filter(design=design).select_related("design", "register").order_by("-pk")
    paper = newest.first()
    if paper is not None:
        try:
            unsigned_pdf(paper)
        except Withheld as error:
            raise DrawsWrongly from error
    if not draws_wrongly(design):
        return
    if paper is not None:
        release(paper)  # it was right just now
    if draws_wrongly(design):
        raise DrawsWrongly


def release(certificate: Certificate) -> None:
    """The paper was right just now: it is handed out again."""
    standing = WithheldPaper.objects.filter(certificate=certificate, ended_at__isnull=True)
    if standing.update(ended_at=timezone.now()):
        logger.warning("certificate %s is right again", certificate.serial)


def look_again() -> None:
    """Draw what is held back, the longest not looked at first, and the newest paper of each
    appearance, so that a change of the server is noticed before anybody wants a paper.

    Idempotent; broken off, it begins with those that it did not reach.
    """
    waiting = withheld_now().order_by("looked_at", "pk").values_list("certificate_id", flat=True)
    ids = list(dict.fromkeys([*waiting[:LOOKED_AT_ONCE], *_newest_of_each_appearance()]))
    for done, pk in enumerate(ids, start=1):
        certificate = Certificate.objects.select_related("design", "register").get(pk=pk)
        try:
            issued_pdf(certificate)
        except Withheld:
            pass
        else:
            release(certificate)
        progress(done, len(ids))


def _newest_of_each_appearance() -> list[int]:
    papers = Certificate.objects.filter(state=CertificateState.VALID).order_by()
    newest = papers.values("design", "technique").annotate(newest=Max("pk"))
    return list(newest.values_list("newest", flat=True))
