"""The demo world agrees with itself: what it tells could have come from use."""

import pytest
from django.core.management import call_command

from certificates.eligibility import verdicts
from courses.models import ClassGroup
from home.demo.cast import create_cast
from home.demo.claims import file_claims
from home.site import create_site
from learners.actions.attendance import days_attended
from learners.actions.claims import twins_of
from learners.choices import ClaimStep, Mode, RecordState
from learners.models import (
    Attendance,
    Participation,
    Person,
    Proof,
    RecordStep,
    ReportingPeriod,
    TrainingRecord,
    User,
)
from learners.plan import seed_plan
from learners.population import classes
from learners.reports.training import training_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(monkeypatch, tmp_path, settings):
    """The world of `load_demo`, smaller, without its courses."""
    settings.PRIVATE_ROOT = tmp_path
    monkeypatch.setattr(classes, "PARTICIPATIONS", 60)
    monkeypatch.setattr(classes, "EARLIER_PARTICIPATIONS", 30)
    create_site()
    call_command("import_agencies", verbosity=0)
    seed_plan()
    create_cast()
    call_command("make_population", people=120, verbosity=0)


def test_presence_says_who_took_part_who_completed_and_what_was_learnt(demo):
    taken = list(Participation.objects.select_related("person", "class_group"))
    assert len(taken) == 60 + 2 * 30
    for one in taken:
        days = days_attended(one.class_group, [one.person])[one.person_id]
        needed = one.class_group.sessions_needed(one.class_group.sessions.count())
        assert one.happened_on == days[0]
        assert one.completed == (len(days) >= needed)
        records = TrainingRecord.objects.filter(person=one.person, class_group=one.class_group)
        expected = [RecordState.APPROVED] if one.completed else []
        assert [record.state for record in records] == expected
        told = [row.source for row in training_of(one.person_id).accepted]
        assert (one.class_group.code in told) == one.completed
    assert {one.completed for one in taken} == {True, False}
    people = Attendance.objects.values("session__class_group", "person").distinct()
    assert people.count() == len(taken)


def test_whoever_completed_a_class_may_get_its_paper(demo):
    completed: dict[ClassGroup, list[int]] = {}
    for one in Participation.objects.filter(completed=True).select_related("class_group"):
        completed.setdefault(one.class_group, []).append(one.person_id)
    reasons = [one.reason for group, them in completed.items() for one in verdicts(group, them)]
    assert len(reasons) > 60
    assert not any(reasons)


def test_hoa_has_everything_before_her(demo):
    hoa = Person.objects.get(staff_number="NA900001")
    assert training_of(hoa.pk).rows == []
    assert Participation.objects.filter(person=hoa).count() == 0


def test_what_is_declared_has_its_steps_and_a_proof_of_its_own(demo):
    quynh = User.objects.get(username="quantri")
    filed = file_claims(approver=quynh)
    this_year = ReportingPeriod.objects.order_by("year").last()
    claims = TrainingRecord.objects.filter(mode=Mode.SELF_STUDY)
    open_ones = claims.filter(state__in=(RecordState.DECLARED, RecordState.WAITING))
    approved = claims.filter(
        state=RecordState.APPROVED,
        completed_on__range=(this_year.starts_on, this_year.ends_on),
    )
    assert filed == open_ones.count() + approved.count() == Proof.objects.count() > 0
    for claim in [*open_ones, *approved]:
        said = list(RecordStep.objects.filter(record=claim).values_list("step", "by"))
        owner = claim.person.user_id
        assert (
            said
            == {
                RecordState.DECLARED: [(ClaimStep.FILED, owner)],
                RecordState.WAITING: [(ClaimStep.FILED, owner), (ClaimStep.SENT, owner)],
                RecordState.APPROVED: [
                    (ClaimStep.FILED, owner),
                    (ClaimStep.SENT, owner),
                    (ClaimStep.APPROVED, quynh.pk),
                ],
            }[claim.state]
        )
    assert not any(twins_of(open_ones).values())


def test_filing_again_changes_nothing(demo):
    quynh = User.objects.get(username="quantri")
    file_claims(approver=quynh)
    assert file_claims(approver=quynh) == 0


def test_tallies_agree_with_the_facts(demo):
    file_claims(approver=User.objects.get(username="quantri"))
    call_command("recount_targets", "--check")
