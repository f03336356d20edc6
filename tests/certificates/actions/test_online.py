"""Issuing: under a decision, once, without gaps, frozen."""

from hashlib import sha256

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from certificates.actions.online import NoDecision, issue_certificate
from certificates.designs import draw
from certificates.models import Certificate, Register
from certificates.papers import thaw
from certificates.pdf import Unprintable
from learners.actions.enrolments import enrol
from learners.models import OrganisationVersion
from tests.factories.certificates import standing_decision
from tests.factories.learning import learnt, small_course, staff, this_period, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    this_period()
    return small_course()


@pytest.fixture
def completed(course):
    return learnt(enrol(person=staff(at=unit()), course=course))


def test_a_completed_course_yields_one_numbered_paper(completed):
    standing_decision()
    certificate = issue_certificate(completed.pk)
    assert certificate.serial == f"NA-{certificate.issued_on.year}-000001"
    assert issue_certificate(completed.pk) == certificate
    assert (Certificate.objects.count(), Register.objects.get().last_number) == (1, 1)


def test_an_unfinished_course_yields_none(course):
    standing_decision()
    enrolment = enrol(person=staff(), course=course)
    assert issue_certificate(enrolment.pk) is None
    assert Register.objects.count() == 0


def test_a_course_without_certificate_yields_none():
    this_period()
    standing_decision()
    course = small_course(gives_certificate=False)
    assert issue_certificate(learnt(enrol(person=staff(), course=course)).pk) is None


def test_without_a_decision_no_paper_is_made(completed):
    with pytest.raises(NoDecision):
        issue_certificate(completed.pk)
    assert Certificate.objects.count() == 0


def test_a_decision_that_ended_is_no_ground(completed):
    standing_decision(valid_to="2026-02-01")
    with pytest.raises(NoDecision):
        issue_certificate(completed.pk)


def test_what_is_printed_is_frozen(completed):
    standing_decision()
    certificate = issue_certificate(completed.pk)
    completed.person.full_name = "Tên Mới"
    completed.person.save()
    OrganisationVersion.objects.update(name="Đơn vị mới")
    completed.edition.course.title = "Khóa mới"
    completed.edition.course.save_revision().publish()
    certificate.refresh_from_db()
    paper = thaw(certificate.paper)
    assert (paper.full_name, paper.unit, paper.course_title, paper.result) == (
        "Nguyễn Thị Hoa",
        "Bệnh viện Hữu nghị Đa khoa Nghệ An",
        "An toàn thông tin",
        "Đạt (100/100)",
    )


def test_the_pdf_is_the_same_bytes_each_time(completed):
    standing_decision()
    certificate = issue_certificate(completed.pk)
    certificate.refresh_from_db()
    assert sha256(draw(certificate)).hexdigest() == certificate.pdf_sha256


def test_a_paper_that_would_print_wrong_is_refused_and_leaves_no_gap(course):
    standing_decision()
    khmer = learnt(enrol(person=staff("សុខា Sokha"), course=course))
    with pytest.raises(Unprintable):
        issue_certificate(khmer.pk)
    hoa = learnt(enrol(person=staff("Nguyễn Thị Hoa"), course=course))
    assert issue_certificate(hoa.pk).number == 1


def test_the_repair_command_heals_every_gap(course):
    standing_decision()
    for name in ("Nguyễn Thị Hoa", "Trần Văn Minh", "Phan Thị Lan"):
        learnt(enrol(person=staff(name), course=course))
    call_command("issue_missing_certificates")
    call_command("issue_missing_certificates")
    numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]


def test_the_repair_command_says_that_a_decision_is_missing(completed):
    with pytest.raises(CommandError, match="No standing decision"):
        call_command("issue_missing_certificates")


def test_completion_news_brings_the_paper_by_itself(course, django_capture_on_commit_callbacks):
    standing_decision()
    with django_capture_on_commit_callbacks(execute=True):
        enrolment = learnt(enrol(person=staff(), course=course))
    assert Certificate.objects.get().enrolment_id == enrolment.pk


def test_without_a_decision_the_completion_stands_all_the_same(
    course, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        enrolment = learnt(enrol(person=staff(), course=course))
    assert enrolment.completed_at is not None
    assert Certificate.objects.count() == 0
