"""Papers put into hands, ticked on the list."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.choices import HandOverWay
from certificates.models import Certificate, HandOver
from learners.models import User


def hand_over(
    *,
    certificates: Iterable[Certificate],
    day: date,
    way: HandOverWay,
    received_by: str = "",
    by: User,
) -> int:
    """How many were noted; those handed over before stay as they are. An empty receiver is the
    owner."""
    noted = 0
    for certificate in certificates:
        try:
            with transaction.atomic():
                HandOver.objects.create(
                    certificate=certificate,
                    handed_on=day,
                    way=way,
                    received_by=received_by or certificate.paper["full_name"],
                    noted_by=by,
                )
        except IntegrityError:
            continue
        noted += 1
    return noted


def take_back_hand_over(*, certificate: Certificate, by: User) -> bool:
    """Undo a wrong tick; False when there was none. The row stays."""
    standing = HandOver.objects.filter(certificate=certificate, revoked_at__isnull=True)
    return bool(standing.update(revoked_at=timezone.now(), revoked_by=by))
