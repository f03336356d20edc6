"""Accounts in the administration: found by name, changed with a trace, never deleted."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from home.site import AUTHORS, create_site
from learners.models import AuditEntry, User
from tests.factories.learning import staff
from tests.factories.reports import viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    create_site()
    account = User.objects.create_superuser("root", full_name="Lê Thị Quỳnh")
    client.force_login(account)
    return account


def form_of(account, **changes):
    said = {
        "username": account.username,
        "full_name": account.full_name,
        "phone": "",
        "email": "",
        "is_active": "on",
    }
    return {name: value for name, value in (said | changes).items() if value is not None}


def edit(client, account, **changes):
    return client.post(
        reverse("wagtailusers_users:edit", args=[account.pk]), form_of(account, **changes)
    )


def test_account_is_found_by_name_without_marks(client, root):
    hoa = staff(sign_in="NA1").user
    hoa.full_name = hoa.person.full_name = "Trần Thị Hòa"
    hoa.save()
    hoa.person.save()
    viewer("minh")
    for typed in ("hoa tran", "Trần", "na1"):
        page = client.get(reverse("wagtailusers_users:index"), {"q": typed}).content.decode()
        assert ("Trần Thị Hòa" in page, ">minh<" in page) == (True, False)


def test_groups_and_the_like_are_written_to_the_audit_log(client, root):
    thu = viewer("thu")
    edit(client, thu, groups=[Group.objects.get(name=AUTHORS).pk])
    edit(client, thu, groups=[Group.objects.get(name=AUTHORS).pk])
    edit(client, thu, is_active=None)
    said = [(entry.by, entry.before, entry.after) for entry in AuditEntry.objects.order_by("pk")]
    nothing = {"groups": "", "superuser": False, "active": True}
    author = nothing | {"groups": AUTHORS}
    assert said == [(root, nothing, author), (root, author, nothing | {"active": False})]


def test_password_typed_by_an_administrator_is_temporary(client, root):
    thu = viewer("thu")
    edit(client, thu, password1="con trâu đầu cơ nghiệp", password2="con trâu đầu cơ nghiệp")
    thu.refresh_from_db()
    assert thu.must_choose_password
    assert thu.check_password("con trâu đầu cơ nghiệp")


def test_account_is_not_deleted(client, root):
    thu = viewer("thu")
    for address in (
        reverse("wagtailusers_users:delete", args=[thu.pk]),
        f"{reverse('wagtail_bulk_action', args=['learners', 'user', 'delete'])}?id={thu.pk}",
    ):
        assert client.post(address, {}).status_code == 302
    assert User.objects.filter(pk=thu.pk).exists()
