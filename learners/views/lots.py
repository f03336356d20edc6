"""Goal 2 on one page: lượt by group, topic, provider and commune, each number with its list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.choices import ECOMMERCE_TOPICS, Audience
from courses.models import Provider
from learners.choices import IndicatorCode
from learners.exports import Column, Kind, Sheet
from learners.models import Target
from learners.normalise import text_key
from learners.permissions import EXPORT_PEOPLE, SEE_REPORTS
from learners.reports.completion import percent
from learners.reports.lots import Lot, Tally, lots_of, places_of, tallies
from learners.reports.names import short_name
from learners.reports.plan import rules_on, targets_of
from learners.views.downloads import source_lines
from learners.views.frame import PARAMETERS
from learners.views.list_pages import list_sheet
from learners.views.lists import ResultList, shown_rows
from learners.views.result_groups import Classes, Organisations
from learners.views.result_lists import Lots, People
from learners.views.selection import (
    NO_PLACE,
    ParticipationSelection,
    audience_label,
    participation_selection,
    topic_label,
)

GROUP, PROVIDER, PLACE, WHOLE = "nhom", "don-vi-dao-tao", "xa", "tat-ca"
"""What the lines are, as it stands in addresses; the first is the default."""

LISTS: dict[str, type[ResultList]] = {
    "hoan-thanh": Lots,
    "nguoi": People,
    "don-vi": Organisations,
    "lop": Classes,
}
"""Lists behind the numbers beside the lượt, as they stand in addresses."""


@dataclass(frozen=True)
class Figure:
    number: int
    address: str
    """Of the list that is as long as the number; empty for a sum of seats."""
    is_main: bool = False


@dataclass(frozen=True)
class LotRow:
    labels: list[str]
    tally: Tally
    figures: list[Figure]


class LotTable:
    """One table of the lượt that the address names."""

    def __init__(self, selection: ParticipationSelection, by: str) -> None:
        self.selection, self.by = selection, by
        frame = selection.frame
        places = places_of(selection.participations, frame.tree, selection.place_of)
        lots = lots_of(selection.participations, places)
        whole, rows = tallies(lots, lambda _lot: "", _KEYS[by])
        self.tally = whole.get("", Tally())
        self._found = rows
        self.providers = dict(Provider.objects.values_list("pk", "name"))

    @property
    def titles(self) -> list[str]:
        """Of the columns that say what a line is."""
        names = {GROUP: _("Group"), PROVIDER: _("Provider"), PLACE: _("Commune or ward")}
        if self.by != WHOLE:
            return [names[self.by]]
        return [names[GROUP], _("Topic"), names[PROVIDER], names[PLACE]]

    @property
    def figure_titles(self) -> list[str]:
        topics = [] if self.by == WHOLE else [topic_label(topic) for topic in ECOMMERCE_TOPICS]
        return [
            *topics,
            _("Participations"),
            _("People"),
            _("Organisations"),
            _("Classes"),
            *([_("Seats")] if self._has_seats else []),
            _("Completed"),
        ]

    @property
    def _has_seats(self) -> bool:
        """The seats of a class are its provider's and its place's, and of no one group."""
        return self.by in (PROVIDER, PLACE)

    @property
    def rows(self) -> list[LotRow]:
        """Of groups all seven, of communes all of the province's, of the others those that have
        any; the largest first."""
        found = {key: self._found.get(key, Tally()) for key in [*self._expected(), *self._found]}
        rows = [self._row(key, tally) for key, tally in found.items()]
        if self.by == WHOLE:
            return sorted(rows, key=lambda row: [text_key(label) for label in row.labels])
        return sorted(rows, key=lambda row: (-row.tally.lots, text_key(row.labels[0])))

    @property
    def total(self) -> LotRow:
        return LotRow([_("Total")], self.tally, self._figures({}, self.tally))

    def _expected(self) -> list[object]:
        selection, frame = self.selection, self.selection.frame
        if self.by == GROUP and not selection.audience:
            return list(Audience.values)
        if self.by == PLACE and frame.unit is None and not selection.place:
            return [node.id for node in frame.tree.nodes.values() if node.is_commune]
        return []

    @property
    def place_count(self) -> int:
        """Communes of the province that are asked for; 0 where the lines are something else."""
        return len(self._expected()) if self.by == PLACE else 0

    @property
    def empty_places(self) -> int:
        return sum(key not in self._found for key in self._expected()) if self.place_count else 0

    def _row(self, key: object, tally: Tally) -> LotRow:
        asked = _ASKED[self.by](key)
        return LotRow(self._labels(asked), tally, self._figures(asked, tally))

    def _labels(self, asked: dict[str, object]) -> list[str]:
        return [_LABELS[name](self, value) for name, value in asked.items()]

    def place_label(self, place: object) -> str:
        if place == NO_PLACE:
            return _("No commune stated")
        return short_name(self.selection.frame.tree.name(int(str(place))))

    def _figures(self, asked: dict[str, object], tally: Tally) -> list[Figure]:
        topics = [] if self.by == WHOLE else ECOMMERCE_TOPICS
        return [
            *(self._figure(tally.of(topic), asked | {"topic": topic.value}) for topic in topics),
            self._figure(tally.lots, asked, is_main=True),
            self._figure(len(tally.people), asked, "nguoi"),
            self._figure(len(tally.organisations), asked, "don-vi"),
            self._figure(tally.classes, asked, "lop"),
            *([Figure(tally.seats, "")] if self._has_seats else []),
            self._figure(tally.completed, asked, "hoan-thanh"),
        ]

    def _figure(
        self, number: int, asked: dict[str, object], kind: str = "", *, is_main: bool = False
    ) -> Figure:
        changes = {**self.selection.asked, **asked, "list": kind}
        query = self.selection.frame.query(**changes)
        address = f"{reverse('reports:participations')}?{query}" if number else ""
        return Figure(number, address, is_main)


_KEYS: dict[str, Callable[[Lot], object]] = {
    GROUP: lambda lot: lot.audience,
    PROVIDER: lambda lot: lot.provider,
    PLACE: lambda lot: lot.place,
    WHOLE: lambda lot: (lot.audience, lot.topic, lot.provider, lot.place),
}


def _place(place: object) -> object:
    return NO_PLACE if place is None else place


def _whole(key: object) -> dict[str, object]:
    assert isinstance(key, tuple)  # noqa: S101  what _KEYS made
    audience, topic, provider, place = key
    return {"audience": audience, "topic": topic, "provider": provider, "place": _place(place)}


_ASKED: dict[str, Callable[[object], dict[str, object]]] = {
    GROUP: lambda key: {"audience": key},
    PROVIDER: lambda key: {"provider": key},
    PLACE: lambda key: {"place": _place(key)},
    WHOLE: _whole,
}
"""By what the lines are: which filters one line stands for."""

_LABELS: dict[str, Callable[[LotTable, object], str]] = {
    "audience": lambda _table, value: audience_label(str(value)),
    "topic": lambda _table, value: topic_label(str(value)),
    "provider": lambda table, value: table.providers[int(str(value))],
    "place": lambda table, value: table.place_label(value),
}


def lot_table(request: HttpRequest, right: str = SEE_REPORTS) -> LotTable:
    """The table that the address names. 404 for lines that do not exist."""
    selection = participation_selection(request, right)
    by = request.GET.get(PARAMETERS["by"]) or GROUP
    if by not in _KEYS:
        raise Http404
    return LotTable(selection, by)


@login_required
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Lượt beside people, organisations, classes, seats and completions."""
    found = lot_table(request)
    selection, frame = found.selection, found.selection.frame
    target = targets_of(frame.period).get(IndicatorCode.PARTICIPATIONS)
    is_whole = frame.unit is None and not selection.filters
    context = {
        "frame": frame,
        "selection": selection,
        "table": found,
        "rows": found.rows,
        "total": found.total,
        "ways": _ways().items(),
        "target": target if is_whole else None,
        "share": _share(target, found.tally.lots),
        "audiences": list(Audience),
        "topics": list(ECOMMERCE_TOPICS),
        "providers": sorted(found.providers.items(), key=lambda one: text_key(one[1])),
        "communes": _communes(selection),
        "rule": rules_on(frame.period.cut_off()).get(IndicatorCode.PARTICIPATIONS),
    }
    return render(request, "learners/lots/table.html", context)


def _ways() -> dict[str, str]:
    return {
        GROUP: _("By group"),
        PROVIDER: _("By provider"),
        PLACE: _("By commune"),
        WHOLE: _("All four at once"),
    }


def _share(target: Target | None, lots: int) -> object:
    return percent(lots, target.value) if target and target.value else None


def _communes(selection: ParticipationSelection) -> list[tuple[str, str]]:
    tree = selection.frame.tree
    names = [
        (str(node.id), short_name(node.name)) for node in tree.nodes.values() if node.is_commune
    ]
    return sorted(names, key=lambda one: text_key(one[1]))


def lot_table_sheet(request: HttpRequest) -> Sheet:
    """The rows of the page, with its totals."""
    found = lot_table(request, EXPORT_PEOPLE)
    selection = found.selection
    sums = _is_sum(found.figure_titles)
    return Sheet(
        name=_("Participations"),
        unit=selection.frame.name,
        title=_("Participations in e-commerce training: %(way)s")
        % {"way": _ways()[found.by].lower()},
        source=source_lines(
            selection.frame, IndicatorCode.PARTICIPATIONS, ", ".join(selection.filters)
        ),
        columns=[
            *(Column(title, 34) for title in found.titles),
            *(
                Column(title, 13, Kind.NUMBER, figure.number, is_sum=is_sum)
                for title, figure, is_sum in zip(
                    found.figure_titles, found.total.figures, sums, strict=True
                )
            ),
        ],
        rows=([*row.labels, *(one.number for one in row.figures)] for row in found.rows),
        total_label=_("Total"),
    )


def _is_sum(titles: Iterable[str]) -> list[bool]:
    """People, organisations, classes and seats are counted once in the total."""
    once = {_("People"), _("Organisations"), _("Classes"), _("Seats")}
    return [title not in once for title in titles]


# ------------------------------------------------------------------ the lists beside the lượt


def lot_list(selection: ParticipationSelection, kind: str) -> ResultList:
    """The people, organisations, classes or completions of a selection."""
    results = selection.results
    if kind == "hoan-thanh":
        results = results.completed
    return LISTS[kind](results, selection.frame.tree)


def beside(request: HttpRequest, selection: ParticipationSelection, kind: str) -> HttpResponse:
    """The page of such a list."""
    listing = lot_list(selection, kind)
    page = listing.page(request.GET.get(PARAMETERS["page"]))
    rows = listing.rows(list(page.object_list))
    context = {
        "frame": selection.frame,
        "selection": selection,
        "kind": kind,
        "listing": listing,
        "page": page,
        "rows": shown_rows(request.user, selection.frame, listing, rows),
        "rule": rules_on(selection.frame.period.cut_off()).get(IndicatorCode.PARTICIPATIONS),
    }
    return render(request, "learners/lots/list.html", context)


def lot_list_sheet(selection: ParticipationSelection, kind: str) -> tuple[Sheet, int]:
    listing = lot_list(selection, kind)
    words = ", ".join(selection.filters)
    sheet = list_sheet(
        selection.frame, listing, filters=words, indicator=IndicatorCode.PARTICIPATIONS
    )
    return sheet, listing.count
