"""Roles are given and taken back on the page; the auditor reads what everybody did."""

from datetime import date

import pytest

from learners.choices import Act, Role
from learners.models import AuditEntry, PersonalNumber, RoleGrant, User
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

ROLES, LOG = "/bao-cao/quyen/", "/bao-cao/nhat-ky/"


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    return recount(world())


@pytest.fixture
def root_client(client, province):
    client.force_login(User.objects.create_superuser("root", full_name="Lê Thị Quỳnh"))
    return client


def asked(**changes: object) -> dict:
    return {
        "account": "minh",
        "role": "officer",
        "unit": "NA-SYT",
        "first": "2026-11-23",
        "last": "",
        "why": "QĐ 12/QĐ-SYT",
    } | changes


def test_role_is_given_and_works_at_once(root_client, province, client):
    minh = viewer("minh")
    root_client.post(ROLES, asked())
    grant = RoleGrant.objects.get(user=minh)
    assert (grant.organisation, grant.granted_by.username) == (province.health, "root")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.why, entry.after["role"]) == (
        Act.ROLE_GRANTED,
        "QĐ 12/QĐ-SYT",
        "officer",
    )
    client.force_login(minh)
    assert client.get("/bao-cao/").status_code == 200


def test_role_is_withdrawn_once_with_a_reason(root_client, province, client):
    minh = viewer("minh", unit=province.health)
    address = f"{ROLES}{RoleGrant.objects.get().pk}/thu-hoi/"
    assert root_client.post(address, {"reason": ""}).status_code == 422
    for _click in range(2):
        root_client.post(address, {"reason": "Chuyển công tác"})
    assert RoleGrant.objects.get().valid_to == date(2026, 11, 22)
    assert AuditEntry.objects.count() == 1
    client.force_login(minh)
    assert client.get("/bao-cao/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"account": "không ai"}, "account"),
        ({"unit": "X9"}, "unit"),
        ({"first": "2026-11-01"}, "first"),
        ({"last": "2026-11-01"}, "last"),
        ({"why": ""}, "why"),
        ({"role": "vua"}, "role"),
    ],
)
def test_bad_input_gives_nothing(root_client, changes, field):
    viewer("minh")
    page = root_client.post(ROLES, asked(**changes))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert (RoleGrant.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_same_role_twice_is_said(root_client):
    viewer("minh")
    root_client.post(ROLES, asked())
    assert root_client.post(ROLES, asked()).status_code == 422
    assert RoleGrant.objects.count() == 1


def test_auditor_reads_and_gives_nothing(client, province):
    client.force_login(viewer("auditor", Role.AUDITOR, province.province))
    assert client.get(ROLES).status_code == 200
    assert client.get(f"{LOG}?viec=account&q=minh").status_code == 200
    assert client.post(ROLES, asked()).status_code == 404


class TestNumber:
    @pytest.fixture
    def hoa(self, province):
        found = person("Nguyễn Thị Hoa", province.hospital)
        PersonalNumber.made(found, "040190001234").save()
        return found

    def test_is_shown_for_a_reason_that_is_kept(self, client, province, hoa):
        client.force_login(viewer("minh", unit=province.health))
        page = client.get(f"/bao-cao/nguoi/{hoa.pk}/")
        assert "040190001234" not in page.content.decode()
        address = f"/bao-cao/nguoi/{hoa.pk}/so-dinh-danh/"
        assert client.post(address, {"reason": ""}).status_code == 302
        shown = client.post(address, {"reason": "Đối chiếu hồ sơ"}).content.decode()
        assert "040190001234" in shown
        entry = AuditEntry.objects.get()
        assert (entry.about, entry.why) == (f"person {hoa.pk}", "Đối chiếu hồ sơ")

    def test_is_not_there_for_others(self, client, province, hoa):
        for who, role, unit in [
            ("lan", Role.OFFICER, province.education),
            ("leader", Role.LEADER, province.province),
            ("auditor", Role.AUDITOR, province.province),
        ]:
            client.force_login(viewer(who, role, unit))
            asked = client.post(f"/bao-cao/nguoi/{hoa.pk}/so-dinh-danh/", {"reason": "Thử"})
            assert asked.status_code == 404
