"""Questions asked of many courses, in words."""

from django.apps import apps
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from courses.choices import ItemKind


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
