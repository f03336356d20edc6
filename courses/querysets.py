"""Questions asked of many courses or of many questions, in words."""

from collections.abc import Collection

from django.apps import apps
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from courses.choices import ItemKind
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


class Questions(QuerySet):
    """Questions of banks."""

    def matching(self, words: str) -> "Questions":
        """Those that hold every word, whatever its marks and case."""
        found = self
        for word in fold(words).split():
            found = found.filter(folded_text__contains=word)
        return found

    def drawable(
        self,
        *,
        bank: int,
        categories: Collection[int] | None = None,
        tag: str = "",
        difficulty: str = "",
        framework: str = "",
    ) -> "Questions":
        """What a rule may draw, in the order of their ids; an empty rule is the whole bank."""
        found = self.filter(bank=bank, archived=False)
        if categories is not None:
            found = found.filter(category__in=categories)
        if tag:
            found = found.filter(tagged__tag__name=tag)
        if difficulty:
            found = found.filter(difficulty=difficulty)
        if framework:
            found = found.filter(framework__startswith=framework)
        return found.order_by("pk")
