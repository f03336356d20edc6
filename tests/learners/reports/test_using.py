"""Lists by using unit: named and narrowed; everybody is counted where the managing unit is."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from learners.choices import Role, Status
from learners.models import Post
from learners.reports.completion import staff_figures
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

URL = "/bao-cao/danh-sach/"


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place():
    """Health has three people: one works at its hospital, one at a school, one where managed."""
    found = world()
    found.away = person("Nguyễn Thị Hoa", found.health)
    found.teacher = person("Phan Thị Lan", found.health, Status.ONLINE)
    found.here = person("Lê Văn Minh", found.health)
    found.own = person("Trần Thị Tư", found.hospital)
    move(found.away, found.hospital)
    move(found.teacher, found.school)
    return recount(found)


def move(somebody, unit):
    Post.objects.filter(person=somebody).update(using_unit=unit)


@pytest.fixture
def officer(client, place):
    client.force_login(viewer("minh", unit=place.health))
    return client


def names(page):
    return [row.full_name for row in page.context["rows"]]


def test_row_names_the_unit_where_the_work_is_done(officer):
    rows = officer.get(URL).context["rows"]
    assert {row.full_name: (row.unit, row.using_unit, row.is_away) for row in rows} == {
        "Nguyễn Thị Hoa": ("Sở Y tế", "Bệnh viện Hữu nghị Đa khoa", True),
        "Phan Thị Lan": ("Sở Y tế", "Trường THPT Phan Bội Châu", True),
        "Lê Văn Minh": ("Sở Y tế", "Sở Y tế", False),
        "Trần Thị Tư": ("Bệnh viện Hữu nghị Đa khoa", "Bệnh viện Hữu nghị Đa khoa", False),
    }


def test_list_is_narrowed_and_the_figures_stay(officer, place):
    page = officer.get(URL, {"su-dung": place.hospital.pk})
    assert names(page) == ["Nguyễn Thị Hoa", "Trần Thị Tư"]
    assert page.context["selection"].count == 2
    # Where the managing unit is, as before: four people, one of them reached.
    counts = page.context["selection"].counts
    assert (counts.headcount, counts.reached) == (4, 1)
    assert counts == staff_figures(place.period, page.context["frame"].units).counts
    assert "làm việc tại Bệnh viện Hữu nghị Đa khoa" in page.content.decode()
    missing = officer.get(URL, {"su-dung": place.school.pk, "trang-thai": "missing"})
    assert (names(missing), missing.context["selection"].count) == ([], 0)
    assert names(officer.get(URL, {"su-dung": place.school.pk})) == ["Phan Thị Lan"]


def test_everybody_who_works_elsewhere(officer):
    page = officer.get(URL, {"su-dung": "noi-khac", "trang-thai": "all"})
    assert sorted(names(page)) == ["Nguyễn Thị Hoa", "Phan Thị Lan"]
    choices = [label for _unit, label in page.context["selection"].using_choices]
    assert choices == ["Bệnh viện Hữu nghị Đa khoa", "Trường THPT Phan Bội Châu"]


def test_words_and_using_unit_narrow_together(officer, place):
    asked = {"su-dung": place.hospital.pk, "q": "tu"}
    assert names(officer.get(URL, asked)) == ["Trần Thị Tư"]


def test_a_part_of_the_year_is_narrowed_alike(officer, place):
    page = officer.get(URL, {"su-dung": "noi-khac", "ky": "quy-4"})
    assert sorted(names(page)) == ["Nguyễn Thị Hoa", "Phan Thị Lan"]
    assert page.context["selection"].counts.headcount == 4


def test_excel_has_the_column_and_the_same_rows(officer, place):
    answer = officer.get("/bao-cao/danh-sach/tai-ve/", {"su-dung": place.hospital.pk})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    lines = [list(line) for line in book.active.iter_rows(values_only=True)]
    at = next(n for n, line in enumerate(lines) if "Họ và tên" in line)
    place_of = lines[at].index("Đơn vị sử dụng")
    rows = [line for line in lines[at + 1 :] if line[place_of]]
    assert [(line[0], line[place_of]) for line in rows] == [
        ("Nguyễn Thị Hoa", "Bệnh viện Hữu nghị Đa khoa"),
        ("Trần Thị Tư", "Bệnh viện Hữu nghị Đa khoa"),
    ]
    assert any("làm việc tại Bệnh viện" in str(cell) for line in lines[:at] for cell in line)


def test_who_is_reminded_are_the_listed_ones(officer, place):
    asked = {"su-dung": place.hospital.pk, "trang-thai": "missing"}
    page = officer.get(URL, asked).content.decode()
    assert f"su-dung={place.hospital.pk}" in page
    prepared = officer.get("/bao-cao/nhac/", asked)
    assert "2 người" in prepared.content.decode()
    assert "làm việc tại Bệnh viện" in prepared.content.decode()


def test_a_using_unit_opens_nobody_of_other_managing_units(client, place):
    client.force_login(viewer("lan", unit=place.education))
    page = client.get(URL, {"su-dung": place.school.pk})
    assert names(page) == []


@pytest.mark.parametrize("nonsense", ["x", "999999", "99999999999999999999", "-1"])
def test_nonsense_is_no_page(officer, nonsense):
    assert officer.get(URL, {"su-dung": nonsense}).status_code == 404


def test_nobody_elsewhere_there_is_no_filter(officer, place):
    for somebody in (place.away, place.teacher):
        move(somebody, place.health)
    assert 'name="su-dung"' not in officer.get(URL).content.decode()


def test_last_days_unit_counts_not_todays(officer, place):
    """A unit of the past year is that of its last day."""
    Post.objects.filter(person=place.away).update(valid_from="2026-11-24")
    assert names(officer.get(URL, {"su-dung": "noi-khac"})) == ["Phan Thị Lan"]


def test_page_costs_the_same_for_three_as_for_one(client, place):
    client.force_login(viewer("thinh", Role.LEADER, place.province))

    def cost():
        client.get(URL, {"su-dung": "noi-khac"})
        with CaptureQueriesContext(connection) as asked:
            assert client.get(URL, {"su-dung": "noi-khac"}).status_code == 200
        return len(asked)

    two = cost()
    for number in range(3):
        move(person(f"Hồ Thị Năm {number}", place.education), place.hospital)
    recount(place)
    assert cost() == two <= 12
