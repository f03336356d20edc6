"""One year's figures by the tree of any day: nobody lost, nobody twice."""

from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from learners.actions.recounting import recount_period
from learners.choices import Role, Status
from learners.imports.agencies import import_agencies
from learners.models import Organisation, ReportingPeriod
from learners.plan import seed_plan
from learners.reports.completion import staff_figures, unit_rows
from learners.reports.regrouping import counted_units, regrouped
from learners.tree import organisation_by_code, successors_on, tree_on
from tests.factories.reports import on_23_november, person, viewer

pytestmark = pytest.mark.django_db

LAST_DAY = date(2024, 12, 31)
DEPARTMENTS = date(2025, 3, 1)
COMMUNES = date(2025, 7, 1)
DAYS = [date(2024, 6, 30), LAST_DAY, DEPARTMENTS, COMMUNES, date(2026, 11, 23)]


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("en"):
        yield


@pytest.fixture
def year():
    """2024, with somebody in each department and district, and in each third commune."""
    import_agencies(settings.BASE_DIR / "learners" / "data")
    seed_plan()
    statuses = [Status.NOTHING, Status.OUTSIDE, Status.CLASS]
    for number, node in enumerate(tree_on(LAST_DAY).nodes.values()):
        if not node.is_commune or number % 3 == 0:
            unit = Organisation.objects.get(pk=node.id)
            person(f"Người {number}", unit, statuses[number % 2], date(2024, 5, 1))
    period = ReportingPeriod.objects.get(year=2024)
    recount_period(period)
    return period


def by_unit(period: ReportingPeriod, day: date, unit: int | None = None) -> dict[int | None, int]:
    rows = unit_rows(period, regrouped(counted_units(period), tree_on(day)), unit)
    counted: Counter[int | None] = Counter()
    for row in rows:
        counted[row.unit_id] += row.counts.headcount
    return dict(counted)


def unit(code: str, day: date = LAST_DAY) -> int:
    found = organisation_by_code(code, day)
    assert found is not None
    return found


@pytest.mark.parametrize("day", DAYS)
def test_the_totals_of_2024_agree_by_the_tree_of_any_day(year, day):
    whole = staff_figures(year, None).counts
    tree = regrouped(counted_units(year), tree_on(day))
    rows = unit_rows(year, tree, None)
    assert None not in {row.unit_id for row in rows}
    assert sum(row.counts.headcount for row in rows) == whole.headcount
    assert sum(row.counts.reached for row in rows) == whole.reached
    province = unit("H41")
    below = by_unit(year, day, province)
    figures = staff_figures(year, tree.subtree_ids(province)).counts
    assert sum(below.values()) == figures.headcount


def test_2024_by_the_14_departments_adds_the_departments_that_were_merged(year):
    before, after = by_unit(year, LAST_DAY, unit("H41")), by_unit(year, DEPARTMENTS, unit("H41"))
    merged = ("NA-SKHCN", "NA-STTTT")
    new = after[unit("NA-SKHCN-2025", DEPARTMENTS)]
    assert new == sum(before[unit(code)] for code in merged) == 3  # with the IT centre
    named = [code for code in tree_on(DEPARTMENTS).nodes.values() if code.is_specialised]
    assert len(named) == 14
    assert all(after[node.id] for node in named)


def test_2024_by_the_130_communes_adds_their_old_communes(year):
    old = [node.id for node in tree_on(LAST_DAY).nodes.values() if node.is_commune]
    heirs = successors_on(old, COMMUNES)
    before = {}
    for district in tree_on(LAST_DAY).nodes.values():
        if district.code.startswith("D"):
            before |= by_unit(year, LAST_DAY, district.id)
    expected: Counter[int] = Counter()
    for commune in old:
        expected[heirs[commune]] += before.get(commune, 0)
    after = by_unit(year, COMMUNES, unit("H41"))
    communes = [node.id for node in tree_on(COMMUNES).nodes.values() if node.is_commune]
    assert len(communes) == 130
    extra = {unit("X16681", COMMUNES): 0, unit("X16813", COMMUNES): 0}
    for commune in communes:
        # Two of them have schools and a health station that the districts had.
        if commune not in extra:
            assert after[commune] == expected[commune]


def test_a_later_year_by_the_old_districts_keeps_each_commune_in_its_district(year):
    found = person("Người mới", Organisation.objects.get(pk=unit("X16690", COMMUNES)))
    found.posts.update(valid_from=date(2025, 8, 1))
    later = ReportingPeriod.objects.get(year=2025)
    recount_period(later)
    rows = by_unit(later, LAST_DAY, unit("D412"))
    assert rows[unit("X16690", COMMUNES)] == 1
    tree = regrouped(counted_units(later), tree_on(LAST_DAY))
    assert tree[unit("X16690", COMMUNES)].name.endswith("(since 01/07/2025)")


def test_a_dissolved_district_stands_below_the_province_with_its_last_day(year):
    tree = regrouped(counted_units(year), tree_on(COMMUNES))
    vinh = tree[unit("D412")]
    assert (vinh.parent_id, vinh.name) == (
        unit("H41"),
        "Ủy ban nhân dân thành phố Vinh (until 30/06/2025)",
    )
    assert not vinh.is_specialised


def test_the_page_groups_by_the_day_in_the_address(year, django_assert_max_num_queries):
    client = Client()
    client.force_login(viewer("leader", Role.LEADER, Organisation.objects.get(pk=unit("H41"))))
    address = reverse("reports:units")
    asked = {"nam": "2024", "cay": "2025-07-01", "don-vi": str(unit("H41"))}
    client.get(address, asked)
    with django_assert_max_num_queries(12):
        page = client.get(address, asked)
    total = page.context["figures"].headcount
    assert total == sum(row.counts.headcount for row in page.context["rows"])
    assert "cay=2025-07-01" in page.content.decode()
    people = client.get(reverse("reports:people"), asked | {"trang-thai": "all"})
    assert people.context["selection"].count == total


def test_a_day_that_is_none_is_no_page_and_says_how_to_write_it(year):
    client = Client()
    client.force_login(viewer("leader", Role.LEADER, Organisation.objects.get(pk=unit("H41"))))
    for day in ["x", "2025-13-01", "0000-00-00", "31/02/2025", "07/25/2025"]:
        page = client.get(reverse("reports:units"), {"cay": day})
        assert page.status_code == 404
        words = page.content.decode()
        assert f"“{day}” không phải là ngày" in words
        assert "<h1>Chưa xem được báo cáo này</h1>" in words


def test_a_day_is_typed_and_shown_with_the_day_first(year):
    client = Client()
    client.force_login(viewer("leader", Role.LEADER, Organisation.objects.get(pk=unit("H41"))))
    for typed in ["05/07/2025", "5/7/2025", "5-7-2025", " 05/07/2025 ", "2025-07-05"]:
        page = client.get(reverse("reports:units"), {"nam": "2025", "cay": typed})
        assert page.context["frame"].tree_day == date(2025, 7, 5)
    asked = {"nam": "2025", "cay": "05/07/2025"}
    for name in [
        "units",
        "movement",
        "participation_table",
        "course_matrix",
        "it_officers",
        "plan_tags",
    ]:
        words = client.get(reverse(f"reports:{name}"), asked).content.decode()
        assert 'name="cay" class="day-input" value="05/07/2025"' in words, name
        assert words.count('name="cay" class') == 1, name
        assert 'type="date"' not in words, name


def test_other_trees_are_for_those_who_see_the_whole_province(year):
    officer = viewer("minh", Role.OFFICER, Organisation.objects.get(pk=unit("NA-SYT")))
    client = Client()
    client.force_login(officer)
    assert client.get(reverse("reports:units"), {"cay": "2025-07-01"}).status_code == 404
