"""The key of a question corrected while the quiz runs, and everybody marked anew.

A visible act: who, why, from what to what, and what became of each result. Nobody loses
what was passed. A question of a bank is corrected wherever it was asked.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.editions import correct_fixed_question, drawing_from, same_quiz
from courses.grading import percent
from courses.models import EditionItem, Question
from courses.questions import grade
from learners.actions.attempts import remark
from learners.models import Attempt, Remarking


class CorrectedMeanwhile(Exception):
    """Somebody else corrected the question after the author had looked at it."""


# What an attempt adds to its copy of a question.
_ADDED = ("ref", "shown")


@dataclass(frozen=True)
class Change:
    """One handed-in attempt before and after the correction."""

    attempt: int
    person: int
    course: int
    score: int
    new_score: int
    passed: bool
    passes: bool

    @property
    def now_passes(self) -> bool:
        return self.passes and not self.passed

    @property
    def would_fail(self) -> bool:
        """Passed by the old key and not by the new one: keeps what was passed."""
        return self.passed and not self.passes


def question_of(item: EditionItem, ref: str) -> dict | None:
    """The question of the quiz with that ref, as it is asked of the next learner."""
    if ref.startswith("f") and ref[1:].isdigit() and int(ref[1:]) < len(item.questions):
        return dict(item.questions[int(ref[1:])])
    banks = [rule["bank"] for rule in item.draws]
    if ref.startswith("q") and ref[1:].isdigit():
        drawn = Question.objects.filter(pk=int(ref[1:]), bank__in=banks).first()
        return dict(drawn.content) if drawn else None
    return None


def changes(item: EditionItem, ref: str, before: dict, after: dict) -> list[Change]:
    """What the correction would do to each handed-in attempt; those untouched are left out."""
    found = []
    for attempt, index in _copies(item, ref, before):
        if attempt.submitted_at is None:
            continue
        marks = [attempt.mark_of(place) for place in range(len(attempt.asked()))]
        if not any(given.index == index for given in attempt.manual_marks.all()):
            marks[index] = grade(after, attempt.answer(index))
        score = attempt.score or 0
        new_score = percent(marks)
        change = Change(
            attempt=attempt.pk,
            person=attempt.enrolment.person_id,
            course=attempt.enrolment.edition.course_id,
            score=score,
            new_score=new_score,
            passed=attempt.passed,
            passes=new_score >= attempt.item.pass_mark,
        )
        if score != new_score:
            found.append(change)
    return found


def correct_key(
    *, item: EditionItem, ref: str, before: dict, after: dict, reason: str, by: Any
) -> Remarking:
    """Correct the question for whoever comes next, and write down that it was done.

    Those who were asked already are marked anew by `apply_remarking`. Raises
    CorrectedMeanwhile when the question is no longer the one that the author looked at.
    """
    with transaction.atomic():
        locked = EditionItem.objects.select_for_update().get(pk=item.pk)
        if not ref.startswith("f"):
            # Another course may draw the same question: its own row is what two authors share.
            Question.objects.select_for_update().get(pk=int(ref[1:]))
        if question_of(locked, ref) != before:
            raise CorrectedMeanwhile
        remarking = Remarking.objects.create(
            item=item, ref=ref, before=before, after=after, reason=reason, done_by=by
        )
        if ref.startswith("f"):
            correct_fixed_question(item=item, before=before, after=after)
        else:
            question = Question.objects.get(pk=int(ref[1:]))
            question.content = after
            question.version += 1
            # One that was withdrawn is not asked again.
            question.archived = question.archived or bool(after.get("void"))
            question.save(update_fields=["content", "name", "version", "archived"])
    return remarking


def apply_remarking(remarking_id: int) -> None:
    """Mark anew all who were asked the question as it was. Idempotent.

    Each attempt in its own transaction: a crash in the middle is carried on by running it
    again, because a corrected copy is no longer found.
    """
    remarking = Remarking.objects.select_related("item").get(pk=remarking_id)
    if remarking.applied_at is not None:
        return
    copies = _copies(remarking.item, remarking.ref, remarking.before)
    for attempt_id, index in [(attempt.pk, index) for attempt, index in copies]:
        with transaction.atomic():
            change = _apply(attempt_id, index, remarking)
            if change is not None:
                # In the same transaction: what a crash undoes is not said to be done.
                act = Remarking.objects.select_for_update().get(pk=remarking.pk)
                act.changes = [*act.changes, asdict(change)]
                act.save(update_fields=["changes"])
    Remarking.objects.filter(pk=remarking.pk).update(applied_at=timezone.now())


def _apply(attempt_id: int, index: int, remarking: Remarking) -> Change | None:
    """Mark one attempt anew; None when its result stays. Call within a transaction."""
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("item", "enrolment__edition")
        .get(pk=attempt_id)
    )
    copies = [dict(copy) for copy in attempt.asked()]
    if index >= len(copies) or bare(copies[index]) != remarking.before:
        return None
    added = {key: copies[index][key] for key in _ADDED if key in copies[index]}
    copies[index] = {**remarking.after, **added}
    attempt.questions = copies
    attempt.save(update_fields=["questions"])
    if attempt.submitted_at is None:
        return None
    score, passed = attempt.score or 0, attempt.passed
    remark(attempt)
    new_score = attempt.score or 0
    passes = new_score >= attempt.item.pass_mark
    if passed and not passes:
        # What was right by the key of its day stays so, the figure with it.
        Attempt.objects.filter(pk=attempt.pk).update(score=score)
    if score == new_score:
        return None
    return Change(
        attempt=attempt.pk,
        person=attempt.enrolment.person_id,
        course=attempt.enrolment.edition.course_id,
        score=score,
        new_score=new_score,
        passed=passed,
        passes=passes,
    )


def bare(copy: dict) -> dict:
    """An attempt's copy of a question without what the attempt added."""
    return {key: value for key, value in copy.items() if key not in _ADDED}


def _copies(item: EditionItem, ref: str, before: dict) -> Iterator[tuple[Attempt, int]]:
    """Attempts that were asked the question as it was: in every edition of the quiz, and for a
    question of a bank in every quiz that draws from it."""
    attempts = Attempt.objects.filter(
        item__in=_quizzes(item, ref),
        entered_by__isnull=True,
        # Their answers are gone; the mark that was given stays.
        enrolment__person__erased_at__isnull=True,
    )
    attempts = attempts.select_related("item", "enrolment__edition").defer("item__body")
    attempts = attempts.prefetch_related("manual_marks")
    for attempt in attempts.order_by("pk").iterator(chunk_size=200):
        for index, copy in enumerate(attempt.asked()):
            if bare(copy) == before and _same_origin(copy.get("ref", ref), ref):
                if attempt.submitted_at and not attempt.marks:
                    _keep_marks(attempt)
                yield attempt, index
                break


def _quizzes(item: EditionItem, ref: str) -> list[int]:
    if ref.startswith("f"):
        return list(same_quiz(item).values_list("pk", flat=True))
    return drawing_from(Question.objects.get(pk=int(ref[1:])).bank_id)


def _same_origin(asked: str, ref: str) -> bool:
    """A question of a page is known by what it asks, for its place differs between editions."""
    return asked == ref or (asked.startswith("f") and ref.startswith("f"))


def _keep_marks(attempt: Attempt) -> None:
    """Marks of an attempt handed in before marks were kept, for the comparison."""
    marks = [grade(copy, attempt.answer(place)) for place, copy in enumerate(attempt.asked())]
    attempt.marks = [str(mark if mark is not None else Fraction(0)) for mark in marks]
