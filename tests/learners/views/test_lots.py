"""The 3,000: lượt by group, topic, provider and commune; each number is as long as its list."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from django.test import Client

from courses.choices import Audience, Topic
from courses.models import ClassGroup
from learners.choices import Level, Role, SuccessionKind
from learners.models import Business, OrganisationVersion, Person, Succession
from learners.views.lots import LotRow
from tests.factories.reports import (
    World,
    ecommerce_class,
    organisation,
    participation,
    person,
    recount,
    viewer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

URL = "/bao-cao/luot-tham-gia/bang/"
LIST = "/bao-cao/luot-tham-gia/"


def trader(name: str, province: World, audience: Audience = Audience.COOPERATIVE) -> Person:
    return Person.objects.create(full_name=name, audience=audience, commune=province.commune)


@pytest.fixture
def busy(province: World) -> World:
    """Two providers; a class at Kim Liên with seats, one online without a place."""
    law = ecommerce_class(Topic.ECOMMERCE_LAW, provider="Trường Đại học Vinh")
    skills = ecommerce_class(provider="Sở Công Thương")
    ClassGroup.objects.filter(pk=law.pk).update(commune_code="17950", capacity=40)
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    thu, nam = trader("Cao Thị Thu", province), trader("Vi Nam", province, Audience.STUDENT)
    for one in (hoa, thu):
        participation(one, law)
    for one in (thu, nam):
        participation(one, skills, completed=one == nam)
    participation(hoa, ecommerce_class(Topic.DIGITAL_SKILLS))
    return recount(province)


def table(client: Client, **query: object) -> dict[str, dict[str, int]]:
    """Numbers of each line by their column titles."""
    context = client.get(URL, query).context
    titles = context["table"].figure_titles
    return {
        " | ".join(row.labels): dict(zip(titles, (one.number for one in row.figures), strict=True))
        for row in [*context["rows"], context["total"]]
    }


def opened(client: Client, row: LotRow) -> list[tuple[int, int, int]]:
    """Each number of a line, the length of its list on the page, and in the file."""
    found = []
    for figure in row.figures:
        if figure.address:
            query = dict(parse_qsl(urlsplit(figure.address).query))
            page = client.get(LIST, query)
            file = client.get(f"{LIST}tai-ve/", query | {"dang": "csv"})
            lines = file.getvalue().decode("utf-8-sig").splitlines()
            found.append((figure.number, len(page.context["rows"]), len(lines) - 1))
    return found


def test_groups_stand_all_seven_beside_people_organisations_and_completions(
    busy: World, leader: Client
):
    found = table(leader)

    assert len(found) == 7 + 1
    assert list(found["Hợp tác xã"].values()) == [1, 1, 2, 1, 1, 2, 1]
    assert list(found["Làng nghề"].values()) == [0] * 7
    assert list(found["Tổng cộng"].values()) == [2, 2, 4, 3, 2, 2, 3]


@pytest.mark.parametrize("by", ["nhom", "don-vi-dao-tao", "xa", "tat-ca"])
def test_every_number_opens_a_list_of_its_length(busy: World, leader: Client, by: str):
    context = leader.get(URL, {"theo": by}).context
    numbers = [n for row in [*context["rows"], context["total"]] for n in opened(leader, row)]

    assert len(numbers) > 8
    assert [n for n in numbers if len(set(n)) > 1] == []


def test_providers_stand_with_their_classes_and_seats(busy: World, leader: Client):
    found = table(leader, theo="don-vi-dao-tao")

    assert list(found) == ["Sở Công Thương", "Trường Đại học Vinh", "Tổng cộng"]
    vinh = found["Trường Đại học Vinh"]
    assert (vinh["Lượt tham gia"], vinh["Lớp học"], vinh["Số chỗ"]) == (2, 1, 40)


def test_commune_is_that_of_the_class_or_of_the_participant(busy: World, leader: Client):
    of_class = table(leader, theo="xa")
    assert (of_class["Xã Kim Liên"]["Lượt tham gia"], of_class["Không rõ xã, phường"]) == (
        2,
        of_class["Không rõ xã, phường"] | {"Lượt tham gia": 2},
    )
    of_person = table(leader, theo="xa", noi="nguoi-hoc")
    assert of_person["Xã Kim Liên"]["Lượt tham gia"] == 3
    assert of_person["Không rõ xã, phường"]["Lượt tham gia"] == 1


def test_old_commune_lies_where_its_successor_stands(province: World, leader: Client):
    """Code 17950 meant xã Kim Liên of then in March 2025, and means the larger one since July."""
    OrganisationVersion.objects.filter(organisation=province.commune).update(
        valid_from=date(2025, 7, 1)
    )
    old = organisation(
        "X17951",
        "Ủy ban nhân dân xã Nam Giang",
        province.province,
        level=Level.COMMUNE,
        valid_to=date(2025, 6, 30),
    )
    Succession.objects.create(
        predecessor=old,
        successor=province.commune,
        kind=SuccessionKind.MERGE,
        effective_from=date(2025, 7, 1),
    )
    group = ecommerce_class()
    day = date(2025, 3, 1)
    ClassGroup.objects.filter(pk=group.pk).update(
        commune_code="17951", starts_on=day, ends_on=day + timedelta(days=1)
    )
    participation(person("Nguyễn Thị Hoa", province.hospital), group, day)

    found = table(leader, theo="xa", nam="2025")
    assert found["Xã Kim Liên"]["Lượt tham gia"] == 1
    then = table(leader, theo="xa", nam="2025", cay="2025-03-01")
    assert then["Xã Nam Giang"]["Lượt tham gia"] == 1


def test_filters_narrow_the_table_and_stay_in_its_addresses(busy: World, leader: Client):
    found = table(leader, theo="don-vi-dao-tao", nhom="student")
    assert list(found) == ["Sở Công Thương", "Tổng cộng"]
    provider = ClassGroup.objects.get(topic=Topic.ECOMMERCE_LAW).provider_id
    context = leader.get(URL, {"theo": "nhom", "don-vi-dao-tao": provider}).context
    assert context["table"].tally.lots == 2
    assert {len(set(n)) for row in context["rows"] for n in opened(leader, row)} == {1}


def test_businesses_count_once_wherever_their_people_live(province: World, leader: Client):
    group = ecommerce_class()
    shop = Business.objects.create(
        kind="household_business", name="Tạp hóa Thu", commune=province.commune
    )
    for name in ("Cao Thị Thu", "Cao Văn Đông"):
        one = trader(name, province, Audience.HOUSEHOLD_BUSINESS)
        one.business = shop
        one.save()
        participation(one, group)
    participation(person("Nguyễn Thị Hoa", province.hospital), group)
    recount(province)

    assert table(leader)["Tổng cộng"]["Đơn vị, cơ sở"] == 2
    page = leader.get(LIST, {"xem": "don-vi"})
    assert [row.head for row in page.context["rows"]] == [
        "Tạp hóa Thu",
        "Bệnh viện Hữu nghị Đa khoa",
    ]


def test_target_is_the_provinces_and_not_a_units(busy: World, leader: Client, client: Client):
    context = leader.get(URL).context
    assert (context["target"].value, str(context["share"])) == (3000, "0.1")
    client.force_login(viewer("minh", Role.OFFICER, busy.health))
    context = client.get(URL).context
    assert (context["target"], context["table"].tally.lots) == (None, 1)


def test_workbook_adds_up_what_adds_up_and_prints_the_rest(busy: World, leader: Client):
    file = leader.get(f"{URL}tai-ve/").getvalue()
    rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows()]
    total = next(row for row in rows if row[0].value == "Tổng cộng")
    values = next(
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(file), data_only=True).active.iter_rows()
        if row[0].value == "Tổng cộng"
    )

    assert values[1:] == [2, 2, 4, 3, 2, 2, 3]
    assert [str(cell.value).startswith("=SUM") for cell in total[1:]] == [
        True, True, True, False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        {"theo": "x"},
        {"noi": "x"},
        {"xa": "0"},
        {"xa": "x"},
        {"don-vi-dao-tao": "0"},
        {"don-vi-dao-tao": "x"},
        {"nhom": "x"},
    ],
)
def test_what_does_not_exist_is_no_page(province: World, leader: Client, query: dict):
    assert leader.get(URL, query).status_code == 404


def test_list_that_does_not_exist_is_no_page(province: World, leader: Client):
    assert leader.get(LIST, {"xem": "x"}).status_code == 404


@pytest.mark.parametrize("classes", [1, 3])
def test_page_costs_the_same_queries_for_one_class_as_for_three(
    province: World, leader: Client, classes: int, django_assert_num_queries: Callable
):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    for _number in range(classes):
        group = ecommerce_class()
        ClassGroup.objects.filter(pk=group.pk).update(commune_code="17950")
        participation(hoa, group)
    recount(province)
    leader.get(URL)

    with django_assert_num_queries(PAGE_QUERIES):
        leader.get(URL, {"theo": "xa"})
    with django_assert_num_queries(LIST_QUERIES):
        leader.get(LIST, {"xem": "lop"})


PAGE_QUERIES = 8
"""Account, grants, plan, tree, classes, codes, lượt, providers."""
LIST_QUERIES = 10
"""Account, grants, plan, tree, count, page, classes, codes, rights, evidence."""
