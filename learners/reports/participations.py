"""Goal 2, "over 3,000 participations" in e-commerce training: lượt, not people.

One person in one class is one participation, however many sessions. Figures come from
ParticipationTally; the rows behind them are Participation rows of the same filters.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from courses.choices import ECOMMERCE_TOPICS, Audience, Topic
from courses.models import Provider
from learners.models import Participation, ParticipationTally, ReportingPeriod
from learners.periods import Span
from learners.reports.completion import Units


@dataclass(frozen=True)
class ParticipationFigures:
    by_group: Counter[tuple[str, str]]
    """Audience and topic."""
    by_month: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_group.values())

    def of(self, audience: str = "", topic: str = "") -> int:
        """Participations of one audience, one topic, both, or all."""
        return sum(
            count
            for (one_audience, one_topic), count in self.by_group.items()
            if audience in ("", one_audience) and topic in ("", one_topic)
        )


@dataclass(frozen=True)
class AudienceRow:
    audience: Audience
    by_topic: list[tuple[Topic, int]]
    total: int
    share_of_largest: int
    """0 to 100: the length of the bar."""


def participation_figures(period: ReportingPeriod, units: Units) -> ParticipationFigures:
    """One query: at most 7 audiences, 2 topics, 12 months."""
    tallies = ParticipationTally.objects.filter(period=period)
    if units is not None:
        tallies = tallies.filter(organisation__in=units)
    by_group: Counter[tuple[str, str]] = Counter()
    by_month = [0] * 12
    rows = tallies.values_list("audience", "topic", "month").annotate(sum=Sum("participations"))
    for audience, topic, month, count in rows.order_by():
        by_group[audience, topic] += count
        by_month[month - 1] += count
    return ParticipationFigures(+by_group, tuple(by_month))


def figures_of(
    participations: QuerySet[Participation], since: date
) -> tuple[ParticipationFigures, ParticipationFigures]:
    """Of any participations: those since a day, and all. Counted from the rows, by no month. One
    query."""
    groups = participations.order_by().values("audience", "class_group__topic")
    counted = groups.annotate(all=Count("pk"), new=Count("pk", filter=Q(happened_on__gte=since)))
    rows = counted.values_list("audience", "class_group__topic", "all", "new")
    later, whole = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for audience, topic, count, new in rows:
        whole[audience, topic] += count
        later[audience, topic] += new
    return ParticipationFigures(+later, ()), ParticipationFigures(+whole, ())


def audience_rows(figures: ParticipationFigures) -> list[AudienceRow]:
    """All seven groups of the plan, the largest first; a group without anybody too."""
    largest = max((figures.of(audience) for audience in Audience), default=0) or 1
    rows = [
        AudienceRow(
            audience,
            [(topic, figures.of(audience, topic)) for topic in ECOMMERCE_TOPICS],
            figures.of(audience),
            figures.of(audience) * 100 // largest,
        )
        for audience in Audience
    ]
    return sorted(rows, key=lambda row: -row.total)


def institutions_teaching(period: ReportingPeriod) -> list[str]:
    """Names of educational institutions of which somebody has completed an e-commerce class in
    the year. One query that stops at the first such participation of each institution."""
    return list(_teaching(Span(period.starts_on, period.ends_on)).values_list("name", flat=True))


def institutions_teaching_within(days: Span, part: Span) -> tuple[list[str], list[str]]:
    """As `institutions_teaching`: those in a part of some days, and in all of them. One query."""
    found = _teaching(days).annotate(in_part=Exists(_completed(part)))
    rows = list(found.values_list("name", "in_part"))
    return [name for name, in_part in rows if in_part], [name for name, _in_part in rows]


def _teaching(days: Span) -> QuerySet[Provider]:
    return Provider.objects.filter(Exists(_completed(days)), is_educational_institution=True)


def _completed(days: Span) -> QuerySet[Participation]:
    return Participation.objects.counted().filter(
        class_group__provider=OuterRef("pk"), completed=True, happened_on__range=days
    )


@dataclass(frozen=True)
class Extent:
    """What stands beside a count of participations."""

    people: int
    organisations: int
    completed: int


def extent_of(participations: QuerySet[Participation]) -> Extent:
    """Distinct people, distinct organisations, and how many completed. One query.

    A business is one organisation wherever its people live; who named none counts with the
    unit or the commune.
    """
    without = Q(business__isnull=True)
    found = participations.order_by().aggregate(
        people=Count("person", distinct=True),
        organisations=Count("organisation", filter=without, distinct=True)
        + Count("business", distinct=True),
        completed=Count("pk", filter=Q(completed=True)),
    )
    return Extent(**found)
