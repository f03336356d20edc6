"""Sheets of temporary passwords, closed accounts, own sign-up: what holds and what is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from learners.actions.accounts import (
    CannotIssue,
    PhoneIsTaken,
    close_account,
    issue_sheet,
    issue_sheets,
    reopen_account,
    sign_up,
)
from learners.choices import AccountState, AccountStep, Role
from learners.models import AccountEvent, Person, RoleGrant, User
from tests.factories.learning import staff, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def minh():
    return User.objects.create_user("minh", full_name="Trần Văn Minh")


@pytest.fixture
def hoa():
    hoa = staff("Nguyễn Thị Hoa")
    hoa.staff_number = "NA900001"
    hoa.save()
    return hoa


def test_sheet_opens_an_account_under_the_staff_number(hoa, minh):
    sheet = issue_sheet(person=hoa, by=minh)
    hoa.refresh_from_db()
    assert (sheet.sign_in_name, hoa.user.username, hoa.user.full_name) == (
        "NA900001",
        "NA900001",
        "Nguyễn Thị Hoa",
    )
    assert hoa.user.check_password(sheet.password)
    assert hoa.user.state() == AccountState.NEW
    assert [(e.step, e.by) for e in hoa.user.events.all()] == [(AccountStep.OPENED, minh)]


def test_password_is_long_enough_and_plain(hoa, minh):
    passwords = {issue_sheet(person=hoa, by=minh).password for _ in range(5)}
    assert len(passwords) == 5
    assert all(len(p) >= 14 and p.isascii() and p == p.lower() for p in passwords)


def test_second_sheet_replaces_the_password_and_makes_no_second_account(hoa, minh):
    first, second = issue_sheet(person=hoa, by=minh), issue_sheet(person=hoa, by=minh)
    account = User.objects.get(username="NA900001")
    assert (account.check_password(first.password), account.check_password(second.password)) == (
        False,
        True,
    )
    assert [e.step for e in account.events.all()] == [AccountStep.PASSWORD, AccountStep.OPENED]


def test_sheet_expires(hoa, minh):
    issue_sheet(person=hoa, by=minh)
    hoa.refresh_from_db()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert hoa.user.state() == AccountState.EXPIRED


def test_person_without_number_and_phone_gets_no_sheet_and_the_others_do(hoa, minh):
    nameless = staff("Lê Văn An")
    done, refused = issue_sheets(people=[nameless, hoa], by=minh)
    assert [sheet.person for sheet in done] == [hoa]
    assert [(none.person, none.reason) for none in refused] == [
        (nameless, "Chưa có số hiệu lẫn số điện thoại: hãy bổ sung một trong hai trước.")
    ]


def test_taken_sign_in_name_leaves_nothing_half_done(hoa, minh):
    User.objects.create_user("NA900001")
    with pytest.raises(CannotIssue, match="hồ sơ trùng"):
        issue_sheet(person=hoa, by=minh)
    hoa.refresh_from_db()
    assert (hoa.user, AccountEvent.objects.count()) == (None, 0)


@pytest.mark.parametrize("privilege", ["role", "staff", "superuser"])
def test_officer_cannot_take_over_an_account_that_sees_others(hoa, minh, privilege):
    issue_sheet(person=hoa, by=minh)
    account = User.objects.get(username="NA900001")
    if privilege == "role":
        RoleGrant.objects.create(
            user=account, role=Role.LEADER, organisation=unit(), valid_from="2025-07-01"
        )
    else:
        setattr(account, f"is_{privilege}", True)
        account.save()
    before = account.password
    with pytest.raises(CannotIssue, match="quản trị viên"):
        issue_sheet(person=hoa, by=minh)
    account.refresh_from_db()
    assert account.password == before


def test_closing_ends_the_sessions_and_is_done_once(hoa, minh, client):
    issue_sheet(person=hoa, by=minh)
    account = User.objects.get(username="NA900001")
    client.force_login(account)
    assert close_account(account=account, by=minh, reason="Nghỉ hưu") is True
    assert close_account(account=account, by=minh, reason="Nghỉ hưu") is False
    assert client.get("/hoc-tap/").status_code == 302
    assert reopen_account(account=account, by=minh, reason="Nhầm người") is True
    account.refresh_from_db()
    assert account.is_active
    assert [e.step for e in account.events.all()][:2] == [AccountStep.REOPENED, AccountStep.CLOSED]


def test_account_sleeps_after_45_days_and_a_sheet_wakes_it(hoa, minh):
    issue_sheet(person=hoa, by=minh)
    account = User.objects.get(username="NA900001")
    account.temporary_password_until = None
    account.last_login = timezone.now() - timedelta(days=46)
    account.save()
    assert account.state() == AccountState.DORMANT
    issue_sheet(person=hoa, by=minh)
    account.refresh_from_db()
    assert account.state() == AccountState.NEW


class TestOwnSignUp:
    def test_makes_account_record_and_consent(self):
        person = Person(full_name="Lê Thị Mai", phone="+84912345678", audience="student")
        account = sign_up(person=person, password="hoc-so-nghe-an", notice="2026-11")
        assert Person.objects.get().user == account
        assert [(c.notice, c.withdrawn_at) for c in account.consents.all()] == [("2026-11", None)]

    def test_never_joins_a_record_with_the_same_phone(self, hoa):
        hoa.phone = "+84912345678"
        hoa.save()
        sign_up(
            person=Person(full_name=hoa.full_name, phone=hoa.phone, audience="student"),
            password="hoc-so-nghe-an",
            notice="2026-11",
        )
        hoa.refresh_from_db()
        assert (hoa.user, Person.objects.count()) == (None, 2)

    def test_second_sign_up_with_the_phone_keeps_nothing(self):
        for _ in range(2):
            person = Person(full_name="Lê Thị Mai", phone="+84912345678", audience="student")
            try:
                sign_up(person=person, password="hoc-so-nghe-an", notice="2026-11")
            except PhoneIsTaken:
                continue
        assert (User.objects.count(), Person.objects.count()) == (1, 1)
