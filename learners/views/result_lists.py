"""Lists of training results by lượt, by completion and by person."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from learners.exports import Column, Kind
from learners.models import Participation, Person, Post, TrainingRecord
from learners.reports.names import short_name, unit_names
from learners.views.lists import ResultList, Row
from learners.views.selection import audience_label, topic_label

CLASS, ONLINE = "class", "online"


class Lots(ResultList):
    """One row a person and class, the newest first."""

    @property
    def title(self) -> str:
        return _("Participations in classes")

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Full name"), 28),
            Column(_("Audience"), 26),
            Column(_("Unit or commune"), 40),
            Column(_("Topic"), 24),
            Column(_("Class"), 40),
            Column(_("Provider"), 30),
            Column(_("Completed"), 14),
            Column(_("Date"), 12, Kind.DAY),
        ]

    @property
    def keys(self) -> QuerySet[Any]:
        return self.results.lots.order_by("-happened_on", "-pk").values_list("pk", flat=True)

    def rows(self, keys: Sequence[int]) -> list[Row]:
        found = _lots(keys)
        names = unit_names((one.organisation_id for one in found.values()), self.tree)
        return [
            Row(
                [
                    one.person.full_name,
                    audience_label(one.audience),
                    short_name(names.get(one.organisation_id, "")),
                    topic_label(one.class_group.topic),
                    one.class_group.title,
                    one.class_group.provider.name,
                    _("Yes") if one.completed else _("No"),
                    one.happened_on,
                ],
                person=one.person_id,
            )
            for one in (found[key] for key in keys if key in found)
        ]


class Completions(ResultList):
    """Classes and online courses completed, the newest first."""

    @property
    def title(self) -> str:
        return _("Completed classes and courses")

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Full name"), 28),
            Column(_("Unit or commune"), 40),
            Column(_("Class or course"), 44),
            Column(_("Form of training"), 16),
            Column(_("Hours"), 10, Kind.NUMBER),
            Column(_("Date"), 12, Kind.DAY),
        ]

    @property
    def totals(self) -> dict[int, int | Decimal]:
        done = self.results.completed
        classes = done.lots.aggregate(sum=Sum("class_group__hours"))["sum"] or Decimal(0)
        courses = done.online.aggregate(sum=Sum("hours"))["sum"] or Decimal(0)
        return {4: classes + courses}

    @property
    def keys(self) -> QuerySet[Any]:
        done = self.results.completed
        lots = done.lots.order_by().annotate(way=Value(CLASS), day=F("happened_on"))
        online = done.online.order_by().annotate(way=Value(ONLINE), day=F("completed_on"))
        named = ("day", "way", "pk")
        both = lots.values_list(*named).union(online.values_list(*named), all=True)
        return both.order_by("-day", "way", "-pk")

    def rows(self, keys: Sequence[tuple[date, str, int]]) -> list[Row]:
        lots = _lots([pk for _day, way, pk in keys if way == CLASS])
        pks = [pk for _day, way, pk in keys if way == ONLINE]
        online = TrainingRecord.objects.select_related("person").in_bulk(pks)
        units = _units_on(online.values())
        places = [*units.values(), *(one.organisation_id for one in lots.values())]
        names = unit_names((unit for unit in places if unit is not None), self.tree)
        rows = []
        for _day, way, pk in keys:
            if way == CLASS and pk in lots:
                lot = lots[pk]
                group = lot.class_group
                rows.append(
                    Row(
                        [
                            lot.person.full_name,
                            short_name(names.get(lot.organisation_id, "")),
                            group.title,
                            _("Class"),
                            group.hours,
                            lot.happened_on,
                        ],
                        person=lot.person_id,
                    )
                )
            elif way == ONLINE and pk in online:
                record = online[pk]
                unit = units.get(pk)
                rows.append(
                    Row(
                        [
                            record.person.full_name,
                            short_name(names.get(unit, "")) if unit is not None else "",
                            record.title,
                            _("Online"),
                            record.hours,
                            record.completed_on,
                        ],
                        person=record.person_id,
                    )
                )
        return rows


class People(ResultList):
    """Everybody behind the results once, by given name."""

    @property
    def title(self) -> str:
        return _("List of people")

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Full name"), 28),
            Column(_("Staff number"), 16),
            Column(_("Unit or commune"), 40),
            Column(_("Participations"), 12, Kind.NUMBER),
            Column(_("Completed"), 12, Kind.NUMBER),
            Column(_("Last on"), 12, Kind.DAY),
        ]

    @property
    def totals(self) -> dict[int, int | Decimal]:
        done = self.results.completed
        return {3: self.results.lots.count(), 4: done.lots.count() + done.online.count()}

    @property
    def keys(self) -> QuerySet[Any]:
        return self.results.people().order_by("name_key", "pk").values_list("pk", flat=True)

    def rows(self, keys: Sequence[int]) -> list[Row]:
        people = Person.objects.in_bulk(keys)
        lots = {
            row["person"]: row
            for row in self.results.lots.filter(person__in=keys)
            .order_by()
            .values("person")
            .annotate(
                n=Count("pk"), done=Count("pk", filter=Q(completed=True)), last=Max("happened_on")
            )
        }
        online = {
            row["person"]: row
            for row in self.results.online.filter(person__in=keys)
            .order_by()
            .values("person")
            .annotate(done=Count("pk"), last=Max("completed_on"))
        }
        posts = Post.objects.on(self.tree.day).filter(person__in=keys, is_main=True)
        units = dict(posts.values_list("person", "managing_unit"))
        places = {person: units.get(person, found.commune_id) for person, found in people.items()}
        names = unit_names((unit for unit in places.values() if unit), self.tree)
        rows = []
        for key in (key for key in keys if key in people):
            lot, course = lots.get(key), online.get(key)
            days = [one["last"] for one in (lot, course) if one]
            rows.append(
                Row(
                    [
                        people[key].full_name,
                        people[key].staff_number or "",
                        short_name(names.get(places[key] or 0, "")),
                        lot["n"] if lot else 0,
                        (lot["done"] if lot else 0) + (course["done"] if course else 0),
                        max(days) if days else None,
                    ],
                    person=key,
                )
            )
        return rows


def _lots(keys: Sequence[int]) -> dict[int, Participation]:
    whole = Participation.objects.select_related("person", "class_group__provider")
    return whole.in_bulk(keys)


def _units_on(records: Any) -> dict[int, int | None]:
    """By record: the unit of the person's main post on its day, the commune of who had none."""
    of_person: dict[int, list[Post]] = {}
    people = [record.person_id for record in records]
    for post in Post.objects.filter(person__in=people, is_main=True).order_by("valid_from"):
        of_person.setdefault(post.person_id, []).append(post)
    return {
        record.pk: next(
            (
                post.managing_unit_id
                for post in of_person.get(record.person_id, [])
                if post.valid_from <= record.completed_on
                and (post.valid_to is None or post.valid_to >= record.completed_on)
            ),
            record.person.commune_id,
        )
        for record in records
    }
