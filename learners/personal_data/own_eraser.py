"""What goes and what stays of the learner's own record.

What a signed figure or a register rests on stays, without whatever else says who it was: the
post by which he was counted, the record that reached the goal, the participation. Of the date of
birth the year stays where he was counted by age. So every figure is the same afterwards.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.actions.standing import refresh_people
from learners.models import (
    AccountEvent,
    Attempt,
    Attendance,
    ClassTold,
    Consent,
    Enrolment,
    KeptApart,
    ManualMark,
    Merge,
    OutsideRow,
    PackageState,
    Participation,
    Person,
    PersonalNumber,
    Post,
    Proof,
    Recheck,
    RecordStep,
    Reminder,
    ReportingPeriod,
    Seat,
    StaffImportRow,
    Standing,
    SubjectRequest,
    TrainingRecord,
    User,
)
from learners.permissions import accounts_that_see_others
from learners.personal_data.erasers import Eraser, Kind, Line
from learners.personal_data.sources import Subject

GONE = "(đã xóa)"
"""Where a rule of the database wants words: a reason that is no longer told."""

FIGURES = _("Figures of the plan that were counted and signed rest on it.")
PROOF_OF_ANSWER = _("Proof that the request was answered (Law 91/2025/QH15, article 4).")
IN_OFFICE = _("Who did what in office stays answerable.")

Rows = Callable[[Subject], QuerySet]


def _future_seats(subject: Subject) -> QuerySet[Seat]:
    today = timezone.localdate()
    return Seat.objects.filter(person__in=subject.people, class_group__starts_on__gt=today)


_GOES: tuple[tuple[Any, Rows], ...] = (
    (_("Personal numbers"), lambda s: PersonalNumber.objects.filter(person__in=s.people)),
    (
        _("Proofs handed in"),
        lambda s: Proof.objects.filter(record__person__in=s.people).exclude(file=""),
    ),
    (
        _("Typed answers in quizzes"),
        lambda s: Attempt.objects.filter(enrolment__person__in=s.people),
    ),
    (
        _("Comments of markers"),
        lambda s: ManualMark.objects.filter(attempt__enrolment__person__in=s.people).exclude(
            comment=""
        ),
    ),
    (
        _("What learning packages remember"),
        lambda s: PackageState.objects.filter(enrolment__person__in=s.people),
    ),
    (_("Reminders sent"), lambda s: Reminder.objects.filter(person__in=s.people)),
    (_("What was told of classes"), lambda s: ClassTold.objects.filter(person__in=s.people)),
    (
        _("Rows of lists of staff"),
        lambda s: StaffImportRow.objects.filter(person__in=s.people),
    ),
    (_("Sign-ups for classes to come"), _future_seats),
)
_STAYS: tuple[tuple[Any, Rows, Any], ...] = (
    (_("Posts, without the title"), lambda s: Post.objects.filter(person__in=s.people), FIGURES),
    (
        _("Training recorded, without certificate numbers"),
        lambda s: TrainingRecord.objects.filter(person__in=s.people),
        FIGURES,
    ),
    (
        _("Participations in classes"),
        lambda s: Participation.objects.filter(person__in=s.people),
        FIGURES,
    ),
    (_("Attendance"), lambda s: Attendance.objects.filter(person__in=s.people), FIGURES),
    (_("Courses"), lambda s: Enrolment.objects.filter(person__in=s.people), FIGURES),
    (
        _("Requests about personal data"),
        lambda s: SubjectRequest.objects.filter(person__in=s.people),
        PROOF_OF_ANSWER,
    ),
    (
        _("Consents, marked as withdrawn"),
        lambda s: Consent.objects.filter(account=s.account),
        PROOF_OF_ANSWER,
    ),
)


def kinds(subject: Subject) -> Iterator[Kind | Line]:
    person = subject.person
    facts = [person.birth_date, person.phone, person.staff_number, person.commune_id]
    yield Line(_("Date of birth, phone, staff number, commune"), sum(bool(fact) for fact in facts))
    if subject.account is not None:
        yield Line(_("Account: sign-in name, phone, e-mail, password"), 1)
    for what, rows in _GOES:
        yield Kind(what, [rows(subject)])
    for what, rows, law in _STAYS:
        yield Kind(what, [rows(subject)], law)
    if subject.account is not None:
        yield Kind(_("Name of the account"), [_in_office(subject.account)], IN_OFFICE)


def _in_office(account: User) -> QuerySet[User]:
    """The account, if others' records name it: it ever saw them, or acted on an account."""
    acted = AccountEvent.objects.filter(by=account).exclude(account=account)
    return User.objects.filter(
        Q(pk__in=accounts_that_see_others().values("pk")) | Q(pk__in=acted.values("by")),
        pk=account.pk,
    )


def erase(subject: Subject) -> list[str]:
    """Everything that may go, in the caller's transaction. Idempotent."""
    people = subject.people
    files = _files(people)
    PersonalNumber.objects.filter(person__in=people).delete()
    Reminder.objects.filter(person__in=people).delete()
    ClassTold.objects.filter(person__in=people).delete()
    KeptApart.objects.filter(Q(first__in=people) | Q(second__in=people)).delete()
    _future_seats(subject).delete()
    Merge.objects.filter(Q(kept__in=people) | Q(dropped__in=people)).update(journal=[])
    Post.objects.filter(person__in=people).update(title="")
    TrainingRecord.objects.filter(person__in=people).update(certificate_number="")
    RecordStep.objects.filter(record__person__in=people).exclude(reason="").update(reason=GONE)
    Recheck.objects.filter(person__in=people).update(note="")
    OutsideRow.objects.filter(record__person__in=people).update(cells={})
    StaffImportRow.objects.filter(person__in=people).update(
        name=GONE, unit="", what="", faults=[], sealed=""
    )
    PackageState.objects.filter(enrolment__person__in=people).update(cmi={})
    ManualMark.objects.filter(attempt__enrolment__person__in=people).update(comment="")
    for attempt in Attempt.objects.filter(enrolment__person__in=people).only("answers"):
        Attempt.objects.filter(pk=attempt.pk).update(answers=_without_words(attempt.answers))
    if subject.account is not None:
        _close(subject.account)
    return files


def _files(people: list[Person]) -> list[str]:
    proofs = Proof.objects.filter(record__person__in=people).exclude(file="")
    names = list(proofs.order_by("pk").values_list("file", flat=True))
    # In one statement with the rows' own: what the store holds is removed after the commit.
    Proof.objects.filter(record__person__in=people).update(file="", fingerprint="")
    return names


def _without_words(answer: Any) -> Any:
    """What was chosen stays for the statistics of the question; what was typed goes."""
    if isinstance(answer, str):
        return ""
    if isinstance(answer, list):
        return [_without_words(part) for part in answer]
    if isinstance(answer, dict):
        return {key: _without_words(part) for key, part in answer.items()}
    return answer


def _close(account: User) -> None:
    """Nobody signs in with it again; sessions hang on the password and end."""
    now = timezone.now()
    Consent.objects.filter(account=account, withdrawn_at__isnull=True).update(withdrawn_at=now)
    AccountEvent.objects.filter(account=account).exclude(reason="").update(reason=GONE)
    if not _in_office(account).exists():
        account.full_name = ""
    account.username, account.email, account.phone = f"da-xoa-{account.pk}", "", None
    account.is_active, account.last_login, account.temporary_password_until = False, None, None
    account.set_unusable_password()
    account.save()


def blank(subject: Subject, *, keeps_name: bool) -> None:
    """Take away what says who it was, from the record and those merged into it. Idempotent."""
    now = timezone.now()
    counted = set(
        Standing.objects.filter(person__in=subject.people).values_list("person_id", flat=True)
    )
    for person in subject.people:
        if not keeps_name:
            person.full_name = f"Người đã xóa dữ liệu {person.pk}"
        born = person.birth_date
        person.birth_date = date(born.year, 1, 1) if born and person.pk in counted else None
        person.phone, person.staff_number = "", None
        person.audience, person.commune = "", None
        person.erased_at = person.erased_at or now
        person.save()
    for period in ReportingPeriod.objects.filter(
        pk__in=Standing.objects.filter(person__in=counted).values("period")
    ).order_by("pk"):
        refresh_people(counted, period)


ERASER = Eraser(kinds, erase)
