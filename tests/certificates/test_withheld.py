"""What is not the issued paper goes out by no door; keepers see it, owners are told."""

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates import stamping
from certificates.actions import bundles, lists
from certificates.actions.bundles import ask_for_bundle, make_bundle
from certificates.actions.lists import issue_by_list
from certificates.actions.online import issue_certificate
from certificates.actions.signatures import export_batch, sign_here, sign_list
from certificates.actions.successors import confirm_loss
from certificates.actions.withdrawal import withdraw
from certificates.actions.withholding import (
    DrawsWrongly,
    Withheld,
    issued_pdf,
    look_again,
    withheld_now,
)
from certificates.choices import Artwork
from certificates.layout import FONTS
from certificates.looks import SHIPPED
from certificates.models import Certificate, PaperNotice, SignedPdf, WithheldPaper
from certificates.tasks import issue_for_enrolment, issue_papers_of_list, look_again_at_papers
from learners.actions.enrolments import enrol
from learners.models import User
from tests.certificates.actions.test_signatures import trusted, with_a_key
from tests.certificates.test_designs import online_paper, own_artwork
from tests.factories.certificates import decided_list, keeper
from tests.factories.designs import design
from tests.factories.learning import learnt, small_course, staff

__all__ = ["trusted"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def other_font(monkeypatch):
    """From now on the name is drawn in another font file, as after a careless upgrade."""

    def change():
        stamping._page.cache_clear()
        monkeypatch.setitem(stamping.FILES, "Charm-Bold", FONTS / "BeVietnamPro-SemiBold.ttf")

    def restore():
        stamping._page.cache_clear()
        monkeypatch.setitem(stamping.FILES, "Charm-Bold", FONTS / "Charm-Bold.ttf")

    change.back = restore
    yield change
    stamping._page.cache_clear()


@pytest.fixture
def office(client):
    client.force_login(keeper())
    return client


def address(paper):
    return f"/giay-chung-nhan/{paper.code}.pdf"


def own_account(paper):
    owner = User.objects.create(username="hoa", full_name="Nguyễn Thị Hoa")
    paper.person.user = owner
    paper.person.save()
    return owner


def test_another_font_file_and_the_paper_is_not_handed_out(client, other_font):
    paper = online_paper()
    client.force_login(own_account(paper))
    assert client.get(address(paper)).content.startswith(b"%PDF-")
    PaperNotice.objects.update(seen_at=None)
    other_font()
    answer = client.get(address(paper))
    assert (answer.status_code, answer["Content-Type"][:9]) == (503, "text/html")
    text = answer.content.decode()
    assert "người giữ sổ cấp" in text
    assert paper.serial in text
    row = WithheldPaper.objects.get()
    assert (row.certificate, row.cause, row.ended_at) == (paper, "other", None)
    assert row.found_sha256 not in ("", paper.pdf_sha256)
    # It was not had, so it stays new to its owner.
    assert PaperNotice.objects.get().seen_at is None


def test_another_artwork_of_the_design_and_the_paper_is_not_handed_out(office, monkeypatch):
    design()
    paper = online_paper()
    stamping._page.cache_clear()
    monkeypatch.setitem(SHIPPED, Artwork.DRUM, SHIPPED[Artwork.LOTUS])
    assert office.get(address(paper)).status_code == 503
    assert withheld_now().get().cause == "other"


def test_wanted_often_it_is_one_row_and_right_again_it_is_handed_out(office, other_font):
    paper = online_paper()
    other_font()
    for _time in range(3):
        assert office.get(address(paper)).status_code == 503
    other_font.back()
    assert office.get(address(paper)).content.startswith(b"%PDF-")
    assert WithheldPaper.objects.get().ended_at is not None
    other_font()
    office.get(address(paper))
    assert WithheldPaper.objects.count() == 2


def test_paper_that_cannot_be_drawn_any_more_is_withheld_with_the_reason(office):
    own = own_artwork(kind="completion")
    paper = online_paper()
    assert paper.design == own
    Path(own.picture.path).write_bytes(b"%PDF-1.4 other")
    assert office.get(address(paper)).status_code == 503
    row = withheld_now().get()
    assert (row.cause, row.found_sha256) == ("not_drawn", "")
    assert "Của trường" in row.detail


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_signed_file_that_was_lost_or_changed_is_withheld(office, trusted, settings, spoil):
    with_a_key(settings, trusted)
    paper = online_paper()
    spoil(Path(sign_here(paper).file.path))
    assert office.get(address(paper)).status_code == 503
    assert withheld_now().get().cause == "signed"


def test_keepers_are_alarmed_on_their_pages_and_find_the_list(office, other_font):
    paper = online_paper()
    assert "/so-cap/giu-lai/" not in office.get("/so-cap/").content.decode()
    other_font()
    office.get(address(paper))
    for page in ("/so-cap/", "/cap-giay/", f"/so-cap/{paper.serial}/"):
        assert "/so-cap/giu-lai/" in office.get(page).content.decode()
    text = office.get("/so-cap/giu-lai/").content.decode()
    assert paper.serial in text
    assert "1 giấy đang bị giữ lại" in text


def test_whoever_only_reads_the_register_finds_no_list(client):
    client.force_login(User.objects.create(username="ai-do"))
    assert client.get("/so-cap/giu-lai/").status_code == 404


def test_looking_again_finds_what_is_right_and_what_nobody_wanted_yet(
    office, other_font, django_capture_on_commit_callbacks
):
    issue_by_list(decided_list("Nguyễn Thị Hoa", "Phan Thị Lan").pk)
    first, last = Certificate.objects.order_by("pk")
    other_font()
    office.get(address(first))
    look_again()
    # The newest of each appearance is looked at though nobody asked for it.
    assert [one.certificate for one in withheld_now()] == [first, last]
    other_font.back()
    with django_capture_on_commit_callbacks(execute=True):
        office.post("/so-cap/giu-lai/")
    assert not withheld_now().exists()
    assert "Đúng trở lại" in office.get("/so-cap/giu-lai/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(office, count):
    issue_by_list(decided_list(*[f"Nguyễn Thị Hoa {n}" for n in range(count)]).pk)
    WithheldPaper.objects.bulk_create(
        WithheldPaper(certificate=paper, cause="other") for paper in Certificate.objects.all()
    )
    office.get("/so-cap/giu-lai/")
    with CaptureQueriesContext(connection) as asked:
        assert office.get("/so-cap/giu-lai/").status_code == 200
    assert len(asked) <= 12
    assert len([one for one in asked if "withheldpaper" in one["sql"]]) == 3


def test_metrics_tell_how_many(client, office, other_font):
    paper = online_paper()
    assert "hocso_papers_withheld 0.0" in client.get("/metrics").content.decode()
    other_font()
    office.get(address(paper))
    assert "hocso_papers_withheld 1.0" in client.get("/metrics").content.decode()


# ------------------------------------------------------------------ files of a class


@pytest.fixture
def three(monkeypatch):
    """Three papers; the second one's register entry holds another hash than it draws to."""
    monkeypatch.setattr(bundles, "AT_A_TIME", 2)
    drawn = decided_list("Nguyễn Thị An", "Nguyễn Thị Bình", "Nguyễn Thị Cúc")
    issue_by_list(drawn.pk)
    real, second = stamping.stamp, Certificate.objects.order_by("issue_line__position")[1]

    def spoilt(paper, *args, **options):
        if paper.serial == second.serial:
            return real(paper, *args, **options) + b"\n"
        return real(paper, *args, **options)

    monkeypatch.setattr("certificates.designs.stamp", spoilt)
    return drawn, second


def made(papers, form):
    bundle = ask_for_bundle(issue_list=papers, form=form, by=keeper())
    make_bundle(str(bundle.pk))
    bundle.refresh_from_db()
    return bundle


def test_zip_leaves_it_out_and_says_so_inside_and_on_the_page(three, office):
    papers, second = three
    bundle = made(papers, "zip")
    assert (bundle.left_out, bundle.in_it, bundle.refusal) == ([second.serial], 2, "")
    with bundle.file.open("rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        names = archive.namelist()
        note = archive.read(names[0]).decode("utf-8-sig")
    assert names[0] == "0000-giay-khong-co-trong-tep.txt"
    assert len(names) == 3
    assert not any(second.serial in name for name in names)
    assert f"{second.serial} · Nguyễn Thị Bình" in note
    assert "Có 1 giấy không nằm trong tệp này" in note
    text = office.get(f"/cap-giay/danh-sach/{papers.pk}/tep/").content.decode()
    assert f'href="/so-cap/{second.serial}/"' in text


def test_pdf_begins_with_a_page_that_names_it(three):
    papers, second = three
    bundle = made(papers, "pdf")
    with bundle.file.open("rb") as file, pypdfium2.PdfDocument(file.read()) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == 3
    assert f"{second.serial} · Nguyễn Thị Bình" in texts[0]
    assert "Nguyễn Thị An" in texts[1]
    assert "Nguyễn Thị Cúc" in texts[2]


def test_killed_between_parts_it_still_knows_what_it_lacks(three, monkeypatch):
    papers, second = three
    whole = made(papers, "pdf").sha256
    bundle = ask_for_bundle(issue_list=papers, form="pdf", by=keeper())

    class Killed(BaseException):
        pass

    def dies(_done, _of):
        raise Killed

    monkeypatch.setattr(bundles, "progress", dies)
    with pytest.raises(Killed):
        make_bundle(str(bundle.pk))
    monkeypatch.setattr(bundles, "progress", lambda _done, _of: None)
    make_bundle(str(bundle.pk))
    bundle.refresh_from_db()
    assert (bundle.left_out, bundle.sha256) == ([second.serial], whole)


def test_all_withheld_there_is_no_file_but_a_sentence(office, other_font):
    papers = decided_list("Nguyễn Thị An", "Nguyễn Thị Bình")
    issue_by_list(papers.pk)
    other_font()
    bundle = made(papers, "pdf")
    assert (bundle.made_at, bundle.file.name, len(bundle.left_out)) == (None, "", 2)
    assert "giữ lại" in bundle.refusal


def test_export_for_signing_leaves_it_out_and_says_so(three):
    _papers, second = three
    issued = Certificate.objects.order_by("issue_line__position")
    content = b"".join(export_batch(issued))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert second.serial in archive.read("0000-giay-khong-co-trong-tep.txt").decode()
        assert second.serial not in archive.read("danh-sach.csv").decode()
    assert f"{second.serial}.pdf" not in names


def test_server_signs_the_others_and_not_the_withheld_one(three, trusted, settings):
    papers, second = three
    with_a_key(settings, trusted)
    sign_list(papers.pk)
    assert SignedPdf.objects.count() == 2
    assert not SignedPdf.objects.filter(certificate=second).exists()
    with pytest.raises(Withheld):
        sign_here(second)


def test_paper_that_was_taken_back_alarms_nobody_and_is_still_not_handed_out(office, other_font):
    paper = online_paper()
    other_font()
    office.get(address(paper))
    withdraw(certificate=paper, reason="Không khôi phục được", act="1/QĐ", by=keeper())
    assert not withheld_now().exists()
    assert "/so-cap/giu-lai/" not in office.get("/so-cap/").content.decode()
    assert office.get(address(paper)).status_code == 503


def test_confirmation_stands_for_a_paper_that_cannot_be_restored(office, other_font):
    paper = online_paper()
    other_font()
    office.get(address(paper))
    confirmation = confirm_loss(certificate=paper, reason="Mất phông", act="1", by=keeper())
    assert not withheld_now().exists()
    assert office.get(address(confirmation)).content.startswith(b"%PDF-")


def test_page_of_signatures_looks_again_while_a_paper_waits_that_can_be_signed(
    office, trusted, settings
):
    with_a_key(settings, trusted)
    drawn = decided_list("Nguyễn Thị Hoa", "Lê Văn Minh")
    issue_by_list(drawn.pk)
    first, second = Certificate.objects.order_by("pk")
    page = f"/cap-giay/danh-sach/{drawn.pk}/ky-so/?dang-ky=1"
    sign_here(first)
    WithheldPaper.objects.create(certificate=first, cause="signed")
    assert office.get(page)["Refresh"] == "3"
    # Nobody signs what is held back, though a confirmation has settled the alarm.
    WithheldPaper.objects.create(certificate=second, cause="other")
    confirm_loss(certificate=second, reason="Mất phông", act="1", by=keeper())
    assert "Refresh" not in office.get(page)


# ------------------------------------------------------------------ no new papers meanwhile


def completed(name="Trần Văn Minh"):
    """A completed online course whose paper is due."""
    return learnt(enrol(person=staff(name), course=small_course("Chữ ký số")))


def issued():
    return list(Certificate.objects.order_by("pk").values_list("paper__full_name", flat=True))


def test_changed_font_stops_the_very_next_paper_though_nobody_noticed_it_yet(other_font):
    first = online_paper()
    enrolment = completed()
    other_font()
    with pytest.raises(DrawsWrongly, match="giấy mẫu này"):
        issue_certificate(enrolment.pk)
    assert withheld_now().get().certificate == first


def test_online_paper_waits_and_its_owner_reads_that_it_is_being_issued(client, other_font):
    online_paper()
    enrolment = completed()
    enrolment.person.user = User.objects.create(username="minh", full_name="Trần Văn Minh")
    enrolment.person.save()
    client.force_login(enrolment.person.user)
    other_font()
    issue_for_enrolment.call(enrolment.pk)
    course = enrolment.edition.course.slug
    assert "đang được cấp" in client.get(f"/hoc-tap/{course}/").content.decode()
    assert Certificate.objects.count() == 1

    other_font.back()
    issue_for_enrolment.call(enrolment.pk)
    assert (Certificate.objects.count(), withheld_now().exists()) == (2, False)


def test_older_paper_that_is_still_withheld_holds_up_the_new_ones(office, other_font):
    issue_by_list(decided_list("Nguyễn Thị An", "Nguyễn Thị Bình").pk)
    drawn = decided_list("Nguyễn Thị Cúc", number="47/QĐ-ĐHV")
    first, _last = Certificate.objects.order_by("pk")
    other_font()
    office.get(address(first))
    other_font.back()
    with pytest.raises(DrawsWrongly):
        issue_by_list(drawn.pk)
    assert office.get(address(first)).content.startswith(b"%PDF-")
    issue_by_list(drawn.pk)
    assert issued() == ["Nguyễn Thị An", "Nguyễn Thị Bình", "Nguyễn Thị Cúc"]


def test_list_waits_says_why_and_goes_on_by_itself(
    office, other_font, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(lists, "AT_A_TIME", 1)
    issue_by_list(decided_list("Nguyễn Thị An").pk)
    drawn = decided_list("Nguyễn Thị Bình", "Nguyễn Thị Cúc", number="47/QĐ-ĐHV")
    other_font()
    issue_papers_of_list.call(drawn.pk)
    assert issued() == ["Nguyễn Thị An"]
    page = office.get(f"/cap-giay/danh-sach/{drawn.pk}/").content.decode()
    assert "Hiện không cấp giấy nào" in page
    assert "/so-cap/giu-lai/" in page

    other_font.back()
    with django_capture_on_commit_callbacks(execute=True):
        look_again_at_papers.call()
    assert issued() == ["Nguyễn Thị An", "Nguyễn Thị Bình", "Nguyễn Thị Cúc"]
    assert "Hiện không cấp" not in office.get(f"/cap-giay/danh-sach/{drawn.pk}/").content.decode()


def test_other_designs_go_on_and_a_new_version_opens_the_way(other_font):
    online_paper()
    enrolment = completed()
    other_font()
    look_again()
    design()
    assert issue_certificate(enrolment.pk).design is not None


def test_lost_signed_file_stops_no_new_paper(trusted, settings):
    with_a_key(settings, trusted)
    paper = online_paper()
    Path(sign_here(paper).file.path).unlink()
    with pytest.raises(Withheld):
        issued_pdf(paper)
    assert issue_certificate(completed().pk) is not None


def test_keeper_who_would_replace_one_is_told_and_nothing_is_withdrawn(office, other_font):
    paper = online_paper()
    paper.person.full_name = "Nguyễn Thị Hòa"
    paper.person.save()
    other_font()
    given = {"reason": "Sai tên", "act": "12/QĐ", "replace": "1"}
    answer = office.post(f"/so-cap/{paper.serial}/", given)
    assert answer.status_code == 422
    assert "giấy mẫu này" in answer.content.decode()
    paper.refresh_from_db()
    assert (paper.state, Certificate.objects.count()) == ("valid", 1)


def test_repair_command_says_why_it_makes_none(other_font):
    online_paper()
    completed()
    other_font()
    with pytest.raises(CommandError, match="giấy mẫu này"):
        call_command("issue_missing_certificates")
