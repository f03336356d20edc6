"""A list's papers as one file: whole, in order, resumable, never what was not issued."""

import io
import resource
import zipfile
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.conf import settings

from certificates.actions import bundles
from certificates.actions.bundles import ask_for_bundle, forget_bundles, make_bundle
from certificates.actions.lists import issue_by_list
from certificates.actions.withdrawal import withdraw
from certificates.bundling import Sheet, _is_made_of, file_name, join, part_of
from certificates.models import Certificate, PaperBundle
from certificates.pdf import render_paper
from tests.certificates.test_pdf import PAPER
from tests.factories.certificates import decided_list, keeper

NAMES = [f"Nguyễn Thị Hoa {word}" for word in ("An", "Bình", "Cúc", "Dung", "Én")]


@pytest.fixture
def papers(db, monkeypatch):
    monkeypatch.setattr(bundles, "AT_A_TIME", 2)
    drawn = decided_list(*NAMES)
    issue_by_list(drawn.pk)
    return drawn


def made(papers, form):
    bundle = ask_for_bundle(issue_list=papers, form=form, by=keeper())
    make_bundle(str(bundle.pk))
    bundle.refresh_from_db()
    return bundle


def content(bundle):
    with bundle.file.open("rb") as file:
        return file.read()


def test_zip_holds_each_paper_as_issued_in_the_order_of_the_list(papers):
    bundle = made(papers, "zip")
    assert (bundle.done, bundle.total, bundle.refusal) == (5, 5, "")
    assert sha256(content(bundle)).hexdigest() == bundle.sha256
    with zipfile.ZipFile(io.BytesIO(content(bundle))) as archive:
        names = archive.namelist()
        inside = [sha256(archive.read(name)).hexdigest() for name in names]
    issued = Certificate.objects.order_by("issue_line__position")
    assert inside == [paper.pdf_sha256 for paper in issued]
    first = issued[0]
    assert names[0] == f"0001-{first.serial}-nguyen-thi-hoa-an.pdf"


def test_pdf_holds_every_page_and_once_what_they_share(papers):
    file = content(made(papers, "pdf"))
    with pypdfium2.PdfDocument(file) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert [name in text for name, text in zip(NAMES, texts, strict=True)] == [True] * 5
    with pikepdf.open(io.BytesIO(file)) as document:
        forms = {
            item.objgen
            for page in document.pages
            for item in page.Resources.XObject.values()
            if item.Subtype == "/Form"
        }
        faces = {font.objgen for page in document.pages for font in page.Resources.Font.values()}
    assert (len(forms), len(faces)) == (1, 4)


def test_things_are_kept_apart_that_differ_in_one_byte_or_one_name():
    with pikepdf.new() as document:

        def picture(content: bytes = b"x", **changes: object) -> pikepdf.Object:
            mask = document.make_stream(b"m", Subtype=pikepdf.Name.Image)
            entries = {"Subtype": pikepdf.Name.Image, "Width": 4, "SMask": mask, "W": [1, [2, 3]]}
            return document.make_stream(content, **entries | changes)

        others = [
            picture(b"y"),
            picture(Width=5),
            picture(W=[1, [2, 4]]),
            picture(W=[1, [2, document.make_indirect(pikepdf.Dictionary(A=3))]]),
            picture(SMask=document.make_stream(b"n", Subtype=pikepdf.Name.Image)),
        ]
        assert _is_made_of(picture()) == _is_made_of(picture())
        assert len({_is_made_of(one) for one in (picture(), *others)}) == 6


def test_killed_between_parts_it_goes_on_and_makes_the_same_file(papers, monkeypatch):
    whole = made(papers, "pdf").sha256
    bundle = ask_for_bundle(issue_list=papers, form="pdf", by=keeper())

    class Killed(BaseException):
        pass

    def dies(done, of):
        if done == 4:
            raise Killed

    monkeypatch.setattr(bundles, "progress", dies)
    with pytest.raises(Killed):
        make_bundle(str(bundle.pk))
    drawn = []
    real = bundles.unsigned_pdf
    monkeypatch.setattr(bundles, "progress", lambda _done, _of: None)
    monkeypatch.setattr(bundles, "unsigned_pdf", lambda paper: drawn.append(paper) or real(paper))
    make_bundle(str(bundle.pk))
    bundle.refresh_from_db()
    assert (len(drawn), bundle.sha256) == (1, whole)
    assert not Path(settings.DATA_DIR, "work", "bundles", str(bundle.pk)).exists()


def test_asked_twice_there_is_one_and_made_twice_it_stays(papers):
    one = ask_for_bundle(issue_list=papers, form="zip", by=keeper())
    assert ask_for_bundle(issue_list=papers, form="zip", by=keeper()) == one
    make_bundle(str(one.pk))
    one.refresh_from_db()
    before = one.made_at
    make_bundle(str(one.pk))
    one.refresh_from_db()
    assert (one.made_at, PaperBundle.objects.count()) == (before, 1)


def test_withdrawn_papers_are_left_out(papers):
    withdraw(certificate=Certificate.objects.first(), reason="Sai", act="1", by=keeper())
    assert made(papers, "zip").total == 4


def test_old_files_are_forgotten_and_rows_kept(papers):
    bundle = made(papers, "zip")
    path = Path(bundle.file.path)
    PaperBundle.objects.update(made_at=bundle.made_at - bundles.KEPT * 2)
    forget_bundles()
    assert (path.exists(), PaperBundle.objects.get().file.name) == (False, "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Đặng Thị Ánh", "0007-NA-2026-000001-dang-thi-anh.pdf"),
        ("../../etc/passwd", "0007-NA-2026-000001-etc-passwd.pdf"),
        ('a\\b:"<>|?*\r\n', "0007-NA-2026-000001-a-b.pdf"),
        ("សុខា", "0007-NA-2026-000001.pdf"),
        ("\u202egpj.exe", "0007-NA-2026-000001-gpj-exe.pdf"),
        ("a" * 300, f"0007-NA-2026-000001-{'a' * 60}.pdf"),
    ],
)
def test_names_of_files_are_safe(name, expected):
    assert file_name(7, "NA-2026-000001", name) == expected


def test_thousand_papers_are_joined_in_bounded_memory(tmp_path):
    pdf = render_paper(PAPER)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    parts = [
        part_of(tmp_path, "pdf", [Sheet(f"{at}-{n}", "x", lambda: pdf) for n in range(50)]).path
        for at in range(20)
    ]
    join(parts, tmp_path / "all.pdf", "pdf")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with pikepdf.open(tmp_path / "all.pdf") as document:
        assert len(document.pages) == 1000
    assert grown < 256 * 1024
