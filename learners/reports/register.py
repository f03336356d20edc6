"""The people of some units as HR looks for them: who works there, who is away, who has left."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from learners.models import Leave, Person, PersonalNumber, Post
from learners.reports.names import names_on, short_name

Units = Collection[int] | None
"""None: every unit there is."""

COUNTED_UP_TO = 10_000
"""Beyond it a heading says "more than": counting the whole province costs more than its page."""


class Part(TextChoices):
    """Which of the people a list shows. The kind of staff says nothing of those who left."""

    WORKING = "", _("Everybody who works here")
    IT_OFFICERS = "cntt", _("In charge of information technology")
    SECOND = "kiem-nhiem", _("With a second post")
    AWAY = "biet-phai", _("Seconded to another unit")
    GUESTS = "den-biet-phai", _("Seconded here by another unit")
    LEAVE = "nghi-dai-han", _("On a long leave")
    COMING = "sap-toi", _("With a post that begins later")
    LEFT = "da-nghi", _("Left, and works nowhere since")
    GAPS = "thieu", _("Without personal number, staff number or date of birth")


@dataclass(frozen=True)
class RegisterRow:
    """Somebody, with the post for which the list shows him."""

    person: Person
    post: Post
    unit: str
    works_at: str
    """Where the work is done, if that is another unit."""
    leave: Leave | None


@dataclass(frozen=True)
class Wanted:
    """Which people: of which units, in which state, of which kind of staff, on which day."""

    units: Units
    part: Part
    kind: str
    day: date


def people_of(wanted: Wanted) -> QuerySet[Person]:
    """The people wanted, unordered; records merged into others are nobody."""
    units, part, day = wanted.units, wanted.part, wanted.day
    people = Person.objects.filter(merged_into__isnull=True)
    if part == Part.LEFT:
        return _left(people, units, day)
    posts = _posts(wanted)
    found = people.filter(pk__in=posts.order_by().values("person"))
    if part == Part.LEAVE:
        return found.filter(pk__in=Leave.objects.on(day).order_by().values("person"))
    if part == Part.GAPS:
        numbered = PersonalNumber.objects.filter(person=OuterRef("pk"))
        gap = Q(staff_number__isnull=True) | Q(birth_date__isnull=True) | ~Exists(numbered)
        return found.filter(gap)
    return found


def _posts(wanted: Wanted) -> QuerySet[Post]:
    posts = _posts_of_part(wanted.units, wanted.part, wanted.day)
    return posts.filter(staff_kind=wanted.kind) if wanted.kind else posts


def _posts_of_part(units: Units, part: Part, day: date) -> QuerySet[Post]:
    if part == Part.COMING:
        return _within(Post.objects.filter(valid_from__gt=day), "managing_unit", units)
    posts: QuerySet[Post] = Post.objects.on(day)
    if part == Part.GUESTS:
        here = _within(posts, "using_unit", units).exclude(using_unit=F("managing_unit"))
        return here if units is None else here.exclude(managing_unit__in=units)
    posts = _within(posts, "managing_unit", units)
    if part == Part.IT_OFFICERS:
        return posts.filter(is_it_officer=True)
    if part == Part.SECOND:
        return posts.filter(is_main=False)
    if part == Part.AWAY:
        return posts.exclude(using_unit=F("managing_unit"))
    return posts


def _within(posts: QuerySet[Post], field: str, units: Units) -> QuerySet[Post]:
    return posts if units is None else posts.filter(**{f"{field}__in": units})


def _left(people: QuerySet[Person], units: Units, day: date) -> QuerySet[Person]:
    """Whose last main post lay there and is over."""
    still = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    main = Post.objects.filter(person=OuterRef("pk"), is_main=True)
    once = _within(Post.objects.all(), "managing_unit", units)
    left = people.filter(pk__in=once.order_by().values("person"))
    left = left.exclude(pk__in=still.order_by().values("person"))
    last = main.order_by("-valid_from").values("managing_unit")[:1]
    left = left.annotate(last_unit=Subquery(last))
    return left if units is None else left.filter(last_unit__in=units)


def register_rows(people: Iterable[Person], wanted: Wanted) -> list[RegisterRow]:
    """Rows ready to print. Three queries, however many people."""
    people, day = list(people), wanted.day
    has_left = wanted.part == Part.LEFT
    posts = Post.objects.filter(is_main=True) if has_left else _posts(wanted)
    # The last of each person stays: the main post, and of those the latest.
    shown = posts.filter(person__in=people).order_by("is_main", "valid_from", "pk")
    post_of = {post.person_id: post for post in shown}
    leaves = Leave.objects.on(day).filter(person__in=people).order_by("valid_from")
    leave_of = {leave.person_id: leave for leave in leaves}
    name_of = _names(post_of.values(), day)
    rows = []
    for person in people:
        post = post_of.get(person.pk)
        if post is None:
            continue  # ended while the page was made
        rows.append(
            RegisterRow(
                person,
                post,
                name_of[post.pk, post.managing_unit_id],
                name_of[post.pk, post.using_unit_id] if post.is_away else "",
                leave_of.get(person.pk),
            )
        )
    return rows


def _names(posts: Collection[Post], day: date) -> dict[tuple[int, int], str]:
    """Each unit under the name it had when the post ended, or has on the day."""
    days = {
        (post.pk, unit): (unit, post.valid_to or max(day, post.valid_from))
        for post in posts
        for unit in (post.managing_unit_id, post.using_unit_id)
    }
    names = names_on(days.values())
    return {key: short_name(names.get(unit_day, "")) for key, unit_day in days.items()}
