"""Quizzes: opened, answered, handed in, marked.

Every change is made under a lock of the attempt's row, so that two clicks and two devices
come out as one. What was passed stays passed.
"""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import FilteredRelation, Max, Q
from django.utils import timezone

from courses.draws import draw_questions
from courses.grading import percent
from courses.models import Edition, EditionItem
from courses.prepared import Prepared
from courses.questions import grade
from learners.actions.progress import tick_lesson
from learners.models import Attempt, Enrolment, ManualMark
from learners.permissions import enrolments_of_account


class NoAttemptLeft(Exception):
    """All attempts that the course allows were used."""


class QuizClosed(Exception):
    """The day on which the quiz closes is past."""


class NothingToAsk(Exception):
    """The banks that the quiz draws from hold no question."""


class MarkedMeanwhile(Exception):
    """Somebody else marked the answer after the marker had looked at it."""


def open_attempt(*, enrolment: Enrolment, item: EditionItem) -> Attempt:
    """The attempt being worked on, begun if there is none: one, also for two devices.

    Raises NoAttemptLeft, QuizClosed or NothingToAsk. One whose time is over is handed in.
    """
    tries = Attempt.objects.filter(enrolment=enrolment, item=item)
    current = open_attempt_of(enrolment, item)
    if current:
        return current
    if item.closes_at is not None and item.closes_at <= timezone.now():
        raise QuizClosed
    if item.attempts_allowed is not None and used_attempts(tries) >= item.attempts_allowed:
        raise NoAttemptLeft
    questions = draw_questions(item)
    if not questions:
        raise NothingToAsk
    last = tries.aggregate(last=Max("number"))["last"] or 0
    limit = item.time_limit and timedelta(minutes=item.time_limit)
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                enrolment=enrolment,
                item=item,
                number=last + 1,
                questions=questions,
                due_at=timezone.now() + limit if limit else None,
            )
    except IntegrityError:
        return tries.get(submitted_at__isnull=True)


def used_attempts(tries: Any) -> int:
    """Attempts that count against what the course allows; results from paper do not."""
    return int(tries.filter(entered_by__isnull=True).count())


def open_attempt_of(enrolment: Enrolment, item: EditionItem) -> Attempt | None:
    """The attempt that may still be answered, or None. One whose time is over is handed in."""
    current = Attempt.objects.filter(
        enrolment=enrolment, item=item, submitted_at__isnull=True
    ).first()
    if current is None:
        return None
    current.item = item
    return _unless_overdue(current)


# In the order of the models' own fields, as from_db() asks.
_OF_EDITION = ["id", "title"]
_OF_ATTEMPT = ["id", "enrolment_id", "item_id", "number", "questions", "answers"]
_OF_ATTEMPT += ["started_at", "due_at", "submitted_at", "entered_by_id"]
_OF_ITEM = ["id", "position", "title", "closes_at"]

_OPEN = Prepared(
    lambda account, slug: (
        enrolments_of_account(account)
        .filter(edition__course__slug=slug)
        .annotate(
            current=FilteredRelation("attempts", condition=Q(attempts__submitted_at__isnull=True))
        )
        .values_list(
            "id",
            *(f"edition__{name}" for name in _OF_EDITION),
            *(f"current__{name}" for name in _OF_ATTEMPT),
            *(f"current__item__{name}" for name in _OF_ITEM),
        )
    )
)


def open_attempt_at(account: int, slug: str, position: int) -> Attempt | None:
    """As `open_attempt_of`, for the quiz at this position of the account's newest enrolment in the
    course. One query, because each answer asks it; enrolment, edition and quiz come with just
    what the page of a question needs."""
    rows = _OPEN.rows(account, slug)
    for row in rows:
        newest, *values = row
        edition, values = values[: len(_OF_EDITION)], values[len(_OF_EDITION) :]
        kept, item = values[: len(_OF_ATTEMPT)], values[len(_OF_ATTEMPT) :]
        if newest != rows[0][0] or item[1] != position:
            continue
        current = Attempt.from_db("default", _OF_ATTEMPT, kept)
        current.item = EditionItem.from_db("default", _OF_ITEM, item)
        current.enrolment = Enrolment.from_db("default", ["id", "edition_id"], [newest, edition[0]])
        current.enrolment.edition = Edition.from_db("default", _OF_EDITION, edition)
        return _unless_overdue(current)
    return None


def _unless_overdue(current: Attempt) -> Attempt | None:
    if current.is_overdue():
        submit_attempt(attempt=current)
        return None
    return current


def save_answer(*, attempt: Attempt, question: int, answer: Any) -> bool:
    """Keep one answer of an open attempt; False when it was handed in or the time is over.

    An answer that comes too late hands the attempt in with what was kept before.
    """
    with transaction.atomic():
        # Neither what was asked nor where it stands changes: both are only read to mark.
        current = Attempt.objects.select_for_update().defer("questions").get(pk=attempt.pk)
        current.item = attempt.item
        if current.submitted_at is not None:
            return False
        if late := current.is_overdue():
            _hand_in(current)
        else:
            current.answers = {**current.answers, str(question): answer}
            current.save(update_fields=["answers"])
    attempt.answers = current.answers
    return not late


def submit_attempt(*, attempt: Attempt) -> Attempt:
    """Hand in: graded once, whoever clicks twice. Completes the course when nothing is missing."""
    with transaction.atomic():
        current = _locked(attempt)
        if current.submitted_at is None:
            _hand_in(current)
    return current


def hand_in_overdue(limit: int = 500) -> int:
    """Hand in what nobody handed in before its deadline; how many it were. Idempotent."""
    now = timezone.now()
    overdue = Attempt.objects.filter(
        Q(due_at__lte=now) | Q(item__closes_at__lte=now), submitted_at__isnull=True
    )
    attempts = list(overdue.order_by("pk").only("pk")[:limit])
    for attempt in attempts:
        submit_attempt(attempt=attempt)
    return len(attempts)


def mark_answer(
    *, attempt: Attempt, index: int, mark: int, comment: str, by: Any, seen: int | None = None
) -> Attempt:
    """A person's mark (0 to 100) for one answer; result and completion follow.

    `seen` is the mark by hand that the marker knew of. Raises MarkedMeanwhile when there is
    another one by now. The newest counts, but what was passed stays passed.
    """
    with transaction.atomic():
        current = _locked(attempt)
        newest = current.manual_marks.filter(index=index).last()
        if (newest.pk if newest else None) != seen:
            raise MarkedMeanwhile
        ManualMark.objects.create(
            attempt=current, index=index, percent=mark, comment=comment, marked_by=by
        )
        remark(current)
    return current


def remark(attempt: Attempt) -> None:
    """Mark every answer anew by the attempt's questions and the marks given by hand.

    Call within a transaction that holds the attempt's lock. Never takes a pass back.
    """
    manual = {given.index: given for given in attempt.manual_marks.all()}
    marks = [
        Fraction(manual[index].percent, 100)
        if index in manual
        else grade(question, attempt.answer(index))
        for index, question in enumerate(attempt.asked())
    ]
    attempt.marks = ["" if mark is None else str(mark) for mark in marks]
    attempt.waiting = marks.count(None)
    attempt.score = percent(marks)
    attempt.passed = attempt.passed or attempt.score >= attempt.item.pass_mark
    attempt.save(update_fields=["submitted_at", "marks", "waiting", "score", "passed"])
    if attempt.passed:
        tick_lesson(enrolment=attempt.enrolment, item=attempt.item)


def enter_from_paper(
    *, enrolment: Enrolment, item: EditionItem, score: int, source: str, reason: str, by: Any
) -> Attempt:
    """A result that was reached on paper, with who entered it and why; completion follows.

    The enrolment is locked, so that two clicks number two rows one after the other; the same
    score from the same paper is entered once.
    """
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        tries = Attempt.objects.filter(enrolment=enrolment, item=item)
        same = tries.filter(entry_source=source, score=score, entered_by__isnull=False).first()
        if same is not None:
            return same
        entered = Attempt.objects.create(
            enrolment=enrolment,
            item=item,
            number=(tries.aggregate(last=Max("number"))["last"] or 0) + 1,
            submitted_at=timezone.now(),
            score=score,
            passed=score >= item.pass_mark,
            entered_by=by,
            entry_source=source,
            entry_reason=reason,
        )
        if entered.passed:
            tick_lesson(enrolment=enrolment, item=item)
    return entered


def _locked(attempt: Attempt) -> Attempt:
    return (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("item", "enrolment__edition")
        .get(pk=attempt.pk)
    )


def _hand_in(attempt: Attempt) -> None:
    """Hand in a locked attempt, at the latest when its time was over."""
    attempt.submitted_at = min(filter(None, [timezone.now(), attempt.deadline()]))
    remark(attempt)
