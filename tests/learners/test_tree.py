"""The tree of one day: order, lines up and down, and what it costs."""

from datetime import date

import pytest

from learners.choices import Level, SuccessionKind
from learners.models import Organisation, OrganisationVersion, Succession
from learners.tree import forget_trees, organisation_by_code, successor_on, successors_on, tree_on
from tests.factories.reports import organisation

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 1)


@pytest.fixture
def units() -> dict[str, Organisation]:
    province = organisation("H41", "Ủy ban nhân dân tỉnh Nghệ An")
    health = organisation("NA-SYT", "Sở Y tế", province)
    OrganisationVersion.objects.filter(organisation=health).update(is_specialised=True)
    commune = organisation("X17971", "Ủy ban nhân dân xã Kim Liên", province, Level.COMMUNE)
    return {
        "province": province,
        "health": health,
        "hospital": organisation("NA-BV", "Bệnh viện Đa khoa", health),
        "board": organisation("NA-BQL", "Ban Quản lý Khu kinh tế", province),
        "commune": commune,
        "office": organisation("X17971-VP", "Văn phòng xã Kim Liên", commune, Level.COMMUNE),
        "old_board": organisation("NA-CU", "Ban đã giải thể", province, valid_to=date(2025, 2, 28)),
    }


def test_children_stand_departments_first_and_communes_last(units):
    tree = tree_on(DAY)
    assert tree.roots() == [units["province"].pk]
    assert tree.children(units["province"].pk) == [
        units["health"].pk,
        units["board"].pk,
        units["commune"].pk,
    ]


def test_siblings_stand_in_the_order_of_the_vietnamese_alphabet(units):
    for number, name in enumerate(("Đài", "Ủy ban", "Âu thuyền", "Ấp", "Chi cục", "An viên")):
        organisation(f"NA-{number}", name, units["hospital"])
    tree = tree_on(DAY)
    names = [tree.name(child) for child in tree.children(units["hospital"].pk)]
    assert names == ["An viên", "Ấp", "Âu thuyền", "Chi cục", "Đài", "Ủy ban"]


def test_lines_go_up_from_the_root_and_down_with_the_unit_itself(units):
    tree = tree_on(DAY)
    assert tree.ancestors(units["hospital"].pk) == [units["province"].pk, units["health"].pk]
    assert tree.subtree_ids(units["health"].pk) == [units["health"].pk, units["hospital"].pk]
    assert set(tree.subtree_ids(units["province"].pk)) == set(tree.nodes)


def test_a_unit_stands_only_in_the_trees_of_its_days(units):
    assert units["old_board"].pk in tree_on(date(2025, 2, 28))
    assert units["old_board"].pk not in tree_on(date(2025, 3, 1))


def test_an_office_of_a_commune_is_no_commune(units):
    tree = tree_on(DAY)
    assert [node.code for node in tree.nodes.values() if node.is_commune] == ["X17971"]


@pytest.mark.parametrize("words", ["kim lien", "KIM LIÊN", "Kim Lie\u0302n"])
def test_search_needs_no_marks(units, words):
    found = tree_on(DAY).search(words)
    assert found == [units["commune"].pk, units["office"].pk]


def test_a_kept_tree_costs_one_query(units, django_assert_num_queries):
    forget_trees()
    with django_assert_num_queries(2):
        tree_on(DAY)
    with django_assert_num_queries(1):
        tree_on(DAY)


def test_a_change_of_the_register_is_seen_at_once(units):
    tree_on(DAY)
    version = OrganisationVersion.objects.get(organisation=units["hospital"])
    version.name = "Bệnh viện Hữu nghị Đa khoa"
    version.save()
    assert tree_on(DAY).name(units["hospital"].pk) == "Bệnh viện Hữu nghị Đa khoa"
    OrganisationVersion.objects.filter(organisation=units["office"]).delete()
    assert units["office"].pk not in tree_on(DAY)


@pytest.mark.parametrize("code", ["17971", "X17971"])
def test_a_commune_is_found_by_its_official_number(units, code):
    assert organisation_by_code(code, DAY) == units["commune"].pk


def test_a_code_names_nothing_before_its_first_day(units):
    assert organisation_by_code("17971", date(2019, 12, 31)) is None


def succession(before: Organisation, after: Organisation | None, kind: str, day: date) -> None:
    Succession.objects.create(predecessor=before, successor=after, kind=kind, effective_from=day)


def test_the_main_line_is_followed_to_its_end_on_that_day(units):
    first, second, third = units["old_board"], units["board"], units["health"]
    succession(first, second, SuccessionKind.MERGE, date(2025, 3, 1))
    succession(second, third, SuccessionKind.ABSORB, date(2026, 3, 1))
    assert [
        successor_on(first.pk, day)
        for day in (date(2025, 2, 28), date(2025, 3, 1), date(2026, 3, 1))
    ] == [first.pk, second.pk, third.pk]


def test_functions_and_dissolved_districts_move_nobody(units):
    first, second = units["old_board"], units["board"]
    succession(first, second, SuccessionKind.FUNCTION_TRANSFER, date(2025, 3, 1))
    succession(first, second, SuccessionKind.DISSOLVE_DISTRICT, date(2025, 3, 1))
    succession(first, None, SuccessionKind.MERGE, date(2025, 3, 1))
    assert successor_on(first.pk, DAY) == first.pk


def test_many_successors_cost_one_query(units, django_assert_num_queries):
    everybody = [unit.pk for unit in units.values()]
    with django_assert_num_queries(1):
        assert successors_on(everybody, DAY) == {unit: unit for unit in everybody}
