"""Who learns and what became of it."""

from learners.models.accounts import AccountEvent, Consent, RoleGrant, User
from learners.models.assignments import Assignment
from learners.models.attempts import Attempt, ManualMark, Remarking
from learners.models.attendance_files import AttendanceFile
from learners.models.audit import AuditEntry
from learners.models.business_lists import BusinessList, BusinessListRow
from learners.models.businesses import Business
from learners.models.claims import Proof, Recheck, RecordStep, TrustedSource
from learners.models.class_notices import ClassCancellation, ClassNotice, ClassTold, ToldPlan
from learners.models.classes import Attendance, ClassKeeper, Seat, SignedSheet
from learners.models.edition_moves import EditionMove
from learners.models.enrolments import Enrolment, LessonTick
from learners.models.erasures import Erasure, Tombstone
from learners.models.evidence import EvidenceFetch, EvidencePack
from learners.models.leaves import Leave
from learners.models.merges import KeptApart, Merge
from learners.models.organisations import Organisation, OrganisationVersion, Succession
from learners.models.outside import OutsideFile, OutsideRow, OutsideSource
from learners.models.packages import PackageState
from learners.models.people import Person, Post
from learners.models.personal_numbers import PersonalNumber
from learners.models.records import Participation, TrainingRecord
from learners.models.reminders import Reminder, ReminderRun
from learners.models.reorganisations import (
    Reorganisation,
    ReorganisationChange,
    ReorganisationEvent,
    ReorganisationLine,
)
from learners.models.sign_in import SignInFailure
from learners.models.snapshots import Snapshot
from learners.models.staff_imports import HeadingMapping, StaffImport, StaffImportRow
from learners.models.subject_requests import SubjectRequest, SubjectRequestStep
from learners.models.surveys import SurveyAnswer, SurveyTicket
from learners.models.tallies import AgeTally, ParticipationTally, StaffTally, Standing
from learners.models.targets import CountingRule, Denominator, ReportingPeriod, Target

__all__ = [
    "AccountEvent",
    "AgeTally",
    "Assignment",
    "Attempt",
    "Attendance",
    "AttendanceFile",
    "AuditEntry",
    "Business",
    "BusinessList",
    "BusinessListRow",
    "ClassCancellation",
    "ClassKeeper",
    "ClassNotice",
    "ClassTold",
    "Consent",
    "CountingRule",
    "Denominator",
    "EditionMove",
    "Enrolment",
    "Erasure",
    "EvidenceFetch",
    "EvidencePack",
    "HeadingMapping",
    "KeptApart",
    "Leave",
    "LessonTick",
    "ManualMark",
    "Merge",
    "Organisation",
    "OrganisationVersion",
    "OutsideFile",
    "OutsideRow",
    "OutsideSource",
    "PackageState",
    "Participation",
    "ParticipationTally",
    "Person",
    "PersonalNumber",
    "Post",
    "Proof",
    "Recheck",
    "RecordStep",
    "Remarking",
    "Reminder",
    "ReminderRun",
    "Reorganisation",
    "ReorganisationChange",
    "ReorganisationEvent",
    "ReorganisationLine",
    "ReportingPeriod",
    "RoleGrant",
    "Seat",
    "SignInFailure",
    "SignedSheet",
    "Snapshot",
    "StaffImport",
    "StaffImportRow",
    "StaffTally",
    "Standing",
    "SubjectRequest",
    "SubjectRequestStep",
    "Succession",
    "SurveyAnswer",
    "SurveyTicket",
    "Target",
    "ToldPlan",
    "Tombstone",
    "TrainingRecord",
    "TrustedSource",
    "User",
]
