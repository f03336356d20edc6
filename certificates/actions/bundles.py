"""A list's papers as one file: asked for, made in a job, forgotten after a while."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from hashlib import file_digest
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.actions.withholding import Withheld, signed_pdf, unsigned_pdf
from certificates.bundling import NotThere, Part, Sheet, file_name, join, part_of
from certificates.choices import BundleForm, CertificateState
from certificates.left_out import TEXT_NAME, as_pdf, as_text, named
from certificates.models import Certificate, IssueList, PaperBundle, SignedPdf
from courses.work import progress
from learners.models import User
from learners.models.claims import private_storage

AT_A_TIME = 50
KEPT = timedelta(days=7)
FOLDER = "bundles"


def ask_for_bundle(*, issue_list: IssueList, form: str, by: User) -> PaperBundle:
    """A row for the job to fill; the one that is being made, when there is one."""
    try:
        with transaction.atomic():
            return PaperBundle.objects.create(issue_list=issue_list, form=form, asked_by=by)
    except IntegrityError:
        return PaperBundle.objects.get(
            issue_list=issue_list, form=form, made_at__isnull=True, refusal=""
        )


def make_bundle(bundle_id: str) -> None:
    """Fill a row, part by part: killed and begun anew, it takes up the parts that are there.

    A paper that is not what was issued is left out: row and file say which. Without any paper
    the row says so, and there is no file. Of two at once both make the same file, and one of them
    says so.
    """
    bundle = PaperBundle.objects.get(pk=bundle_id)
    if not bundle.is_waiting:
        return
    # On the disk of this machine; on another one the job begins anew.
    folder = Path(settings.DATA_DIR, "work", FOLDER, str(bundle.pk))
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"whole.{bundle.form}"
    parts = list(_parts(bundle, folder))
    left_out = [serial for part in parts for serial in part.left_out]
    _waiting(bundle).update(left_out=left_out)
    if left_out and len(left_out) == _papers(bundle.issue_list_id).count():
        _waiting(bundle).update(
            refusal=_("All papers of this list are withheld. See the register's “Withheld papers”.")
        )
    else:
        first = _said_first(left_out, bundle.form) if left_out else None
        join([part.path for part in parts], target, bundle.form, first)
        _keep(bundle, target)
    shutil.rmtree(folder, ignore_errors=True)


def _said_first(left_out: list[str], form: str) -> tuple[str, bytes]:
    """What lies on top of the papers: which are missing."""
    papers = Certificate.objects.filter(serial__in=left_out).order_by("issue_line__position")
    lines = [named(paper.serial, paper.paper["full_name"]) for paper in papers]
    return TEXT_NAME, as_text(lines) if form == BundleForm.ZIP else as_pdf(lines)


def _keep(bundle: PaperBundle, made: Path) -> None:
    """Into the store, and the row says so. What a killed job left there is replaced."""
    store, name = private_storage(), f"{FOLDER}/{bundle.pk}.{bundle.form}"
    with made.open("rb") as content:
        fingerprint = file_digest(content, "sha256").hexdigest()
        content.seek(0)
        store.delete(name)
        kept = store.save(name, File(content))
    size = made.stat().st_size
    _waiting(bundle).update(file=kept, size=size, sha256=fingerprint, made_at=timezone.now())


def _waiting(bundle: PaperBundle) -> QuerySet[PaperBundle]:
    return PaperBundle.objects.filter(pk=bundle.pk, made_at__isnull=True, refusal="")


def _parts(bundle: PaperBundle, folder: Path) -> Iterator[Part]:
    ids = list(_papers(bundle.issue_list_id).values_list("pk", flat=True))
    for at in range(0, len(ids), AT_A_TIME):
        batch = _papers(bundle.issue_list_id).filter(pk__in=ids[at : at + AT_A_TIME])
        yield part_of(folder, bundle.form, [_sheet(bundle.form, paper) for paper in batch])
        done = min(at + AT_A_TIME, len(ids))
        _waiting(bundle).update(done=done, total=len(ids))
        progress(done, len(ids))


def _papers(list_id: int) -> QuerySet[Certificate]:
    """Those that still stand, in the order of the list."""
    papers = Certificate.objects.filter(
        issue_line__issue_list=list_id, state=CertificateState.VALID
    )
    return papers.select_related("signed_pdf", "design", "issue_line").order_by(
        "issue_line__position"
    )


def _sheet(form: str, paper: Certificate) -> Sheet:
    """A signed paper goes into a zip as it was signed; merging would break the signature, so
    the PDF for printing has it as it was issued."""
    name = file_name(paper.issue_line.position, paper.serial, paper.paper["full_name"])
    signed = getattr(paper, "signed_pdf", None) if form == BundleForm.ZIP else None
    if signed is not None:
        return Sheet(name, signed.sha256, partial(_drawn, paper, signed), paper.serial)
    return Sheet(name, paper.pdf_sha256, partial(_drawn, paper, None), paper.serial)


def _drawn(paper: Certificate, signed: SignedPdf | None) -> bytes:
    try:
        return unsigned_pdf(paper) if signed is None else signed_pdf(paper, signed)
    except Withheld as error:
        raise NotThere from error


def forget_bundles() -> None:
    """Delete the files made more than KEPT ago; the rows stay."""
    for bundle in PaperBundle.objects.filter(made_at__lt=timezone.now() - KEPT).exclude(file=""):
        bundle.file.delete(save=False)
        PaperBundle.objects.filter(pk=bundle.pk).update(file="")
