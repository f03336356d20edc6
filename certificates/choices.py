"""Kinds and states of papers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    COMPLETION = "completion", _("Certificate of completion (giấy chứng nhận)")
    CERTIFICATE = "certificate", _("Regulated certificate (chứng chỉ)")
    CONFIRMATION = "confirmation", _("Confirmation of a lost paper (giấy xác nhận)")


class CertificateState(TextChoices):
    VALID = "valid", _("Valid")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced")


class ListState(TextChoices):
    """Where the list of a class stands on its way to the papers."""

    DRAFT = "draft", _("Submitted, not yet decided")
    DISCARDED = "discarded", _("Discarded")
    DECIDED = "decided", _("Decided")


class LineState(TextChoices):
    ELIGIBLE = "eligible", _("Eligible")
    REFUSED = "refused", _("Refused")
    ISSUED = "issued", _("Issued")


class HandOverWay(TextChoices):
    IN_PERSON = "in_person", _("In person")
    BY_UNIT = "by_unit", _("Through the unit")
    BY_POST = "by_post", _("By post")
