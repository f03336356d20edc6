"""Wrong papers: withdrawn or replaced, both visible, and what was printed never changes."""

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, transaction

from certificates.actions.online import issue_certificate
from certificates.actions.withdrawal import NothingDiffers, NotValid, replace, withdraw
from certificates.models import Certificate, Register
from learners.actions.enrolments import enrol
from learners.models import User
from tests.factories.certificates import standing_decision
from tests.factories.learning import learnt, small_course, staff, this_period, unit

pytestmark = pytest.mark.django_db

WHY = {"reason": "Sai họ tên", "act": "12/QĐ-SKHCN"}


@pytest.fixture
def keeper():
    keeper = User.objects.create_user("vanthu", full_name="Lê Văn Thư")
    permission = Permission.objects.get(codename="change_certificate")
    keeper.user_permissions.add(permission)
    return keeper


@pytest.fixture
def certificate():
    this_period()
    standing_decision()
    completed = learnt(enrol(person=staff("Nguyễn Thị Hoà", at=unit()), course=small_course()))
    return issue_certificate(completed.pk)


def corrected(certificate):
    certificate.person.full_name = "Nguyễn Thị Hòa An"
    certificate.person.save()


class TestReplace:
    def test_new_paper_has_the_next_serial_and_both_name_each_other(self, certificate, keeper):
        corrected(certificate)
        new = replace(certificate=certificate, by=keeper, **WHY)
        certificate.refresh_from_db()
        assert (certificate.state, certificate.replaced_by) == ("replaced", new)
        assert (new.state, new.number, new.paper["full_name"]) == ("valid", 2, "Nguyễn Thị Hòa An")
        assert certificate.paper["full_name"] == "Nguyễn Thị Hoà"

    def test_paper_that_would_say_the_same_is_not_replaced(self, certificate, keeper):
        with pytest.raises(NothingDiffers):
            replace(certificate=certificate, by=keeper, **WHY)
        certificate.refresh_from_db()
        assert (certificate.state, Register.objects.get().last_number) == ("valid", 1)

    def test_second_click_changes_nothing(self, certificate, keeper):
        corrected(certificate)
        replace(certificate=certificate, by=keeper, **WHY)
        with pytest.raises(NotValid):
            replace(certificate=certificate, by=keeper, **WHY)
        assert (Certificate.objects.count(), Register.objects.get().last_number) == (2, 2)

    def test_owner_is_shown_the_paper_that_stands(self, certificate, keeper):
        corrected(certificate)
        new = replace(certificate=certificate, by=keeper, **WHY)
        assert list(Certificate.objects.of_enrolments([certificate.enrolment_id])) == [new]
        assert issue_certificate(certificate.enrolment_id) == new


class TestWithdraw:
    def test_everybody_who_checks_is_told(self, certificate, keeper, client):
        withdraw(certificate=certificate, by=keeper, **WHY)
        page = client.get(f"/x/{certificate.code}").content.decode()
        assert ("Sai họ tên" in page, "đã bị thu hồi" in page.lower()) == (True, True)

    def test_repair_does_not_issue_it_again(self, certificate, keeper):
        withdraw(certificate=certificate, by=keeper, **WHY)
        assert issue_certificate(certificate.enrolment_id) == certificate
        assert Certificate.objects.count() == 1


class TestRegister:
    @pytest.mark.parametrize(
        ("column", "value"), [("paper", "{}"), ("serial", "NA-2026-999999"), ("code", "X")]
    )
    def test_database_refuses_to_change_what_was_printed(self, certificate, column, value):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(**{column: value})
        certificate.refresh_from_db()
        assert certificate.paper["full_name"] == "Nguyễn Thị Hoà"

    def test_database_refuses_to_remove_a_paper(self, certificate):
        papers = Certificate.objects.filter(pk=certificate.pk)
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            # Past the protected notice, as a hand at the database's own console would go.
            papers._raw_delete(papers.db)

    def test_keeper_replaces_on_the_page(self, certificate, keeper, client):
        client.force_login(keeper)
        assert certificate.serial in client.get("/so-cap/?q=hoa").content.decode()
        address = f"/so-cap/{certificate.serial}/"
        same = client.post(address, WHY | {"replace": "1"})
        assert (same.status_code, "ghi giống hệt" in same.content.decode()) == (422, True)
        corrected(certificate)
        client.post(address, WHY | {"replace": "1"})
        page = client.get(address).content.decode()
        assert ("12/QĐ-SKHCN" in page, "000002" in page) == (True, True)

    @pytest.mark.parametrize("given", [{"reason": "", "act": ""}, {"reason": "Sai", "act": "1"}])
    def test_reason_and_act_are_asked_for(self, certificate, keeper, client, given):
        client.force_login(keeper)
        answer = client.post(f"/so-cap/{certificate.serial}/", given | {"withdraw": "1"})
        certificate.refresh_from_db()
        assert (answer.status_code, certificate.state) == (422, "valid")

    def test_page_left_open_while_another_withdrew_it_says_so(self, certificate, keeper, client):
        withdraw(certificate=certificate, by=keeper, **WHY)
        client.force_login(keeper)
        answer = client.post(f"/so-cap/{certificate.serial}/", WHY | {"withdraw": "1"})
        assert answer.status_code == 422
        assert "đã bị thu hồi hoặc thay thế trước đó" in answer.content.decode()

    def test_owner_finds_no_register(self, certificate, client):
        client.force_login(User.objects.create_user("ai"))
        assert client.get("/so-cap/").status_code == 404
        address = f"/so-cap/{certificate.serial}/"
        assert client.post(address, WHY | {"withdraw": "1"}).status_code == 404
