"""Moving people who are in the middle of a course to its newest edition.

Whoever has finished stays finished and is never moved. What was done is carried over page by page;
a quiz only if the newest edition asks the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from courses.choices import ItemKind
from courses.grading import progress
from courses.models import CoursePage, Edition, EditionItem
from learners.actions.progress import complete_if_done
from learners.models import EditionMove, Enrolment, LessonTick, User


@dataclass(frozen=True)
class Effect:
    """What the move would do to one enrolment."""

    enrolment: Enrolment
    before: int
    after: int

    @property
    def falls(self) -> bool:
        return self.after < self.before


def newest_edition(course: CoursePage) -> Edition | None:
    return Edition.objects.filter(course=course).order_by("-number").first()


def effects(course: CoursePage) -> list[Effect]:
    """Everybody in the middle of an older edition, those who would lose most first. Reads the
    editions once each, however many people there are."""
    newest = newest_edition(course)
    if newest is None:
        return []
    enrolments = list(_behind(course, newest).select_related("person", "edition"))
    items = _items_of({enrolment.edition_id for enrolment in enrolments} | {newest.pk})
    done: dict[int, set[int]] = defaultdict(set)
    ticks = LessonTick.objects.filter(enrolment__in=enrolments)
    for enrolment_id, item_id in ticks.values_list("enrolment_id", "item_id"):
        done[enrolment_id].add(item_id)
    found = [
        Effect(
            enrolment,
            _percent(items[enrolment.edition_id], done[enrolment.pk]),
            _percent(
                items[newest.pk],
                carried(items[enrolment.edition_id], items[newest.pk], done[enrolment.pk]),
            ),
        )
        for enrolment in enrolments
    ]
    return sorted(found, key=lambda effect: (effect.after - effect.before, effect.enrolment.pk))


def move(
    *, enrolments: Iterable[Enrolment], course: CoursePage, reason: str, by: User
) -> list[EditionMove]:
    """Move those named, each in a transaction of its own; whoever finished meanwhile, is there
    already or is enrolled in the newest edition as well stays. Idempotent."""
    newest = newest_edition(course)
    if newest is None:
        return []
    moves = [_move_one(enrolment.pk, newest, reason, by) for enrolment in enrolments]
    return [made for made in moves if made is not None]


@transaction.atomic
def _move_one(enrolment_id: int, newest: Edition, reason: str, by: User) -> EditionMove | None:
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    twice = Enrolment.objects.filter(
        person=enrolment.person_id, edition=newest, completed_at__isnull=True
    )
    if enrolment.completed_at or enrolment.edition_id == newest.pk or twice.exists():
        return None
    items = _items_of({enrolment.edition_id, newest.pk})
    done = set(LessonTick.objects.filter(enrolment=enrolment).values_list("item_id", flat=True))
    kept = carried(items[enrolment.edition_id], items[newest.pk], done)
    made = EditionMove.objects.create(
        enrolment=enrolment,
        from_edition_id=enrolment.edition_id,
        to_edition=newest,
        percent_before=_percent(items[enrolment.edition_id], done),
        percent_after=_percent(items[newest.pk], kept),
        reason=reason,
        by=by,
    )
    enrolment.edition, enrolment.last_item = newest, None
    enrolment.save(update_fields=["edition", "last_item"])
    LessonTick.objects.bulk_create(
        [LessonTick(enrolment=enrolment, item_id=item) for item in kept], ignore_conflicts=True
    )
    complete_if_done(enrolment)
    return made


def carried(old: list[EditionItem], new: list[EditionItem], done: set[int]) -> set[int]:
    """Items of the newer edition that count as done because the same was done before."""
    by_page = {item.page_id: item for item in old if item.page_id and item.pk in done}
    return {
        item.pk
        for item in new
        if item.page_id in by_page and _asks_the_same(by_page[item.page_id], item)
    }


def _asks_the_same(old: EditionItem, new: EditionItem) -> bool:
    if old.kind != new.kind or old.package_id != new.package_id:
        return False
    if new.kind != ItemKind.QUIZ:
        return True
    return (old.questions, old.draws, old.pass_mark) == (new.questions, new.draws, new.pass_mark)


def _behind(course: CoursePage, newest: Edition) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(
        edition__course=course, edition__number__lt=newest.number, completed_at__isnull=True
    )


def _items_of(editions: set[int]) -> dict[int, list[EditionItem]]:
    found: dict[int, list[EditionItem]] = {edition: [] for edition in editions}
    for item in EditionItem.objects.filter(edition__in=editions).defer("body"):
        found[item.edition_id].append(item)
    return found


def _percent(items: list[EditionItem], done: set[int]) -> int:
    return progress([item.pk for item in items if item.required], frozenset(done))
