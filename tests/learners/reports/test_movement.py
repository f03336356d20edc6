"""Headcount movement by hand: every fate that a year holds, each with its day, line and reason."""

from datetime import date, timedelta

import pytest

from learners.actions.merging import merge
from learners.actions.posts import (
    Work,
    add_second_post,
    change_main_post,
    end_post,
    enter_person,
    main_post,
)
from learners.actions.reorganisations import apply_reorganisation
from learners.choices import ChangeKind, EndReason, IndicatorCode, StaffKind
from learners.models import Denominator, Organisation, OrganisationVersion, Person, Post, Target
from learners.reports.counting import staff_kinds_of
from learners.reports.movement import (
    ELSEWHERE,
    Asked,
    Line,
    Movement,
    Reason,
    RowKey,
    movement_of,
)
from learners.reports.movement_lists import all_rows
from learners.reports.places import FixedPlaces, Places
from learners.tree import forget_trees, tree_on
from tests.factories.reorganisations import document, line
from tests.factories.reports import organisation, person, viewer, world

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2025, 12, 15), date(2026, 11, 23)
EVE = FIRST - timedelta(days=1)


@pytest.fixture
def province():
    found = world()
    found.minh = viewer("minh", unit=found.province)
    return found


def asked(
    unit: Organisation | None, first: date = FIRST, last: date = LAST, tree_day: date | None = None
) -> Asked:
    forget_trees()
    eve = Asked.eve_of(first)
    places = Places(tree_on(last), eve, last)
    if tree_day is not None:
        places = FixedPlaces(tree_on(tree_day), places.units(), eve, last)
    return Asked(places, unit and unit.pk, first, last, staff_kinds_of(2026))


def movement(unit: Organisation | None, *days: date, **more) -> Movement:
    found = movement_of(asked(unit, *days, **more))
    assert found.adds_up
    return found


def told(found: Movement, row: RowKey | None = None) -> list[int]:
    """Opening, joined, left, came, went, closing; and each figure opens as long a list."""
    figures = found.whole if row is None else found.rows[row]
    for one in Line:
        assert len(list(all_rows(found, one, row))) == figures.of[one]
    return [figures.of[one] for one in Line]


def child(unit: Organisation) -> RowKey:
    return RowKey("child", unit.pk)


def names(found: Movement, one: Line, row: RowKey | None = None) -> list[tuple]:
    return [
        (entry.full_name, f"{entry.day:%d/%m}", entry.origin, entry.target, entry.reason)
        for entry in all_rows(found, one, row)
    ]


def work(unit: Organisation, kind: StaffKind = StaffKind.PUBLIC_EMPLOYEE) -> Work:
    return Work(unit.pk, unit.pk, kind, "Chuyên viên", is_it_officer=False)


def transfer(province, found: Person, unit: Organisation, day: date, **more) -> None:
    change_main_post(found, work(unit, **more), day=day, by=province.minh, why=f"QĐ {day:%d%m}/SNV")


def leave(province, found: Person, last_day: date, reason: EndReason) -> None:
    post = main_post(found)
    end_post(post, last_day=last_day, reason=reason, by=province.minh, why="QĐ 9/SNV")


def enter(province, name: str, unit: Organisation, day: date, **more) -> Person:
    fields = {"full_name": name}
    return enter_person(fields, "", work(unit, **more), day=day, by=province.minh, why="QĐ 1/TD")


# ------------------------------------------------------------------ one fate each


def test_nobody_moved(province):
    person("Nguyễn Thị Hoa", province.hospital)
    person("Trần Văn Bình", province.health)

    found = movement(province.health)

    assert told(found) == [2, 0, 0, 0, 0, 2]
    assert list(found.rows) == [RowKey("own", province.health.pk), child(province.hospital)]


def test_joined_on_the_first_day_is_in_and_on_the_eve_was_there(province):
    enter(province, "Nguyễn Thị Hoa", province.hospital, FIRST)
    enter(province, "Trần Văn Bình", province.hospital, EVE)

    found = movement(province.hospital)

    assert told(found) == [1, 1, 0, 0, 0, 2]
    assert names(found, Line.JOINED) == [
        ("Nguyễn Thị Hoa", "15/12", "", "Bệnh viện Hữu nghị Đa khoa", Reason.NEW)
    ]


def test_left_after_the_last_day_is_still_there(province):
    stays, goes = person("Nguyễn Thị Hoa", province.hospital), person("Lê Na", province.hospital)
    leave(province, stays, LAST, EndReason.RETIREMENT)
    leave(province, goes, LAST - timedelta(days=1), EndReason.RETIREMENT)

    found = movement(province.hospital)

    assert told(found) == [2, 0, 1, 0, 0, 1]
    assert names(found, Line.LEFT) == [
        ("Lê Na", "23/11", "Bệnh viện Hữu nghị Đa khoa", "", EndReason.RETIREMENT)
    ]
    assert told(movement(province.hospital, FIRST, LAST + timedelta(days=1))) == [2, 0, 2, 0, 0, 0]


def test_the_year_changes_at_midnight_of_14_december(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    leave(province, hoa, date(2025, 12, 14), EndReason.RETIREMENT)

    assert told(movement(province.hospital)) == [1, 0, 1, 0, 0, 0]
    assert told(movement(province.hospital, date(2024, 12, 15), EVE)) == [1, 0, 0, 0, 0, 1]


def test_transferred_twice_moves_each_unit_and_cancels_above(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    transfer(province, hoa, province.health, date(2026, 3, 1))
    transfer(province, hoa, province.school, date(2026, 6, 1))

    assert told(movement(province.hospital)) == [1, 0, 0, 0, 1, 0]
    health = movement(province.health)
    assert told(health) == [1, 0, 0, 0, 1, 0]
    assert told(health, RowKey("own", province.health.pk)) == [0, 0, 0, 1, 1, 0]
    assert told(health, child(province.hospital)) == [1, 0, 0, 0, 1, 0]
    assert health.inside == 1
    assert told(movement(province.school)) == [0, 0, 0, 1, 0, 1]
    whole = movement(province.province)
    assert told(whole) == [1, 0, 0, 0, 0, 1]
    assert told(whole, child(province.health)) == [1, 0, 0, 0, 1, 0]
    assert told(whole, child(province.education)) == [0, 0, 0, 1, 0, 1]
    assert names(whole, Line.CAME, child(province.education)) == [
        (
            "Nguyễn Thị Hoa",
            "01/06",
            "Sở Y tế",
            "Trường THPT Phan Bội Châu",
            EndReason.TRANSFER,
        )
    ]


def test_transferred_out_and_back_is_told_both_times(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    transfer(province, hoa, province.school, date(2026, 3, 1))
    transfer(province, hoa, province.hospital, date(2026, 9, 1))

    found = movement(province.hospital)

    assert told(found) == [1, 0, 0, 1, 1, 1]
    assert [row[1] for row in names(found, Line.WENT)] == ["01/03"]
    assert [row[1] for row in names(found, Line.CAME)] == ["01/09"]
    assert told(movement(None)) == [1, 0, 0, 0, 0, 1]


def test_retired_and_taken_on_again(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    leave(province, hoa, date(2026, 2, 28), EndReason.RETIREMENT)
    transfer(province, hoa, province.school, date(2026, 5, 1))

    whole = movement(None)

    assert told(whole) == [1, 1, 1, 0, 0, 1]
    assert [row[-1] for row in names(whole, Line.LEFT)] == [EndReason.RETIREMENT]
    assert [row[-1] for row in names(whole, Line.JOINED)] == [Reason.RETURNED]
    assert told(movement(province.hospital)) == [1, 0, 1, 0, 0, 0]
    assert told(movement(province.school)) == [0, 1, 0, 0, 0, 1]


def test_came_and_left_within_the_days(province):
    hoa = enter(province, "Nguyễn Thị Hoa", province.hospital, date(2026, 2, 1))
    leave(province, hoa, date(2026, 2, 3), EndReason.RESIGNATION)

    assert told(movement(province.hospital)) == [0, 1, 1, 0, 0, 0]


def test_change_of_staff_kind_counts_in_and_out_with_its_reason(province):
    hoa = enter(province, "Nguyễn Thị Hoa", province.hospital, EVE, kind=StaffKind.CONTRACT)
    na = person("Lê Na", province.hospital)
    transfer(province, hoa, province.hospital, date(2026, 4, 1), kind=StaffKind.PUBLIC_EMPLOYEE)
    transfer(province, na, province.hospital, date(2026, 5, 1), kind=StaffKind.CONTRACT)

    found = movement(province.hospital)

    assert told(found) == [1, 1, 1, 0, 0, 1]
    assert found.reasons[Line.JOINED] == {Reason.NOW_COUNTED: 1}
    assert found.reasons[Line.LEFT] == {Reason.NOT_COUNTED: 1}


def test_denominator_of_the_year_decides_who_is_counted(province):
    enter(province, "Nguyễn Thị Hoa", province.hospital, date(2026, 4, 1), kind=StaffKind.CONTRACT)
    assert told(movement(province.hospital)) == [0, 0, 0, 0, 0, 0]

    wider = Denominator.objects.create(name="Cả hợp đồng", sentence="…", with_contract=True)
    Target.objects.filter(year=2026, indicator=IndicatorCode.STAFF_TRAINED).update(
        denominator=wider
    )

    assert told(movement(province.hospital)) == [0, 1, 0, 0, 0, 1]


def test_promotion_from_one_counted_kind_to_another_moves_nobody(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    transfer(province, hoa, province.hospital, date(2026, 4, 1), kind=StaffKind.CADRE)

    assert told(movement(province.hospital)) == [1, 0, 0, 0, 0, 1]


def test_second_post_counts_nobody_twice(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    add_second_post(hoa, work(province.school), day=date(2026, 3, 1), by=province.minh, why="QĐ 5")
    old = person("Lê Na", province.school)
    add_second_post(old, work(province.health), day=EVE, by=province.minh, why="QĐ 6")

    assert told(movement(None)) == [2, 0, 0, 0, 0, 2]
    assert told(movement(province.school)) == [1, 0, 0, 0, 0, 1]
    assert told(movement(province.health)) == [1, 0, 0, 0, 0, 1]


def test_second_post_goes_on_when_the_main_one_ends(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    add_second_post(hoa, work(province.school), day=EVE, by=province.minh, why="QĐ 5")
    leave(province, hoa, date(2026, 3, 31), EndReason.TRANSFER)

    assert told(movement(province.hospital)) == [1, 0, 0, 0, 1, 0]
    assert told(movement(province.school)) == [0, 0, 0, 1, 0, 1]


def test_merged_records_are_one_person(province):
    kept = person("Nguyễn Thị Hoa", province.hospital)
    twice = enter(province, "Nguyễn Thị Hoa", province.hospital, date(2026, 3, 1))
    assert told(movement(province.hospital)) == [1, 1, 0, 0, 0, 2]

    merge(kept=kept, dropped=twice, by=province.minh, why="Trùng")

    assert told(movement(province.hospital)) == [1, 0, 0, 0, 0, 1]


# ------------------------------------------------------------------ units


def put_below(province, unit: str, parent: str, day: date, number: str = "12/NQ") -> None:
    change = line(ChangeKind.REPARENT, unit, to_parent_code=parent)
    apply_reorganisation(document=document(change, day=day, number=number), by=province.minh)
    forget_trees()


def test_unit_put_below_another_is_a_transfer_for_both_and_none_for_itself(province):
    person("Nguyễn Thị Hoa", province.hospital)
    person("Lê Na", province.hospital)
    put_below(province, "NA-BV", "X17950", date(2026, 7, 1))

    health, commune = movement(province.health), movement(province.commune)

    assert told(health) == [2, 0, 0, 0, 2, 0]
    assert told(health, ELSEWHERE) == [2, 0, 0, 0, 2, 0]
    assert told(commune) == [0, 0, 0, 2, 0, 2]
    assert told(commune, child(province.hospital)) == [0, 0, 0, 2, 0, 2]
    assert [row.decision for row in all_rows(commune, Line.CAME, None)] == ["12/NQ", "12/NQ"]
    assert commune.reasons[Line.CAME] == {Reason.REORGANISED: 2}
    assert told(movement(province.hospital)) == [2, 0, 0, 0, 0, 2]
    whole = movement(province.province)
    assert told(whole) == [2, 0, 0, 0, 0, 2]
    assert whole.inside == 2


def test_who_joined_a_unit_before_it_moved_is_new_there_and_comes_along(province):
    person("Lê Na", province.hospital)
    enter(province, "Nguyễn Thị Hoa", province.hospital, date(2026, 2, 1))
    put_below(province, "NA-BV", "X17950", date(2026, 7, 1))
    enter(province, "Trần Văn Bình", province.hospital, date(2026, 8, 1))

    assert told(movement(province.health)) == [1, 1, 0, 0, 2, 0]
    assert told(movement(province.commune)) == [0, 1, 0, 2, 0, 3]
    assert told(movement(province.hospital)) == [1, 2, 0, 0, 0, 3]


def test_by_one_tree_throughout_a_reorganisation_is_no_movement(province):
    person("Nguyễn Thị Hoa", province.hospital)
    put_below(province, "NA-BV", "X17950", date(2026, 7, 1))
    hoa = Person.objects.get()
    transfer(province, hoa, province.school, date(2026, 9, 1))

    by_new = {unit: movement(unit, tree_day=LAST) for unit in (province.health, province.commune)}
    by_old = {unit: movement(unit, tree_day=EVE) for unit in (province.health, province.commune)}

    assert told(by_new[province.commune]) == [1, 0, 0, 0, 1, 0]
    assert told(by_new[province.health]) == [0, 0, 0, 0, 0, 0]
    assert told(by_old[province.commune]) == [0, 0, 0, 0, 0, 0]
    assert told(by_old[province.health]) == [1, 0, 0, 0, 1, 0]


def test_merger_and_new_name_below_one_unit_move_nobody(province):
    clinic = organisation("NA-PK", "Phòng khám", province.health)
    person("Nguyễn Thị Hoa", province.hospital)
    person("Lê Na", clinic)
    made = document(
        line(ChangeKind.MERGE, "NA-BV", "NA-TT", "Trung tâm Y tế"),
        line(ChangeKind.MERGE, "NA-PK", "NA-TT", "Trung tâm Y tế"),
        day=date(2026, 7, 1),
    )
    apply_reorganisation(document=made, by=province.minh)
    centre = OrganisationVersion.objects.get(code="NA-TT").organisation

    health = movement(province.health)

    assert told(health) == [2, 0, 0, 0, 0, 2]
    assert told(health, child(centre)) == [2, 0, 0, 0, 0, 2]
    assert told(movement(centre)) == [2, 0, 0, 0, 0, 2]


def test_merger_across_parents_is_a_transfer_between_them(province):
    person("Nguyễn Thị Hoa", province.hospital)
    person("Lê Na", province.school)
    made = document(line(ChangeKind.ABSORB, "NA-BV", "NA-THPT"), day=date(2026, 7, 1))
    apply_reorganisation(document=made, by=province.minh)

    assert told(movement(province.health)) == [1, 0, 0, 0, 1, 0]
    education = movement(province.education)
    assert told(education) == [1, 0, 0, 1, 0, 2]
    assert names(education, Line.CAME) == [
        (
            "Nguyễn Thị Hoa",
            "01/07",
            "Bệnh viện Hữu nghị Đa khoa",
            "Trường THPT Phan Bội Châu",
            Reason.REORGANISED,
        )
    ]
    assert told(movement(province.school)) == [2, 0, 0, 0, 0, 2]
    assert told(movement(None)) == [2, 0, 0, 0, 0, 2]


def test_people_of_a_unit_that_ended_without_an_heir_are_told_apart(province):
    clinic = organisation("NA-PK", "Phòng khám", province.health, valid_to=date(2026, 6, 30))
    hoa = person("Nguyễn Thị Hoa", clinic)
    person("Lê Na", clinic)
    transfer(province, hoa, province.hospital, date(2026, 7, 1))

    whole, health = movement(None), movement(province.health)

    assert told(whole) == [2, 0, 0, 0, 0, 2]
    assert told(whole, ELSEWHERE) == [0, 0, 0, 1, 0, 1]
    assert told(health) == [2, 0, 0, 0, 1, 1]
    assert told(health, ELSEWHERE) == [2, 0, 0, 0, 2, 0]
    assert told(health, child(province.hospital)) == [0, 0, 0, 1, 0, 1]


# ------------------------------------------------------------------ what a list says


def test_decision_typed_by_the_officer_stands_beside_the_name(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital, staff_number="NA7")
    transfer(province, hoa, province.school, date(2026, 3, 1))
    leave(province, hoa, date(2026, 8, 31), EndReason.AWAY)

    went = list(all_rows(movement(province.hospital), Line.WENT, None))
    left = list(all_rows(movement(province.school), Line.LEFT, None))

    assert [(row.staff_number, row.staff_kind, row.decision) for row in went] == [
        ("NA7", str(StaffKind.PUBLIC_EMPLOYEE.label), "QĐ 0103/SNV")
    ]
    assert [(row.day, row.reason, row.decision) for row in left] == [
        (date(2026, 9, 1), EndReason.AWAY, "QĐ 9/SNV")
    ]


def test_months_of_a_year_follow_one_another(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    transfer(province, hoa, province.school, date(2026, 3, 14))
    transfer(province, hoa, province.hospital, date(2026, 3, 15))
    enter(province, "Lê Na", province.hospital, date(2026, 6, 14))

    quarters = [
        told(movement(province.hospital, date(2025, 12, 15), date(2026, 3, 14))),
        told(movement(province.hospital, date(2026, 3, 15), date(2026, 6, 14))),
        told(movement(province.hospital, date(2026, 6, 15), date(2026, 9, 14))),
    ]

    assert quarters == [[1, 0, 0, 0, 1, 0], [0, 1, 0, 1, 0, 2], [2, 0, 0, 0, 0, 2]]


@pytest.mark.parametrize("unit", ["health", None])
def test_queries_do_not_grow_with_people_and_units(province, unit, django_assert_num_queries):
    of = unit and getattr(province, unit)

    def grow(number: int) -> None:
        more = organisation(f"NA-{number}", f"Phòng {number}", province.health)
        found = person(f"Nguyễn Văn {number}", more)
        transfer(province, found, province.hospital, date(2026, 3, 1))
        enter(province, f"Lê Văn {number}", more, date(2026, 4, 1))

    grow(1)
    question = asked(of)
    with django_assert_num_queries(4):
        movement_of(question)
    grow(2)
    grow(3)
    question = asked(of)
    with django_assert_num_queries(4):
        movement_of(question)


def test_closing_figure_is_the_headcount_of_the_report(province):
    for number in range(3):
        person(f"Nguyễn Văn {number}", province.hospital)
    Post.objects.filter(person__full_name="Nguyễn Văn 1").update(valid_to=date(2026, 1, 1))

    assert told(movement(province.health)) == [3, 0, 1, 0, 0, 2]
