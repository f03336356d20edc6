"""Whose training history leaves, under which unit codes, and whose cannot and why."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learners.choices import Mode, RecordState
from learners.models import Person, Post, TrainingRecord
from learners.reports.batches import id_batches
from learners.reports.names import short_name, unit_names
from learners.reports.training import TrainingList, trainings_of
from learners.tree import Tree, tree_on


class Obstacle(StrEnum):
    """Why a history cannot be sent: first those that somebody can mend."""

    ERASED = "erased"
    NO_POST = "no_post"
    NO_STAFF_NUMBER = "no_staff_number"
    NO_MANAGING_CODE = "no_managing_code"
    NO_USING_CODE = "no_using_code"
    NOTHING = "nothing"


REASONS: dict[Obstacle, tuple[str | Promise, str | Promise]] = {
    Obstacle.ERASED: (_("The data was erased at the person's request"), ""),
    Obstacle.NO_POST: (
        _("No post is recorded, so there is no managing and no using unit"),
        _("Enter the post on the person's page, or by a list of staff."),
    ),
    Obstacle.NO_STAFF_NUMBER: (
        _("No staff number, by which the personnel system knows people"),
        _("Enter it on the person's page (“Correct the record”), or by a list of staff."),
    ),
    Obstacle.NO_MANAGING_CODE: (
        _("The managing unit has no code on that day, or is no more"),
        _("Move the person to the unit that follows it, or give the unit its code."),
    ),
    Obstacle.NO_USING_CODE: (
        _("The using unit has no code on that day, or is no more"),
        _("Correct the using unit of the post, or give the unit its code."),
    ),
    Obstacle.NOTHING: (_("No training is accepted yet, so there is nothing to send"), ""),
}
"""What is said of each, and how it is mended."""


@dataclass(frozen=True)
class Official:
    """Somebody as the personnel system knows people, with all that was accepted."""

    person: Person
    post: Post | None
    """The one that decides: the main post of today, or the last one there was."""
    managing_code: str
    using_code: str
    managing_name: str
    training: TrainingList
    """Accepted results only."""
    lost: bool
    """Something counted once and counts no more: the receiver has to hear of it."""

    @property
    def obstacle(self) -> Obstacle | None:
        """The first reason why the history cannot be sent; None when it can."""
        for stands_in_the_way, why in (
            (self.person.erased_at is not None, Obstacle.ERASED),
            (self.post is None, Obstacle.NO_POST),
            (not self.person.staff_number, Obstacle.NO_STAFF_NUMBER),
            (not self.managing_code, Obstacle.NO_MANAGING_CODE),
            (not self.using_code, Obstacle.NO_USING_CODE),
            (not self.training.rows and not self.lost, Obstacle.NOTHING),
        ):
            if stands_in_the_way:
                return why
        return None


@dataclass(frozen=True)
class StaffOf:
    """The staff of some units today; everybody's when no units are named."""

    units: Collection[int] | None

    def people(self) -> QuerySet[Person]:
        """By name. Whoever has the main post elsewhere is told by the unit there."""
        return Person.objects.filter(pk__in=self._deciding().values("person")).order_by(
            "name_key", "pk"
        )

    def _deciding(self) -> QuerySet[Post]:
        today = Post.objects.on(timezone.localdate())
        here = today if self.units is None else today.filter(managing_unit__in=self.units)
        elsewhere = today.filter(is_main=True).exclude(pk__in=here.values("pk"))
        return here.filter(Q(is_main=True) | ~Q(person__in=elsewhere.values("person")))

    def count(self) -> int:
        return self.people().count()

    def __iter__(self) -> Iterator[Official]:
        """In batches: memory does not grow with the number of people."""
        for batch in id_batches(self.people()):
            yield from officials(batch)


def officials(people: Iterable[int]) -> list[Official]:
    """In the order asked for; records merged into others and rows that are gone are left out.
    A fixed number of queries, however many people."""
    asked = list(people)
    found = Person.objects.filter(merged_into__isnull=True).in_bulk(asked)
    accepted = TrainingRecord.objects.filter(state=RecordState.APPROVED)
    trainings = trainings_of(found, accepted)
    posts, lost = _posts(found), _lost(found)
    trees: dict[date, Tree] = {}
    return [
        _official(found[pk], posts.get(pk), trainings[pk], pk in lost, trees)
        for pk in asked
        if pk in found
    ]


def _official(
    person: Person,
    post: Post | None,
    training: TrainingList,
    lost: bool,
    trees: dict[date, Tree],
) -> Official:
    codes, name = ("", ""), ""
    if post is not None:
        day = min(post.valid_to or timezone.localdate(), timezone.localdate())
        tree = trees.get(day) or trees.setdefault(day, tree_on(day))
        codes = (_code(post.managing_unit_id, tree), _code(post.using_unit_id, tree))
        name = short_name(unit_names([post.managing_unit_id], tree).get(post.managing_unit_id, ""))
    return Official(person, post, *codes, name, training, lost)


def _code(unit: int, tree: Tree) -> str:
    return tree[unit].code if unit in tree else ""


def _posts(people: Collection[int]) -> dict[int, Post]:
    """The post that decides: main before second, one of today before one that ended."""
    today = timezone.localdate()
    deciding: dict[int, Post] = {}
    for post in Post.objects.filter(person__in=people, valid_from__lte=today).order_by("pk"):
        best = deciding.get(post.person_id)
        if best is None or _weight(post, today) > _weight(best, today):
            deciding[post.person_id] = post
    return deciding


def _weight(post: Post, today: date) -> tuple[bool, bool, date, date, int]:
    is_open = post.valid_to is None or post.valid_to >= today
    return (is_open, post.is_main, post.valid_to or date.max, post.valid_from, post.pk)


def _lost(people: Collection[int]) -> set[int]:
    """Who had something accepted once that counts no more: a class whose list was corrected, an
    approval revoked after a second look."""
    returned = TrainingRecord.objects.filter(person__in=people, state=RecordState.RETURNED)
    once = returned.filter(~Q(mode=Mode.SELF_STUDY) | Q(steps__step="approved"))
    return set(once.order_by().values_list("person_id", flat=True))
