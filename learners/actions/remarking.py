"""The key of a question corrected while the quiz runs, and everybody marked anew.

A visible act: who, why, from what to what, and what became of each result. Nobody loses
what was passed.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.editions import correct_fixed_question
from courses.grading import percent
from courses.models import EditionItem, Question
from courses.questions import grade
from learners.actions.attempts import remark
from learners.models import Attempt, Remarking

# What an attempt adds to its copy of a question.
_ADDED = ("ref", "shown")


@dataclass(frozen=True)
class Change:
    """One handed-in attempt before and after the correction."""

    attempt: int
    person: int
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

    Those who were asked already are marked anew by `apply_remarking`.
    """
    with transaction.atomic():
        remarking = Remarking.objects.create(
            item=item, ref=ref, before=before, after=after, reason=reason, done_by=by
        )
        if ref.startswith("f"):
            correct_fixed_question(page_id=item.page_id, before=before, after=after)
        else:
            question = Question.objects.select_for_update().get(pk=int(ref[1:]))
            if question.content != after:
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
    for attempt, index in list(_copies(remarking.item, remarking.ref, remarking.before)):
        change = _apply(attempt.pk, index, remarking)
        if change is not None:
            remarking.changes.append(asdict(change))
            remarking.save(update_fields=["changes"])
    remarking.applied_at = timezone.now()
    remarking.save(update_fields=["applied_at"])


def _apply(attempt_id: int, index: int, remarking: Remarking) -> Change | None:
    with transaction.atomic():
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
        return Change(attempt.pk, attempt.enrolment.person_id, score, new_score, passed, passes)


def bare(copy: dict) -> dict:
    """An attempt's copy of a question without what the attempt added."""
    return {key: value for key, value in copy.items() if key not in _ADDED}


def _copies(item: EditionItem, ref: str, before: dict) -> Iterator[tuple[Attempt, int]]:
    """Attempts that were asked the question as it was, in every edition of the same quiz."""
    attempts = (
        Attempt.objects.filter(item__page=item.page_id, entered_by__isnull=True)
        if item.page_id
        else Attempt.objects.filter(item=item, entered_by__isnull=True)
    )
    attempts = attempts.select_related("item", "enrolment").prefetch_related("manual_marks")
    for attempt in attempts.order_by("pk").iterator(chunk_size=200):
        for index, copy in enumerate(attempt.asked()):
            if bare(copy) == before and copy.get("ref", ref) == ref:
                if attempt.submitted_at and not attempt.marks:
                    _keep_marks(attempt)
                yield attempt, index
                break


def _keep_marks(attempt: Attempt) -> None:
    """Marks of an attempt handed in before marks were kept, for the comparison."""
    marks = [grade(copy, attempt.answer(place)) for place, copy in enumerate(attempt.asked())]
    attempt.marks = [str(mark if mark is not None else Fraction(0)) for mark in marks]
