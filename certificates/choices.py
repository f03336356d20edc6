"""Kinds and states of papers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    COMPLETION = "completion", _("Certificate of completion (giấy chứng nhận)")
    CERTIFICATE = "certificate", _("Regulated certificate (chứng chỉ)")


class CertificateState(TextChoices):
    VALID = "valid", _("Valid")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced")
