"""Institutions that teach e-commerce, and agencies with an officer in charge of IT."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.test import Client

from courses.choices import Topic
from courses.models import ClassGroup, Provider
from learners.choices import Role
from learners.models import Post
from learners.reports.institutions import Reason
from learners.reports.it_officers import it_officers
from learners.reports.participations import institutions_teaching
from learners.tree import tree_on
from tests.factories.reports import (
    World,
    ecommerce_class,
    participation,
    person,
    viewer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

INSTITUTIONS = "/bao-cao/co-so-giao-duc/"
OFFICERS = "/bao-cao/phu-trach-cntt/"


def moved(group: ClassGroup, first: date) -> ClassGroup:
    ClassGroup.objects.filter(pk=group.pk).update(starts_on=first, ends_on=first)
    return group


class TestInstitutions:
    def test_each_says_why_it_counts_or_does_not(self, province: World, leader: Client):
        hoa = person("Nguyễn Thị Hoa", province.hospital)
        participation(hoa, ecommerce_class(provider="Đủ"))
        participation(hoa, ecommerce_class(provider="Chưa xong"), completed=False)
        participation(hoa, ecommerce_class(Topic.DIGITAL_SKILLS, provider="Chủ đề khác"))
        ecommerce_class(provider="Không ai học")
        moved(ecommerce_class(provider="Sắp mở"), date(2026, 12, 1))
        moved(ecommerce_class(provider="Năm trước"), date(2025, 6, 1))
        Provider.objects.create(name="Sở Công Thương", is_educational_institution=False)
        participation(hoa, ecommerce_class(provider="Sở Công Thương"))

        rows = leader.get(INSTITUTIONS).context["found"].rows

        assert {row.provider.name: row.reason for row in rows} == {
            "Đủ": Reason.COUNTED,
            "Chưa xong": Reason.NOT_COMPLETED,
            "Chủ đề khác": Reason.NO_CLASS,
            "Không ai học": Reason.NOBODY,
            "Sắp mở": Reason.AHEAD,
            "Năm trước": Reason.NO_CLASS,
            "Sở Công Thương": Reason.NO_INSTITUTION,
        }
        assert (rows[0].provider.name, rows[-1].provider.name) == ("Đủ", "Sở Công Thương")

    def test_those_that_count_are_the_dashboards_and_the_files(
        self, province: World, leader: Client
    ):
        hoa = person("Nguyễn Thị Hoa", province.hospital)
        group = ecommerce_class(provider="Trường Đại học Vinh")
        participation(hoa, group)
        participation(hoa, ecommerce_class(provider="Trường khác"), completed=False)

        found = leader.get(INSTITUTIONS).context["found"]
        book = openpyxl.load_workbook(
            io.BytesIO(leader.get(f"{INSTITUTIONS}tai-ve/").getvalue()), data_only=True
        )
        lines = [[cell.value for cell in row] for row in book.active.iter_rows()]

        counted = [row for row in found.rows if row.is_counted]
        assert [row.provider.name for row in counted] == institutions_teaching(province.period)
        assert (found.counted, counted[0].proof) == (1, group)
        assert [line[1] for line in lines if line[0] == "Tổng cộng"] == [1]

    def test_participation_behind_a_provider_opens_its_list(self, province: World, leader: Client):
        group = ecommerce_class()
        participation(person("Nguyễn Thị Hoa", province.hospital), group)
        page = leader.get("/bao-cao/luot-tham-gia/", {"don-vi-dao-tao": group.provider_id})
        [row] = leader.get(INSTITUTIONS).context["found"].rows
        assert (row.lots, page.context["selection"].count) == (1, 1)

    def test_is_asked_of_the_province_alone(self, province: World, client: Client):
        client.force_login(viewer("minh", Role.OFFICER, province.health))
        assert client.get(INSTITUTIONS).status_code == 404

    @pytest.mark.parametrize("providers", [1, 3])
    def test_costs_the_same_queries(
        self, province: World, leader: Client, providers: int, django_assert_num_queries: Callable
    ):
        hoa = person("Nguyễn Thị Hoa", province.hospital)
        for number in range(providers):
            participation(hoa, ecommerce_class(provider=f"Trường {number}"))
        leader.get(INSTITUTIONS)
        with django_assert_num_queries(8):
            leader.get(INSTITUTIONS)


class TestItOfficers:
    @pytest.fixture
    def named(self, province: World) -> World:
        person("Nguyễn Thị Hoa", province.hospital)
        Post.objects.update(is_it_officer=True)
        return province

    def test_officer_of_a_division_counts_for_the_agency_above(self, named: World, leader: Client):
        found = leader.get(OFFICERS).context["found"]

        rows = [(row.name, [post.person.full_name for post in row.officers]) for row in found.rows]
        assert rows == [
            ("Sở Giáo dục và Đào tạo", []),
            ("Ủy ban nhân dân xã Kim Liên", []),
            ("Sở Y tế", ["Nguyễn Thị Hoa"]),
        ]

    def test_number_is_the_dashboards_and_opens_the_list_of_those_without(
        self, named: World, leader: Client
    ):
        tile = it_officers(tree_on(date(2026, 11, 23)), None, date(2026, 11, 23))
        missing = leader.get(OFFICERS, {"trang-thai": "chua"}).context["found"]

        assert (missing.covered, len(missing.all)) == (tile.covered, tile.agencies) == (1, 3)
        assert [(row.id, row.name) for row in missing.rows] == tile.without
        file = leader.get(f"{OFFICERS}tai-ve/", {"trang-thai": "chua", "dang": "csv"})
        assert len(file.getvalue().decode("utf-8-sig").splitlines()) - 1 == len(tile.without)

    def test_is_judged_on_the_day(self, named: World, leader: Client):
        Post.objects.update(valid_from=date(2026, 1, 1))
        assert leader.get(OFFICERS, {"nam": "2025"}).context["found"].covered == 0

    def test_officer_sees_the_own_units(self, named: World, client: Client):
        client.force_login(viewer("minh", Role.OFFICER, named.health))
        context = client.get(OFFICERS).context
        assert [row.name for row in context["found"].rows] == ["Bệnh viện Hữu nghị Đa khoa"]
        assert len(context["with_page"]) == 1

    @pytest.mark.parametrize("query", [{"trang-thai": "x"}, {"cap": "x"}])
    def test_what_does_not_exist_is_no_page(self, named: World, leader: Client, query: dict):
        assert leader.get(OFFICERS, query).status_code == 404

    @pytest.mark.parametrize("people", [1, 3])
    def test_costs_the_same_queries(
        self, province: World, leader: Client, people: int, django_assert_num_queries: Callable
    ):
        for number in range(people):
            person(f"Nguyễn {number}", province.hospital)
        Post.objects.update(is_it_officer=True)
        leader.get(OFFICERS)
        with django_assert_num_queries(6):
            leader.get(OFFICERS)
