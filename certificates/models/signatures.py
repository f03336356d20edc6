"""Papers that bear a digital signature."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models.certificates import Certificate
from learners.models.claims import private_storage


def _signed_path(signed: "SignedPdf", name: str) -> str:
    return f"signed/{signed.certificate.register_id}/{signed.sha256}.pdf"


class SignedPdf(models.Model):
    """The paper with a signature added to it: its first revision is the unsigned one, byte for
    byte. Checked before it is kept; never changed."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="signed_pdf"
    )
    file = models.FileField(storage=private_storage, upload_to=_signed_path)
    sha256 = models.CharField(max_length=64, unique=True)
    signer = models.CharField(_("signer of the certificate used"), max_length=200)
    issuer = models.CharField(_("certification authority"), max_length=200)
    is_trusted = models.BooleanField(
        default=False, help_text="Whether the authority is among those that the server trusts."
    )
    signed_at = models.DateTimeField(null=True, help_text="By the clock of whoever signed.")
    is_ours = models.BooleanField(default=False, help_text="Signed by the server's own key.")
    kept_at = models.DateTimeField(auto_now_add=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("signed paper")
        verbose_name_plural = _("signed papers")
