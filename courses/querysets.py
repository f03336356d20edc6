"""Questions asked of many courses or of many questions, in words."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from wagtail.models import Page

from courses.choices import ItemKind
from courses.readiness import OutlineSize
from courses.text import fold


def with_sizes(courses: QuerySet) -> QuerySet:
    """Each course with `lessons`, `quizzes` and `minutes` of its newest edition; 0 without one."""
    # By name, because the models stand above this module.
    edition_model = apps.get_model("courses", "Edition")
    item_model = apps.get_model("courses", "EditionItem")
    newest = edition_model.objects.filter(course=OuterRef(OuterRef("pk"))).order_by("-number")
    items = item_model.objects.filter(edition=Subquery(newest.values("pk")[:1])).order_by()

    def count(kind: ItemKind) -> Coalesce:
        counted = items.filter(kind=kind).values("edition").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    minutes = items.values("edition").annotate(n=Sum("minutes")).values("n")
    return courses.annotate(
        lessons=count(ItemKind.LESSON),
        quizzes=count(ItemKind.QUIZ),
        minutes=Coalesce(Subquery(minutes, output_field=IntegerField()), 0),
    )


def classes_called(classes: QuerySet, words: str) -> QuerySet:
    """Those whose title holds all these words, marks aside, or whose code it is.

    Titles are compared here: no two databases leave out marks alike, and a province has a few
    thousand classes.
    """
    wanted = fold(words).split()
    if not wanted:
        return classes
    code = words.strip().lower()
    found = [
        pk
        for pk, title, known in classes.order_by().values_list("pk", "title", "code")
        if known.lower() == code or all(word in fold(title) for word in wanted)
    ]
    return classes.filter(pk__in=found)


class Questions(QuerySet):
    """Questions of banks."""

    def matching(self, words: str) -> "Questions":
        """Those that hold every word, whatever its marks and case."""
        found = self
        for word in fold(words).split():
            found = found.filter(folded_text__contains=word)
        return found

    def drawn_by(self, rule: Mapping[str, Any]) -> "Questions":
        """What a rule may draw today, by id; its form is QuizDraw.rule.

        A category draws with all below it, and nothing when it is gone.
        """
        found = self.filter(bank=rule["bank"], archived=False)
        if rule.get("category"):
            category_model = apps.get_model("courses", "QuestionCategory")
            category = category_model.objects.filter(pk=rule["category"]).first()
            found = found.filter(category__in=category.with_below() if category else ())
        if rule.get("tag"):
            found = found.filter(tagged__tag__name=rule["tag"])
        if rule.get("difficulty"):
            found = found.filter(difficulty=rule["difficulty"])
        if rule.get("framework"):
            found = found.filter(framework__startswith=rule["framework"])
        return found.order_by("pk")


def outline_sizes(courses: Iterable[Any]) -> dict[int | None, OutlineSize]:
    """How many lessons and quizzes of each course are live, by its key. One query.

    A lesson counts if its module is live too: what a new edition would hold.
    """
    stored = [course for course in courses if course.pk]
    sizes: dict[int | None, OutlineSize] = {None: OutlineSize(0, 0)}
    live: dict[str, str] = {}
    if stored:
        below = reduce(or_, (Q(path__startswith=course.path) for course in stored))
        pages = Page.objects.live().filter(below)
        live = dict(pages.values_list("path", "content_type__model"))
    for course in stored:
        kinds = [
            kind
            for path, kind in live.items()
            if path.startswith(course.path)
            and len(path) == len(course.path) + 2 * Page.steplen
            and path[: -Page.steplen] in live
        ]
        sizes[course.pk] = OutlineSize(kinds.count("lessonpage"), kinds.count("quizpage"))
    return sizes
