"""Signed papers kept beside the register."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from certificates.actions.withholding import Withheld, unsigned_pdf
from certificates.choices import CertificateState
from certificates.left_out import TEXT_NAME, as_text, named
from certificates.models import Certificate, SignedPdf
from certificates.signing import CannotSign, Seal, WrongFile, check_signed, own_signer, sign
from courses.work import progress
from learners.models import User

SERIAL = re.compile(r"NA(?:-[A-Z]{2})?-\d{4}-\d{6}")
MOST_FILES = 300
LARGEST_FILE = 5 * 1024 * 1024
MANIFEST = "danh-sach.csv"


@dataclass(frozen=True)
class Outcome:
    """One file of a batch: the serial it was kept for, or why it was refused."""

    name: str
    serial: str
    refusal: str


def sign_here(certificate: Certificate, *, by: User | None = None) -> SignedPdf:
    """Sign with the server's key; a paper that is signed already is left. Raises CannotSign, and
    Withheld for a paper that is not what was issued."""
    existing = SignedPdf.objects.filter(certificate=certificate).first()
    if existing:
        return existing
    pdf = unsigned_pdf(certificate)
    try:
        signed = sign(pdf, own_signer())
    except CannotSign:
        # Whoever tries again opens the key anew: the token may be back in its place.
        own_signer.cache_clear()
        raise
    seal = check_signed(signed, certificate.pdf_sha256)
    try:
        return _keep(certificate, signed, seal, is_ours=True, by=by)
    except IntegrityError:
        # Another worker was faster.
        return SignedPdf.objects.get(certificate=certificate)


def sign_list(list_id: int, *, by: User | None = None) -> None:
    """Sign with the server's key what stands on a list and is not signed yet: broken off and
    called again, it goes on. What is withheld is left unsigned. Raises CannotSign."""
    standing = Certificate.objects.filter(
        issue_line__issue_list=list_id, state=CertificateState.VALID
    )
    waiting = standing.filter(signed_pdf__isnull=True).order_by("issue_line__position")
    ids = list(waiting.values_list("pk", flat=True))
    total = standing.count()
    for done, pk in enumerate(ids, start=total - len(ids) + 1):
        with suppress(Withheld):
            sign_here(Certificate.objects.select_related("design", "register").get(pk=pk), by=by)
        progress(done, total)


def export_batch(certificates: Iterable[Certificate]) -> Iterator[bytes]:
    """A ZIP of unsigned PDFs named by serial, and their list with hashes; made as it is sent.
    What is withheld is left out, which a text in the ZIP says."""
    sink = _Sink()
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(["serial", "sha256"])
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        left_out: list[str] = []
        for certificate in certificates:
            try:
                pdf = unsigned_pdf(certificate)
            except Withheld:
                left_out.append(named(certificate.serial, certificate.paper["full_name"]))
                continue
            archive.writestr(f"{certificate.serial}.pdf", pdf)
            table.writerow([certificate.serial, certificate.pdf_sha256])
            yield sink.taken()
        archive.writestr(MANIFEST, lines.getvalue())
        if left_out:
            archive.writestr(TEXT_NAME, as_text(left_out))
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what the archive writes until it is sent; an archive that cannot seek back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        self._parts.append(bytes(part))  # type: ignore[call-overload]
        return len(self._parts[-1])

    def taken(self) -> bytes:
        parts, self._parts = b"".join(self._parts), []
        return parts


def import_batch(
    files: Iterable[tuple[str, bytes]], papers: Iterable[Certificate], *, by: User
) -> list[Outcome]:
    """Keep what was signed outside, each file matched by its serial and by its first revision.

    A wrong file is refused with the reason and does not hold up the others. Sent again, a file
    that is kept is a success.
    """
    by_serial = {paper.serial: paper for paper in papers}
    return [_import_one(name, content, by_serial, by) for name, content in files]


def _import_one(name: str, content: bytes, papers: dict[str, Certificate], by: User) -> Outcome:
    named = SERIAL.search(PurePosixPath(name).name)
    paper = papers.get(named.group()) if named else None
    if paper is None:
        refusal = _("The file's name holds no serial of this list, as in NA-2026-000123.pdf.")
        return Outcome(name, "", refusal)
    try:
        seal = check_signed(content, paper.pdf_sha256)
        _keep(paper, content, seal, is_ours=False, by=by)
    except WrongFile as error:
        return Outcome(name, paper.serial, str(error))
    except IntegrityError:
        kept = SignedPdf.objects.filter(certificate=paper).first()
        if kept is None or kept.sha256 != sha256(content).hexdigest():
            return Outcome(name, paper.serial, _("This paper was signed before by another file."))
    return Outcome(name, paper.serial, "")


def _keep(
    certificate: Certificate, signed: bytes, seal: Seal, *, is_ours: bool, by: User | None
) -> SignedPdf:
    kept = SignedPdf(
        certificate=certificate,
        sha256=sha256(signed).hexdigest(),
        signer=seal.signer,
        issuer=seal.issuer,
        is_trusted=seal.is_trusted,
        signed_at=seal.signed_at,
        is_ours=is_ours,
        kept_by=by,
    )
    kept.file.name = kept.file.field.generate_filename(kept, "signed.pdf")
    with transaction.atomic():
        kept.save()
        kept.file.storage.delete(kept.file.name)
        kept.file.save("signed.pdf", ContentFile(signed))
    return kept


def unpacked(upload: io.BufferedIOBase, name: str) -> list[tuple[str, bytes]]:
    """The PDFs of a ZIP, or the one PDF. Raises WrongFile for anything that is not to be opened."""
    if not zipfile.is_zipfile(upload):
        upload.seek(0)
        return [(name, upload.read(LARGEST_FILE + 1))]
    with zipfile.ZipFile(upload) as archive:
        entries = [one for one in archive.infolist() if one.filename.lower().endswith(".pdf")]
        if not entries or len(entries) > MOST_FILES:
            raise WrongFile(
                _("The ZIP must hold between 1 and %(most)d PDF files.") % {"most": MOST_FILES}
            )
        if any(one.file_size > LARGEST_FILE for one in entries):
            raise WrongFile(_("A file in the ZIP is larger than 5 MB, so it is no paper."))
        try:
            return [(one.filename, archive.read(one)) for one in entries]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise WrongFile(_("The ZIP is damaged or locked. Pack it again.")) from error
