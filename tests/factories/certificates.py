"""Decisions under which papers may be issued."""

from datetime import date

from certificates.models import Decision


def standing_decision(**changes: object) -> Decision:
    """A standing decision for online courses, in force since January 2026."""
    return Decision.objects.create(
        **{
            "number": "01/QĐ-SKHCN",
            "signed_on": date(2026, 1, 5),
            "governing_body": "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
            "issuing_body": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
            "place": "Nghệ An",
            "signer_title": "GIÁM ĐỐC",
            "signer_name": "Nguyễn Văn Mẫu",
            "is_standing": True,
        }
        | changes
    )
