"""Roles are given and taken back on the page; the auditor reads what everybody did."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from home.site import create_site
from learners.actions.audit import note
from learners.actions.posts import Work, change_main_post
from learners.actions.roles import seat_authors, withdraw_role
from learners.choices import AUTHORS_GROUP, Act, Role
from learners.models import AuditEntry, PersonalNumber, RoleGrant, User
from tests.factories.classes import class_of
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


class TestLogInWords:
    """Names and labels instead of keys and codes."""

    def log(self, client, **filters):
        with override("vi"):
            return client.get(LOG, filters).content.decode()

    def test_role_is_told_with_account_and_unit(self, root_client, province):
        viewer("minh")
        root_client.post(ROLES, asked())
        page = self.log(root_client)
        assert "vai trò: Cán bộ tổ chức<br>đơn vị: Sở Y tế<br>từ ngày: 23/11/2026" in page
        assert ("officer" in page, "2026-11-23" in page) == (False, False)

    def test_post_is_told_with_the_person_and_no_key(self, client, province):
        minh = viewer("minh", unit=province.health)
        hoa = person("Nguyễn Thị Hoa", province.hospital)
        work = Work(province.health.pk, province.health.pk, "civil_servant", "Chuyên viên", True)
        change_main_post(hoa, work, day=date(2026, 11, 1), by=minh, why="QĐ 9")
        client.force_login(viewer("auditor", Role.AUDITOR, province.province))
        page = self.log(client)
        assert f'<a href="/bao-cao/nguoi/{hoa.pk}/">Nguyễn Thị Hoa</a>' in page
        assert "đơn vị quản lý: Sở Y tế" in page
        assert "phân loại: Công chức" in page
        assert "phụ trách CNTT: có" in page
        assert "managing_unit_id" not in page

    def test_files_figures_and_evidence_are_named_in_words(self, client, province):
        auditor = viewer("auditor", Role.AUDITOR, province.province)
        client.force_login(auditor)
        hoa, group = person("Nguyễn Thị Hoa", province.hospital), class_of()
        note(Act.HISTORY_TAKEN_OUT, f"person {hoa.pk}", by=auditor, after={"file": "a.xlsx"})
        note(Act.FIGURES, "figures 2026-NA-SYT-1", by=auditor, after={"step": "drawn"})
        note(Act.LIST_TAKEN_OUT, f"evidence of class {group.pk}", by=auditor)
        page = self.log(client)
        for words in ("tệp: a.xlsx", "số liệu 2026-NA-SYT-1", f">{group.code}</a>"):
            assert words in page
        for key in ("file: ", "figures 2026", "evidence of class"):
            assert key not in page

    def test_who_did_it_is_found_without_marks(self, client, province):
        minh = viewer("minh", unit=province.health)
        person("Trần Văn Minh", province.health, user=minh)
        hoa = person("Nguyễn Thị Hoa", province.hospital)
        client.force_login(minh)
        note(Act.NUMBER_SHOWN, f"person {hoa.pk}", by=minh, why="Đối chiếu")
        client.force_login(viewer("auditor", Role.AUDITOR, province.province))
        assert "Đối chiếu" in self.log(client, q="tran minh")
        assert "Đối chiếu" not in self.log(client, q="phan lan")

    def test_page_costs_the_same_for_three_entries_as_for_one(self, client, province):
        auditor = viewer("auditor", Role.AUDITOR, province.province)
        client.force_login(auditor)
        people = [person(f"Lê Thị {name}", province.hospital) for name in "ABC"]
        self.log(client)
        counts = []
        for found in people:
            note(Act.PERSON, f"person {found.pk}", by=auditor, after={"full_name": "x"})
            with CaptureQueriesContext(connection) as seen:
                self.log(client)
            counts.append(len(seen))
        assert counts[0] == counts[2]


class TestAuthor:
    """A role with days as every other; the group of the administration follows it."""

    @pytest.fixture(autouse=True)
    def _site(self, root_client):
        create_site()

    def is_author(self, user):
        return user.groups.filter(name=AUTHORS_GROUP).exists()

    def test_author_edits_courses_while_the_role_lasts(self, root_client):
        thu = viewer("thu")
        said = asked(account="thu", role="author", unit="H41", last="2026-12-31")
        root_client.post(ROLES, said)
        assert self.is_author(thu)
        assert seat_authors(date(2026, 12, 31)) == 0
        assert (seat_authors(date(2027, 1, 1)), self.is_author(thu)) == (1, False)
        assert seat_authors(date(2027, 1, 1)) == 0

    def test_role_to_come_opens_on_its_day(self, root_client):
        thu = viewer("thu")
        root_client.post(ROLES, asked(account="thu", role="author", unit="H41", first="2026-12-01"))
        assert not self.is_author(thu)
        assert (seat_authors(date(2026, 12, 1)), self.is_author(thu)) == (1, True)

    def test_role_withdrawn_on_its_first_day_is_gone(self, root_client):
        thu = viewer("thu")
        root_client.post(ROLES, asked(account="thu", role="author", unit="H41"))
        withdraw_role(RoleGrant.objects.get(), by=thu, why="Nhầm")
        assert not self.is_author(thu)

    def test_whoever_an_administrator_made_an_author_stays(self, root_client):
        thu = viewer("thu")
        thu.groups.add(Group.objects.get(name=AUTHORS_GROUP))
        assert (seat_authors(date(2027, 1, 1)), self.is_author(thu)) == (0, True)

    def test_author_is_for_the_whole_province(self, root_client):
        viewer("thu")
        said = asked(account="thu", role="author", unit="NA-SYT")
        assert root_client.post(ROLES, said).status_code == 422


def test_unit_is_named_by_code_and_name_and_account_by_phone(root_client, province):
    minh = viewer("minh")
    User.objects.filter(pk=minh.pk).update(phone="+84912345678")
    root_client.post(ROLES, asked(account="0912 345 678", unit="NA-SYT · Sở Y tế"))
    assert RoleGrant.objects.get(user=minh).organisation == province.health
