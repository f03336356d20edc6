"""Learning: lessons ticked, courses completed.

Courses decide what is enough, learners know what was done.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from courses.choices import ItemKind
from courses.grading import Missing, progress
from courses.models import Edition, EditionItem
from courses.prepared import Prepared
from learners.actions.records import record_completion
from learners.models import Attempt, Enrolment, LessonTick
from learners.permissions import enrolments_of_account
from learners.signals import course_completed


@dataclass(frozen=True)
class Learning:
    """What one person has done of what the edition requires."""

    enrolment: Enrolment
    items: list[EditionItem]
    done: frozenset[int]

    @cached_property
    def required(self) -> list[EditionItem]:
        """What counts; the rest is free to read."""
        return [item for item in self.items if item.required]

    @property
    def percent(self) -> int:
        """0 to 100; 100 exactly when nothing is missing or the course was completed."""
        if self.enrolment.completed_at:
            return 100
        return progress([item.pk for item in self.required], self.done)

    @cached_property
    def missing(self) -> Missing:
        if self.enrolment.completed_at:
            return Missing(0, 0)
        left = [item.kind for item in self.required if item.pk not in self.done]
        return Missing(left.count(ItemKind.LESSON), left.count(ItemKind.QUIZ))

    @property
    def minutes_left(self) -> int:
        return sum(item.minutes for item in self.required if item.pk not in self.done)

    @property
    def resume_at(self) -> EditionItem | None:
        """Where one left, unless that is done: then the first thing not done."""
        by_pk = {item.pk: item for item in self.items}
        left = by_pk.get(self.enrolment.last_item_id or 0)
        if left is not None and left.pk not in self.done:
            return left
        return next((item for item in self.items if item.pk not in self.done), None)


def learning_of(
    enrolment: Enrolment, items: list[EditionItem], done: frozenset[int] | None = None
) -> Learning:
    """One query, whatever the size of the course; none when what was done is known."""
    if done is not None:
        return Learning(enrolment, items, done)
    ticked = LessonTick.objects.filter(enrolment=enrolment).values_list("item_id", flat=True)
    return Learning(enrolment, items, frozenset(ticked))


# In the order of the models' own fields, as from_db() asks.
_OF_ENROLMENT = ["id", "person_id", "edition_id", "last_item_id", "completed_at"]
_OF_EDITION = ["id", "title", "refreshed_at"]


_NEWEST = Prepared(
    lambda account, slug: (
        enrolments_of_account(account)
        .filter(edition__course__slug=slug)
        .values_list(*_OF_ENROLMENT, *(f"edition__{name}" for name in _OF_EDITION), "ticks__item")
    )
)


def newest_with_ticks(account: int, slug: str) -> tuple[Enrolment, frozenset[int]] | None:
    """The newest of an account's enrolments in a course, with just what each page of the course
    needs, and the items ticked in it. One query, because most visits of the site ask it."""
    rows = _NEWEST.rows(account, slug)
    if not rows:
        return None
    newest, cut = rows[0], len(_OF_ENROLMENT)
    enrolment = Enrolment.from_db("default", _OF_ENROLMENT, newest[:cut])
    enrolment.edition = Edition.from_db("default", _OF_EDITION, newest[cut:-1])
    ticked = (row[-1] for row in rows if row[0] == enrolment.pk)
    return enrolment, frozenset(item for item in ticked if item is not None)


def tick_lesson(*, enrolment: Enrolment, item: EditionItem) -> None:
    """Mark a lesson or a passed quiz as done. Idempotent; the last one completes the course, also
    when two devices finish the last two at once: they come one after the other."""
    with transaction.atomic():
        Enrolment.objects.select_for_update(no_key=True).only("pk").get(pk=enrolment.pk)
        # One statement, where get_or_create asks first and then writes within a savepoint.
        LessonTick.objects.bulk_create(
            [LessonTick(enrolment=enrolment, item=item)], ignore_conflicts=True
        )
        complete_if_done(enrolment)


def complete_if_done(enrolment: Enrolment) -> bool:
    """Complete the course if nothing is missing; True when this call did it."""
    items = EditionItem.objects.filter(edition=enrolment.edition_id)
    done = LessonTick.objects.filter(enrolment=enrolment, item=OuterRef("pk"))
    if items.filter(~Exists(done), required=True).exists():
        return False
    whole = list(items.defer("body", "questions", "draws"))
    if not any(item.required for item in whole):
        return False
    return complete_course(enrolment=enrolment, items=whole)


@transaction.atomic
def complete_course(*, enrolment: Enrolment, items: list[EditionItem]) -> bool:
    """Freeze the completion and its evidence; True when this call did it.

    Idempotent: only the call that changes the row from open to completed records the
    evidence, moves the targets and sends `course_completed` after commit.
    """
    edition = enrolment.edition
    now = timezone.now()
    changed = Enrolment.objects.filter(pk=enrolment.pk, completed_at__isnull=True).update(
        completed_at=now,
        title=edition.title,
        hours=edition.hours,
        score=_final_score(enrolment, items),
    )
    if not changed:
        return False
    enrolment.refresh_from_db()
    record_completion(enrolment)
    transaction.on_commit(
        lambda: course_completed.send_robust(sender=Enrolment, enrolment_id=enrolment.pk),
        robust=True,
    )
    return True


def _final_score(enrolment: Enrolment, items: list[EditionItem]) -> int | None:
    """The best mark of the last quiz: the figure that the certificate prints."""
    quizzes = [item for item in items if item.kind == ItemKind.QUIZ]
    if not quizzes:
        return None
    return (
        Attempt.objects.filter(enrolment=enrolment, item=quizzes[-1], passed=True)
        .order_by("-score")
        .values_list("score", flat=True)
        .first()
    )
