"""Decisions, registers, the papers entered in them, and the lists of classes."""

from certificates.models.badges import Achievement, BadgeConsent, StatusList
from certificates.models.bundles import PaperBundle
from certificates.models.certificates import Certificate, Register
from certificates.models.decisions import Decision
from certificates.models.designs import Design
from certificates.models.lists import HandOver, IssueLine, IssueList, PaperNotice
from certificates.models.signatures import SignedPdf
from certificates.models.withheld import WithheldPaper

__all__ = [
    "Achievement",
    "BadgeConsent",
    "Certificate",
    "Decision",
    "Design",
    "HandOver",
    "IssueLine",
    "IssueList",
    "PaperBundle",
    "PaperNotice",
    "Register",
    "SignedPdf",
    "StatusList",
    "WithheldPaper",
]
