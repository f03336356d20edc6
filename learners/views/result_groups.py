"""Lists of training results by class, by course and by organisation."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _

from courses.models import ClassGroup, CoursePage
from learners.choices import BusinessKind
from learners.exports import Column, Kind
from learners.models import Business
from learners.reports.lot_places import class_places
from learners.reports.names import short_name, unit_names
from learners.views.lists import ResultList, Row
from learners.views.selection import topic_label


class Classes(ResultList):
    """Each class with its seats and what became of them, the newest first."""

    leads_to_classes = True

    @property
    def title(self) -> str:
        return _("Classes")

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Class"), 44),
            Column(_("Class code"), 20),
            Column(_("Provider"), 30),
            Column(_("Topic"), 24),
            Column(_("Commune or ward"), 24),
            Column(_("From"), 12, Kind.DAY),
            Column(_("To"), 12, Kind.DAY),
            Column(_("Seats"), 10, Kind.NUMBER),
            Column(_("Participations"), 12, Kind.NUMBER),
            Column(_("Completed"), 12, Kind.NUMBER),
        ]

    @property
    def totals(self) -> dict[int, int | Decimal]:
        return {8: self.results.lots.count(), 9: self.results.completed.lots.count()}

    @property
    def keys(self) -> QuerySet[Any]:
        groups = self.results.lots.order_by().values("class_group")
        counted = groups.annotate(lots=Count("pk"), done=Count("pk", filter=Q(completed=True)))
        ordered = counted.order_by("-class_group__starts_on", "class_group__code", "class_group")
        return ordered.values_list("class_group", "lots", "done")

    def rows(self, keys: Sequence[tuple[int, int, int]]) -> list[Row]:
        pks = [pk for pk, *_counts in keys]
        groups = ClassGroup.objects.select_related("provider").in_bulk(pks)
        places = class_places(groups.values(), self.tree)
        return [
            Row(
                [
                    (group := groups[pk]).title,
                    group.code,
                    group.provider.name,
                    topic_label(group.topic),
                    short_name(self.tree.name(place)) if (place := places[pk]) else "",
                    group.starts_on,
                    group.ends_on,
                    group.capacity,
                    lots,
                    done,
                ],
                key=pk,
            )
            for pk, lots, done in keys
            if pk in groups
        ]


class Courses(ResultList):
    """Each online course with what was completed of it."""

    @property
    def title(self) -> str:
        return _("Online courses")

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Course"), 60),
            Column(_("Completed"), 12, Kind.NUMBER),
            Column(_("People"), 12, Kind.NUMBER),
            Column(_("Hours"), 12, Kind.NUMBER),
        ]

    @property
    def totals(self) -> dict[int, int | Decimal]:
        sums = self.results.online.aggregate(done=Count("pk"), hours=Sum("hours"))
        return {1: sums["done"], 3: sums["hours"] or Decimal(0)}

    @property
    def keys(self) -> QuerySet[Any]:
        courses = self.results.online.order_by().values(course=F("enrolment__edition__course"))
        counted = courses.annotate(
            done=Count("pk"), people=Count("person", distinct=True), sum=Sum("hours")
        )
        return counted.order_by("-done", "course").values_list("course", "done", "people", "sum")

    def rows(self, keys: Sequence[tuple[int, int, int, Decimal]]) -> list[Row]:
        titles = dict(
            CoursePage.objects.filter(pk__in=[pk for pk, *_counts in keys]).values_list(
                "pk", "title"
            )
        )
        return [
            Row([titles.get(pk, ""), done, people, hours], key=pk)
            for pk, done, people, hours in keys
        ]


class Organisations(ResultList):
    """Each business once, and the unit or commune of those who named none."""

    @property
    def title(self) -> str:
        return _("Organisations")

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Organisation"), 50),
            Column(_("Kind"), 26),
            Column(_("People"), 12, Kind.NUMBER),
            Column(_("Participations"), 12, Kind.NUMBER),
            Column(_("Completed"), 12, Kind.NUMBER),
        ]

    @property
    def totals(self) -> dict[int, int | Decimal]:
        return {3: self.results.lots.count(), 4: self.results.completed.lots.count()}

    @property
    def keys(self) -> QuerySet[Any]:
        unit = Case(When(business__isnull=True, then=F("organisation")))
        groups = self.results.lots.order_by().values("business", unit=unit)
        counted = groups.annotate(
            people=Count("person", distinct=True),
            lots=Count("pk"),
            done=Count("pk", filter=Q(completed=True)),
        )
        ordered = counted.order_by("-lots", "business", "unit")
        return ordered.values_list("business", "unit", "people", "lots", "done")

    def rows(self, keys: Sequence[tuple[int | None, int | None, int, int, int]]) -> list[Row]:
        businesses = Business.objects.in_bulk([key[0] for key in keys if key[0] is not None])
        names = unit_names((key[1] for key in keys if key[1] is not None), self.tree)
        rows = []
        for business, unit, people, lots, done in keys:
            if business is not None:
                found = businesses[business]
                name, kind = found.name, str(BusinessKind(found.kind).label)
            else:
                name, kind = short_name(names.get(unit or 0, "")), _("Unit or commune")
            rows.append(Row([name, kind, people, lots, done]))
        return rows
