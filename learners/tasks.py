"""Work that may wait."""

from collections.abc import Callable

from django.utils import timezone
from django_tasks import task

from courses.import_report import ImportRefused
from learners.actions import roles
from learners.actions.attempts import hand_in_overdue
from learners.actions.class_mails import send_due
from learners.actions.class_notices import write_due
from learners.actions.recounting import recount_period
from learners.actions.remarking import apply_remarking
from learners.actions.reminders import send_mails
from learners.actions.reorganisations import bring_back, due_reorganisations, put_into_effect
from learners.choices import ImportState
from learners.evidence.making import forget_files, make
from learners.imports import businesses
from learners.imports.attendance import enter
from learners.imports.outside import process
from learners.imports.staff import apply_list, check_list
from learners.models import (
    AttendanceFile,
    BusinessList,
    OutsideFile,
    ReminderRun,
    ReportingPeriod,
    StaffImport,
    User,
)
from learners.permissions import business_communes, importable_people
from learners.personal_data import erasing


@task(queue_name="reports")
def recount_today() -> None:
    """Read the register anew: posts that began or ended with the date move people. Idempotent."""
    for period in ReportingPeriod.objects.covering(timezone.localdate()):
        recount_period(period)


@task(queue_name="reports")
def recount_all() -> None:
    """Recount every year: a target, a rule or a definition has changed. Idempotent."""
    for period in ReportingPeriod.objects.all():
        recount_period(period)


@task
def hand_in_overdue_attempts() -> None:
    """Hand in the quizzes whose time is over and whose learners never came back. Idempotent."""
    hand_in_overdue()


@task(queue_name="reports")
def remark_attempts(remarking_id: int) -> None:
    """Mark anew everybody who was asked the corrected question. Idempotent."""
    apply_remarking(remarking_id)


@task
def send_reminders(run_id: int) -> None:
    """Send the mails of one run of reminders. Idempotent; tried again while no server answers."""
    send_mails(ReminderRun.objects.select_related("period", "course").get(pk=run_id))


@task
def tell_classes() -> None:
    """Tell those with a seat what is due: reminders, changed plans, seats, classes called off.
    Idempotent; tried again while no mail server answers."""
    write_due()
    send_due()


@task(queue_name="imports")
def apply_document(document_id: int) -> None:
    """Put one reorganisation into effect, or send it back with the reason. Idempotent."""
    put_into_effect(document_id)


@task(queue_name="imports")
def undo_document(document_id: int) -> None:
    """Take one reorganisation back, or say why not. Idempotent."""
    bring_back(document_id)


@task(queue_name="imports")
def apply_due_documents() -> None:
    """Put into effect what was set in motion for a day that has come. Idempotent."""
    for document_id in due_reorganisations():
        put_into_effect(document_id)


@task(queue_name="imports")
def try_results(file_id: str) -> None:
    """Say what a list of results would do. Changes no record; idempotent."""
    _process(file_id, dry_run=True)


@task(queue_name="imports")
def import_results(file_id: str) -> None:
    """Record a list of results. Idempotent: begun anew after a kill, it doubles nothing."""
    _process(file_id, dry_run=False)


@task(queue_name="imports")
def check_staff_list(run_id: int) -> None:
    """Say what a list of staff would do. Changes nobody; begun anew after a kill."""
    _pass_through(run_id, ImportState.CHECKING, check_list)


@task(queue_name="imports")
def apply_staff_list(run_id: int) -> None:
    """Write a list of staff into the register. Idempotent: goes on where it was killed."""
    _pass_through(run_id, ImportState.APPLYING, apply_list)


@task(queue_name="imports")
def check_business_list(run_id: int) -> None:
    """Say what a list of businesses would do. Changes none; begun anew after a kill."""
    _pass_businesses(run_id, ImportState.CHECKING, businesses.check_list)


@task(queue_name="imports")
def apply_business_list(run_id: int) -> None:
    """Write a list of businesses into the register. Idempotent: goes on where it was killed."""
    _pass_businesses(run_id, ImportState.APPLYING, businesses.apply_list)


def _pass_businesses(
    run_id: int,
    state: ImportState,
    work: Callable[[BusinessList, frozenset[int] | None], None],
) -> None:
    """With the rights that whoever brought the list has at this moment."""
    run = BusinessList.objects.filter(pk=run_id, state=state).select_related("by").first()
    if run is None or run.by is None:
        return
    try:
        work(run, business_communes(run.by))
    except ImportRefused as refusal:
        BusinessList.objects.filter(pk=run_id).update(state=ImportState.FAILED, error=str(refusal))


def _pass_through(run_id: int, state: ImportState, work: Callable[[StaffImport], None]) -> None:
    run = StaffImport.objects.filter(pk=run_id, state=state).first()
    if run is None:
        return
    try:
        work(run)
    except ImportRefused as refusal:
        StaffImport.objects.filter(pk=run_id).update(state=ImportState.FAILED, error=str(refusal))


def _process(file_id: str, *, dry_run: bool) -> None:
    file = OutsideFile.objects.select_related("source", "brought_by").get(pk=file_id)
    process(file, importable_people(file.brought_by), dry_run=dry_run)


@task(queue_name="reports")
def make_evidence_pack(pack_id: str) -> None:
    """Draw up the evidence of a class. Idempotent; begun anew after a kill."""
    make(pack_id)


@task(queue_name="reports")
def forget_evidence_files() -> None:
    """Delete the zips made long ago; their checksums stay. Idempotent."""
    forget_files()


@task(queue_name="imports")
def enter_attendance(file_id: str, lines: list[int], account_id: int) -> None:
    """Enter a list of attendance. Idempotent: begun anew after a kill, it adds what is left."""
    file = AttendanceFile.objects.select_related("class_group", "session").get(pk=file_id)
    enter(file, lines, User.objects.get(pk=account_id))


@task
def seat_authors() -> None:
    """Let those edit courses whose role as author has begun, and those no longer whose has ended.
    Idempotent."""
    roles.seat_authors(timezone.localdate())


@task
def finish_erasures() -> None:
    """Remove the files of erasures whose process was killed after its commit. Idempotent."""
    erasing.finish_erasures()
