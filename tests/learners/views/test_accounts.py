"""Minh gives his hospital accounts; Lan of another department finds nobody; Hoa signs in."""

import pytest
from django.urls import reverse

from learners.choices import Role
from learners.models import Person, User
from tests.factories.claims import account_for
from tests.factories.reports import person, recount, viewer, world

pytestmark = pytest.mark.django_db

ACCOUNTS, SHEETS = "/bao-cao/tai-khoan/", "/bao-cao/tai-khoan/phieu/"


@pytest.fixture
def province():
    return world()


@pytest.fixture
def hoa(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    hoa.staff_number = "NA900001"
    hoa.save()
    recount(province)
    return hoa


@pytest.fixture
def minh_client(province, client):
    client.force_login(viewer("minh", unit=province.health))
    return client


@pytest.fixture
def lan_client(province, client):
    client.force_login(viewer("lan", unit=province.education))
    return client


class TestMinh:
    def test_sees_who_has_no_account(self, hoa, minh_client):
        page = minh_client.get(ACCOUNTS).content.decode()
        assert ("Nguyễn Thị Hoa" in page, "Chưa có tài khoản" in page) == (True, True)

    def test_finds_by_name_without_marks(self, hoa, minh_client):
        assert "Nguyễn Thị Hoa" in minh_client.get(ACCOUNTS + "?q=nguyen hoa").content.decode()
        assert "Nguyễn Thị Hoa" not in minh_client.get(ACCOUNTS + "?q=lan").content.decode()

    def test_prints_a_sheet_that_signs_hoa_in_and_asks_for_an_own_password(
        self, hoa, minh_client, client_of_hoa
    ):
        response = minh_client.post(SHEETS, {"person": [hoa.pk]})
        (sheet, unit_name), *others = response.context["sheets"]
        assert (others, unit_name) == ([], "Bệnh viện Hữu nghị Đa khoa")
        assert "no-store" in response["Cache-Control"]
        page = response.content.decode()
        assert (sheet.password in page, "NA900001" in page) == (True, True)

        client_of_hoa.post("/dang-nhap/", {"login": "na900001", "password": sheet.password})
        change = "/tai-khoan/mat-khau/"
        assert client_of_hoa.get("/hoc-tap/").url == change
        own = {
            "password1": "một câu dễ nhớ của Hoa",
            "password2": "một câu dễ nhớ của Hoa",
        }
        assert client_of_hoa.post(change, own).status_code == 302
        assert client_of_hoa.get("/hoc-tap/").status_code == 200

    def test_ticking_nobody_or_nonsense_changes_nothing(self, hoa, minh_client):
        for ticked in ([], ["x"], ["1.000"], ["999999"]):
            assert minh_client.post(SHEETS, {"person": ticked}).url == ACCOUNTS
        assert User.objects.filter(username="NA900001").count() == 0

    def test_closes_an_account_with_a_reason_only(self, hoa, minh_client):
        account = account_for(hoa)
        address = reverse("reports:switch_account", args=[hoa.pk])
        minh_client.post(address, {"reason": ""})
        account.refresh_from_db()
        assert account.is_active
        minh_client.post(address, {"reason": "Chuyển công tác"})
        account.refresh_from_db()
        assert not account.is_active

    @pytest.mark.parametrize("count", [1, 3])
    def test_list_costs_the_same_for_one_and_for_three(
        self, province, minh_client, count, django_assert_max_num_queries
    ):
        for number in range(count):
            account_for(person(f"Lê Văn An {number}", province.hospital))
        with django_assert_max_num_queries(12):
            minh_client.get(ACCOUNTS)


class TestOthers:
    def test_lan_sees_nobody_of_minhs_and_sets_no_password(self, hoa, lan_client):
        account = account_for(hoa)
        before = account.password
        assert "Nguyễn Thị Hoa" not in lan_client.get(ACCOUNTS).content.decode()
        lan_client.post(SHEETS, {"person": [hoa.pk]})
        address = reverse("reports:switch_account", args=[hoa.pk])
        assert lan_client.post(address, {"reason": "Không rõ"}).status_code == 404
        account.refresh_from_db()
        assert (account.password, account.is_active) == (before, True)

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.LEADER])
    def test_who_only_reads_finds_no_desk(self, province, client, role):
        client.force_login(viewer("dang", role, province.province))
        assert client.get(ACCOUNTS).status_code == 404
        assert client.post(SHEETS, {"person": [1]}).status_code == 404

    def test_hoa_herself_finds_no_desk(self, hoa, client):
        client.force_login(account_for(hoa))
        assert client.get(ACCOUNTS).status_code == 404


GIVEN = {
    "full_name": "Lê Thị Mai",
    "phone": "0912 345 678",
    "audience": "household_business",
    "password": "chợ Vinh bán cá tươi",
    "consent": "on",
}


class TestSignUp:
    @pytest.fixture
    def given(self, province):
        return GIVEN | {"commune": province.commune.pk}

    def test_shopkeeper_opens_an_account_and_is_signed_in(self, given, client):
        response = client.post("/dang-ky/", given)
        mai = Person.objects.get(phone="+84912345678")
        assert (response.url, mai.audience, mai.user.username) == (
            "/hoc-tap/",
            "household_business",
            "+84912345678",
        )
        client.logout()
        client.post("/dang-nhap/", {"login": "0912345678", "password": given["password"]})
        assert client.get("/hoc-tap/").status_code == 200

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("full_name", "Mai", "cả họ và tên"),
            ("phone", "12345", "không phải số điện thoại"),
            ("audience", "official", ""),
            ("commune", "0", ""),
            ("password", "ngan qua", "14 ký tự"),
            ("consent", "", "sự đồng ý của bạn"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_kept(self, given, client, field, value, words):
        response = client.post("/dang-ky/", given | {field: value})
        assert (response.status_code, words in response.content.decode()) == (422, True)
        assert Person.objects.count() == 0

    def test_an_empty_form_says_each_thing_once(self, province, client):
        page = client.post("/dang-ky/", {"full_name": ""}).content.decode()
        summary = page[page.index('class="error-summary"') :].partition("<form")[0]
        assert summary.count('href="#id_password"') == 1
        assert ".:" not in summary
        assert ">Không có sự đồng ý của bạn" in summary

    def test_consent_is_not_ticked_beforehand(self, province, client):
        page = client.get("/dang-ky/").content.decode()
        box = page[page.index('name="consent"') - 40 : page.index('name="consent"') + 60]
        assert "checked" not in box

    def test_taken_phone_is_said(self, given, client):
        client.post("/dang-ky/", given)
        client.logout()
        response = client.post("/dang-ky/", given)
        assert "đã có tài khoản" in response.content.decode()


@pytest.fixture
def client_of_hoa():
    from django.test import Client

    return Client()
