"""Which design a paper gets, what it makes of the words, and how it is proved before its day."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from certificates.choices import Accent, Artwork, PaperKind, Technique
from certificates.layout import NAME_FONT, Paper, fit_field
from certificates.looks import LOTUS, PALETTE, SHIPPED, Look
from certificates.models import Certificate, Decision, Design
from certificates.papers import KIND_TITLES, thaw
from certificates.pdf import Unprintable, broken, render_paper
from certificates.qr import FIRST
from certificates.stamping import Unstampable, stamp
from certificates.typesetting import Misfit, face
from learners.models import Person

PROOF_CODE = "0" * 13
# As long as titles get, without a place where they break well.
LONG_TITLE = (
    "Bồi dưỡng kỹ năng số nâng cao, an toàn thông tin và ứng dụng trí tuệ nhân tạo trong "
    "giải quyết thủ tục hành chính dành cho cán bộ, công chức cấp xã & viên chức"
)


def look_of(design: Design | None) -> Look:
    """The appearance of a version. Raises Unprintable when its picture is not what it was."""
    if design is None:
        return LOTUS
    accent, name_colour = PALETTE[Accent(design.accent)]
    return Look(
        background=_background(design),
        accent=accent,
        name_colour=name_colour,
        heading_en=design.heading_en,
        shows_birth_date=design.shows_birth_date,
        shows_unit=design.shows_unit,
        shows_result=design.shows_result,
        shows_period=design.shows_period,
    )


def _background(design: Design) -> Path:
    if design.artwork != Artwork.UPLOADED:
        return SHIPPED[Artwork(design.artwork)]
    try:
        with design.picture.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError:
        content = b""
    if sha256(content).hexdigest() != design.picture_sha256:
        raise Unprintable(
            _("The picture of the design “%(name)s” is missing or was changed on the server.")
            % {"name": design.name}
        )
    try:
        return Path(design.picture.path)
    except NotImplementedError:  # an object store has no paths, and the renderer reads no other
        return _on_this_machine(content, design.picture_sha256)


def _on_this_machine(content: bytes, sha: str) -> Path:
    """The picture as a file. Two at once write the same one."""
    path = Path(settings.DATA_DIR, "work", "designs", f"{sha}.pdf")
    if not path.is_file() or sha256(path.read_bytes()).hexdigest() != sha:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{uuid.uuid4().hex}")
        draft.write_bytes(content)
        draft.replace(path)
    return path


def worded(paper: Paper, design: Design | None) -> Paper:
    """The words as this design prints them."""
    if design is None:
        return paper
    return replace(
        paper,
        kind_title=design.heading_vi or paper.kind_title,
        issuing_body=design.issuing_body or paper.issuing_body,
        place=design.place or paper.place,
        signer_title=design.signer_title or paper.signer_title,
    )


def draw(certificate: Certificate) -> bytes:
    """The paper drawn anew as at issue: its frozen words in its frozen design, by the technique
    of then.

    Raises Unprintable.
    """
    paper, look = thaw(certificate.paper), look_of(certificate.design)
    match Technique(certificate.technique):
        case Technique.FIRST:
            return render_paper(paper, look, FIRST)
        case Technique.PAGE:
            return render_paper(paper, look)
    try:
        return stamp(paper, look)
    except Unstampable as error:
        raise broken() from error


def draw_new(paper: Paper, look: Look) -> tuple[Technique, bytes]:
    """A paper that is being issued, and how it was drawn: stamped, unless it is not certain to
    show what it shows drawn in full. Raises Unprintable."""
    try:
        return Technique.STAMPED, stamp(paper, look, prove=True)
    except Unstampable:
        return Technique.PAGE, render_paper(paper, look)


def proofs(design: Design, today: date) -> Iterator[tuple[str, bytes]]:
    """Papers nobody was given, by name: an ordinary one, the register's longest name with a
    long course, and one that says as little as possible. Raises Unprintable."""
    for name, paper in proof_papers(design, today):
        yield name, render_paper(paper, look_of(design))


def proof_papers(design: Design, today: date) -> Iterator[tuple[str, Paper]]:
    """What the proofs of a design say."""
    usual = worded(_usual(design, today), design)
    yield "usual", usual
    yield "long", replace(usual, full_name=longest_name(), course_title=LONG_TITLE)
    yield "bare", replace(usual, birth_date=None, unit="", result="", governing_body="")


def longest_name() -> str:
    """The name of the register that needs most room of those that papers can carry: one that
    fits no paper is refused with its owner's, and is no fault of a design."""
    longest = Person.objects.order_by(Length("full_name").desc(), "pk")
    names = [*longest.values_list("full_name", flat=True)[:20], "Nguyễn Thị Ánh Nguyệt"]
    return max(names, key=_width)


def _width(name: str) -> float:
    try:
        return face(NAME_FONT).width(fit_field("full_name", name).text, 1)
    except Misfit:
        return 0.0


def _usual(design: Design, today: date) -> Paper:
    decision = Decision.objects.filter(kind=design.kind).first()
    return Paper(
        kind_title=KIND_TITLES[PaperKind(design.kind)],
        governing_body=decision.governing_body if decision else "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
        issuing_body=decision.issuing_body if decision else "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        full_name="Nguyễn Thị Ánh Nguyệt",
        birth_date=date(1990, 4, 5),
        unit="Văn phòng UBND xã Quỳnh Lưu",
        course_title="Kỹ năng số cơ bản cho cán bộ, công chức, viên chức",
        hours=Decimal(24),
        study_form="Trực tuyến",
        result="Đạt (92/100)",
        started_on=today.replace(day=1),
        completed_on=today,
        decision_number="00/QĐ-BẢN MẪU",
        decision_date=today,
        place=decision.place if decision else "Nghệ An",
        issued_on=today,
        signer_title=decision.signer_title if decision else "GIÁM ĐỐC",
        signer_name="BẢN XEM THỬ",
        serial="BẢN XEM THỬ",
        code=PROOF_CODE,
        verify_url=f"{settings.PUBLIC_URL}/x/{PROOF_CODE}".upper(),
    )
