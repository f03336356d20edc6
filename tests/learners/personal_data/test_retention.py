"""Data that has had its time goes; what a figure rests on is no part of it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from learners.actions.audit import first_broken
from learners.actions.subject_requests import close
from learners.choices import (
    Act,
    BusinessOutcome,
    ImportState,
    RecordState,
    RequestState,
    RowOutcome,
)
from learners.models import (
    AuditEntry,
    BusinessList,
    BusinessListRow,
    ClassNotice,
    ClassTold,
    Proof,
    Reminder,
    StaffImport,
    StaffImportRow,
    SubjectRequest,
    TrainingRecord,
)
from tests.factories.everything import everything
from tests.factories.reports import on_23_november

pytestmark = pytest.mark.django_db
NOTHING_DUE = [
    "reminders: 0 due after 365 days",
    "class_notices: 0 due after 365 days",
    "staff_list_rows: 0 due after 365 days",
    "business_list_rows: 0 due after 365 days",
    "package_data: 0 due after 365 days",
    "request_words: 0 due after 1825 days",
    "proofs: 0 due after 3650 days",
]


@pytest.fixture
def things():
    with on_23_november():
        yield everything()


def said(*flags):
    out = StringIO()
    call_command("purge_expired", *flags, stdout=out)
    return out.getvalue().splitlines()


def make_old(things):
    """One row of each kind, a day older than it may be."""
    long_ago = timezone.now() - timedelta(days=3651)
    Reminder.objects.update(day=long_ago.date())
    notice = ClassNotice.objects.create(class_group=things.group, kind="changed", plan={})
    ClassTold.objects.create(notice=notice, person=things.hoa, channel="site", state="sent")
    ClassNotice.objects.update(made_at=long_ago)
    StaffImport.objects.update(state=ImportState.APPLIED, finished_at=long_ago)
    StaffImportRow.objects.create(
        run=things.staff_list, line=2, outcome=RowOutcome.CREATED, name="Lê Thị Na"
    )
    BusinessList.objects.update(state=ImportState.APPLIED, finished_at=long_ago)
    BusinessListRow.objects.create(
        run=things.business_list, line=2, outcome=BusinessOutcome.REFUSED, name="Tạp hóa Mai"
    )
    close(things.asked, RequestState.ANSWERED, by=things.accounts["minh"], words="Đã sửa.")
    SubjectRequest.objects.update(closed_at=long_ago)
    TrainingRecord.objects.filter(pk=things.claim.pk).update(state=RecordState.APPROVED)
    Proof.objects.update(added_at=long_ago)


def test_nothing_is_due_in_a_young_world(things):
    assert said("--dry-run") == NOTHING_DUE


def test_dry_run_says_what_is_due_and_changes_nothing(things):
    make_old(things)
    assert said("--dry-run") == [
        "reminders: 1 due after 365 days",
        "class_notices: 1 due after 365 days",
        "staff_list_rows: 1 due after 365 days",
        "business_list_rows: 1 due after 365 days",
        "package_data: 0 due after 365 days",
        "request_words: 1 due after 1825 days",
        "proofs: 1 due after 3650 days",
    ]
    assert Reminder.objects.count() == 1
    assert storages["private"].exists(things.proof.file.name)


def test_what_is_due_goes_and_the_second_time_finds_nothing(things):
    make_old(things)
    records = TrainingRecord.objects.count()
    assert said()[-1] == "proofs: 1 gone after 3650 days"
    assert said("--dry-run") == NOTHING_DUE
    assert not storages["private"].exists(things.proof.file.name)
    assert SubjectRequest.objects.get().words == "(đã xóa)"
    assert TrainingRecord.objects.count() == records
    noted = AuditEntry.objects.filter(act=Act.PURGED).order_by("number")
    assert [entry.about for entry in noted] == [
        "reminders",
        "class_notices",
        "staff_list_rows",
        "business_list_rows",
        "request_words",
        "proofs",
    ]
    assert first_broken() is None


def test_open_requests_and_undecided_proofs_stay(things):
    long_ago = timezone.now() - timedelta(days=9999)
    Proof.objects.update(added_at=long_ago)
    SubjectRequest.objects.update(received_on=long_ago.date())
    assert things.claim.state not in (RecordState.APPROVED, RecordState.RETURNED)
    assert said("--dry-run") == NOTHING_DUE


def test_nought_keeps_for_ever(things, settings):
    make_old(things)
    settings.KEEP_DAYS = settings.KEEP_DAYS | {"reminders": 0}
    assert said()[0] == "reminders: kept for ever"
    assert Reminder.objects.count() == 1
