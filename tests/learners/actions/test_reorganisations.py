"""Reorganisations: everybody and everything goes along, once, and comes back exactly."""

from datetime import date

import pytest
from django.utils.translation import override

from learners.actions.assignments import assign_course
from learners.actions.recounting import differences
from learners.actions.reorganisation_journal import CannotUndo
from learners.actions.reorganisation_plan import plan_reorganisation
from learners.actions.reorganisations import (
    CannotApply,
    DocumentIsClosed,
    apply_reorganisation,
    ask_back,
    refuse_reorganisation,
    schedule_reorganisation,
    sign_reorganisation,
    stop_reorganisation,
    undo_reorganisation,
)
from learners.choices import Level, Role, Status
from learners.models import (
    Assignment,
    OrganisationVersion,
    Person,
    Post,
    Reorganisation,
    ReportingPeriod,
    RoleGrant,
    Standing,
    Succession,
    TrainingRecord,
)
from learners.permissions import APPROVE_RECORDS, claims_for
from learners.tree import organisation_by_code, successor_on, tree_on
from tests.factories.learning import small_course
from tests.factories.reorganisations import DAY, document, line, register
from tests.factories.reports import on_23_november, organisation, person, recount, viewer, world

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
EVE = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("en"):
        yield


@pytest.fixture
def place():
    """Health and education, each with a unit below; people in every standing."""
    found = world()
    found.hoa = person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE, staff_number="NA1")
    found.binh = person("Trần Văn Bình", found.health, Status.WAITING, staff_number="NA2")
    found.lan = person("Lê Thị Lan", found.education, staff_number="NA3")
    return recount(found)


def merger(**more):
    """Health and education become one department."""
    return document(
        line("merge", "NA-SYT", "NA-SYTGD", "Sở Y tế và Giáo dục"),
        line("merge", "NA-SGDDT", "NA-SYTGD", "Sở Y tế và Giáo dục"),
        **more,
    )


def unit_of(found: Person, day: date = TODAY) -> str:
    post = Post.objects.on(day).get(person=found)
    return tree_on(day)[post.managing_unit_id].code


def wrong_figures() -> list:
    return [d for period in ReportingPeriod.objects.all() for d in differences(period)]


def texts(made: Reorganisation) -> list[str]:
    return [fault.text for fault in plan_reorganisation(made).faults]


# ------------------------------------------------------------------ the dry run


def test_the_dry_run_says_who_goes_where_and_writes_nothing(place):
    viewer("minh", unit=place.health)
    person("Võ Văn Tin", place.health, staff_number="NA4")
    Post.objects.filter(person__staff_number="NA4").update(is_it_officer=True)
    made = merger()
    before = register()
    plan = plan_reorganisation(made)
    assert [
        (o.from_name, o.to_name, len(o.people), o.claims, o.officers, o.it_officers)
        for o in plan.lines
    ] == [
        ("Sở Y tế", "Sở Y tế và Giáo dục", 2, 1, 1, 1),
        ("Sở Giáo dục và Đào tạo", "Sở Y tế và Giáo dục", 1, 0, 0, 0),
    ]
    assert (plan.people, plan.claims, plan.left, plan.faults) == (3, 1, {}, [])
    assert register() == before


def test_the_dry_run_costs_the_same_for_one_line_and_for_more(place, django_assert_num_queries):
    one = document(line("absorb", "NA-SYT", "NA-SGDDT"))
    two = merger(number="13")
    with django_assert_num_queries(6):
        plan_reorganisation(one)
    with django_assert_num_queries(6):
        plan_reorganisation(two)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "The document has no lines yet."),
        (
            [line("merge", "NA-NONE", "NA-X", "X")],
            "No unit has the code NA-NONE on 30/06/2026. Check the code and the date.",
        ),
        ([line("merge", "NA-SYT")], "Write the code of the unit that follows."),
        ([line("merge", "NA-SYT", "NA-X")], "Write the name of the new unit NA-X."),
        ([line("rename", "NA-SYT")], "Write the new name."),
        ([line("re-parent", "NA-BV")], "Write the code of the unit above."),
        (
            [line("absorb", "NA-SYT", "NA-X", "X")],
            "No unit with the code NA-X goes on. A new unit is made by merging.",
        ),
        ([line("split", "NA-SYT", "NA-SYT")], "A unit cannot follow itself. Check the two codes."),
        (
            [line("absorb", "NA-SYT", "NA-SGDDT", "Sở Khác")],
            "NA-SGDDT is Sở Giáo dục và Đào tạo. Add a line that renames it, or take another code.",
        ),
        (
            [line("dissolve", "NA-SYT")],
            "Bệnh viện Hữu nghị Đa khoa stands below Sở Y tế, which ends. Add a line for it.",
        ),
        (
            [line("re-parent", "NA-SYT", to_parent_code="NA-BV")],
            "Sở Y tế would stand below itself. Check the units above.",
        ),
        (
            [line("re-parent", "NA-BV", to_parent_code="NA-NONE")],
            "No unit has the code NA-NONE from the day of effect on.",
        ),
        (
            [line("absorb", "NA-SYT", "NA-SGDDT"), line("rename", "NA-SYT", name="Y")],
            "Another line ends Sở Y tế. Take one of the two out.",
        ),
        (
            [line("merge", "NA-SYT", "NA-X", "X"), line("merge", "NA-SGDDT", "NA-X", "Y")],
            "Two lines describe the new unit NA-X differently.",
        ),
        (
            [line("absorb", "NA-SYT", "NA-SGDDT"), line("merge", "NA-SYT", "NA-X", "X")],
            "Another line sends everybody of Sở Y tế elsewhere. Name the people here.",
        ),
        (
            [line("split", "NA-SYT", "NA-X", "X", people="all")],
            "Sở Y tế goes on: name the people who leave it.",
        ),
        (
            [line("split", "NA-SYT", "NA-X", "X", people="named", staff_numbers="NA3 NA1")],
            "Nobody of this unit has the staff number NA3, NA1.",
        ),
        (
            [line("found", "", "NA-X", "X")],
            "Write code, name and level of the new unit, and the unit above.",
        ),
        (
            [line("found", "", "NA-BV", "X", to_level="province", to_parent_code="H41")],
            "There is a unit with the code NA-BV already. Take another code.",
        ),
        (
            [line("dissolve", "NA-BV", people="all")],
            "Write the code of the unit to which the people go.",
        ),
    ],
)
def test_a_faulty_document_says_what_is_wrong_and_changes_nothing(place, lines, sentence):
    made = document(*lines)
    before = register()
    assert sentence in texts(made)
    with pytest.raises(CannotApply):
        apply_reorganisation(document=made)
    made.refresh_from_db()
    assert (register(), made.state) == (before, "draft")


def test_a_document_about_the_past_of_a_known_register_is_refused(place):
    organisation("NA-SYTGD", "Sở Y tế và Giáo dục", place.province, valid_from=date(2026, 9, 1))
    assert texts(merger()) == [
        "The register has Sở Y tế và Giáo dục (NA-SYTGD) from 01/09/2026 on already."
    ]


# ------------------------------------------------------------------ into effect


def test_a_merger_moves_units_people_and_figures_with_their_dates(place):
    apply_reorganisation(document=merger())
    new = organisation_by_code("NA-SYTGD", DAY)
    tree = tree_on(DAY)
    assert organisation_by_code("NA-SYT", DAY) is None
    assert organisation_by_code("NA-SYT", EVE) == place.health.pk
    assert sorted(tree[child].code for child in tree.children(new)) == ["NA-BV", "NA-THPT"]
    assert tree[new].is_specialised
    assert successor_on(place.health.pk, DAY) == new
    assert [unit_of(p) for p in (place.hoa, place.binh, place.lan)] == [
        "NA-BV",
        "NA-SYTGD",
        "NA-SYTGD",
    ]
    assert unit_of(place.binh, EVE) == "NA-SYT"
    assert wrong_figures() == []


def test_a_past_year_keeps_its_tree_and_its_people(place):
    past = ReportingPeriod.objects.get(year=2025)
    before = list(past_rows(past))
    apply_reorganisation(document=merger())
    assert list(past_rows(past)) == before


def past_rows(period):

    return (
        Standing.objects.filter(period=period)
        .order_by("person")
        .values_list("person", "organisation")
    )


def test_applied_and_taken_back_everything_is_as_before(place):
    minh = viewer("minh", unit=place.health)
    citizen = Person.objects.create(full_name="Hồ A", audience="student", commune=place.commune)
    assign_course(
        Assignment(course=small_course(lessons=1), unit=place.health, due_on=TODAY, reason="KH"),
        by=minh,
    )
    made = document(
        line("merge", "NA-SYT", "NA-SYTGD", "Sở Y tế và Giáo dục"),
        line("merge", "NA-SGDDT", "NA-SYTGD"),
        line("rename", "NA-TU", name="Tỉnh ủy"),
        line("merge", "X17950", "X17950", "Ủy ban nhân dân xã Vạn An"),
    )
    before = register()
    apply_reorganisation(document=made)
    citizen.refresh_from_db()
    assert citizen.commune_id == organisation_by_code("X17950", DAY) != place.commune.pk
    assert register() != before
    undo_reorganisation(document=made)
    assert register() == before
    assert wrong_figures() == []
    assert not made.changes.exists()
    apply_reorganisation(document=made)
    assert wrong_figures() == []


def test_pending_approvals_and_the_officers_role_go_to_the_successor(place):
    minh = viewer("minh", unit=place.health)
    lan = viewer("lan", unit=place.education)
    apply_reorganisation(document=merger())
    new = organisation_by_code("NA-SYTGD", DAY)
    grants = RoleGrant.objects.filter(user=minh).order_by("valid_from")
    assert list(grants.values_list("organisation_id", "valid_from", "valid_to")) == [
        (place.health.pk, date(2025, 7, 1), EVE),
        (new, DAY, None),
    ]
    waiting = TrainingRecord.objects.get(person=place.binh)
    for officer in (minh, lan):
        assert waiting in claims_for(officer, APPROVE_RECORDS)


def test_one_officer_of_both_units_gets_one_role(place):
    both = viewer("both", unit=place.health)
    RoleGrant.objects.create(
        user=both, role=Role.OFFICER, organisation=place.education, valid_from=date(2026, 1, 1)
    )
    apply_reorganisation(document=merger())
    assert RoleGrant.objects.filter(user=both, valid_to=None).count() == 1


def test_the_people_named_go_with_their_line_and_the_rest_with_everybody(place):
    made = document(
        line("merge", "NA-SYT", "NA-SYT2", "Sở Y tế mới"),
        line("function-transfer", "NA-SYT", "NA-SGDDT", staff_numbers="na2", note="y tế học đường"),
    )
    dung = person("Phan Dũng", place.health)
    apply_reorganisation(document=made)
    assert (unit_of(place.binh), unit_of(dung)) == ("NA-SGDDT", "NA-SYT2")
    assert Succession.objects.get(kind="function-transfer").note == "y tế học đường"
    assert successor_on(place.health.pk, DAY) == organisation_by_code("NA-SYT2", DAY)


def test_a_part_split_off_takes_the_people_named_and_leaves_the_others(place):
    made = document(
        line("split", "NA-SYT", "NA-CDC", "Trung tâm kiểm soát bệnh tật", staff_numbers="NA2")
    )
    dung = person("Phan Dũng", place.health)
    apply_reorganisation(document=made)
    assert (unit_of(place.binh), unit_of(dung)) == ("NA-CDC", "NA-SYT")
    assert successor_on(place.health.pk, DAY) == place.health.pk


def test_a_renamed_unit_stays_itself_and_nobody_moves(place):
    posts = list(Post.objects.values_list("pk", "valid_to"))
    apply_reorganisation(document=document(line("rename", "NA-SYT", name="Sở Sức khỏe")))
    assert organisation_by_code("NA-SYT", DAY) == place.health.pk
    names = OrganisationVersion.objects.filter(organisation=place.health).order_by("valid_from")
    assert list(names.values_list("name", "valid_to")) == [("Sở Y tế", EVE), ("Sở Sức khỏe", None)]
    assert list(Post.objects.values_list("pk", "valid_to")) == posts


def test_a_unit_below_another_keeps_its_people_and_changes_its_level(place):
    made = document(line("re-parent", "NA-BV", to_parent_code="X17950", to_level=Level.COMMUNE))
    apply_reorganisation(document=made)
    node = tree_on(DAY)[place.hospital.pk]
    assert (node.parent_id, node.level) == (place.commune.pk, "commune")


def test_who_would_be_left_without_a_unit_is_named_and_has_to_be_confirmed(place):
    made = document(line("dissolve", "NA-BV"))
    assert plan_reorganisation(made).left == {place.hospital.pk: {place.hoa.pk}}
    with pytest.raises(CannotApply, match="1 people would be left"):
        apply_reorganisation(document=made)
    schedule_reorganisation(document=made, by=viewer("hr"), leaves_people=True)
    apply_reorganisation(document=made)
    assert Post.objects.get(person=place.hoa).managing_unit_id == place.hospital.pk
    assert wrong_figures() == []


def test_only_the_place_of_work_ends(place):
    Post.objects.filter(person=place.hoa).update(using_unit=place.health)
    apply_reorganisation(document=merger())
    post = Post.objects.on(DAY).get(person=place.hoa)
    assert post.managing_unit_id == place.hospital.pk
    assert post.using_unit_id == organisation_by_code("NA-SYTGD", DAY)


def test_a_post_that_begins_later_begins_at_the_successor(place):
    later = Person.objects.create(full_name="Cao Mai")
    post = Post.objects.create(
        person=later,
        managing_unit=place.health,
        using_unit=place.health,
        staff_kind="cadre",
        valid_from=date(2026, 12, 1),
    )
    apply_reorganisation(document=merger())
    post.refresh_from_db()
    assert (post.managing_unit_id, post.valid_from) == (
        organisation_by_code("NA-SYTGD", DAY),
        date(2026, 12, 1),
    )


def test_the_same_course_given_to_both_units_stays_given_once(place):
    hr = viewer("hr")
    course = small_course(lessons=1)
    for unit in (place.health, place.education):
        assign_course(Assignment(course=course, unit=unit, due_on=TODAY, reason="KH"), by=hr)
    apply_reorganisation(document=merger())
    (left,) = Assignment.objects.in_force()
    assert left.unit_id == organisation_by_code("NA-SYTGD", DAY)


# ------------------------------------------------------------------ once, and in order


def test_a_second_click_applies_nothing(place):
    made = merger()
    hr = viewer("hr")
    schedule_reorganisation(document=made, by=hr)
    with pytest.raises(DocumentIsClosed):
        schedule_reorganisation(document=Reorganisation.objects.get(), by=hr)
    apply_reorganisation(document=made)
    after = register()
    with pytest.raises(DocumentIsClosed):
        apply_reorganisation(document=Reorganisation.objects.get())
    assert register() == after


def test_a_document_waits_for_its_day(place):
    made = merger(day=date(2027, 1, 1))
    with pytest.raises(CannotApply, match="01/01/2027"):
        apply_reorganisation(document=made)
    hr = viewer("hr")
    schedule_reorganisation(document=made, by=hr)
    stop_reorganisation(document=made, by=hr)
    assert (made.state, made.is_busy) == ("draft", False)


def test_what_is_settled_is_not_taken_back(place):
    made, hr = merger(), viewer("hr")
    apply_reorganisation(document=made)
    sign_reorganisation(document=made, by=hr)
    for step in (
        lambda: undo_reorganisation(document=made),
        lambda: ask_back(document=made, by=hr),
        lambda: sign_reorganisation(document=made, by=hr),
    ):
        with pytest.raises(DocumentIsClosed):
            step()
    assert [event.step for event in made.events.all()] == ["applied", "signed"]


def test_what_was_changed_since_is_not_taken_back(place):
    made = merger()
    apply_reorganisation(document=made)
    Post.objects.filter(person=place.binh, valid_to=None).update(title="Trưởng phòng")
    with pytest.raises(CannotUndo, match="1 rows of “posts”"):
        undo_reorganisation(document=made)
    made.refresh_from_db()
    assert made.state == "applied"


def test_units_in_use_since_are_not_taken_back(place):
    made = merger()
    apply_reorganisation(document=made)
    new = OrganisationVersion.objects.get(code="NA-SYTGD").organisation
    person("Người mới", new)
    before = register()
    with pytest.raises(CannotUndo, match="posts"):
        undo_reorganisation(document=made)
    assert register() == before


def test_the_later_document_is_taken_back_first(place):
    first = merger()
    apply_reorganisation(document=first)
    second = document(line("rename", "NA-SYTGD", name="Sở Khác"), day=date(2026, 9, 1), number="14")
    apply_reorganisation(document=second)
    with pytest.raises(CannotUndo):
        undo_reorganisation(document=first)
    undo_reorganisation(document=second)
    undo_reorganisation(document=first)
    assert wrong_figures() == []


def test_a_refusal_goes_back_to_the_desk_with_its_reason(place):
    made, hr = merger(), viewer("hr")
    schedule_reorganisation(document=made, by=hr)
    refuse_reorganisation(made, "Thiếu mã.")
    made.refresh_from_db()
    assert (made.state, made.error, made.events.last().step) == ("draft", "Thiếu mã.", "refused")
    apply_reorganisation(document=made)
    ask_back(document=made, by=hr)
    refuse_reorganisation(made, "Có người mới.")
    made.refresh_from_db()
    assert (made.state, made.events.last().step) == ("applied", "kept")


def test_a_new_unit_that_follows_nobody_stands_below_a_new_one(place):
    made = document(
        line("merge", "X17950", "X17950", "Ủy ban nhân dân xã Vạn An"),
        line(
            "found",
            "",
            "X17950-VP",
            "Văn phòng",
            to_level=Level.COMMUNE,
            to_parent_code="X17950",
        ),
    )
    apply_reorganisation(document=made)
    tree = tree_on(DAY)
    office = tree[organisation_by_code("X17950-VP", DAY)]
    assert office.parent_id == organisation_by_code("X17950", DAY)
    undo_reorganisation(document=made)
    assert organisation_by_code("X17950-VP", DAY) is None
