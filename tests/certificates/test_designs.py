"""A design in force is frozen; its papers are drawn so for ever, whatever comes after."""

import io
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from certificates import designs
from certificates.actions import entering
from certificates.actions.lists import issue_by_list
from certificates.actions.online import issue_certificate
from certificates.actions.successors import confirm_loss, renew
from certificates.art.draw_background import wrapped
from certificates.art.draw_drum import draw as draw_drum
from certificates.choices import Accent, Artwork, Technique
from certificates.designs import draw, look_of, proofs
from certificates.looks import (
    BODY_COLOUR,
    ENOUGH_CONTRAST,
    PALETTE,
    PAPER_COLOUR,
    SHIPPED,
    contrast,
    rgb,
)
from certificates.models import Certificate, Design
from certificates.papers import thaw
from certificates.pdf import Unprintable, render_paper
from certificates.pictures import PictureError, artwork_of
from certificates.qr import FIRST
from certificates.stamping import Unstampable, stamp
from learners.actions.enrolments import enrol
from tests.certificates.test_pdf import LONG_COURSE, LONG_NAME, LONG_UNIT, PAPER, lines_of
from tests.factories.certificates import decided_list, keeper, standing_decision
from tests.factories.designs import design, picture
from tests.factories.learning import learnt, small_course, staff, unit

pytestmark = pytest.mark.django_db


def online_paper(**decision: object) -> Certificate:
    standing_decision(**decision)
    done = learnt(enrol(person=staff(at=unit()), course=small_course()))
    return issue_certificate(done.pk)


def own_artwork(**changes: object) -> Design:
    made = Design(name="Của trường", valid_from=date(2026, 1, 1), artwork="uploaded", **changes)
    pdf, fingerprint = artwork_of(picture())
    made.keep_picture(ContentFile(pdf), fingerprint)
    made.in_force_since = timezone.now()
    made.save()
    return made


def test_second_artwork_is_what_its_script_draws():
    assert wrapped(draw_drum()) == SHIPPED[Artwork.DRUM].read_bytes()


@pytest.mark.parametrize("accent", Accent)
def test_every_colour_reads_well_on_the_paper(accent):
    ground = rgb(PAPER_COLOUR)
    for colour in (*PALETTE[accent], BODY_COLOUR):
        assert contrast(rgb(colour), ground) >= ENOUGH_CONTRAST


def test_papers_are_drawn_in_the_design_in_force():
    version = design()
    paper = online_paper()
    assert paper.design == version
    drawn = draw(paper)
    assert sha256(drawn).hexdigest() == paper.pdf_sha256
    assert "CERTIFICATE OF COMPLETION" in lines_of(drawn)


def test_old_papers_stay_the_same_after_newer_designs():
    design()
    paper = online_paper()
    design(name="Sen", valid_from=date(2026, 2, 1), artwork="lotus", heading_en="")
    again = Certificate.objects.get(pk=paper.pk)
    assert sha256(draw(again)).hexdigest() == paper.pdf_sha256


def test_papers_without_a_design_are_drawn_as_ever():
    paper = online_paper()
    assert paper.design is None
    assert sha256(draw(paper)).hexdigest() == paper.pdf_sha256


def test_papers_are_stamped_and_say_so():
    paper = online_paper()
    assert paper.technique == Technique.STAMPED
    assert draw(paper) == stamp(thaw(paper.paper)) != render_paper(thaw(paper.paper))


def test_paper_that_cannot_be_stamped_is_drawn_in_full_for_ever():
    paper = online_paper(signer_name="Trần `Mẫu`")
    again = Certificate.objects.get(pk=paper.pk)
    assert again.technique == Technique.PAGE
    assert sha256(render_paper(thaw(again.paper))).hexdigest() == again.pdf_sha256
    assert sha256(draw(again)).hexdigest() == again.pdf_sha256


def test_papers_from_before_stamping_draw_to_the_hash_in_the_register(monkeypatch):
    def drawn_before_stamping(paper, look):
        return Technique.FIRST, render_paper(paper, look, FIRST)

    monkeypatch.setattr(entering, "draw_new", drawn_before_stamping)
    paper = online_paper()
    monkeypatch.undo()
    assert sha256(draw(Certificate.objects.get(pk=paper.pk))).hexdigest() == paper.pdf_sha256


def test_database_refuses_another_technique_for_a_paper():
    paper = online_paper()
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=paper.pk).update(technique=Technique.PAGE)


def test_stamped_paper_that_cannot_be_stamped_any_more_is_refused(monkeypatch):
    paper = online_paper()

    def cannot(*_args, **_options):
        raise Unstampable

    monkeypatch.setattr(designs, "stamp", cannot)
    with pytest.raises(Unprintable):
        draw(paper)


def test_drafts_and_days_to_come_and_other_kinds_are_not_taken():
    design(in_force=False)
    design(valid_from=date(2099, 1, 1))
    design(kind="certificate")
    assert online_paper().design is None


def test_provider_has_its_own_before_the_one_for_all():
    drawn = decided_list("Nguyễn Thị Hoa")
    provider = drawn.class_group.provider
    design(valid_from=date(2026, 3, 1))
    own = design(name="Riêng", provider=provider, signer_title="PHÓ HIỆU TRƯỞNG", heading_en="")
    issue_by_list(drawn.pk)
    paper = Certificate.objects.get()
    assert paper.design == own
    assert paper.paper["signer_title"] == "PHÓ HIỆU TRƯỞNG"
    assert sha256(draw(paper)).hexdigest() == paper.pdf_sha256


def test_database_refuses_changes_of_a_design_in_force():
    version = design()
    with pytest.raises(DatabaseError), transaction.atomic():
        Design.objects.filter(pk=version.pk).update(accent="ink")
    draft = design(in_force=False)
    assert Design.objects.filter(pk=draft.pk).update(accent="ink") == 1


def test_database_refuses_another_design_for_a_paper():
    paper = online_paper()
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=paper.pk).update(design=design())


def test_confirmation_does_not_carry_the_heading_of_the_lost_paper():
    design()
    confirmation = confirm_loss(certificate=online_paper(), reason="Mất", act="1", by=keeper())
    assert confirmation.design is None
    assert "CERTIFICATE OF COMPLETION" not in lines_of(draw(confirmation))


def test_renewal_keeps_the_design():
    version = design()
    paper = online_paper(valid_months=1)
    renewed = renew(certificate=paper, reason="Hết hạn", act="2", by=keeper())
    assert renewed.design == version
    assert sha256(draw(renewed)).hexdigest() == renewed.pdf_sha256


@pytest.mark.parametrize("artwork", ["lotus", "drum"])
@pytest.mark.parametrize("heading", ["", "CERTIFICATE OF COMPLETION"])
def test_longest_texts_fit_every_design(artwork, heading):
    look = look_of(Design(artwork=artwork, heading_en=heading))
    words = {"full_name": LONG_NAME, "unit": LONG_UNIT, "course_title": LONG_COURSE}
    lines = lines_of(render_paper(replace(PAPER, **words), look))
    assert LONG_NAME in lines


def test_lines_that_a_design_leaves_out_stay_in_the_record():
    bare = design(shows_birth_date=False, shows_unit=False, shows_result=False, shows_period=False)
    text = " ".join(lines_of(render_paper(PAPER, look_of(bare))))
    assert "Sinh ngày" not in text
    assert PAPER.unit not in text
    assert "Kết quả" not in text
    assert "Từ ngày" not in text
    assert "Thời lượng 24 giờ" in text


def test_uploaded_picture_lies_behind_the_words():
    version = own_artwork()
    paper = online_paper()
    assert paper.design == version
    assert sha256(draw(paper)).hexdigest() == paper.pdf_sha256


@pytest.mark.parametrize("spoil", ["remove", "change"])
def test_lost_picture_refuses_the_paper_and_takes_no_number(spoil):
    version = own_artwork()
    path = Path(version.picture.path)
    path.unlink() if spoil == "remove" else path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(Unprintable, match="Của trường"):
        online_paper()
    assert not Certificate.objects.exists()


def test_equal_pictures_give_equal_bytes():
    one, other = artwork_of(picture()), artwork_of(picture())
    assert one == other
    with pikepdf.open(io.BytesIO(one[0])) as pdf:
        assert pdf.pages[0].Contents.read_bytes() == b"q /Bg Do Q"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"size": (1200, 848)}, "1200"),
        ({"size": (1754, 1754)}, "1754"),
        ({"size": (5600, 3959)}, "5600"),
        ({"mode": "CMYK", "kind": "JPEG"}, "CMYK"),
        ({"mode": "RGBA"}, "RGBA"),
        ({"mode": "L"}, "L"),
        ({"ground": "#5b6b8a"}, "."),
        ({"kind": "GIF", "mode": "P"}, "."),
    ],
)
def test_picture_that_would_print_wrong_is_refused(changes, said):
    with pytest.raises(PictureError, match=said):
        artwork_of(picture(**changes))


def test_file_that_is_no_picture_is_refused():
    for content in (b"", b"<svg/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + b"0" * 50):
        with pytest.raises(PictureError):
            artwork_of(SimpleUploadedFile("nen.png", content))


def test_proofs_print_the_longest_name_of_the_register():
    staff(LONG_NAME)
    made = dict(proofs(design(), date(2026, 5, 6)))
    assert list(made) == ["usual", "long", "bare"]
    assert LONG_NAME in lines_of(made["long"])


def test_name_that_no_paper_can_carry_holds_up_no_design():
    staff(LONG_NAME)
    staff("W" * 95)
    staff("Nguyễn \u202e" + "Hoa " * 15)
    staff("សុខា " * 15)
    made = dict(proofs(design(), date(2026, 5, 6)))
    assert LONG_NAME in lines_of(made["long"])
