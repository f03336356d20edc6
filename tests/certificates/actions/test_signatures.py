"""Papers signed here and outside; what comes back is looked into before it is kept."""

import io
import sys
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates import signing
from certificates.actions import signatures
from certificates.actions.lists import issue_by_list
from certificates.actions.signatures import (
    export_batch,
    import_batch,
    sign_here,
    sign_list,
    unpacked,
    unsigned_pdf,
)
from certificates.actions.withdrawal import withdraw
from certificates.models import Certificate, SignedPdf
from certificates.signing import CannotSign, WrongFile, check_signed, sign
from tests.factories.certificates import decided_list, keeper
from tests.factories.signatures import PASSWORD, pkcs12_bytes, signer, trust_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers():
    issue_by_list(decided_list("Nguyễn Thị Hoa", "Phan Thị Lan").pk)
    return list(Certificate.objects.order_by("number"))


@pytest.fixture
def trusted(settings, tmp_path):
    signing._roots.cache_clear()
    signing.own_signer.cache_clear()
    settings.SIGNING_TRUST_FOLDER = trust_folder(tmp_path)
    yield tmp_path
    signing._roots.cache_clear()
    signing.own_signer.cache_clear()


def signed(paper):
    return sign(unsigned_pdf(paper), signer())


def test_signature_stands_before_an_independent_validator(papers, trusted):
    content = signed(papers[0])
    assert content.startswith(unsigned_pdf(papers[0]))
    root = load_cert_from_pemder(str(trusted / "root.pem"))
    status = validate_pdf_signature(
        PdfFileReader(io.BytesIO(content)).embedded_signatures[0],
        signer_validation_context=ValidationContext(trust_roots=[root]),
    )
    assert (status.bottom_line, status.coverage.name) == (True, "ENTIRE_FILE")


def test_seal_names_signer_and_authority(papers, trusted):
    seal = check_signed(signed(papers[0]), papers[0].pdf_sha256)
    assert (seal.signer, seal.issuer, seal.is_trusted) == (
        "Sở Khoa học và Công nghệ Nghệ An",
        "CA thử nghiệm",
        True,
    )


def test_authority_that_nobody_named_is_not_called_trusted(papers, settings):
    signing._roots.cache_clear()
    settings.SIGNING_TRUST_FOLDER = ""
    assert check_signed(signed(papers[0]), papers[0].pdf_sha256).is_trusted is False


@pytest.mark.parametrize(
    ("spoil", "answer"),
    [
        (lambda mine, other: mine[:-2000] + b"X" + mine[-1999:], "chữ ký số"),
        (lambda mine, other: mine[:200] + b"#" + mine[201:], "không phải là giấy"),
        (lambda mine, other: other, "không phải là giấy"),
        (lambda mine, other: b"not a pdf", "không phải là giấy"),
        (lambda mine, other: mine + b"\n% more\n%%EOF\n", "Ký lại"),
    ],
)
def test_wrong_file_is_refused_with_a_sentence(papers, spoil, answer):
    mine, other = signed(papers[0]), signed(papers[1])
    with pytest.raises(WrongFile, match=answer):
        check_signed(spoil(mine, other), papers[0].pdf_sha256)


def test_unsigned_paper_is_no_signed_one(papers):
    with pytest.raises(WrongFile, match="chưa có chữ ký"):
        check_signed(unsigned_pdf(papers[0]), papers[0].pdf_sha256)


def test_server_signs_once_with_the_key_of_its_file(papers, trusted, settings):
    with_a_key(settings, trusted)
    kept = sign_here(papers[0])
    assert (sign_here(papers[0]), kept.is_ours, kept.is_trusted) == (kept, True, True)


def test_without_a_key_the_server_signs_nothing(papers):
    signing.own_signer.cache_clear()
    with pytest.raises(CannotSign):
        sign_here(papers[0])
    assert SignedPdf.objects.count() == 0


def with_a_key(settings, folder):
    path = folder / "key.p12"
    path.write_bytes(pkcs12_bytes())
    settings.SIGNING_PKCS12_FILE, settings.SIGNING_PKCS12_PASSWORD = str(path), PASSWORD


def test_key_is_read_once_and_signs_as_pyhankos_own_signer_does(papers, trusted, settings):
    with_a_key(settings, trusted)
    kept, plain = signing.pkcs12_signer(), signer()
    assert kept.sign_raw(b"bytes", "sha256") == plain.sign_raw(b"bytes", "sha256")
    assert kept.sign_raw(b"more", "sha512") == plain.sign_raw(b"more", "sha512")
    assert kept._key is kept._key


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SIGNING_PKCS12_FILE": ""}, "Chưa có khóa ký"),
        ({"SIGNING_PKCS12_FILE": "/nowhere.p12"}, "Không đọc được khóa trong /nowhere.p12"),
        ({"SIGNING_PKCS12_PASSWORD": "wrong"}, "Không đọc được khóa trong"),
    ],
)
def test_key_that_cannot_be_opened_is_refused_with_a_sentence(trusted, settings, changes, sentence):
    with_a_key(settings, trusted)
    for name, value in changes.items():
        setattr(settings, name, value)
    with pytest.raises(CannotSign, match=sentence):
        signing.own_signer()


def test_token_without_its_package_is_refused_with_a_sentence(trusted, settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "certificates.tokens", None)
    settings.SIGNER = "certificates.signing.token_signer"
    with pytest.raises(CannotSign, match="thiếu gói python-pkcs11"):
        signing.own_signer()


class TestSignList:
    def test_every_standing_paper_is_signed_once(self, papers, trusted, settings):
        with_a_key(settings, trusted)
        withdraw(certificate=papers[1], reason="Sai", act="1/QĐ", by=keeper())
        list_id = papers[0].issue_line.issue_list_id
        for _again in range(2):
            sign_list(list_id, by=keeper())
        kept = SignedPdf.objects.get()
        assert (kept.certificate, kept.is_ours, kept.kept_by) == (papers[0], True, keeper())

    def test_broken_off_it_goes_on(self, papers, trusted, settings, monkeypatch):
        with_a_key(settings, trusted)
        real, calls = signatures.sign, []

        def pulled_out(*args):
            calls.append(args)
            if len(calls) == 2:
                raise CannotSign("the token is gone")
            return real(*args)

        monkeypatch.setattr(signatures, "sign", pulled_out)
        list_id = papers[0].issue_line.issue_list_id
        with pytest.raises(CannotSign):
            sign_list(list_id)
        assert SignedPdf.objects.count() == 1
        sign_list(list_id)
        assert SignedPdf.objects.count() == 2

    def test_two_workers_at_once_keep_one_file(self, papers, trusted, settings, monkeypatch):
        with_a_key(settings, trusted)
        real = signatures.sign

        def overtaken(*args):
            monkeypatch.undo()
            sign_here(papers[0])
            return real(*args)

        monkeypatch.setattr(signatures, "sign", overtaken)
        kept = sign_here(papers[0])
        assert (SignedPdf.objects.get(), kept.file.read()[:5]) == (kept, b"%PDF-")

    def test_button_signs_the_list_and_the_page_counts(
        self, papers, trusted, settings, client, django_capture_on_commit_callbacks
    ):
        client.force_login(keeper())
        address = f"/cap-giay/danh-sach/{papers[0].issue_line.issue_list_id}/ky-so/"
        assert "Ký bằng khóa của máy chủ" not in client.get(address).content.decode()
        refused = client.post(f"{address}ky/", follow=True).content.decode()
        assert "Chưa có khóa ký" in refused
        with_a_key(settings, trusted)
        assert "Ký bằng khóa của máy chủ" in client.get(address).content.decode()
        assert client.get(f"{address}?dang-ky=1")["Refresh"] == "3"
        with django_capture_on_commit_callbacks(execute=True):
            begun = client.post(f"{address}ky/")
        page = client.get(begun["Location"])
        assert ("Đã ký 2/2 giấy" in page.content.decode(), "Refresh" in page) == (True, False)
        assert set(SignedPdf.objects.values_list("kept_by__username", "is_ours")) == {
            ("vanthu", True)
        }


class TestBatch:
    def test_out_and_back(self, papers):
        archive = zipfile.ZipFile(io.BytesIO(b"".join(export_batch(papers))))
        names = [f"{paper.serial}.pdf" for paper in papers]
        assert archive.namelist() == [*names, "danh-sach.csv"]
        assert papers[0].pdf_sha256 in archive.read("danh-sach.csv").decode()
        files = [
            (name.replace(".pdf", "_signed.pdf"), sign(archive.read(name), signer()))
            for name in names
        ]
        outcomes = import_batch(files, papers, by=keeper())
        assert [one.refusal for one in outcomes] == ["", ""]
        assert SignedPdf.objects.count() == 2
        again = import_batch(files, papers, by=keeper())
        assert ([one.refusal for one in again], SignedPdf.objects.count()) == (["", ""], 2)

    def test_wrong_file_does_not_hold_up_the_others(self, papers):
        files = [
            (f"{papers[0].serial}.pdf", signed(papers[1])),
            ("giấy của tôi.pdf", signed(papers[0])),
            (f"{papers[1].serial}.pdf", signed(papers[1])),
        ]
        outcomes = import_batch(files, papers, by=keeper())
        assert [bool(one.refusal) for one in outcomes] == [True, True, False]
        assert list(SignedPdf.objects.values_list("certificate_id", flat=True)) == [papers[1].pk]

    def test_second_file_does_not_replace_the_first(self, papers):
        first = signed(papers[0])
        name = f"{papers[0].serial}.pdf"
        import_batch([(name, first)], papers, by=keeper())
        other = sign(first, signer(), field="Signature2")
        (outcome,) = import_batch([(name, other)], papers, by=keeper())
        assert outcome.refusal == "Giấy này đã được ký trước đó bằng một tệp khác."
        assert SignedPdf.objects.get().file.read() == first

    @pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", b"%PDF-1.4"])
    def test_odd_uploads_are_refused_file_by_file(self, papers, content):
        files = unpacked(io.BytesIO(content), f"{papers[0].serial}.pdf")
        (outcome,) = import_batch(files, papers, by=keeper())
        assert outcome.refusal != ""

    def test_pages_lead_out_and_in(self, papers, client):
        client.force_login(keeper())
        address = f"/cap-giay/danh-sach/{papers[0].issue_line.issue_list_id}/ky-so/"
        exported = client.get(f"{address}1.zip")
        archive = zipfile.ZipFile(io.BytesIO(b"".join(exported.streaming_content)))
        content = sign(archive.read(f"{papers[0].serial}.pdf"), signer())
        upload = SimpleUploadedFile(f"{papers[0].serial}.pdf", content)
        page = client.post(address, {"batch": upload}).content.decode()
        assert "Đã ký 1/2 giấy" in page
        assert client.get(f"{address}2.zip").status_code == 404
        public = client.get(f"/x/{papers[0].code}").content.decode()
        assert "Sở Khoa học và Công nghệ Nghệ An" in public
        mine = client.get(f"/giay-chung-nhan/{papers[0].code}.pdf")
        assert mine.content == content
