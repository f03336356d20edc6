"""What invented people declare of their own training, by the same actions as everybody's."""

from functools import cache
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from learners.actions.claims import approve_claims, save_claim, send_claim
from learners.choices import Mode, RecordState
from learners.models import Person, ReportingPeriod, TrainingRecord, User
from learners.proofs import CheckedProof, check_proof

MOST_FILED = 1500
"""Each takes some 25 ms: all of a population of thousands, the first of one of millions."""
FONTS = settings.BASE_DIR / "certificates" / "fonts"
INK, PAPER, LINE = "#14202b", "#fffdf5", "#0b4f8a"


def file_claims(*, approver: User) -> int:
    """File what was declared, send what waits and have approved what counts this year, each with
    its proof and by its owner's account; how many. What has been filed before stays as it is.

    The population is written in bulk and knows only the states.
    """
    period = ReportingPeriod.objects.covering(timezone.localdate()).get()
    is_open = Q(state__in=(RecordState.DECLARED, RecordState.WAITING))
    of_this_year = Q(completed_on__range=(period.starts_on, period.ends_on))
    bare = TrainingRecord.objects.filter(is_open | of_this_year, mode=Mode.SELF_STUDY)
    bare = bare.filter(steps__isnull=True).select_related("person").order_by("pk")
    claims = [(claim, claim.state) for claim in bare[:MOST_FILED]]
    for claim, state in claims:
        claim.state, owner = "", _account_of(claim.person)
        save_claim(claim=claim, proof=proof_of(claim), by=owner)
        if state != RecordState.DECLARED:
            send_claim(claim=claim, by=owner)
    approve_claims(
        claims=[claim for claim, state in claims if state == RecordState.APPROVED], by=approver
    )
    return len(claims)


def _account_of(person: Person) -> User:
    """Nobody knows its password: only the cast signs in."""
    account: User | None = User.objects.filter(person=person).first()
    if account is None:
        name = person.staff_number or f"nguoi-{person.pk}"
        account = User.objects.create_user(name, full_name=person.full_name)
        Person.objects.filter(pk=person.pk).update(user=account)
    return account


def proof_of(claim: TrainingRecord) -> CheckedProof:
    """A photo of the paper that the claim speaks of, plainly marked as invented."""
    picture = Image.new("RGB", (720, 480), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, 707, 467), outline=LINE, width=4)
    for height, size, text in (
        (48, 20, "DỮ LIỆU MẪU, KHÔNG CÓ GIÁ TRỊ"),
        (96, 40, "GIẤY XÁC NHẬN"),
        (180, 32, claim.person.full_name),
        (240, 22, "đã hoàn thành"),
        (280, 24, claim.title),
        (330, 22, f"{claim.hours:.0f} giờ, ngày {claim.completed_on:%d/%m/%Y}"),
        (410, 18, f"Nơi học: {claim.source}"),
    ):
        draw.text((360, height), text, fill=INK, font=_font(size), anchor="ma")
    file = BytesIO()
    picture.save(file, "JPEG", quality=70)
    return check_proof(SimpleUploadedFile("giay-xac-nhan.jpg", file.getvalue()))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "BeVietnamPro-Regular.ttf"), size)
