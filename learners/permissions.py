"""Who may see what, decided in one place. Every right is a queryset or a set of units.

Outside one's scope nothing exists: views answer 404, and the refusal is logged without
personal data.
"""

import logging
from collections.abc import Collection
from datetime import date
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from wagtail.permission_policies.pages import PagePermissionPolicy

from courses.models import ClassGroup, CoursePage, QuestionBank
from learners.choices import AccountStep, Mode, RecordState, Role
from learners.models import (
    AccountEvent,
    Business,
    BusinessList,
    Enrolment,
    Organisation,
    OutsideFile,
    Participation,
    Person,
    Post,
    Reorganisation,
    ReportingPeriod,
    RoleGrant,
    StaffImport,
    Standing,
    SubjectRequest,
    TrainingRecord,
    User,
)
from learners.models.records import Participations
from learners.models.subject_requests import SubjectRequests
from learners.periods import Span
from learners.querysets import Enrolments
from learners.tree import tree_on

logger = logging.getLogger(__name__)

Viewer = User | AnonymousUser

Rows = TypeVar("Rows", bound=QuerySet)

SEE_REPORTS = "see_reports"
EXPORT_PEOPLE = "export_people"
APPROVE_RECORDS = "approve_records"
SEE_CLAIMS = "see_claims"
MANAGE_ACCOUNTS = "manage_accounts"
REMIND_PEOPLE = "remind_people"
ASSIGN_COURSES = "assign_courses"
IMPORT_RECORDS = "import_records"
MANAGE_STAFF = "manage_staff"
DRAW_UP_FIGURES = "draw_up_figures"
SIGN_FIGURES = "sign_figures"
REORGANISE = "reorganise"
READ_LOG = "read_log"
ASSIST = "assist"
TAG_CLASSES = "tag_classes"
SEE_SUBJECTS = "see_subjects"
ANSWER_SUBJECTS = "answer_subjects"
"""To people who ask about their own data (Law 91/2025/QH15)."""

ROLES_WITH_RIGHT: dict[str, frozenset[Role]] = {
    SEE_REPORTS: frozenset({Role.OFFICER, Role.LEADER, Role.AUDITOR}),
    EXPORT_PEOPLE: frozenset({Role.OFFICER, Role.LEADER, Role.AUDITOR}),
    APPROVE_RECORDS: frozenset({Role.OFFICER, Role.LEADER}),
    SEE_CLAIMS: frozenset({Role.OFFICER, Role.LEADER, Role.AUDITOR}),
    MANAGE_ACCOUNTS: frozenset({Role.OFFICER}),
    REMIND_PEOPLE: frozenset({Role.OFFICER, Role.LEADER}),
    ASSIGN_COURSES: frozenset({Role.OFFICER, Role.LEADER}),
    IMPORT_RECORDS: frozenset({Role.OFFICER}),
    MANAGE_STAFF: frozenset({Role.OFFICER}),
    DRAW_UP_FIGURES: frozenset({Role.OFFICER}),
    SIGN_FIGURES: frozenset({Role.LEADER}),
    REORGANISE: frozenset({Role.OFFICER}),
    READ_LOG: frozenset({Role.AUDITOR}),
    ASSIST: frozenset({Role.HELPER}),
    TAG_CLASSES: frozenset({Role.OFFICER}),
    ANSWER_SUBJECTS: frozenset({Role.OFFICER}),
    SEE_SUBJECTS: frozenset({Role.OFFICER, Role.AUDITOR}),
}


# ------------------------------------------------------------------ scope


LONGEST_ID = 10

KEEPS = frozenset({MANAGE_STAFF, MANAGE_ACCOUNTS, IMPORT_RECORDS})
"""Rights that write to a person's record or account."""


def granted_roots(user: Viewer, right: str = SEE_REPORTS) -> list[int] | None:
    """Organisations on which the viewer holds the right today; None is the whole province.

    The province's own organisation stands for everything, the Party's bodies included.
    Raises KeyError for a right that does not exist.
    """
    roles = ROLES_WITH_RIGHT[right]
    if not user.is_active or not user.is_authenticated:
        return []
    if user.is_superuser:
        return None
    granted = {unit: is_province for role, unit, is_province in user.grants_today if role in roles}
    return None if any(granted.values()) else list(granted)


def granted_units(user: Viewer, day: date, right: str = SEE_REPORTS) -> frozenset[int] | None:
    """Every unit in the viewer's scope, by the tree of that day; None is the whole province."""
    roots = granted_roots(user, right)
    if roots is None:
        return None
    tree = tree_on(day)
    return frozenset(unit for root in roots if root in tree for unit in tree.subtree_ids(root))


def may_see_reports(user: Viewer) -> bool:
    """Whether the viewer answers for anybody but himself."""
    return granted_roots(user) != []


def refuse(user: Viewer, what: str, key: object) -> Http404:
    """The 404 for something out of scope, written to the log with ids only.

    What has more digits than any id was typed by somebody, and may be a personal number.
    """
    is_id = not str(key).isdecimal() or len(str(key)) < LONGEST_ID
    logger.warning("refused: account %s, %s %s", user.pk, what, key if is_id else "…")
    return Http404()


# ------------------------------------------------------------------ what is in scope


def organisations_for(user: Viewer) -> QuerySet[Organisation]:
    """The units of today that the viewer answers for."""
    return _within(Organisation.objects.all(), "pk", granted_units(user, timezone.localdate()))


def people_for(user: Viewer, right: str = SEE_REPORTS) -> QuerySet[Person]:
    """Oneself, the staff of today's units in scope, and others who belong to their communes.

    Somebody without a post today is seen by the whole province's viewers only, and so is a
    record that was merged into another. A record whose data was erased is read, but nobody
    keeps it any more.
    """
    seen = _seen(user, right)
    return seen.filter(erased_at__isnull=True) if right in KEEPS else seen


def _seen(user: Viewer, right: str) -> QuerySet[Person]:
    today = timezone.localdate()
    units = granted_units(user, today, right)
    if units is None:
        return Person.objects.all()
    staff = Post.objects.on(today).filter(managing_unit__in=units).values("person")
    return Person.objects.filter(
        Q(pk__in=staff) | Q(audience__gt="", commune__in=units) | Q(user=user.pk or 0)
    )


def enrolments_for(user: Viewer) -> Enrolments:
    """One's own enrolments and those of the people in scope."""
    return Enrolment.objects.filter(person__in=people_for(user))


def businesses_for(user: Viewer) -> QuerySet[Business]:
    """The businesses of the communes in scope."""
    return _within(Business.objects.all(), "commune", granted_units(user, timezone.localdate()))


def standings_for(user: Viewer, period: ReportingPeriod) -> QuerySet[Standing]:
    """The denominator of a period, as far as it lies in the viewer's scope."""
    units = granted_units(user, period.cut_off())
    return _within(Standing.objects.filter(period=period), "organisation", units)


def participations_for(user: Viewer, period: ReportingPeriod) -> Participations:
    """Participations of a period by people of the units and communes in scope."""
    days = Span(period.starts_on, period.ends_on)
    return participations_within(user, days, period.cut_off())


def participations_within(user: Viewer, days: Span, scope_on: date) -> Participations:
    """As `participations_for`, of any days; the scope is that of one day."""
    found = Participation.objects.filter(happened_on__range=days)
    return _within(found, "organisation", granted_units(user, scope_on))


def online_results_for(user: Viewer, period: ReportingPeriod) -> QuerySet[TrainingRecord]:
    """Online courses completed in a period by people of the units and communes in scope, that no
    participation in a class stands for."""
    same_class = Participation.objects.filter(
        person=OuterRef("person"), class_group=OuterRef("enrolment__class_group")
    )
    done = TrainingRecord.objects.filter(
        ~Exists(same_class),
        mode=Mode.ONLINE,
        state=RecordState.APPROVED,
        completed_on__range=(period.starts_on, period.ends_on),
    )
    return posted_within(done, granted_units(user, period.cut_off()))


def results_elsewhere_for(user: Viewer, period: ReportingPeriod) -> QuerySet[TrainingRecord]:
    """Approved results of a period that name no course and no class of this site."""
    done = TrainingRecord.objects.filter(
        state=RecordState.APPROVED,
        enrolment__isnull=True,
        class_group__isnull=True,
        completed_on__range=(period.starts_on, period.ends_on),
    )
    return posted_within(done, granted_units(user, period.cut_off()))


def posted_within(
    records: QuerySet[TrainingRecord], units: Collection[int] | None
) -> QuerySet[TrainingRecord]:
    """Those of people whose main post lay in the units on the day of the record, or who had none
    and belong to a commune among them."""
    if units is None:
        return records
    then = Post.objects.on(OuterRef("completed_on"))
    posts = then.filter(person=OuterRef("person"), is_main=True)
    return records.filter(
        Exists(posts.filter(managing_unit__in=units))
        | Q(~Exists(posts), person__audience__gt="", person__commune__in=units)
    )


def claims_for(user: Viewer, right: str = SEE_CLAIMS) -> QuerySet[TrainingRecord]:
    """Self-trainings of the people in scope, except one's own: nobody approves himself.

    Scope is that of today, so what waited at a dissolved office waits at its successor.
    """
    people = people_for(user, right).exclude(user=user.pk or 0)
    return TrainingRecord.objects.filter(mode=Mode.SELF_STUDY, person__in=people)


def subject_requests_for(user: Viewer, right: str = SEE_SUBJECTS) -> SubjectRequests:
    """What people in scope ask about their own data, except oneself."""
    return SubjectRequest.objects.filter(person__in=subjects_of(user, right).values("pk"))


def overdue_requests(user: Viewer, today: date) -> int:
    """How many of them the viewer should have answered before today."""
    if granted_roots(user, ANSWER_SUBJECTS) == []:
        return 0
    return subject_requests_for(user, ANSWER_SUBJECTS).overdue(today).count()


def subjects_of(user: Viewer, right: str = ANSWER_SUBJECTS) -> QuerySet[Person]:
    """Whom the viewer answers about their data: those in scope, and those who left a unit in
    scope last. Oneself is answered by another officer of the unit, or by the province."""
    return records_for(user, right).exclude(user=user.pk or 0)


def own_subject_requests(user: Viewer) -> SubjectRequests:
    """The viewer's own, newest first."""
    return SubjectRequest.objects.filter(person__user=user.pk or 0)


def _within(rows: Rows, field: str, units: frozenset[int] | None) -> Rows:
    return rows if units is None else rows.filter(**{f"{field}__in": units})


def importable_people(by: User | None) -> QuerySet[Person]:
    """Whose results somebody may bring in a list; nobody in person: a command, everybody's."""
    if by is None:
        return Person.objects.filter(erased_at__isnull=True)
    return people_for(by, IMPORT_RECORDS)


def outside_files_for(user: Viewer) -> QuerySet[OutsideFile]:
    """Lists of results: one's own, and all for those who see the whole province."""
    if granted_roots(user, SEE_REPORTS) is None:
        return OutsideFile.objects.all()
    return OutsideFile.objects.filter(brought_by=user.pk or 0)


def staff_lists_for(user: Viewer) -> QuerySet[StaffImport]:
    """Lists of staff: one's own, and all for those who see the whole province."""
    if granted_roots(user, SEE_REPORTS) is None:
        return StaffImport.objects.all()
    return StaffImport.objects.filter(by=user.pk or 0)


def may_change_staff_list(user: Viewer, run: StaffImport) -> bool:
    """Whether the list's unit is in the officer's scope today. A grant ends, a list stays: it is
    still read by whoever brought it, but changes nobody any more."""
    units = granted_units(user, timezone.localdate(), MANAGE_STAFF)
    return units is None or run.unit_id in units


def business_communes(user: Viewer) -> frozenset[int] | None:
    """The communes whose businesses the officer keeps today; None is the whole province."""
    units = granted_units(user, timezone.localdate(), MANAGE_STAFF)
    if units is None:
        return None
    tree = tree_on(timezone.localdate())
    return frozenset(unit for unit in units if unit in tree and tree[unit].is_commune)


def business_lists_for(user: Viewer) -> QuerySet[BusinessList]:
    """Lists of businesses: one's own, and all for those who see the whole province."""
    if granted_roots(user, SEE_REPORTS) is None:
        return BusinessList.objects.all()
    return BusinessList.objects.filter(by=user.pk or 0)


def may_change_business_list(user: Viewer, run: BusinessList) -> bool:
    """Whether the list is the viewer's own or he keeps the whole province, and he still keeps
    businesses of any commune: a grant ends, a list stays."""
    communes = business_communes(user)
    return communes is None or (bool(communes) and run.by_id == user.pk)


def may_reorganise(user: Viewer) -> bool:
    """Whether the viewer draws up documents about units: HR of the whole province."""
    return granted_roots(user, REORGANISE) is None


def reorganisations_for(user: Viewer) -> QuerySet[Reorganisation]:
    """Documents about units: for those who see the whole province, and nobody else."""
    if granted_roots(user, SEE_REPORTS) is None:
        return Reorganisation.objects.all()
    return Reorganisation.objects.none()


def records_for(user: Viewer, right: str = SEE_REPORTS) -> QuerySet[Person]:
    """As `people_for`, and those who worked last in a unit in scope and nowhere since: whoever
    ended a post by mistake, or is asked about a pensioner, still finds the record."""
    people = people_for(user, right)
    today = timezone.localdate()
    units = granted_units(user, today, right)
    if units is None:
        return people
    main = Post.objects.filter(person=OuterRef("pk"), is_main=True)
    last = main.order_by("-valid_from").values("managing_unit")[:1]
    left = (
        Person.objects.filter(posts__managing_unit__in=units, merged_into__isnull=True)
        .exclude(posts__in=Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)))
        .annotate(last_unit=Subquery(last))
        .filter(last_unit__in=units)
    )
    if right in KEEPS:
        left = left.filter(erased_at__isnull=True)
    return Person.objects.filter(Q(pk__in=people.values("pk")) | Q(pk__in=left.values("pk")))


def assisted_by(user: Viewer) -> QuerySet[AccountEvent]:
    """The sign-ups that somebody helped with: all that a helper sees of others."""
    return AccountEvent.objects.filter(step=AccountStep.ASSISTED, by=user.pk or 0)


def kept_records(user: Viewer) -> QuerySet[Person]:
    """Whose posts and facts the officer keeps: never his own."""
    return records_for(user, MANAGE_STAFF).exclude(user=user.pk or 0)


# ------------------------------------------------------------------ accounts


def staff_of(user: Viewer, right: str) -> QuerySet[Person]:
    """The people in scope without the viewer himself, and without records merged into others."""
    people = people_for(user, right).filter(merged_into__isnull=True)
    return people.exclude(user=user.pk or 0)


def accounts_that_see_others() -> QuerySet[User]:
    """Those that reach beyond their owner: any role, any part of the administration."""
    return User.objects.filter(
        Q(is_superuser=True)
        | Q(is_staff=True)
        | Q(Exists(RoleGrant.objects.filter(user=OuterRef("pk"))))
        | Q(Exists(Group.objects.filter(user=OuterRef("pk"))))
        | Q(Exists(Permission.objects.filter(user=OuterRef("pk"))))
    )


def sees_others(account: User) -> bool:
    """Whether the account is one of them. One query at most."""
    if account.is_superuser or account.is_staff:
        return True
    return accounts_that_see_others().filter(pk=account.pk).exists()


def needs_second_factor(account: User) -> bool:
    """Whether the account is shown other people anywhere: also by a class entrusted to it."""
    return sees_others(account) or account.kept_classes.exists()


def is_in_officers_hands(account: User, by: User) -> bool:
    """Whether an officer may set this account's password. Not that of his director: he would
    hold the director's rights with it."""
    return by.is_superuser or not sees_others(account)


def reads_log(user: Viewer) -> bool:
    """Who reads what everybody did, and who holds which role: the auditor of the province, and
    whoever administers the site."""
    return granted_roots(user, READ_LOG) is None


def gives_roles(user: Viewer) -> bool:
    """Whoever administers the site."""
    return user.is_active and user.is_superuser


# ------------------------------------------------------------------ classes


def kept_classes(user: Viewer) -> QuerySet[ClassGroup]:
    """The classes whose lists the viewer keeps: all for those who plan classes, otherwise the
    ones entrusted to the account."""
    if not user.is_authenticated or not user.is_active:
        return ClassGroup.objects.none()
    if user.has_perm("courses.change_classgroup"):
        return ClassGroup.objects.all()
    return ClassGroup.objects.filter(keepers__account=user)


def taggable_classes(user: Viewer) -> QuerySet[ClassGroup]:
    """The classes of which the viewer says what they serve in the plan: those kept, and all for
    an officer of the whole province."""
    if granted_roots(user, TAG_CLASSES) is None:
        return ClassGroup.objects.all()
    return kept_classes(user)


def provable_classes(user: Viewer) -> QuerySet[ClassGroup]:
    """The classes whose evidence the viewer may see: those kept, and all for those who see the
    whole province, auditors among them."""
    if granted_roots(user, SEE_REPORTS) is None:
        return ClassGroup.objects.all()
    return kept_classes(user)


# ------------------------------------------------------------------ marking


def marked_courses(user: Viewer) -> QuerySet[CoursePage]:
    """The courses whose answers the viewer marks and whose keys he corrects: those whose pages
    he may edit. Who is no author marks nothing."""
    if not user.is_authenticated or not user.is_active:
        return CoursePage.objects.none()
    editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return CoursePage.objects.filter(pk__in=editable.values("pk"))


def kept_banks(user: Viewer) -> QuerySet[QuestionBank]:
    """The banks whose questions the viewer may correct: all, or none."""
    may = user.is_active and user.has_perm("courses.change_question")
    return QuestionBank.objects.all() if may else QuestionBank.objects.none()


# ------------------------------------------------------------------ one's own


def account_of(user: Viewer) -> User:
    """The account of a viewer whom the view has made sign in."""
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def own_person(user: Viewer) -> Person | None:
    """The viewer's own record; None for an account without one."""
    return getattr(user, "person", None)


def own_claims(user: Viewer) -> QuerySet[TrainingRecord]:
    """The viewer's own self-trainings, newest first."""
    return TrainingRecord.objects.filter(mode=Mode.SELF_STUDY, person__user=user.pk or 0)


def own_enrolments(user: Viewer) -> Enrolments:
    """The viewer's own enrolments, newest first."""
    return enrolments_of_account(user.pk or 0)


def enrolments_of_account(account: int) -> Enrolments:
    """As `own_enrolments`, by the key of the viewer's account."""
    return Enrolment.objects.filter(person__user=account)
