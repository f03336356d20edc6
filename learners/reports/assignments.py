"""Who has which course to do, how far they are, and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import CoursePage
from learners.choices import StaffKind
from learners.models import Assignment, Enrolment, Person, Post
from learners.reports.names import short_name
from learners.tree import Tree, tree_on

DONE, LEARNING, NOT_BEGUN, LEFT = "xong", "dang-hoc", "chua-hoc", "con-lai"
"""How far somebody is, as it stands in addresses; LEFT is learning and not begun together."""


@dataclass(frozen=True)
class Progress:
    """People by how far they are; each is in one of the three."""

    assigned: int
    done: int
    learning: int

    @property
    def not_begun(self) -> int:
        return self.assigned - self.done - self.learning

    @property
    def left(self) -> int:
        """Still to do: learning or not begun."""
        return self.assigned - self.done

    @property
    def percent(self) -> int | None:
        """Rounded down: 100 means everybody."""
        return 100 * self.done // self.assigned if self.assigned else None


@dataclass(frozen=True)
class ProgressRow:
    unit_id: int
    name: str
    is_own: bool
    """The people of the unit itself, without those below it."""
    progress: Progress


@dataclass(frozen=True)
class OwnAssignment:
    """One course that somebody has to do, with the answer to "why I?"."""

    assignment: Assignment
    enrolment: Enrolment | None
    """The one that is under way."""
    why: str
    since: date
    """From when on the rule names the person."""

    @property
    def due_on(self) -> date:
        return self.assignment.due_for(self.since)

    @property
    def is_longer(self) -> bool:
        """Whether the person has more time than the others, having come later."""
        return self.due_on > self.assignment.due_on

    @property
    def days_left(self) -> int:
        """Below zero once the day has passed."""
        return (self.due_on - timezone.localdate()).days


def posts_under(assignment: Assignment, units: Collection[int] | None = None) -> QuerySet[Post]:
    """Today's main posts that the rule names, within some units: one for each person."""
    today = timezone.localdate()
    posts = Post.objects.on(today).filter(is_main=True)
    if assignment.staff_kind:
        posts = posts.filter(staff_kind=assignment.staff_kind)
    if assignment.position:
        posts = posts.filter(title=assignment.position)
    if assignment.unit_id is not None:
        tree = tree_on(today)
        own = tree.subtree_ids(assignment.unit_id) if assignment.unit_id in tree else []
        posts = posts.filter(managing_unit__in=own)
    return posts if units is None else posts.filter(managing_unit__in=units)


def in_state(posts: QuerySet[Post], assignment: Assignment, state: str) -> QuerySet[Post]:
    """Those posts whose holders are that far; all for an empty state."""
    done, learning = _done(assignment), _learning(assignment)
    if state == DONE:
        return posts.filter(done)
    if state == LEARNING:
        return posts.filter(learning).exclude(done)
    if state == NOT_BEGUN:
        return posts.exclude(done).exclude(learning)
    return posts.exclude(done) if state == LEFT else posts


def _done(assignment: Assignment) -> Q:
    completed = Enrolment.objects.completed().filter(edition__course=assignment.course_id)
    if assignment.counts_from:
        completed = completed.filter(completed_at__date__gte=assignment.counts_from)
    return Q(person__in=completed.order_by().values("person"))


def _learning(assignment: Assignment) -> Q:
    running = Enrolment.objects.open().filter(edition__course=assignment.course_id)
    return Q(person__in=running.order_by().values("person"))


def progress_of(assignment: Assignment, units: Collection[int] | None = None) -> Progress:
    """One query."""
    found = posts_under(assignment, units).aggregate(**_counts(assignment))
    return Progress(found["assigned"], found["done"], found["learning"])


def _counts(assignment: Assignment) -> dict[str, Any]:
    done = _done(assignment)
    return {
        "assigned": Count("person", distinct=True),
        "done": Count("person", distinct=True, filter=done),
        "learning": Count("person", distinct=True, filter=_learning(assignment) & ~done),
    }


def progress_rows(
    assignment: Assignment, tree: Tree, unit: int | None, units: Collection[int] | None
) -> list[ProgressRow]:
    """The units right below one (or the roots' children) that have somebody to do it. One query;
    the rows' sums are the figures of the unit itself."""
    counted: QuerySet = posts_under(assignment, units).order_by().values("managing_unit")
    by_unit = {
        row["managing_unit"]: Progress(row["assigned"], row["done"], row["learning"])
        for row in counted.annotate(**_counts(assignment))
    }
    rows = []
    for parent in [unit] if unit is not None else tree.roots():
        own = _sum(by_unit, [parent])
        if own.assigned:
            rows.append(ProgressRow(parent, short_name(tree.name(parent)), True, own))
        for child in tree.children(parent):
            below = _sum(by_unit, tree.subtree_ids(child))
            if below.assigned:
                rows.append(ProgressRow(child, short_name(tree.name(child)), False, below))
    return rows


def _sum(by_unit: dict[int, Progress], units: Collection[int]) -> Progress:
    return _total([by_unit[unit] for unit in units if unit in by_unit])


def _total(parts: list[Progress]) -> Progress:
    return Progress(
        sum(part.assigned for part in parts),
        sum(part.done for part in parts),
        sum(part.learning for part in parts),
    )


def total_of(rows: Iterable[ProgressRow]) -> Progress:
    return _total([row.progress for row in rows])


def whom(assignment: Assignment, unit_name: str) -> str:
    """Whom the rule names, in words."""
    kind = (
        str(StaffKind(assignment.staff_kind).label)
        if assignment.staff_kind
        else _("Every kind of staff")
    )
    words = f"{kind}, {assignment.position}" if assignment.position else kind
    return f"{words} · {unit_name}"


def given_to(person: Person, enrolments: Collection[Enrolment]) -> list[OwnAssignment]:
    """What the person still has to do, the most urgent first. Takes all own enrolments with their
    editions; at most three queries."""
    posts = Post.objects.filter(person=person).order_by("-valid_from", "-is_main")
    return given_under(posts, enrolments)


def given_under(posts: Iterable[Post], enrolments: Collection[Enrolment]) -> list[OwnAssignment]:
    """As `given_to`, by all posts of one person, the newest first."""
    today = timezone.localdate()
    posts = [post for post in posts if post.is_main and post.valid_from <= today]
    if not posts or (posts[0].valid_to is not None and posts[0].valid_to < today):
        return []
    post = posts[0]
    tree = tree_on(today)
    if post.managing_unit_id not in tree:
        return []
    line = [*tree.ancestors(post.managing_unit_id), post.managing_unit_id]
    rules = (
        Assignment.objects.in_force()
        .filter(Q(unit__in=line) | Q(unit__isnull=True))
        .filter(staff_kind__in=["", post.staff_kind], position__in=["", post.title])
        .filter(course__live=True)
        .select_related("course", "given_by")
    )
    own = []
    for rule in rules:
        of_course = [e for e in enrolments if e.edition.course_id == rule.course_id]
        if not any(_counts_for(enrolment, rule) for enrolment in of_course):
            running = next((e for e in of_course if e.completed_at is None), None)
            unit = tree.name(rule.unit_id) if rule.unit_id in tree else _("the whole province")
            since = _under_since(rule, posts, tree)
            own.append(OwnAssignment(rule, running, whom(rule, short_name(unit)), since))
    return sorted(own, key=lambda one: (one.due_on, one.assignment.pk))


def _under_since(rule: Assignment, posts: list[Post], tree: Tree) -> date:
    """The first day of the unbroken line of posts, the newest first, that the rule names."""
    since = posts[0].valid_from
    for post in posts[1:]:
        follows = post.valid_to is not None and post.valid_to >= since - timedelta(days=1)
        if not (follows and _names_post(rule, post, tree)):
            break
        since = post.valid_from
    return since


def _names_post(rule: Assignment, post: Post, tree: Tree) -> bool:
    unit = post.managing_unit_id
    return (
        rule.staff_kind in ("", post.staff_kind)
        and rule.position in ("", post.title)
        and (
            rule.unit_id is None
            or unit == rule.unit_id
            or (unit in tree and rule.unit_id in tree.ancestors(unit))
        )
    )


def _counts_for(enrolment: Enrolment, rule: Assignment) -> bool:
    if enrolment.completed_at is None:
        return False
    day: date = timezone.localdate(enrolment.completed_at)
    return rule.counts_from is None or day >= rule.counts_from


def courses_to_give() -> QuerySet[CoursePage]:
    """Courses that can be enrolled in today, by title."""
    return CoursePage.objects.live().order_by("title")
