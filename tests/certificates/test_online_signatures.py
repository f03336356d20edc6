"""Papers of online courses get the server's signature by themselves, and never wait for it."""

from datetime import timedelta

import pytest

from certificates import signing
from certificates.actions import online_signatures, signatures
from certificates.actions.lists import issue_by_list
from certificates.actions.online import issue_certificate
from certificates.actions.online_signatures import due_for_signature, sign_due
from certificates.actions.signatures import sign_here
from certificates.actions.successors import confirm_loss
from certificates.actions.withdrawal import withdraw
from certificates.choices import WithheldCause
from certificates.models import Certificate, SignedPdf, WithheldPaper
from certificates.signing import CannotSign, check_signed
from certificates.tasks import issue_for_enrolment, sign_online_papers
from learners.actions.enrolments import enrol
from tests.certificates.actions.test_signatures import trusted, with_a_key
from tests.factories.certificates import decided_list, keeper, standing_decision
from tests.factories.learning import learnt, small_course, staff, unit

__all__ = ["trusted"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def key(trusted, settings):
    with_a_key(settings, trusted)
    return settings


@pytest.fixture
def completed():
    """Three people who completed the course; no paper yet."""
    standing_decision()
    at, course = unit(), small_course()
    names = ("Nguyễn Thị Hoa", "Phan Thị Lan", "Lê Văn Minh")
    return [learnt(enrol(person=staff(name, at=at), course=course)).pk for name in names]


@pytest.fixture
def papers(completed):
    return [issue_certificate(pk) for pk in completed]


@pytest.fixture
def office(client):
    client.force_login(keeper())
    return client


def shown(client, paper):
    return client.get(f"/x/{paper.code}").content.decode()


def test_issue_sets_the_signature_going_as_a_job_of_its_own(key, completed):
    issue_for_enrolment.enqueue(completed[0])
    paper = Certificate.objects.get()
    kept = SignedPdf.objects.get(certificate=paper)
    assert (kept.is_ours, kept.is_trusted, kept.kept_by) == (True, True, None)
    assert check_signed(kept.file.read(), paper.pdf_sha256).signer == kept.signer
    assert sign_online_papers.queue_name != issue_for_enrolment.queue_name


def test_without_a_key_nothing_changes(client, completed):
    issue_for_enrolment.enqueue(completed[0])
    sign_online_papers.enqueue()
    paper = Certificate.objects.get()
    assert not SignedPdf.objects.exists()
    assert "giấy được chứng minh bằng sổ cấp này" in shown(client, paper)
    assert "đang được bổ sung" not in shown(client, paper)


def test_key_that_fails_costs_no_paper_and_is_tried_again(key, completed, client, monkeypatch):
    key.SIGNING_PKCS12_PASSWORD, right = "wrong", key.SIGNING_PKCS12_PASSWORD
    issue_for_enrolment.enqueue(completed[0])
    paper = Certificate.objects.get()
    assert not SignedPdf.objects.exists()
    assert "đang được bổ sung" in shown(client, paper)
    key.SIGNING_PKCS12_PASSWORD = right
    sign_online_papers.enqueue()
    assert SignedPdf.objects.get().certificate == paper
    assert "Sở Khoa học và Công nghệ Nghệ An" in shown(client, paper)


def test_all_that_were_missed_are_signed_once_however_often_it_runs(key, papers):
    for _again in range(2):
        sign_due()
    assert sorted(SignedPdf.objects.values_list("certificate", flat=True)) == [
        paper.pk for paper in papers
    ]
    assert not due_for_signature().exists()


def test_a_withheld_paper_that_a_confirmation_stands_for_is_owed_no_signature(key, papers, client):
    """Else it would be owed for good, and the monitoring would never be quiet again."""
    lost = papers[0]
    WithheldPaper.objects.create(certificate=lost, cause=WithheldCause.OTHER_BYTES)
    confirm_loss(certificate=lost, reason="Mất phông", act="1", by=keeper())
    assert not due_for_signature().filter(pk=lost.pk).exists()
    assert "đang được bổ sung" not in shown(client, lost)


def test_broken_off_it_goes_on_with_the_first_unsigned_one(key, papers, monkeypatch):
    real, calls = signatures.sign, []

    def pulled_out(*args):
        calls.append(args)
        if len(calls) == 2:
            raise CannotSign("the token is gone")
        return real(*args)

    monkeypatch.setattr(signatures, "sign", pulled_out)
    sign_due()
    assert [one.certificate for one in SignedPdf.objects.all()] == papers[:1]
    sign_due()
    assert (SignedPdf.objects.count(), len(calls)) == (3, 4)


def test_withdrawn_meanwhile_it_is_not_signed(key, papers, monkeypatch):
    real = signatures.sign

    def overtaken(*args):
        if not SignedPdf.objects.exists():
            withdraw(certificate=papers[1], reason="Sai", act="1/QĐ", by=keeper())
        return real(*args)

    monkeypatch.setattr(signatures, "sign", overtaken)
    sign_due()
    assert [one.certificate for one in SignedPdf.objects.order_by("pk")] == [papers[0], papers[2]]


def test_withheld_paper_is_left_until_it_is_right(key, papers, monkeypatch):
    real = papers[1].paper["full_name"]
    drawn = "certificates.actions.withholding.draw"
    from certificates.designs import draw

    monkeypatch.setattr(drawn, lambda one: draw(one) + b"\n" * (one.paper["full_name"] == real))
    sign_due()
    assert [one.certificate for one in SignedPdf.objects.order_by("pk")] == [papers[0], papers[2]]
    assert not due_for_signature().exists()


def test_papers_of_classes_wait_for_whoever_keeps_the_register(key):
    issue_by_list(decided_list("Nguyễn Thị Hoa").pk)
    sign_due()
    assert not SignedPdf.objects.exists()


def test_owner_gets_the_signed_file_and_before_it_the_unsigned_one(key, office, papers):
    address = f"/giay-chung-nhan/{papers[0].code}.pdf"
    before = office.get(address).content
    sign_here(papers[0])
    after = office.get(address).content
    assert after.startswith(before)
    assert len(after) > len(before)


def test_page_counts_and_the_button_says_what_is_wrong(
    key, office, papers, django_capture_on_commit_callbacks
):
    sign_here(papers[0])
    text = office.get("/so-cap/ky-so/").content.decode()
    assert "Đã ký 1/3 giấy" in text
    assert papers[1].serial in text
    key.SIGNING_PKCS12_PASSWORD, right = "wrong", key.SIGNING_PKCS12_PASSWORD
    signing.own_signer.cache_clear()
    refused = office.post("/so-cap/ky-so/", follow=True).content.decode()
    assert "Không đọc được khóa" in refused
    key.SIGNING_PKCS12_PASSWORD = right
    with django_capture_on_commit_callbacks(execute=True):
        begun = office.post("/so-cap/ky-so/")
    page = office.get(begun["Location"])
    assert ("Đã ký 3/3 giấy" in page.content.decode(), "Refresh" in page) == (True, False)


def test_page_says_that_there_is_no_key(office, papers):
    assert "chưa có khóa ký" in office.get("/so-cap/ky-so/").content.decode()


def test_metrics_tell_what_waits_too_long(key, client, papers, monkeypatch):
    sign_here(papers[0])
    assert "hocso_papers_unsigned 0.0" in client.get("/metrics").content.decode()
    monkeypatch.setattr(online_signatures, "SIGNED_WITHIN", timedelta(seconds=-1))
    assert "hocso_papers_unsigned 2.0" in client.get("/metrics").content.decode()
