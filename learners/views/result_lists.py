"""Lists of training results by lượt, by completion and by person."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.utils.translation import gettext as _

from learners.exports import Column, Kind
from learners.models import Participation, Person, Post, TrainingRecord
from learners.reading import in_one
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
        online = _online(pks)
        units = {pk: record.unit_then or record.person.commune_id for pk, record in online.items()}
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
        posts = Post.objects.on(self.tree.day).filter(person=OuterRef("pk"), is_main=True)
        unit = Subquery(posts.order_by("pk").values("managing_unit")[:1])
        people = Person.objects.annotate(unit=unit).in_bulk(keys)
        found = in_one(
            (
                self.results.lots.filter(person__in=keys),
                {"person": "person_id", "day": "happened_on", "done": "completed"},
            ),
            (
                self.results.online.filter(person__in=keys),
                {"person": "person_id", "day": "completed_on"},
            ),
        )
        lots, online = (_by_person(rows) for rows in found)
        places = {pk: person.unit or person.commune_id for pk, person in people.items()}
        names = unit_names((unit for unit in places.values() if unit), self.tree)
        rows = []
        for key in (key for key in keys if key in people):
            classes, courses = lots.get(key, []), online.get(key, [])
            days = [date.fromisoformat(one["day"]) for one in (*classes, *courses)]
            rows.append(
                Row(
                    [
                        people[key].full_name,
                        people[key].staff_number or "",
                        short_name(names.get(places[key] or 0, "")),
                        len(classes),
                        sum(bool(one["done"]) for one in classes) + len(courses),
                        max(days) if days else None,
                    ],
                    person=key,
                )
            )
        return rows


def _by_person(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["person"], []).append(row)
    return found


def _lots(keys: Sequence[int]) -> dict[int, Participation]:
    whole = Participation.objects.select_related("person", "class_group__provider")
    return whole.in_bulk(keys)


def _online(keys: Sequence[int]) -> dict[int, Any]:
    """With `unit_then`: of the person's main post on the day of the record."""
    then = Post.objects.on(OuterRef("completed_on"))
    posts = then.filter(person=OuterRef("person"), is_main=True)
    unit = Subquery(posts.order_by("valid_from").values("managing_unit")[:1])
    whole = TrainingRecord.objects.select_related("person").annotate(unit_then=unit)
    return whole.in_bulk(keys)
