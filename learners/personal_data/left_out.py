"""What leads to a person and is still not told in his record, each with the reason."""

from django.utils.translation import gettext_lazy as _

IN_OFFICE = _("What an account did in office for others; the log of what it did is in the record.")
TOLD_WITH_ITS_ROW = _("Told with the row that it belongs to.")

_IN_OFFICE = """
RoleGrant.granted_by AccountEvent.by Assignment.given_by Assignment.withdrawn_by
Attempt.entered_by ManualMark.marked_by Remarking.done_by TrainingRecord.created_by
RecordStep.by Recheck.checked_by AttendanceFile.brought_by Seat.by Attendance.by
Attendance.revoked_by ClassCancellation.by ClassKeeper.granted_by SignedSheet.added_by
EditionMove.by
EvidencePack.asked_by EvidenceFetch.by OutsideFile.brought_by OutsideRow.settled_by
ReminderRun.by ReorganisationEvent.by Snapshot.drawn_by Snapshot.checked_by Snapshot.signed_by
Snapshot.locked_by StaffImport.by BusinessList.by Merge.by Merge.undone_by KeptApart.by
SubjectRequestStep.by Erasure.proposed_by Erasure.closed_by
"""

LEFT_OUT = {f"learners.{path}": IN_OFFICE for path in _IN_OFFICE.split()} | {
    "learners.Erasure.request": TOLD_WITH_ITS_ROW
}
