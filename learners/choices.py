"""Vocabularies of people, posts, evidence and standing; importable from anywhere."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courses.choices import Topic

PROVINCE_CODE = "H41"
"""Electronic agency identifier of the Provincial People's Committee."""


ONLINE_SOURCE = "online"
"""Of records and participations that a course on this site yields."""

ANY_TOPIC = [("", _("Another topic")), *Topic.choices]
"""What a form offers for training that was not planned here."""


class Level(TextChoices):
    """Where an organisation stands in the tree; values as in data/agencies.csv."""

    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune or ward")


class Calendar(TextChoices):
    """By which months a year is told. Values as they stand in addresses."""

    ADMINISTRATIVE = "hanh-chinh", _("Administrative calendar")
    STATISTICAL = "thong-ke", _("Statistical calendar")


class SuccessionKind(TextChoices):
    MERGE = "merge", _("Merge")
    ABSORB = "absorb", _("Absorb")
    REPLACE = "replace", _("Rename or replace")
    DISSOLVE_DISTRICT = "dissolve-district", _("District dissolved")
    FUNCTION_TRANSFER = "function-transfer", _("Transfer of a function")
    MERGED_WHOLE = "merged-whole", _("Merged whole")
    UNCHANGED = "unchanged", _("Unchanged")
    SPLIT = "split", _("Part split off")
    DISSOLVE = "dissolve", _("Dissolved")


class ChangeKind(TextChoices):
    """What a line of a reorganisation does to a unit."""

    MERGE = "merge", _("Merge into one unit")
    ABSORB = "absorb", _("Join a unit that goes on")
    RENAME = "rename", _("Rename or replace")
    SPLIT = "split", _("Split a part off")
    REPARENT = "re-parent", _("Move below another unit")
    DISSOLVE = "dissolve", _("Dissolve")
    FUNCTION_TRANSFER = "function-transfer", _("Transfer of a function")
    FOUND = "found", _("Found a new unit")


class PeopleGo(TextChoices):
    """Who follows a line of a reorganisation."""

    ALL = "all", _("Everybody whom no other line names")
    NAMED = "named", _("The people named")
    NONE = "none", _("Nobody")


class ReorganisationState(TextChoices):
    DRAFT = "draft", _("Being prepared")
    SCHEDULED = "scheduled", _("Waits for its day")
    APPLIED = "applied", _("In effect")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    SIGNED = "signed", _("Settled")


class ReorganisationStep(TextChoices):
    """What happens to a reorganisation, in words that follow "by whom"."""

    DRAWN_UP = "drawn_up", _("Document drawn up")
    SCHEDULED = "scheduled", _("Set in motion")
    STOPPED = "stopped", _("Stopped before its day")
    APPLIED = "applied", _("Put into effect")
    REFUSED = "refused", _("Could not be put into effect")
    ASKED_BACK = "asked_back", _("Asked to undo it")
    UNDONE = "undone", _("Undone, all as before")
    KEPT = "kept", _("Could not be undone")
    SIGNED = "signed", _("Settled; it can no longer be undone")


class StaffKind(TextChoices):
    """Kind of staff ("phân loại hồ sơ"); the first three are the plan's denominator."""

    CADRE = "cadre", _("Cadre")
    CIVIL_SERVANT = "civil_servant", _("Civil servant")
    PUBLIC_EMPLOYEE = "public_employee", _("Public employee")
    CONTRACT = "contract", _("Contract staff")
    PART_TIME = "part_time", _("Part-time commune worker")


KIND_NAMES: dict[str, str] = {
    StaffKind.CADRE: "Cán bộ",
    StaffKind.CIVIL_SERVANT: "Công chức",
    StaffKind.PUBLIC_EMPLOYEE: "Viên chức",
    StaffKind.CONTRACT: "Người lao động",
    StaffKind.PART_TIME: "Không chuyên trách",
}
"""As offices write them, in whatever language the page is read."""

COUNTED_STAFF = (StaffKind.CADRE, StaffKind.CIVIL_SERVANT, StaffKind.PUBLIC_EMPLOYEE)


class BusinessKind(TextChoices):
    """The groups of the plan that are businesses; values as those of Audience."""

    ENTERPRISE = "enterprise", _("Enterprise")
    COOPERATIVE = "cooperative", _("Cooperative")
    CRAFT_VILLAGE = "craft_village", _("Craft village")
    HOUSEHOLD_BUSINESS = "household_business", _("Household business")


class EndReason(TextChoices):
    """Why a post ended; empty where a list or an older record does not say."""

    TRANSFER = "transfer", _("Transferred to another unit")
    CHANGE = "change", _("Other work in the same unit")
    RETIREMENT = "retirement", _("Retired")
    RESIGNATION = "resignation", _("Left the service")
    AWAY = "away", _("Transferred out of the province's agencies")
    CONTRACT = "contract", _("Contract ended")
    DEATH = "death", _("Died")


class LeaveKind(TextChoices):
    """Why somebody with a post is not at work for a long time; still counted as staff."""

    MATERNITY = "maternity", _("Maternity leave")
    ILLNESS = "illness", _("Long sick leave")
    UNPAID = "unpaid", _("Unpaid leave")
    STUDY = "study", _("Away for long studies")


class Role(TextChoices):
    OFFICER = "officer", _("HR officer")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")
    HELPER = "helper", _("Helper: community digital team, post office")
    AUTHOR = "author", _("Course author")


AUTHORS_GROUP = "Biên soạn"
"""The group of the administration that an author belongs to while the role lasts."""


class AccountState(TextChoices):
    """Whether the owner of an account can sign in."""

    NONE = "none", _("No account")
    NEW = "new", _("Waiting for the first sign-in")
    EXPIRED = "expired", _("Temporary password expired")
    OPEN = "open", _("In use")
    DORMANT = "dormant", _("Asleep: not used for long")
    CLOSED = "closed", _("Closed")


class AccountStep(TextChoices):
    """What happens to an account, in words that follow "by whom"."""

    OPENED = "opened", _("Account opened")
    PASSWORD = "password", _("New temporary password")
    CLOSED = "closed", _("Account closed")
    REOPENED = "reopened", _("Account opened again")
    SIGNED_UP = "signed_up", _("Signed up by oneself")
    ASSISTED = "assisted", _("Signed up with a helper's help")
    LINKED = "linked", _("Linked with a sign-in elsewhere")
    UNLINKED = "unlinked", _("Link with a sign-in elsewhere taken off")


class SeatState(TextChoices):
    """Where somebody who signed up for a class stands."""

    SEATED = "seated", _("Has a seat")
    WAITING = "waiting", _("On the waiting list")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CheckInWay(TextChoices):
    """How somebody's presence became known."""

    TICK = "tick", _("Ticked by the trainer")
    SCAN = "scan", _("Own code scanned by the trainer")
    WALL = "wall", _("Code on the wall")
    WALK_IN = "walk_in", _("Came without signing up")
    SHEET = "sheet", _("Entered from the signed sheet")


class Mode(TextChoices):
    """How somebody was trained; one mode per person, the first that applies."""

    ONLINE = "online", _("Online here")
    CLASS = "class", _("In a class")
    OUTSIDE = "outside", _("Elsewhere")
    SELF_STUDY = "self_study", _("Self-training, approved")


class RecordState(TextChoices):
    DECLARED = "declared", _("Declared")
    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")


class ClaimStep(TextChoices):
    """What happens to a self-training, in words that follow "by whom"."""

    FILED = "filed", _("Declared")
    CHANGED = "changed", _("Changed")
    SENT = "sent", _("Sent for approval")
    TAKEN_BACK = "taken_back", _("Taken back")
    OPENED = "opened", _("Opened by the approver")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    REVOKED = "revoked", _("Approval revoked after a second look")


class RecheckOutcome(TextChoices):
    OPEN = "open", _("To be looked at")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUTED = "refuted", _("Not confirmed")


class Status(TextChoices):
    """Where a person stands towards the year's goal. The first four count as reached."""

    ONLINE = "online", _("Online here")
    CLASS = "class", _("In a class")
    OUTSIDE = "outside", _("Elsewhere")
    SELF_STUDY = "self_study", _("Self-training, approved")
    WAITING = "waiting", _("Waiting for approval")
    DECLARED = "declared", _("Declared only")
    LEARNING = "learning", _("Learning now")
    NOTHING = "nothing", _("Not started")


REACHED = (Status.ONLINE, Status.CLASS, Status.OUTSIDE, Status.SELF_STUDY)
MISSING = (Status.WAITING, Status.DECLARED, Status.LEARNING, Status.NOTHING)


class Act(TextChoices):
    """What is written to the audit log."""

    ROLE_GRANTED = "role_granted", _("Role given")
    ROLE_WITHDRAWN = "role_withdrawn", _("Role withdrawn")
    ACCOUNT = "account", _("Account changed")
    NUMBER_SHOWN = "number_shown", _("Personal number shown")
    LIST_TAKEN_OUT = "list_taken_out", _("List taken out")
    HISTORY_TAKEN_OUT = "history_taken_out", _("Training history taken out")
    STAFF_LIST = "staff_list", _("List of staff applied")
    POST_ENDED = "post_ended", _("Post ended")
    FIGURES = "figures", _("Figures moved on")
    MERGED = "merged", _("Records merged")
    UNMERGED = "unmerged", _("Merger undone")
    POST = "post", _("Post changed")
    DATA_TAKEN_OUT = "data_taken_out", _("Somebody's whole record taken out")
    PERSON = "person", _("Record corrected")
    BUSINESS = "business", _("Business corrected")
    SUBJECT_REQUEST = "subject_request", _("Request about one's own data")
    ERASURE = "erasure", _("Erasure of somebody's data")
    PURGED = "purged", _("Data gone after its time")
    SIGNED_IN = "signed_in", _("Signed in")
    LOCKED = "locked", _("Locked after wrong passwords")
    REORGANISED = "reorganised", _("Reorganisation of units")
    BUSINESS_LIST = "business_list", _("List of businesses applied")


class SubjectRight(TextChoices):
    """What somebody may ask about his own data (Law 91/2025/QH15, article 4)."""

    ACCESS = "access", _("To know and receive my data")
    CORRECTION = "correction", _("To have my data corrected")
    ERASURE = "erasure", _("To have my data erased")
    RESTRICTION = "restriction", _("To have the use of my data restricted")
    WITHDRAWAL = "withdrawal", _("To withdraw my consent")
    OBJECTION = "objection", _("To object to the use of my data")


class ErasureState(TextChoices):
    PROPOSED = "proposed", _("Erasure proposed")
    DONE = "done", _("Data erased")
    DROPPED = "dropped", _("Erasure not carried out")


class RequestState(TextChoices):
    RECEIVED = "received", _("Request being handled")
    ANSWERED = "answered", _("Done as asked")
    REFUSED = "refused", _("Refused with a reason")
    TAKEN_BACK = "taken_back", _("Taken back by the person")


class RequestStep(TextChoices):
    """What happened to a request. Rows are only added."""

    RECEIVED = "received", _("Request received")
    FIRST_REPLY = "first_reply", _("First reply given")
    EXTENDED = "extended", _("Time extended once")
    ANSWERED = "answered", _("Request done as asked")
    REFUSED = "refused", _("Request refused")
    TAKEN_BACK = "taken_back", _("Request taken back")


class SnapshotState(TextChoices):
    """How far figures have come on their way to the archive."""

    DRAFT = "draft", _("Figures drawn up")
    CHECKED = "checked", _("Figures checked")
    SIGNED = "signed", _("Figures signed")
    LOCKED = "locked", _("Figures locked")


class AgeBand(TextChoices):
    """Age in the year counted: the year less the year of birth."""

    UNDER_30 = "u30", _("Under 30")
    THIRTIES = "30-39", _("30 to 39")
    FORTIES = "40-49", _("40 to 49")
    FROM_50 = "50+", _("50 and over")
    UNKNOWN = "", _("Date of birth not known")


def age_band(age: int | None) -> AgeBand:
    """The band of an age; None when nobody knows it."""
    if age is None:
        return AgeBand.UNKNOWN
    if age < 30:
        return AgeBand.UNDER_30
    if age < 40:
        return AgeBand.THIRTIES
    return AgeBand.FORTIES if age < 50 else AgeBand.FROM_50


class FileState(TextChoices):
    """Where an uploaded list of results stands; trying and importing are jobs."""

    TRYING = "trying", _("Being looked into")
    TRIED = "tried", _("Waiting for your word")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    REFUSED = "refused", _("Cannot be read")


class RowState(TextChoices):
    MATCHED = "matched", _("Recorded")
    OPEN = "open", _("Person not found yet")
    SET_ASIDE = "set_aside", _("Set aside")
    REFUSED = "refused", _("Faulty row")


class ReminderChannel(TextChoices):
    """How a reminder reaches somebody, by the best way there is."""

    MAIL = "mail", _("By e-mail and on the own page")
    SITE = "site", _("On the own page")
    HAND = "hand", _("To be told in person")


class ReminderState(TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    SPARED = "spared", _("Not sent: reached meanwhile")
    FAILED = "failed", _("Could not be sent")


class NoticeKind(TextChoices):
    """What those with a seat in a class are told."""

    REMINDER = "reminder", _("Reminder of a session")
    CHANGED = "changed", _("Time or place changed")
    SEATED = "seated", _("A seat from the waiting list")
    CANCELLED = "cancelled", _("Class cancelled")


class ToldState(TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    SPARED = "spared", _("Not sent: no longer true")
    FAILED = "failed", _("Could not be sent")


class IndicatorCode(TextChoices):
    """What the software knows how to count; targets for it are data."""

    STAFF_TRAINED = "staff_trained", _("Staff trained, coached or self-trained")
    PARTICIPATIONS = "participations", _("Participations in e-commerce training")
    PROVIDERS = "providers", _("Educational institutions that teach e-commerce")
    IT_OFFICERS = "it_officers", _("Agencies with an IT officer")


class ImportState(TextChoices):
    """How far a list of staff has come."""

    UPLOADED = "uploaded", _("Columns to be named")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, to be applied")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Refused")


class RowOutcome(TextChoices):
    """What a row of a list of staff does to the register."""

    CREATED = "created", _("New person")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved")
    UNCHANGED = "unchanged", _("Unchanged")
    UNSURE = "unsure", _("To be decided")
    REFUSED = "refused", _("Not taken")
    MISSING = "missing", _("Has left?")


class BusinessOutcome(TextChoices):
    """What a row of a list of businesses does to the register."""

    CREATED = "created", _("New business")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    UNSURE = "unsure", _("To be decided")
    REFUSED = "refused", _("Not taken")


class RowDecision(TextChoices):
    """What the officer said to a row."""

    NONE = "", _("Not decided")
    ACCEPTED = "accepted", _("Proposal accepted")
    OTHER = "other", _("Another person")
    ENDED = "ended", _("Post ended")
