"""Minh takes out what his people learnt; Lan finds nothing of them; the log says who did."""

import io
import json
import zipfile
from base64 import b64decode
from datetime import date

import openpyxl
import pytest
from django.http import Http404

from courses import work
from home import report_files
from home.models import ReportFile
from home.report_tasks import make_report_file
from learners.actions.merging import merge
from learners.choices import Act, Role
from learners.history import pack
from learners.models import AuditEntry, Person, PersonalNumber, Post, RoleGrant
from tests.factories.everything import NUMBER
from tests.factories.histories import learnt_elsewhere, learnt_in_every_way
from tests.factories.reports import on_23_november, person, viewer, world

pytestmark = pytest.mark.django_db
UNIT = "/bao-cao/qua-trinh/"
FILE = "/bao-cao/qua-trinh/tai-ve/"


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def place():
    found = world()
    found.hoa = person(
        "Nguyễn Thị Hoa", found.hospital, birth_date=date(1990, 4, 5), staff_number="NA1"
    )
    found.minh = viewer("minh", unit=found.health)
    found.lan = viewer("lan", unit=found.education)
    return found


@pytest.fixture
def minh(place, client):
    client.force_login(place.minh)
    return client


def of_person(person: Person, form: str = "json") -> str:
    return f"/bao-cao/nguoi/{person.pk}/qua-trinh/?dang={form}"


def lines_of(response) -> list[tuple]:
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "Họ và tên")
    return rows[head + 1 :]


class TestOnePerson:
    def test_message_is_taken_out_and_noted_about_her(self, place, minh):
        learnt_in_every_way(place.hoa, place.minh)
        response = minh.get(of_person(place.hoa))
        posted = json.loads(response.getvalue())
        content = json.loads(b64decode(posted["jsonContent"]))
        record = content["Data"]["Body"]["HOSO_CBCCVC"]
        assert len(record["TRINHDO_DAOTAO_BOIDUONG"]["DS_QUATRINH_DAOTAO_BOIDUONG"]) == 4
        assert response["Cache-Control"] == "no-store"
        entry = AuditEntry.objects.first()
        assert (entry.act, entry.about, entry.by) == (
            Act.HISTORY_TAKEN_OUT,
            f"person {place.hoa.pk}",
            place.minh,
        )

    def test_workbook_has_a_line_for_each_result_the_oldest_first(self, place, minh):
        PersonalNumber.made(place.hoa, NUMBER).save()
        learnt_in_every_way(place.hoa, place.minh)
        rows = lines_of(minh.get(of_person(place.hoa, "xlsx")))
        assert [(row[6], row[9], f"{row[11]:%d/%m/%Y}") for row in rows] == [
            ("Kỹ năng số cơ bản", 4.5, "10/03/2026"),
            ("Ứng dụng AI", 4, "01/06/2026"),
            ("Luật thương mại điện tử cho hộ kinh doanh", 8, "22/11/2026"),
            ("An toàn thông tin", 3, "23/11/2026"),
        ]
        assert {row[:6] for row in rows} == {
            ("Nguyễn Thị Hoa", "NA1", "Viên chức", "NA-BV", "Bệnh viện Hữu nghị Đa khoa", "NA-BV")
        }
        assert NUMBER not in str(rows)

    def test_what_stands_in_the_way_is_said_and_nothing_is_noted(self, place, minh):
        learnt_elsewhere(place.hoa)
        Person.objects.update(staff_number=None)
        page = minh.get(of_person(place.hoa), follow=True).content.decode()
        assert "Chưa có mã cán bộ, là khóa để hệ thống nhân sự nhận ra người." in page
        assert AuditEntry.objects.count() == 0

    def test_whoever_left_is_told_under_the_last_unit(self, place, minh):
        learnt_elsewhere(place.hoa)
        Post.objects.update(valid_to=date(2026, 10, 31))
        [row] = lines_of(minh.get(of_person(place.hoa, "xlsx")))
        assert (row[3], row[6], row[-1]) == ("NA-BV", "Kỹ năng số cơ bản", "")

    def test_a_merged_record_leads_to_the_one_that_lives(self, place, minh):
        twin = person("Nguyễn Thị Hoa", place.hospital)
        merge(kept=place.hoa, dropped=twin, by=place.minh, why="Nhập hai lần")
        root = viewer("thinh", Role.LEADER, place.province)
        minh.force_login(root)
        assert minh.get(of_person(twin)).url == f"/bao-cao/nguoi/{place.hoa.pk}/qua-trinh/"

    @pytest.mark.parametrize("form", ["json", "xlsx"])
    def test_lan_and_hoa_herself_find_nothing(self, place, client, form):
        learnt_elsewhere(place.hoa)
        for who in (place.lan, viewer("hoa")):
            client.force_login(who)
            assert client.get(of_person(place.hoa, form)).status_code == 404
        assert AuditEntry.objects.count() == 0

    def test_page_offers_both(self, place, minh):
        page = minh.get(f"/bao-cao/nguoi/{place.hoa.pk}/").content.decode()
        assert all(of_person(place.hoa, form) in page for form in ("json", "xlsx"))


class TestUnit:
    @pytest.fixture
    def staffed(self, place):
        learnt_in_every_way(place.hoa, place.minh)
        learnt_elsewhere(person("Lê Văn Bình", place.health))
        person("Võ Thị An", place.health, staff_number="NA3")
        learnt_elsewhere(person("Trần Văn Ba", place.school, staff_number="NA4"))
        return place

    def test_page_says_how_many_there_are_before_anything_leaves(self, staffed, minh):
        page = minh.get(UNIT)
        shown = {name: page.context[name] for name in ("count", "with_any", "numberless")}
        assert shown == {"count": 3, "with_any": 2, "numberless": 1}
        assert AuditEntry.objects.count() == 0

    def test_zip_holds_her_and_names_the_others(self, staffed, minh):
        response = minh.get(FILE, {"dang": "zip"})
        with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
            told = json.loads(archive.read("manifest.json"))
        assert (told["unit"], told["people"], told["sent"]) == (
            {"code": "NA-SYT", "name": "Sở Y tế"},
            3,
            1,
        )
        entry = AuditEntry.objects.first()
        assert (entry.act, entry.about) == (Act.HISTORY_TAKEN_OUT, "qua-trinh-dao-tao-NA-SYT.zip")

    def test_workbook_leaves_nobody_out(self, staffed, minh):
        rows = lines_of(minh.get(FILE))
        assert [(row[0], row[6] is not None, (row[-1] or "")[:18]) for row in rows] == [
            ("Võ Thị An", False, "Chưa có kết quả nà"),
            ("Lê Văn Bình", True, "Chưa có mã cán bộ,"),
            *[("Nguyễn Thị Hoa", True, "")] * 4,
        ]

    def test_the_same_facts_give_the_same_workbook(self, staffed, minh):
        assert minh.get(FILE).getvalue() == minh.get(FILE).getvalue()

    @pytest.mark.parametrize("query", ["nam=2025", "dang=pdf", "dang=doc", "don-vi=99999"])
    def test_what_is_not_offered_is_not_there(self, staffed, minh, query):
        assert minh.get(f"{FILE}?{query}").status_code == 404

    def test_no_other_list_is_a_zip(self, staffed, minh):
        assert minh.get("/bao-cao/danh-sach/tai-ve/?dang=zip").status_code == 404
        data = {"kind": "people", "form": "zip", "query": ""}
        assert minh.post("/bao-cao/tep/moi/", data).status_code == 404
        assert ReportFile.objects.count() == 0


class TestJob:
    @pytest.fixture
    def staffed(self, place):
        for n in range(3):
            learnt_elsewhere(person(f"Lê Văn {n}", place.health, staff_number=f"NA9{n}"))
        return place

    def asked(self, client, form: str = "zip") -> ReportFile:
        client.post("/bao-cao/tep/moi/", {"kind": "histories", "form": form, "query": ""})
        return ReportFile.objects.get()

    def test_a_large_unit_is_drawn_up_while_one_does_something_else(
        self, staffed, minh, monkeypatch
    ):
        monkeypatch.setattr(report_files, "PEOPLE_AT_ONCE", 2)
        page = minh.get(FILE, {"dang": "zip"})
        assert (page.context["rows"], page.context["form"]) == (4, "zip")

    @pytest.mark.parametrize("form", ["zip", "xlsx", "csv"])
    def test_job_gives_the_bytes_of_the_download(self, staffed, minh, form):
        at_once = minh.get(FILE, {"dang": form}).getvalue()
        file = self.asked(minh, form)
        assert minh.get(f"/bao-cao/tep/{file.pk}/tai-ve/").getvalue() == at_once
        assert AuditEntry.objects.first().act == Act.HISTORY_TAKEN_OUT

    def test_job_tells_how_many_people_are_done(self, staffed, minh, monkeypatch):
        monkeypatch.setattr(pack, "TOLD_EVERY", 1)
        file, told = self.asked(minh), []
        ReportFile.objects.update(made_at=None)
        with work.reported_to(lambda done, of: told.append((done, of))):
            make_report_file.call(str(file.pk))
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_job_asks_again_for_the_right(self, staffed, minh):
        file = self.asked(minh)
        ReportFile.objects.update(made_at=None)
        RoleGrant.objects.all().delete()
        with pytest.raises(Http404):
            make_report_file.call(str(file.pk))
