"""Digital signatures on papers (PAdES): put on by a key of the server, or checked when a file
signed elsewhere comes back.

A signature is added to the paper as a further revision; the first revision stays what the
register holds, byte for byte. No picture of a signature is drawn.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from certificates.revisions import adds_signatures_alone

END = b"%%EOF"
PKCS12_SIGNER = "certificates.signing.pkcs12_signer"


class CannotSign(Exception):
    """No key is set up, or it cannot be used; str() says what to mend."""


class WrongFile(Exception):
    """A file that is not the signed paper it should be; str() says why and what to do."""


@dataclass(frozen=True)
class Seal:
    """Who signed, as the signature's own certificate says."""

    signer: str
    issuer: str
    is_trusted: bool
    signed_at: datetime | None


class KeptKeySigner(SimpleSigner):
    """pyHanko's signer reads and checks its key anew for each signature, which takes four times
    as long as all the rest; this one keeps it."""

    @cached_property
    def _key(self) -> object:
        return serialization.load_der_private_key(self.signing_key.dump(), password=None)

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        scheme = self.get_signature_mechanism_for_digest(digest_algorithm).signature_algo
        if scheme == "rsassa_pkcs1v15" and isinstance(self._key, RSAPrivateKey):
            digest = get_pyca_cryptography_hash(digest_algorithm)
            return self._key.sign(data, PKCS1v15(), digest)
        return super().sign_raw(data, digest_algorithm)


def pkcs12_signer() -> Signer:
    """The key in the file of SIGNING_PKCS12_FILE. Raises CannotSign, which says what to mend."""
    path = settings.SIGNING_PKCS12_FILE
    if not path:
        raise CannotSign(_("No key is set up: see SIGNING_PKCS12_FILE and SIGNER."))
    read = SimpleSigner.load_pkcs12(
        path, passphrase=settings.SIGNING_PKCS12_PASSWORD.encode() or None
    )
    if read is None:
        raise CannotSign(
            _("The key in %(file)s cannot be read: is it there, and is its password right?")
            % {"file": path}
        )
    return KeptKeySigner(read.signing_cert, read.signing_key, read.cert_registry)


def token_signer() -> Signer:
    """The key on a token or in an HSM (PKCS#11). Raises CannotSign, which says what to mend."""
    try:
        from certificates.tokens import open_token
    except ImportError as error:
        raise CannotSign(
            _("The package python-pkcs11 is missing on the server: install it, then start anew.")
        ) from error
    return open_token()


def signs_itself() -> bool:
    """Whether a key of the server is set up; not whether it answers."""
    return settings.SIGNER != PKCS12_SIGNER or bool(settings.SIGNING_PKCS12_FILE)


@lru_cache(maxsize=1)
def own_signer() -> Signer:
    """The server's signer, opened once per process. Raises CannotSign."""
    signer: Signer = import_string(settings.SIGNER)()
    return signer


def sign(pdf: bytes, signer: Signer, field: str = "Signature1") -> bytes:
    """The paper with a PAdES B-B signature over all of it. Raises CannotSign."""
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        cades_signed_attr_spec=CAdESSignedAttrSpec(),
    )
    signed = io.BytesIO()
    try:
        PdfSigner(metadata, signer=signer).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)), output=signed
        )
    except SigningError as error:
        raise CannotSign(_("The key does not sign any more: is its token plugged in?")) from error
    return signed.getvalue()


def check_signed(signed: bytes, original_sha256: str) -> Seal:
    """Who signed this file, once it is sure that it is that paper and nothing was added but
    signatures. Raises WrongFile."""
    paper = _paper_in(signed, original_sha256)
    if paper is None:
        raise WrongFile(
            _(
                "The file is not the paper that was exported, with a signature added: it was "
                "changed, printed anew, or belongs to another paper. Sign the exported file itself."
            )
        )
    try:
        signatures = PdfFileReader(io.BytesIO(signed)).embedded_regular_signatures
        if not signatures:
            raise WrongFile(_("The file bears no signature. Sign it, then send it again."))
        last = signatures[-1]
        status = validate_pdf_signature(last, signer_validation_context=_trust())
    except (PdfError, SignatureValidationError, ValueError, KeyError) as error:
        raise WrongFile(_("The signature cannot be read. Sign the file again.")) from error
    if not (status.intact and status.valid):
        raise WrongFile(_("The signature is broken. Sign the file again."))
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise WrongFile(_("Something was added after the signature. Sign the file again."))
    if not adds_signatures_alone(signed, paper):
        raise WrongFile(
            _(
                "More was changed in the file than a signature added: it may show something else "
                "than the paper. Sign the exported file itself."
            )
        )
    certificate = status.signing_cert
    return Seal(
        signer=_name(certificate.subject.native),
        issuer=_name(certificate.issuer.native),
        is_trusted=bool(status.trusted),
        signed_at=status.signer_reported_dt,
    )


def _paper_in(signed: bytes, original_sha256: str) -> bytes | None:
    """The paper that the file begins with: signatures come after its end."""
    end = signed.find(END)
    while end >= 0:
        for length in (end + len(END), end + len(END) + 1, end + len(END) + 2):
            if sha256(signed[:length]).hexdigest() == original_sha256:
                return signed[:length]
        end = signed.find(END, end + 1)
        if signed.count(END, 0, max(end, 0)) > 20:
            return None
    return None


@lru_cache(maxsize=1)
def _roots(folder: str) -> tuple[object, ...]:
    files = sorted(str(path) for path in Path(folder).glob("*.pem")) if folder else []
    return tuple(load_certs_from_pemder(files))


def _trust() -> ValidationContext:
    """The authorities of SIGNING_TRUST_FOLDER and no others; nothing is fetched."""
    return ValidationContext(
        trust_roots=list(_roots(settings.SIGNING_TRUST_FOLDER)), allow_fetching=False
    )


def _name(parts: dict[str, object]) -> str:
    name = parts.get("common_name") or parts.get("organization_name") or "?"
    return str(name)[:200]
