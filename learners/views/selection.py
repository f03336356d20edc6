"""The rows behind a number, chosen by the address; page and workbook take the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from courses.choices import ECOMMERCE_TOPICS, Audience, Topic
from courses.models import Provider
from courses.text import nfc
from learners.choices import Status
from learners.models import Participation, Standing, TrainingRecord
from learners.permissions import SEE_REPORTS, participations_for, standings_for
from learners.reports.completion import GROUPS, Counts, staff_figures
from learners.reports.lots import OF_CLASS, OF_PERSON, places_of
from learners.reports.names import short_name
from learners.reports.participations import participation_figures
from learners.reports.people import matching, within
from learners.reports.training import Results
from learners.views.frame import PARAMETERS, Frame, frame_of


@dataclass(frozen=True)
class PeopleSelection:
    frame: Frame
    status: str
    """One status or a group of them: all, reached, missing."""
    words: str
    counts: Counts
    """Of the frame, whatever the status: what the tiles show."""
    standings: QuerySet[Standing]

    @property
    def statuses(self) -> Sequence[Status]:
        return GROUPS.get(self.status) or (Status(self.status),)

    @cached_property
    def count(self) -> int:
        """How many people: the tile's own figure, or counted when words narrow the list."""
        if not self.words:
            return self.counts.of(self.status)
        return self.standings.filter(status__in=self.statuses).count()


def people_selection(request: HttpRequest, right: str = SEE_REPORTS) -> PeopleSelection:
    """The people that the address names. 404 for a status that does not exist."""
    frame = frame_of(request, right)
    status = request.GET.get(PARAMETERS["status"]) or "all"
    if status not in GROUPS and status not in Status.values:
        raise Http404
    counts = staff_figures(frame.period, frame.units).counts
    standings = standings_for(frame.viewer, frame.period)
    if frame.units is not None:
        standings = within(standings, frame.units, counts.headcount)
    words = nfc(request.GET.get(PARAMETERS["search"], ""))
    if words:
        standings = matching(standings, words)
    return PeopleSelection(frame, status, words, counts, standings)


NO_PLACE = "khong-ro"
"""Lượt that lie in no commune, as it stands in addresses."""


@dataclass(frozen=True)
class ParticipationSelection:
    frame: Frame
    audience: str
    topic: str
    words: str
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
            "provider": self.provider,
            "place": self.place,
            "place_of": "" if self.place_of == OF_CLASS else self.place_of,
        }

    @property
    def filters(self) -> list[str]:
        """The same in words."""
        words = [audience_label(self.audience), topic_label(self.topic), self.words]
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
        if self.words or self.provider is not None or self.place:
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
    frame = frame_of(request, right)
    audience = request.GET.get(PARAMETERS["audience"], "")
    topic = request.GET.get(PARAMETERS["topic"], "")
    place = request.GET.get(PARAMETERS["place"], "")
    place_of = request.GET.get(PARAMETERS["place_of"]) or OF_CLASS
    if audience not in ("", *Audience.values) or topic not in ("", *ECOMMERCE_TOPICS):
        raise Http404
    if place_of not in (OF_CLASS, OF_PERSON):
        raise Http404
    found: QuerySet[Participation] = participations_for(frame.viewer, frame.period).counted()
    if frame.units is not None:
        found = found.filter(organisation__in=frame.units)
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
    return ParticipationSelection(frame, audience, topic, words, provider, place, place_of, found)


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
