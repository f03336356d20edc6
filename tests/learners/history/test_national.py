"""Training histories in the shape of the national personnel data."""

import csv
import io
import json
import zipfile
from base64 import b64decode
from datetime import date, timedelta
from hashlib import sha256

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from certificates.choices import PaperKind
from certificates.models import Certificate
from courses.choices import Audience, Topic
from learners.actions.attendance import take_back
from learners.actions.merging import merge
from learners.choices import RecordState, StaffKind
from learners.history.national import envelope, message
from learners.history.pack import make_pack
from learners.history.people import Obstacle, StaffOf, officials
from learners.models import OrganisationVersion, Person, PersonalNumber, Post, TrainingRecord
from tests.factories.classes import class_of
from tests.factories.everything import NUMBER
from tests.factories.histories import (
    learnt_elsewhere,
    learnt_in_class,
    learnt_in_every_way,
    learnt_online,
    with_paper,
)
from tests.factories.reports import organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]
BORN = date(1990, 4, 5)


def sent(person: Person) -> dict:
    """What the receiver unpacks."""
    [official] = officials([person.pk])
    assert official.obstacle is None
    posted = json.loads(envelope(official))
    assert posted["org_Code"] == "H41"
    return json.loads(b64decode(posted["jsonContent"]))["Data"]


def record_of(person: Person) -> dict:
    return sent(person)["Body"]["HOSO_CBCCVC"]


def trainings_in(person: Person) -> list[dict]:
    return record_of(person)["TRINHDO_DAOTAO_BOIDUONG"]["DS_QUATRINH_DAOTAO_BOIDUONG"]


def obstacle(person: Person) -> Obstacle | None:
    [official] = officials([person.pk])
    return official.obstacle


def unpacked(file) -> dict[str, bytes]:
    with file, zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack_of(place, told=lambda _seen: None) -> dict[str, bytes]:
    units = [unit.pk for unit in place.units()]
    return unpacked(make_pack(StaffOf(units), "Toàn tỉnh", "H41", told))


class TestMessage:
    def test_has_header_keys_and_both_units(self, place):
        Post.objects.filter(person=place.hoa).update(using_unit=place.commune)
        learnt_elsewhere(place.hoa)
        data = sent(place.hoa)
        number = data["Header"].pop("Transaction_ID")
        assert (len(number), data["Header"]) == (36, {"Sender_Code": "H41", "Action_Type": "EDIT"})
        record = data["Body"]["HOSO_CBCCVC"]
        assert record["SoHieuCBCCVC_BNDP"] == "NA1"
        assert record["THONGTINCHUNG"] == {
            "SoHieuCBCCVC": "NA1",
            "HoVaTen": "Nguyễn Thị Hoa",
            "PhanLoaiHoSo": "Viên chức",
            "MaDonViQuanLy": "NA-BV",
            "MaDonviSuDung": "X17950",
        }

    def test_gives_every_accepted_result_back(self, place):
        accepted = learnt_in_every_way(place.hoa, place.minh)
        online = Certificate.objects.get(class_group__isnull=True)
        of_class = Certificate.objects.get(enrolment__isnull=True)
        told = [
            (row["TenKhoaDaoTao"], row["HinhThucDaoTao"], row["ChuDe"], row["SoGio"])
            for row in trainings_in(place.hoa)
        ]
        assert told == [
            ("Kỹ năng số cơ bản", "Học trên hệ thống khác", "Kỹ năng số", "4.5"),
            ("Ứng dụng AI", "Tự bồi dưỡng", "", "4.0"),
            (accepted[2].title, "Lớp học", "Pháp luật thương mại điện tử", "8.0"),
            ("An toàn thông tin", "Trực tuyến", "Kỹ năng số", "3.0"),
        ]
        rest = [
            (row["TuNgay"], row["DenNgay"], row["CoSoDaoTao"], row["SoHieuVanBang"])
            for row in trainings_in(place.hoa)
        ]
        assert rest == [
            ("", "2026-03-10", "OneTouch", "OT-77"),
            ("", "2026-06-01", "OneTouch", "AI-1"),
            ("2026-11-21", "2026-11-22", "Trường Đại học Vinh", of_class.serial),
            ("2026-11-23", "2026-11-23", "Học số Nghệ An", online.serial),
        ]
        assert [row["SoQuyetDinh"] for row in trainings_in(place.hoa)] == [
            *("", "", "45/QĐ-ĐHV", "01/QĐ-SKHCN"),
        ]

    def test_catalogue_codes_that_are_not_kept_here_are_there_and_empty(self, place):
        """The receiver reads them as strings and refuses any that its catalogues do not hold."""
        learnt_elsewhere(place.hoa)
        [row] = trainings_in(place.hoa)
        names = ("ChuyenNganhDaoTao", "TrinhDoDaoTao", "XepLoaiTotNghiep", "NuocDaoTao")
        assert [row[name] for name in names] == ["", "", "", ""]

    def test_holds_what_training_needs_and_no_more(self, place):
        PersonalNumber.made(place.hoa, NUMBER).save()
        learnt_in_every_way(place.hoa, place.minh)
        record = record_of(place.hoa)
        assert set(record) == {"SoHieuCBCCVC_BNDP", "THONGTINCHUNG", "TRINHDO_DAOTAO_BOIDUONG"}
        assert NUMBER not in json.dumps(record)

    def test_the_same_facts_give_the_same_bytes_whoever_reads_and_whenever(self, place):
        learnt_in_every_way(place.hoa, place.minh)
        first = envelope(*officials([place.hoa.pk]))
        with override("en"), time_machine.travel("2026-12-01T09:00:00+07:00"):
            assert envelope(*officials([place.hoa.pk])) == first

    def test_one_more_result_is_the_whole_list_under_another_number(self, place):
        learnt_elsewhere(place.hoa)
        before = sent(place.hoa)["Header"]["Transaction_ID"]
        learnt_elsewhere(place.hoa, date(2026, 5, 5))
        assert len(trainings_in(place.hoa)) == 2
        assert sent(place.hoa)["Header"]["Transaction_ID"] != before

    def test_it_certificates_are_told_only_where_there_is_one(self, place):
        record = with_paper(learnt_in_class(place.hoa))
        assert "DS_TINHOC" not in record_of(place.hoa)["TRINHDO_DAOTAO_BOIDUONG"]
        record.class_group.topic = Topic.DIGITAL_SKILLS
        record.class_group.save()
        assert "DS_TINHOC" not in record_of(place.hoa)["TRINHDO_DAOTAO_BOIDUONG"]

    def test_a_regulated_certificate_about_digital_skills_is_an_it_certificate(self, place):
        group = class_of(
            sessions=2,
            starts_on=timezone.localdate() - timedelta(days=2),
            topic=Topic.DIGITAL_SKILLS,
        )
        group.provider.may_issue_certificates, group.provider.legal_act = True, "QĐ 1"
        group.provider.save()
        with_paper(learnt_in_class(place.hoa, group=group), kind=PaperKind.CERTIFICATE)
        [told] = record_of(place.hoa)["TRINHDO_DAOTAO_BOIDUONG"]["DS_TINHOC"]
        assert told == {
            "TrinhDo": "",
            "TenChungChi": group.title,
            "SoHieuVanBang": Certificate.objects.get().serial,
            "NgayCap": "2026-11-23",
            "CoQuanCap": "TRƯỜNG ĐẠI HỌC VINH",
        }


class TestWhoIsSent:
    def test_student_yesterday_official_today_keeps_everything(self, place):
        nam = Person.objects.create(
            full_name="Vi Văn Nam", audience=Audience.STUDENT, commune=place.commune
        )
        learnt_in_class(nam)
        assert obstacle(nam) == Obstacle.NO_POST
        nam.staff_number = "NA9"
        nam.save()
        Post.objects.create(
            person=nam,
            managing_unit=place.hospital,
            using_unit=place.hospital,
            staff_kind=StaffKind.CIVIL_SERVANT,
            valid_from=timezone.localdate(),
        )
        assert len(trainings_in(nam)) == 1

    def test_merged_records_give_one_history(self, place):
        twin = person("Nguyễn Thị Hoa", place.hospital, birth_date=BORN)
        learnt_online(place.hoa)
        learnt_in_class(twin)
        merge(kept=place.hoa, dropped=twin, by=place.minh, why="Nhập hai lần")
        assert len(trainings_in(place.hoa)) == 2
        assert officials([twin.pk]) == []

    def test_whoever_left_goes_under_the_units_of_the_last_day(self, place):
        learnt_elsewhere(place.hoa)
        Post.objects.update(valid_to=date(2026, 6, 30), end_reason="away")
        OrganisationVersion.objects.filter(organisation=place.hospital).update(
            valid_to=date(2026, 7, 31)
        )
        assert record_of(place.hoa)["THONGTINCHUNG"]["MaDonViQuanLy"] == "NA-BV"

    def test_what_counted_once_and_counts_no_more_is_told_by_an_empty_list(self, place):
        """Otherwise the receiver would keep it for ever."""
        record = learnt_in_class(place.hoa)
        for session in record.class_group.sessions.all():
            take_back(session=session, person=place.hoa, by=place.minh)
        assert trainings_in(place.hoa) == []

    @pytest.mark.parametrize("state", [RecordState.WAITING, RecordState.DECLARED])
    def test_whoever_has_nothing_accepted_is_not_sent_an_empty_list(self, place, state):
        """It would delete what others entered."""
        learnt_elsewhere(place.hoa)
        TrainingRecord.objects.update(mode="self_study", state=state)
        assert obstacle(place.hoa) == Obstacle.NOTHING

    def test_obstacles_are_named(self, place):
        learnt_elsewhere(place.hoa)
        gone = organisation("NA-CU", "Đơn vị cũ", valid_to=date(2025, 6, 30))
        Post.objects.update(using_unit=gone)
        assert obstacle(place.hoa) == Obstacle.NO_USING_CODE
        Post.objects.update(managing_unit=gone)
        assert obstacle(place.hoa) == Obstacle.NO_MANAGING_CODE
        Person.objects.update(staff_number=None)
        assert obstacle(place.hoa) == Obstacle.NO_STAFF_NUMBER
        Person.objects.update(erased_at=timezone.now())
        assert obstacle(place.hoa) == Obstacle.ERASED

    def test_main_post_elsewhere_is_told_by_the_unit_there(self, place):
        Post.objects.create(
            person=place.hoa,
            managing_unit=place.school,
            using_unit=place.school,
            staff_kind=StaffKind.PUBLIC_EMPLOYEE,
            is_main=False,
            valid_from=date(2026, 1, 1),
        )
        learnt_elsewhere(place.hoa)
        assert [one.person for one in StaffOf([place.school.pk])] == []
        assert [one.managing_code for one in StaffOf([place.hospital.pk])] == ["NA-BV"]
        Post.objects.filter(is_main=True).update(valid_to=date(2026, 10, 1))
        assert [one.managing_code for one in StaffOf([place.school.pk])] == ["NA-THPT"]


class TestPack:
    @pytest.fixture
    def staffed(self, place):
        binh = person("Lê Văn Bình", place.school)
        learnt_elsewhere(binh)
        person("Võ Thị An", place.party, staff_number="NA3")
        learnt_in_every_way(place.hoa, place.minh)
        return place

    def test_round_trip_gives_every_row_back_and_names_whom_it_leaves_out(self, staffed):
        files = pack_of(staffed)
        rows = []
        for line in files["ho-so.jsonl"].splitlines():
            content = json.loads(b64decode(json.loads(line)["jsonContent"]))
            record = content["Data"]["Body"]["HOSO_CBCCVC"]
            listed = record["TRINHDO_DAOTAO_BOIDUONG"]["DS_QUATRINH_DAOTAO_BOIDUONG"]
            number = record["SoHieuCBCCVC_BNDP"]
            rows += [(number, row["TenKhoaDaoTao"], row["DenNgay"], row["SoGio"]) for row in listed]
        accepted = TrainingRecord.objects.filter(state=RecordState.APPROVED)
        expected = [
            (one.person.staff_number, one.title, one.completed_on.isoformat(), f"{one.hours:f}")
            for one in accepted.exclude(person__staff_number=None).select_related("person")
            if one.person.staff_number.startswith("NA")
        ]
        assert sorted(rows) == sorted(expected)
        left_out = list(csv.DictReader(io.StringIO(files["chua-gui.csv"].decode("utf-8-sig"))))
        assert [(row["Họ và tên"], row["Lý do"][:18]) for row in left_out] == [
            ("Võ Thị An", "Chưa có kết quả nà"),
            ("Lê Văn Bình", "Chưa có mã cán bộ,"),
        ]

    def test_counts_agree_with_what_is_in_it(self, staffed):
        files = pack_of(staffed)
        told = json.loads(files["manifest.json"])
        assert {name: told[name] for name in ("people", "sent", "trainings", "left_out")} == {
            "people": 3,
            "sent": 1,
            "trainings": 4,
            "left_out": {"no_staff_number": 1, "nothing": 1},
        }
        for listed in told["files"]:
            assert sha256(files[listed["path"]]).hexdigest() == listed["sha256"]
        assert "Chưa có mã cán bộ" in files["DOC-TRUOC.txt"].decode()

    def test_the_same_facts_give_the_same_zip(self, staffed):
        units = [unit.pk for unit in staffed.units()]
        zips = []
        for day in ("2026-11-23", "2026-12-02"):
            with override("en"), time_machine.travel(f"{day}T09:00:00+07:00"):
                file = make_pack(StaffOf(units), "Toàn tỉnh", "H41", lambda _seen: None)
            with file:
                zips.append(file.read())
        assert zips[0] == zips[1]

    @pytest.mark.parametrize(("number", "queries"), [(1, 8), (2, 9), (4, 9)])
    def test_costs_the_same_for_two_people_and_four_and_less_for_one(
        self, place, number, queries, django_assert_num_queries
    ):
        Post.objects.all().delete()
        for n in range(number):
            one = person(f"Lê Văn {n}", place.school, staff_number=f"NA7{n}", birth_date=BORN)
            learnt_online(one, title=f"Khóa {n}")
            learnt_in_class(one)
        with django_assert_num_queries(queries):
            assert len(list(StaffOf([place.school.pk]))) == number


def test_message_is_what_the_envelope_holds(place):
    learnt_elsewhere(place.hoa)
    [official] = officials([place.hoa.pk])
    assert message(official)["Data"]["Header"] == sent(place.hoa)["Header"]
