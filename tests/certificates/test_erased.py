"""Whose data was erased keeps the papers that were issued, and gets no new ones."""

from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.actions.online import due_for_certificate, issue_certificate
from certificates.actions.withdrawal import NothingDiffers, replace
from certificates.choices import CertificateState
from certificates.eligibility import verdicts
from learners.actions.enrolments import enrol
from learners.models import Post
from learners.personal_data.erasing import confirm, propose
from tests.factories.everything import everything
from tests.factories.learning import learnt
from tests.factories.reports import on_23_november

pytestmark = pytest.mark.django_db


@pytest.fixture
def things():
    with on_23_november():
        yield everything()


def erase(things, person):
    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(person=person).update(valid_to=yesterday)
    confirm(propose(person, by=things.accounts["root"], why="Đơn"), by=things.accounts["minh"])


def test_a_completed_course_yields_no_paper_any_more(things):
    enrolment = learnt(enrol(person=things.attending, course=things.course))
    assert list(due_for_certificate()) == [enrolment]
    erase(things, things.attending)
    assert list(due_for_certificate()) == []
    assert issue_certificate(enrolment.pk) is None


def test_a_list_of_papers_refuses_with_the_reason(things):
    erase(things, things.attending)
    verdict = next(v for v in verdicts(things.group) if v.person.pk == things.attending.pk)
    assert verdict.reason != ""


def test_the_paper_stays_as_it_is_and_is_not_replaced(things):
    erase(things, things.hoa)
    before = things.certificate.paper
    with pytest.raises(NothingDiffers):
        replace(
            certificate=things.certificate,
            reason="Sai ngày sinh",
            act="1/QĐ",
            by=things.accounts["registrar"],
        )
    things.certificate.refresh_from_db()
    assert (things.certificate.paper, things.certificate.state) == (before, CertificateState.VALID)
