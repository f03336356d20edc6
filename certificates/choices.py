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


class Technique(TextChoices):
    """How a paper is drawn, now and for ever. A change of one needs a new name beside the old."""

    FIRST = "page", _("Drawn in full, as before there was stamping")
    PAGE = "page-black", _("Drawn in full")
    STAMPED = "stamped", _("Words written on a page laid out once")


class Artwork(TextChoices):
    """What lies behind the words: one of those shipped, or a picture of the provider's own."""

    LOTUS = "lotus", _("Lotus (navy frame, braided band)")
    DRUM = "drum", _("Bronze drum (jade frame, waves)")
    UPLOADED = "uploaded", _("A picture of your own")


class Accent(TextChoices):
    """Colours of headings; each reads well on the paper's ground."""

    NAVY = "navy", _("Navy")
    JADE = "jade", _("Jade")
    CRIMSON = "crimson", _("Crimson")
    PLUM = "plum", _("Plum")
    BRONZE = "bronze", _("Bronze")
    INK = "ink", _("Ink")


class BundleForm(TextChoices):
    PDF = "pdf", _("One PDF to print")
    ZIP = "zip", _("Zip, one PDF a paper")


class WithheldCause(TextChoices):
    """Why a paper is not handed out for a while."""

    OTHER_BYTES = "other", _("It draws to other bytes than at issue")
    NOT_DRAWN = "not_drawn", _("It cannot be drawn any more")
    SIGNED_FILE = "signed", _("The signed file that was kept is missing or was changed")
