"""A lost paper is confirmed, an expired one renewed; neither is printed twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.actions.lists import issue_by_list
from certificates.actions.successors import CannotFollow, confirm_loss, renew
from certificates.actions.withdrawal import replace, withdraw
from certificates.models import Certificate
from learners.models import Person
from tests.factories.certificates import decided_list, keeper

pytestmark = pytest.mark.django_db

WHY = {"reason": "Mất do lũ", "act": "77/QĐ"}


def paper(**decision):
    issue_by_list(decided_list("Nguyễn Thị Hoa", **decision).pk)
    return Certificate.objects.get()


def test_confirmation_says_what_the_lost_paper_said_in_a_register_of_its_own(client):
    lost = paper(valid_months=12)
    Person.objects.update(full_name="Tên Mới")
    new = confirm_loss(certificate=lost, by=keeper(), **WHY)
    assert (new.serial[:6], new.paper["full_name"], new.expires_on) == (
        "NA-XN-",
        "Nguyễn Thị Hoa",
        lost.expires_on,
    )
    assert new.paper["kind_title"] == "GIẤY XÁC NHẬN HOÀN THÀNH KHÓA HỌC"
    lost.refresh_from_db()
    assert lost.state == "valid"
    assert lost.serial in client.get(f"/x/{new.code}").content.decode()


def test_paper_is_confirmed_once_and_a_confirmation_never():
    lost = paper()
    new = confirm_loss(certificate=lost, by=keeper(), **WHY)
    for one in (lost, new):
        with pytest.raises(CannotFollow):
            confirm_loss(certificate=one, by=keeper(), **WHY)
    assert Certificate.objects.count() == 2


def test_withdrawn_paper_is_not_confirmed():
    lost = paper()
    withdraw(certificate=lost, by=keeper(), **WHY)
    lost.refresh_from_db()
    with pytest.raises(CannotFollow):
        confirm_loss(certificate=lost, by=keeper(), **WHY)


def test_confirmation_falls_with_the_paper_that_it_confirms(client):
    lost = paper()
    confirmation = confirm_loss(certificate=lost, by=keeper(), **WHY)
    client.force_login(keeper())
    assert f"Giấy xác nhận {confirmation.serial} bị thu hồi cùng" in (
        client.get(f"/so-cap/{lost.serial}/").content.decode()
    )
    withdraw(certificate=lost, reason="Khai gian", act="9/QĐ", by=keeper())
    confirmation.refresh_from_db()
    assert (confirmation.state, confirmation.state_act) == ("withdrawn", "9/QĐ")
    page = client.get(f"/x/{confirmation.code}").content.decode()
    assert "Khai gian" in page
    assert f"Thu hồi ngày {timezone.localdate():%d/%m/%Y}." in page


def test_confirmation_of_a_wrong_name_falls_when_the_paper_is_replaced():
    lost = paper()
    confirmation = confirm_loss(certificate=lost, by=keeper(), **WHY)
    Person.objects.update(full_name="Nguyễn Thị Hòa")
    new = replace(certificate=lost, reason="Sai tên", act="9/QĐ", by=keeper())
    confirmation.refresh_from_db()
    assert (confirmation.state, new.state) == ("withdrawn", "valid")
    assert confirm_loss(certificate=new, by=keeper(), **WHY).paper["full_name"] == "Nguyễn Thị Hòa"


def test_withdrawing_a_confirmation_leaves_the_paper():
    lost = paper()
    withdraw(certificate=confirm_loss(certificate=lost, by=keeper(), **WHY), by=keeper(), **WHY)
    lost.refresh_from_db()
    assert lost.state == "valid"


def test_renewal_waits_for_the_last_ninety_days(monkeypatch, client):
    old = paper(valid_months=12)
    with pytest.raises(CannotFollow):
        renew(certificate=old, by=keeper(), **WHY)
    later = timezone.localdate() + timedelta(days=400)
    monkeypatch.setattr(timezone, "localdate", lambda *args: later)
    page = client.get(f"/x/{old.code}").content.decode()
    assert "đã hết hạn" in page
    new = renew(certificate=old, by=keeper(), **WHY)
    assert (new.renews, new.issued_on, new.expires_on > old.expires_on) == (old, later, True)
    assert new.serial in client.get(f"/x/{old.code}").content.decode()
    with pytest.raises(CannotFollow):
        renew(certificate=old, by=keeper(), **WHY)


def test_paper_for_ever_is_not_renewed():
    with pytest.raises(CannotFollow):
        renew(certificate=paper(), by=keeper(), **WHY)


def test_keeper_confirms_on_the_page(client):
    lost = paper()
    client.force_login(keeper())
    client.post(f"/so-cap/{lost.serial}/", WHY | {"confirm": "1"})
    new = Certificate.objects.exclude(pk=lost.pk).get()
    assert (new.confirms, new.issue_act) == (lost, "77/QĐ")
    assert "Mất do lũ" in client.get(f"/so-cap/{new.serial}/").content.decode()
