"""Anybody may check; only the owner and his officers may fetch; nobody may walk through."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.actions.online import issue_certificate
from certificates.codes import new_code
from certificates.models import Certificate
from learners.actions.enrolments import enrol
from tests.factories.certificates import standing_decision
from tests.factories.learning import learnt, small_course, staff, this_period, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa():
    return staff("Nguyễn Thị Hoa", at=unit(), sign_in="NA1")


@pytest.fixture
def certificate(hoa):
    cache.clear()
    this_period()
    standing_decision()
    return issue_certificate(learnt(enrol(person=hoa, course=small_course())).pk)


@pytest.mark.parametrize("prefix", ["x", "X"])
def test_anybody_sees_the_printed_facts(client, certificate, prefix):
    page = client.get(f"/{prefix}/{certificate.code.lower()}")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Giấy chứng nhận này có giá trị" in text
    assert "Nguyễn Thị Hoa" in text
    assert certificate.serial in text


def test_the_day_of_birth_and_the_staff_number_are_not_shown(client, certificate):
    text = client.get(f"/x/{certificate.code}").content.decode()
    assert "05/04/1990" not in text
    assert "NA1<" not in text


def test_the_page_is_kept_from_search_engines_and_referers(client, certificate):
    page = client.get(f"/x/{certificate.code}")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"


def test_messengers_that_only_ask_whether_the_page_is_there_are_answered(client, certificate):
    assert client.head(f"/x/{certificate.code}").status_code == 200
    assert client.head("/x/AAAAAAAAAAAAA").status_code == 404


@pytest.mark.browser
def test_browser_finds_a_paper_by_three_facts(live_server, page: Page, certificate):
    """A real browser names the form's origin, or not: a test client never does."""
    page.goto(f"{live_server.url}/tra-cuu/")
    page.locator("details summary").click()
    page.fill("#id_serial", certificate.serial)
    page.fill("#id_full_name", "Nguyễn Thị Hoa")
    page.fill("#id_birth_date", "05/04/1990")
    page.locator("details button").click()
    expect(page.locator("h1")).to_contain_text("Giấy chứng nhận này có giá trị")


def test_a_withdrawn_paper_says_so_and_why(client, certificate):
    Certificate.objects.update(state="withdrawn", state_reason="Sai họ tên, đã cấp giấy khác.")
    text = client.get(f"/x/{certificate.code}").content.decode()
    assert "đã bị thu hồi" in text
    assert "Sai họ tên, đã cấp giấy khác." in text


def test_an_unknown_code_and_a_mistyped_one_get_the_same_answer(client, certificate):
    unknown = client.get(f"/x/{new_code()}")
    mistyped = client.get("/x/7KQ4M2XD9RTB0")
    assert unknown.status_code == mistyped.status_code == 404
    assert unknown.content == mistyped.content.replace(b"7KQ4M2XD9RTB0", b"") or (
        "Không có giấy chứng nhận nào mang mã này" in mistyped.content.decode()
    )


def test_a_typed_code_leads_to_its_page(client, certificate):
    page = client.get("/tra-cuu/", {"ma": certificate.code.lower()})
    assert page.url == reverse("certificates:check", args=[certificate.code])


def test_a_mistyped_code_is_named(client):
    page = client.get("/tra-cuu/", {"ma": "7KQ4"})
    assert page.status_code == 422
    assert "Mã này gõ chưa đúng" in page.content.decode()


FACTS = {"full_name": "nguyen thi hoa", "birth_date": "05/04/1990"}


def test_three_facts_together_find_the_paper(client, certificate):
    page = client.post("/tra-cuu/", FACTS | {"serial": certificate.serial})
    assert "Giấy chứng nhận này có giá trị" in page.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"full_name": "Trần Văn Minh"}, {"birth_date": "06/04/1990"}, {"serial": "NA-1"}]
)
def test_two_facts_of_three_reveal_nothing(client, certificate, wrong):
    page = client.post("/tra-cuu/", FACTS | {"serial": certificate.serial} | wrong)
    assert page.status_code == 422
    assert "Nguyễn Thị Hoa" not in page.content.decode()


def test_guessing_is_slowed_down(client, certificate, time_machine):
    # Within one minute, however slow the machine.
    time_machine.move_to(timezone.now().replace(second=1), tick=False)
    answers = {client.get(f"/x/{new_code()}").status_code for _ in range(70)}
    assert answers == {404, 429}


def test_checking_a_real_paper_many_times_is_not(client, certificate):
    assert {client.get(f"/x/{certificate.code}").status_code for _ in range(70)} == {200}


def pdf(certificate):
    return reverse("certificates:download", args=[certificate.code])


def test_the_owner_fetches_the_pdf(client, certificate, hoa):
    client.force_login(hoa.user)
    paper = client.get(pdf(certificate))
    assert paper.content.startswith(b"%PDF")
    assert paper["Content-Disposition"] == f'inline; filename="{certificate.serial}.pdf"'


def test_a_colleague_does_not_fetch_it(client, certificate):
    client.force_login(staff("Phan Thị Lan", at=unit("Sở khác"), sign_in="NA3").user)
    assert client.get(pdf(certificate)).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, certificate):
    assert client.get(pdf(certificate)).url.startswith("/dang-nhap/")
