"""Bringing two records of one person together, and taking that back.

What was done is moved; what would count twice is counted once. Papers stay with the record
they were issued for: what was printed is never changed.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.actions import participation_tallies
from learners.actions.attendance import days_attended
from learners.actions.audit import note
from learners.actions.merge_journal import CannotUndo, Journal, restore
from learners.actions.standing import refresh_people
from learners.choices import AccountStep, Act, RecordState, SeatState
from learners.models import (
    AccountEvent,
    KeptApart,
    Merge,
    Participation,
    Person,
    Post,
    Recheck,
    ReportingPeriod,
    SurveyTicket,
    TrainingRecord,
    User,
)
from learners.permissions import is_in_officers_hands


class CannotMerge(Exception):
    """The two stay two; str() says why."""


# ------------------------------------------------------------------ merging


@transaction.atomic
def merge(*, kept: Person, dropped: Person, by: User, why: str) -> Merge:
    """Move everything that `dropped` did to `kept`, which lives on. Both rows are locked: of two
    clicks one merges. Raises CannotMerge with nothing changed."""
    kept, dropped = _locked(kept.pk, dropped.pk)
    _check(kept, dropped, by)
    journal = Journal()
    _identity(journal, kept, dropped, by)
    _posts(journal, kept, dropped)
    _classes(journal, kept, dropped, by)
    _online(journal, kept, dropped)
    for shell in dropped.merged_records.order_by("pk"):
        journal.change(shell, merged_into_id=kept.pk)
    journal.change(dropped, merged_into_id=kept.pk)
    done = Merge.objects.create(
        kept=kept, dropped=dropped, journal=journal.lines, reason=why, by=by
    )
    _refresh((kept.pk, dropped.pk))
    note(
        Act.MERGED,
        f"person {dropped.pk}",
        by=by,
        after={"into": kept.pk, "rows": journal.counts()},
        why=why,
    )
    return done


def _locked(first: int, second: int) -> tuple[Person, Person]:
    """The two rows, locked in one order whoever asks: that of a list of check-ins."""
    found = Person.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk")
    rows = {row.pk: row for row in found}
    return rows[first], rows[second]


def _check(kept: Person, dropped: Person, by: User) -> None:
    if kept.pk == dropped.pk:
        raise CannotMerge(_("This is one and the same record."))
    if kept.erased_at or dropped.erased_at:
        raise CannotMerge(_("The data of one of the two was erased at the person's request."))
    if kept.merged_into_id or dropped.merged_into_id:
        raise CannotMerge(_("One of the two was merged before. Open the page anew."))
    if dropped.user is not None and not is_in_officers_hands(dropped.user, by):
        raise CannotMerge(
            _(
                "The account of the record that would go sees others or edits the site. An"
                " administrator merges it, or keep that record and merge the other one."
            )
        )
    lengths = set(kept.personal_numbers.values_list("length", flat=True))
    if dropped.personal_numbers.filter(length__in=lengths).exists():
        raise CannotMerge(
            _(
                "The two records have different personal numbers, so they are two people, or one"
                " number is wrong: correct it first by a list of staff."
            )
        )


def _identity(journal: Journal, kept: Person, dropped: Person, by: User) -> None:
    """What the kept record does not say yet, the account, and the personal numbers."""
    journal.move(dropped.personal_numbers.all(), kept)
    journal.move(dropped.subject_requests.all(), kept)
    account = dropped.user
    if account is not None and kept.user_id is None:
        journal.change(dropped, user_id=None)
        journal.change(kept, user_id=account.pk)
    elif account is not None and account.is_active:
        journal.change(account, is_active=False)
        AccountEvent.objects.create(
            account=account, step=AccountStep.CLOSED, by=by, reason=_("Records merged")
        )
    if dropped.staff_number and not kept.staff_number:
        number = dropped.staff_number
        journal.change(dropped, staff_number=None)
        journal.change(kept, staff_number=number)
    for name in ("birth_date", "phone", "audience", "commune_id", "business_id"):
        if not getattr(kept, name) and getattr(dropped, name):
            journal.change(kept, **{name: getattr(dropped, name)})


def _posts(journal: Journal, kept: Person, dropped: Person) -> None:
    """A post in the same unit at the same time is one post; another one at the same time is a
    second post; the rest is one career."""
    mine = list(kept.posts.order_by("valid_from", "pk"))
    for post in dropped.posts.order_by("valid_from", "pk"):
        at_once = [one for one in mine if _overlap(one, post)]
        twin = next((one for one in at_once if _same_place(one, post)), None)
        if twin is not None:
            journal.remove(post)
            ends = (twin.valid_to, post.valid_to)
            journal.change(
                twin,
                valid_from=min(twin.valid_from, post.valid_from),
                valid_to=None if None in ends else max(day for day in ends if day),
                is_it_officer=twin.is_it_officer or post.is_it_officer,
            )
        elif post.is_main and any(one.is_main for one in at_once):
            journal.change(post, person_id=kept.pk, is_main=False)
        else:
            journal.change(post, person_id=kept.pk)


def _overlap(one: Post, other: Post) -> bool:
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )


def _same_place(one: Post, other: Post) -> bool:
    return (one.managing_unit_id, one.is_main) == (other.managing_unit_id, other.is_main)


_HOLDS_MORE = (SeatState.SEATED, SeatState.WAITING, SeatState.WITHDRAWN)


def _classes(journal: Journal, kept: Person, dropped: Person, by: User) -> None:
    """One seat, one attendance a session, one participation a class."""
    seats = {seat.class_group_id: seat for seat in kept.seats.all()}
    for seat in dropped.seats.order_by("pk"):
        mine = seats.get(seat.class_group_id)
        if mine is None:
            journal.change(seat, person_id=kept.pk)
            continue
        best = min((SeatState(mine.state), SeatState(seat.state)), key=_HOLDS_MORE.index)
        journal.change(seat, state=str(SeatState.WITHDRAWN))
        journal.change(mine, state=str(best))
    told = kept.class_told.values_list("notice_id", flat=True)
    # Whoever was told as the one is not told again as the other.
    journal.move(dropped.class_told.exclude(notice__in=list(told)).order_by("pk"), kept)
    there = set(
        kept.attendances.filter(revoked_at__isnull=True).values_list("session_id", flat=True)
    )
    for seen in dropped.attendances.order_by("pk"):
        if seen.revoked_at is None and seen.session_id in there:
            journal.change(seen, revoked_at=timezone.now(), revoked_by_id=by.pk)
        journal.change(seen, person_id=kept.pk)
    taken = kept.participations.select_related("class_group__provider")
    mine_in = {one.class_group_id: one for one in taken}
    for one in dropped.participations.select_related("class_group").order_by("pk"):
        first = mine_in.get(one.class_group_id)
        if first is None:
            journal.change(one, person_id=kept.pk)
        else:
            _count_once(journal, kept, first, one)


def _count_once(
    journal: Journal, kept: Person, first: Participation, second: Participation
) -> None:
    """Two participations in one class become one, which is complete when the sessions of both
    make it so."""
    participation_tallies.remove(second)
    journal.remove(second)
    group = first.class_group
    days = days_attended(group, [kept]).get(kept.pk, [])
    needed = group.sessions_needed(group.sessions.count())
    together = len(days) >= needed
    participation_tallies.remove(first)
    journal.change(
        first,
        happened_on=min(first.happened_on, second.happened_on),
        completed=first.completed or second.completed or together,
    )
    participation_tallies.add([first])
    people = (first.person_id, second.person_id)
    if (
        together
        and not TrainingRecord.objects.filter(person__in=people, class_group=group).exists()
    ):
        journal.make(TrainingRecord.of_class(group, kept, days[needed - 1]))


def _online(journal: Journal, kept: Person, dropped: Person) -> None:
    """Courses, evidence, reminders, answers. What both did under a rule of once stays apart."""
    running = set(
        kept.enrolments.filter(completed_at__isnull=True).values_list("edition_id", flat=True)
    )
    for enrolment in dropped.enrolments.order_by("pk"):
        if enrolment.completed_at or enrolment.edition_id not in running:
            journal.change(enrolment, person_id=kept.pk)
    of_class = {record.class_group_id: record for record in kept.records.all()}
    of_class.pop(None, None)
    for record in dropped.records.order_by("pk"):
        mine = of_class.get(record.class_group_id)
        if mine is None:
            journal.change(record, person_id=kept.pk)
        elif record.state == RecordState.APPROVED:
            journal.change(mine, state=str(RecordState.APPROVED))
    journal.move(Recheck.objects.filter(person=dropped), kept)
    begun = kept.leaves.values_list("valid_from", flat=True)
    journal.move(dropped.leaves.exclude(valid_from__in=list(begun)), kept)
    reminded = kept.reminders.values("day")
    journal.move(
        dropped.reminders.exclude(day__in=list(reminded.values_list("day", flat=True))), kept
    )
    answered = SurveyTicket.objects.filter(person=kept)
    about = {(one.class_group_id, one.course_id) for one in answered}
    journal.move(
        (
            ticket
            for ticket in SurveyTicket.objects.filter(person=dropped)
            if (ticket.class_group_id, ticket.course_id) not in about
        ),
        kept,
    )


def _refresh(people: tuple[int, int]) -> None:
    for period in ReportingPeriod.objects.filter(starts_on__lte=timezone.localdate()).order_by(
        "pk"
    ):
        refresh_people(people, period)


# ------------------------------------------------------------------ taking it back


@transaction.atomic
def undo(done: Merge, *, by: User, why: str) -> bool:
    """Give every row back that the merger moved; what came since stays with the kept record.

    False when it was undone before. Raises CannotUndo with nothing changed.
    """
    done = Merge.objects.select_for_update().get(pk=done.pk)
    if done.undone_at is not None:
        return False
    kept, dropped = _locked(done.kept_id, done.dropped_id)
    if kept.erased_at or dropped.erased_at:
        raise CannotUndo(_("The person's data was erased: there is nothing to give back."))
    if kept.merged_into_id:
        raise CannotUndo(_("The record that was kept has itself been merged: undo that first."))
    for line in reversed(done.journal):
        restore(line)
    done.undone_by, done.undone_at = by, timezone.now()
    done.save(update_fields=["undone_by", "undone_at"])
    _refresh((kept.pk, dropped.pk))
    note(Act.UNMERGED, f"person {dropped.pk}", by=by, after={"from": kept.pk}, why=why)
    return True


@transaction.atomic
def keep_apart(one: Person, other: Person, *, by: User) -> None:
    """Remember that the two are not one person. Idempotent."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    KeptApart.objects.get_or_create(first=first, second=second, defaults={"by": by})
