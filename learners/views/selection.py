"""The rows behind a number, chosen by the address; page and workbook take the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from courses.choices import ECOMMERCE_TOPICS, Audience, Topic
from courses.text import nfc
from learners.choices import Status
from learners.models import Participation, Standing
from learners.permissions import SEE_REPORTS, participations_for, standings_for
from learners.reports.completion import GROUPS, Counts, staff_figures
from learners.reports.participations import participation_figures
from learners.reports.people import matching, within
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


@dataclass(frozen=True)
class ParticipationSelection:
    frame: Frame
    audience: str
    topic: str
    words: str
    participations: QuerySet[Participation]

    @cached_property
    def count(self) -> int:
        if self.words:
            return self.participations.count()
        figures = participation_figures(self.frame.period, self.frame.units)
        return figures.of(self.audience, self.topic)


def participation_selection(
    request: HttpRequest, right: str = SEE_REPORTS
) -> ParticipationSelection:
    """The participations that the address names. 404 for an unknown audience or topic."""
    frame = frame_of(request, right)
    audience = request.GET.get(PARAMETERS["audience"], "")
    topic = request.GET.get(PARAMETERS["topic"], "")
    if audience not in ("", *Audience.values) or topic not in ("", *ECOMMERCE_TOPICS):
        raise Http404
    found: QuerySet[Participation] = participations_for(frame.viewer, frame.period).counted()
    if frame.units is not None:
        found = found.filter(organisation__in=frame.units)
    if audience:
        found = found.filter(audience=audience)
    if topic:
        found = found.filter(class_group__topic=topic)
    words = nfc(request.GET.get(PARAMETERS["search"], ""))
    if words:
        found = matching(found, words)
    return ParticipationSelection(frame, audience, topic, words, found)


def audience_label(audience: str) -> str:
    return str(Audience(audience).label) if audience else ""


def topic_label(topic: str) -> str:
    return str(Topic(topic).label) if topic else ""
