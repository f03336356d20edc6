"""Who may fetch a badge: its holder, and everybody for as long as the holder lets them."""

from django.utils import timezone

from certificates.models import BadgeConsent, Certificate


def allow(certificate: Certificate) -> None:
    """Everybody who checks the paper may fetch its badge. Idempotent."""
    BadgeConsent.objects.get_or_create(certificate=certificate, ended_at=None)


def forbid(certificate: Certificate) -> None:
    """Only the holder may, from now on; what others fetched before they keep. Idempotent."""
    standing = BadgeConsent.objects.filter(certificate=certificate, ended_at=None)
    standing.update(ended_at=timezone.now())


def is_shown(certificate: Certificate) -> bool:
    return BadgeConsent.objects.filter(certificate=certificate, ended_at=None).exists()
