"""Asking for a pack, making it in a job, and what stays of it."""

from datetime import timedelta

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.models import ClassGroup
from learners.evidence.pack import make_pack
from learners.models import EvidencePack, User

KEPT = timedelta(days=30)


def ask_for_pack(group: ClassGroup, by: User) -> EvidencePack:
    """A row for the job to fill. Two who press at once, and one who presses again while it is
    being made, get the same row."""
    try:
        with transaction.atomic():
            return EvidencePack.objects.create(class_group=group, asked_by=by)
    except IntegrityError:
        return EvidencePack.objects.get(class_group=group, made_at__isnull=True)


def make(pack_id: str) -> None:
    """Fill a row. Of two jobs at once one keeps its file; the other's is removed again."""
    pack = EvidencePack.objects.select_related("class_group__provider").get(pk=pack_id)
    if pack.made_at is not None:
        return
    made = make_pack(pack.class_group)
    with made.file:
        pack.file.save(f"minh-chung-lop-{pack.class_group_id}.zip", File(made.file), save=False)
    filled = EvidencePack.objects.filter(pk=pack.pk, made_at__isnull=True).update(
        file=pack.file.name,
        made_at=timezone.now(),
        size=made.size,
        sha256=made.sha256,
        pieces=made.pieces,
        missing=made.missing,
    )
    if not filled:
        pack.file.delete(save=False)


def forget_files() -> None:
    """Delete the files of packs made more than KEPT ago. Rows and checksums stay."""
    for pack in EvidencePack.objects.filter(made_at__lt=timezone.now() - KEPT).exclude(file=""):
        pack.file.delete(save=False)
        EvidencePack.objects.filter(pk=pack.pk).update(file="")
