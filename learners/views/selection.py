"""The rows behind a number, chosen by the address; page and workbook take the same ones."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from courses.choices import ECOMMERCE_TOPICS, Audience, Topic
from courses.models import Provider
from courses.text import nfc
from learners.choices import REACHED, Status
from learners.models import Participation, Standing, TrainingRecord
from learners.normalise import text_key
from learners.periods import Span
from learners.permissions import LONGEST_ID, SEE_REPORTS, participations_within, standings_for
from learners.reports.completion import GROUPS, Counts, staff_figures
from learners.reports.lots import OF_CLASS, OF_PERSON, places_of
from learners.reports.names import short_name, unit_names
from learners.reports.paging import Page, list_page
from learners.reports.participations import participation_figures
from learners.reports.people import (
    PersonRow,
    all_person_rows,
    matching,
    named_so,
    people_page,
    window_person_rows,
    within,
)
from learners.reports.results import Results
from learners.reports.using import ELSEWHERE, using_units, working_at
from learners.reports.windows import IN_WINDOW, WindowPeople, window_people
from learners.views.frame import NEW_ALONE, PARAMETERS, SINCE_NEW_YEAR, Frame, frame_of

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class PeopleSelection:
    """People of a year, from summaries, or of a part of it, from facts (`window`)."""

    frame: Frame
    status: str
    """One status or a group of them: all, reached, missing, in_window."""
    words: str
    of_year: Counts
    standings: QuerySet[Standing]
    """Of the year; nothing of a part of it."""
    reach: str = ""
    """Of a part of a year: NEW_ALONE leaves out whoever was reached before it."""
    using: str = ""
    """Id of the unit where the work is done, ELSEWHERE, or empty: anywhere. The figures stay those
    of the managing units."""

    @property
    def is_narrow(self) -> bool:
        """Whether the list is shorter than its figure."""
        return bool(self.words or self.using)

    @cached_property
    def using_label(self) -> str:
        if not self.using:
            return ""
        if self.using == ELSEWHERE:
            return _("work in another unit")
        name = unit_names([int(self.using)], self.frame.tree)[int(self.using)]
        return _("work at %(unit)s") % {"unit": short_name(name)}

    @cached_property
    def using_choices(self) -> list[tuple[str, str]]:
        """Units in which people of the frame work who belong to others; and the one chosen."""
        units = using_units(self.frame.cut_off, self.frame.units)
        if self.using not in ("", ELSEWHERE):
            units.add(int(self.using))
        names = unit_names(units, self.frame.tree)
        found = [(str(unit), short_name(name)) for unit, name in names.items()]
        return sorted(found, key=lambda choice: text_key(choice[1]))

    @property
    def is_new_alone(self) -> bool:
        return self.status == IN_WINDOW or self.reach == NEW_ALONE

    @cached_property
    def window(self) -> WindowPeople | None:
        """Counted when first asked for; None: a whole year."""
        if not self.frame.is_part:
            return None
        return window_people(self.frame.window, self.frame.cut_off, self.frame.units)

    @property
    def counts(self) -> Counts:
        """Of the frame, whatever the status: what the tiles show."""
        return self.of_year if self.window is None else self.window.counts

    @property
    def statuses(self) -> Sequence[Status]:
        if self.status == IN_WINDOW:
            return REACHED
        return GROUPS.get(self.status) or (Status(self.status),)

    @cached_property
    def people(self) -> list[int]:
        """Of a part of a year: the ids of the list in its order."""
        if self.window is None:
            return []
        found = self.window.listed(self.statuses, only_new=self.is_new_alone)
        if self.words:
            wanted = frozenset(named_so(self.words).values_list("pk", flat=True))
            found = [person for person in found if person in wanted]
        if self.using:
            posts = working_at(self.using, self.frame.cut_off, self.frame.units)
            wanted = frozenset(posts.values_list("person_id", flat=True))
            found = [person for person in found if person in wanted]
        return found

    @cached_property
    def count(self) -> int:
        """How many people: the tile's own figure, or counted when words or the using unit narrow
        the list."""
        if not self.is_narrow and self.reach != NEW_ALONE:
            return self.counts.of(self.status)
        if self.window is not None:
            return len(self.people)
        return self.standings.filter(status__in=self.statuses).count()

    def page(self, after: str, before: str) -> Page[Standing]:
        """Fifty people by name, after or before the row of a cursor; one that is gone begins the
        list anew."""
        if self.window is not None:
            shown = list_page(self.people, after=_number(after), before=_number(before))
            rows = self.window.standings(self.frame.period, shown.rows)
            return Page(rows, shown.next, shown.previous)
        return people_page(
            self.standings,
            self.statuses,
            after=cursor(after, self.standings),
            before=cursor(before, self.standings),
            is_narrow=self.is_narrow,
        )

    def rows(self) -> Iterator[PersonRow]:
        """Everybody of the list, read in batches."""
        frame = self.frame
        if self.window is not None:
            return window_person_rows(
                self.window, self.people, frame.days, frame.period, frame.tree
            )
        return all_person_rows(self.standings, self.statuses, frame.period, frame.tree)


def people_selection(
    request: HttpRequest, right: str = SEE_REPORTS, *, windows: bool = False
) -> PeopleSelection:
    """The people that the address names. 404 for a status that does not exist."""
    frame = frame_of(request, right, windows=windows)
    status = request.GET.get(PARAMETERS["status"]) or "all"
    known = {*GROUPS, *Status.values} | ({IN_WINDOW} if frame.is_part else set())
    reach = request.GET.get(PARAMETERS["reach"], "") if frame.is_part else ""
    if status not in known or reach not in ("", NEW_ALONE):
        raise Http404
    words = nfc(request.GET.get(PARAMETERS["search"], ""))
    using = _using(request, frame)
    if frame.is_part:
        nobody = Standing.objects.none()
        return PeopleSelection(frame, status, words, Counts(Counter()), nobody, reach, using)
    counts = staff_figures(frame.period, frame.units).counts
    standings = standings_for(frame.viewer, frame.period)
    if frame.units is not None:
        standings = within(standings, frame.units, counts.headcount)
    if words:
        standings = matching(standings, words)
    if using:
        posts = working_at(using, frame.cut_off, frame.units)
        standings = standings.filter(person__in=posts.values("person"))
    return PeopleSelection(frame, status, words, counts, standings, using=using)


def _using(request: HttpRequest, frame: Frame) -> str:
    """Where the work is done, as the address asks; nonsense is no page."""
    asked = request.GET.get(PARAMETERS["using"], "")
    if asked in ("", ELSEWHERE):
        return asked
    unit = _number(asked)
    if unit is None or len(asked) > LONGEST_ID or unit not in unit_names([unit], frame.tree):
        raise Http404
    return str(unit)


NO_PLACE = "khong-ro"
"""Lượt that lie in no commune, as it stands in addresses."""


@dataclass(frozen=True)
class ParticipationSelection:
    frame: Frame
    audience: str
    topic: str
    words: str
    is_since_new_year: bool
    """Of a part of a year: everything since the year's beginning."""
    provider: int | None
    place: str
    """Id of a commune, NO_PLACE, or empty: anywhere."""
    place_of: str
    """OF_CLASS or OF_PERSON."""
    participations: QuerySet[Participation]

    @property
    def asked(self) -> dict[str, object]:
        """What narrows the list, as it stands in addresses."""
        return {
            "audience": self.audience,
            "topic": self.topic,
            "search": self.words,
            "reach": SINCE_NEW_YEAR if self.is_since_new_year else "",
            "provider": self.provider,
            "place": self.place,
            "place_of": "" if self.place_of == OF_CLASS else self.place_of,
        }

    @property
    def filters(self) -> list[str]:
        """The same in words."""
        words = [audience_label(self.audience), topic_label(self.topic), self.words]
        if self.is_since_new_year:
            words.insert(0, _("since the year began"))
        if self.provider is not None:
            words.append(Provider.objects.values_list("name", flat=True).get(pk=self.provider))
        if self.place:
            words.append(self.place_label)
        return [word for word in words if word]

    @property
    def place_label(self) -> str:
        if self.place == NO_PLACE:
            return _("No commune stated")
        return short_name(self.frame.tree.name(int(self.place)))

    @cached_property
    def count(self) -> int:
        """How many: the tallies' own figure, or counted when more than they know narrows it."""
        if self.words or self.frame.is_part or self.provider is not None or self.place:
            return self.participations.count()
        figures = participation_figures(self.frame.period, self.frame.units)
        return figures.of(self.audience, self.topic)

    @property
    def results(self) -> Results:
        return Results(self.participations, TrainingRecord.objects.none())


def participation_selection(
    request: HttpRequest, right: str = SEE_REPORTS
) -> ParticipationSelection:
    """The participations that the address names. 404 for a group, topic, provider or commune
    that does not exist."""
    frame = frame_of(request, right, windows=True)
    audience = request.GET.get(PARAMETERS["audience"], "")
    topic = request.GET.get(PARAMETERS["topic"], "")
    reach = request.GET.get(PARAMETERS["reach"], "")
    place = request.GET.get(PARAMETERS["place"], "")
    place_of = request.GET.get(PARAMETERS["place_of"]) or OF_CLASS
    if audience not in ("", *Audience.values) or topic not in ("", *ECOMMERCE_TOPICS):
        raise Http404
    if reach not in ("", SINCE_NEW_YEAR) or place_of not in (OF_CLASS, OF_PERSON):
        raise Http404
    found = frame_participations(frame)
    if frame.is_part and not reach:
        found = found.filter(happened_on__gte=frame.window.starts_on)
    if audience:
        found = found.filter(audience=audience)
    if topic:
        found = found.filter(class_group__topic=topic)
    if (provider := _provider(request)) is not None:
        found = found.filter(class_group__provider=provider)
    words = nfc(request.GET.get(PARAMETERS["search"], ""))
    if words:
        found = matching(found, words)
    if place:
        commune = None if place == NO_PLACE else _commune(place, frame)
        found = places_of(found, frame.tree, place_of).narrowed(found, commune)
    return ParticipationSelection(
        frame, audience, topic, words, bool(reach), provider, place, place_of, found
    )


def frame_participations(frame: Frame) -> QuerySet[Participation]:
    """What the plan counts from the year's beginning to the last day of the frame's."""
    days = Span(frame.window.year_starts_on, frame.window.ends_on)
    found = participations_within(frame.viewer, days, frame.cut_off).counted()
    return found if frame.units is None else found.filter(organisation__in=frame.units)


def cursor(asked: str, rows: QuerySet[Row]) -> Row | None:
    """The row at which the page begins or ends; one that is gone begins the list anew."""
    number = _number(asked)
    return None if number is None else rows.filter(pk=number).first()


def _number(asked: str) -> int | None:
    return int(asked) if asked.isascii() and asked.isdigit() else None


def _provider(request: HttpRequest) -> int | None:
    asked = request.GET.get(PARAMETERS["provider"], "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit()):
        raise Http404
    return get_object_or_404(Provider, pk=int(asked)).pk


def _commune(asked: str, frame: Frame) -> int:
    if not (asked.isascii() and asked.isdigit()) or int(asked) not in frame.tree:
        raise Http404
    return int(asked)


def audience_label(audience: str) -> str:
    return str(Audience(audience).label) if audience else ""


def topic_label(topic: str) -> str:
    return str(Topic(topic).label) if topic else ""
