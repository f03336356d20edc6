"""The page of a list's files, and who may take one away."""

import pytest

from certificates.actions.lists import issue_by_list
from certificates.models import PaperBundle
from tests.factories.certificates import decided_list, keeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(keeper())
    return client


def test_officer_has_a_zip_made_and_takes_it_away(office, django_capture_on_commit_callbacks):
    drawn = decided_list("Nguyễn Thị Hoa")
    issue_by_list(drawn.pk)
    address = f"/cap-giay/danh-sach/{drawn.pk}/tep/"
    assert address in office.get(f"/cap-giay/danh-sach/{drawn.pk}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(address, {"form": "zip"}).status_code == 302
    bundle = PaperBundle.objects.get()
    page = office.get(address)
    assert f"/cap-giay/tep/{bundle.pk}/" in page.content.decode()
    assert "Refresh" not in page
    taken = office.get(f"/cap-giay/tep/{bundle.pk}/")
    assert taken["Content-Disposition"].startswith('attachment; filename="giay-lop-')
    assert b"".join(taken.streaming_content)[:2] == b"PK"


def test_page_says_how_far_it_is_and_looks_again(office):
    drawn = decided_list("Nguyễn Thị Hoa")
    PaperBundle.objects.create(issue_list=drawn, form="pdf", asked_by=keeper(), done=50, total=1000)
    page = office.get(f"/cap-giay/danh-sach/{drawn.pk}/tep/")
    assert page["Refresh"] == "3"
    assert 'max="1000" value="50"' in page.content.decode()


@pytest.mark.parametrize("form", ["exe", ""])
def test_unknown_form_or_no_paper_makes_nothing(office, form):
    drawn = decided_list("Nguyễn Thị Hoa")
    for asked in (form, "pdf"):
        office.post(f"/cap-giay/danh-sach/{drawn.pk}/tep/", {"form": asked})
    assert not PaperBundle.objects.exists()
