"""Is this PDF the paper? In the browser, and without JavaScript on the server."""

from datetime import date

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from certificates.actions.lists import issue_by_list
from certificates.actions.signatures import unsigned_pdf
from certificates.codes import new_code
from certificates.models import Certificate
from learners.models import Organisation, OrganisationVersion, Succession
from tests.factories.certificates import decided_list
from tests.factories.learning import unit

YES, NO = "Đúng: tệp này là giấy trong sổ", "Không: tệp này khác giấy trong sổ"


@pytest.fixture
def paper(db):
    issue_by_list(decided_list("Nguyễn Thị Hoa").pk)
    return Certificate.objects.get()


def sent(client, paper, content):
    file = SimpleUploadedFile("giay.pdf", content, "application/pdf")
    return client.post(f"/x/{paper.code}/tep/", {"file": file})


def visible(page):
    """Without what waits for the script."""
    return [text for text in (YES, NO) if page.content.decode().count(text) == 2]


def test_same_and_other_file(client, paper):
    pdf = unsigned_pdf(paper)
    assert visible(sent(client, paper, pdf)) == [YES]
    assert visible(sent(client, paper, pdf + b" ")) == [NO]


def test_nothing_is_asked_without_a_file(client, paper):
    assert client.post(f"/x/{paper.code}/tep/", {}).status_code == 422


def test_unknown_and_mistyped_codes_get_the_same_answer(client, paper):
    answers = [client.post(f"/x/{code}/tep/", {}) for code in (new_code(), "AAAA")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_unit_that_became_part_of_another_is_called_by_its_name_of_today(client, paper):
    old = Organisation.objects.get()
    heir = unit("Bệnh viện Đa khoa Vinh mới", "U99")
    Succession.objects.create(
        predecessor=old, successor=heir, kind="absorb", effective_from=date(2025, 1, 1)
    )
    text = client.get(f"/x/{paper.code}").content.decode()
    assert ("nay là Bệnh viện Đa khoa Vinh mới" in text) is True
    assert OrganisationVersion.objects.count() == 2


@pytest.mark.browser
def test_browser_compares_without_sending_the_file(live_server, page: Page, tmp_path, paper):
    right, wrong = tmp_path / "right.pdf", tmp_path / "wrong.pdf"
    right.write_bytes(unsigned_pdf(paper))
    wrong.write_bytes(unsigned_pdf(paper) + b" ")
    asked: list[str] = []
    page.goto(f"{live_server.url}/x/{paper.code}")
    page.on("request", lambda request: asked.append(request.method))
    page.set_input_files("#id_file", right)
    expect(page.locator("[data-same]")).to_be_visible()
    page.set_input_files("#id_file", wrong)
    expect(page.locator("[data-other]")).to_be_visible()
    expect(page.locator("[data-same]")).to_be_hidden()
    assert "POST" not in asked


def test_private_folder_is_not_touched_by_comparing(client, paper):
    before = storages["private"].listdir("") if storages["private"].exists("") else None
    sent(client, paper, b"%PDF- anything")
    after = storages["private"].listdir("") if storages["private"].exists("") else None
    assert before == after
