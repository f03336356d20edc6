"""What a survey says, and what it hides while few have answered.

Satisfaction with a class or a course. It is no target of the plan: the plan's 95 % are about
the handling of administrative procedures.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.models import ClassGroup, ClassSession, CoursePage
from learners.choices import ONLINE_SOURCE
from learners.models import Enrolment, Participation, Person, SurveyAnswer, SurveyTicket
from learners.models.surveys import QUESTIONS

LEAST = 5
"""Answers under which no share, no mean and no words are shown: each would point at somebody."""
OPEN_FOR = timedelta(days=60)
SATISFIED = 4
"""From this mark on, of five."""
SHOWN_WORDS = 200


@dataclass(frozen=True)
class QuestionFigures:
    label: str
    counts: tuple[int, ...]
    """How often 1, 2, 3, 4 and 5 were given."""
    mean: float

    @property
    def satisfied_percent(self) -> float:
        return sum(self.counts[SATISFIED - 1 :]) * 100 / sum(self.counts)


@dataclass(frozen=True)
class SurveyFigures:
    answers: int
    invited: int
    """How many took part or completed, and so could answer."""
    questions: list[QuestionFigures]
    """None under LEAST answers."""
    words: list[str]

    @property
    def is_hidden(self) -> bool:
        return self.answers < LEAST

    @property
    def rate(self) -> float | None:
        """Response rate in percent; None under LEAST answers."""
        if self.is_hidden or not self.invited:
            return None
        return min(100.0, self.answers * 100 / self.invited)


def class_figures(group: ClassGroup) -> SurveyFigures:
    return _figures(SurveyAnswer.objects.filter(class_group=group), participants(group).count())


def course_figures(course: CoursePage) -> SurveyFigures:
    completed = Enrolment.objects.filter(edition__course=course, completed_at__isnull=False)
    invited = completed.values("person").distinct().count()
    return _figures(SurveyAnswer.objects.filter(course=course), invited)


def _figures(answers: QuerySet[SurveyAnswer], invited: int) -> SurveyFigures:
    """Three queries: marks counted by the database, words in no order that says anything."""
    wanted: dict[str, Aggregate] = {f"mean_{name}": Avg(name) for name in QUESTIONS}
    wanted |= {
        f"{name}_{mark}": Count("pk", filter=Q(**{name: mark}))
        for name in QUESTIONS
        for mark in range(1, 6)
    }
    told = answers.order_by().aggregate(answers=Count("pk"), **wanted)
    if told["answers"] < LEAST:
        return SurveyFigures(told["answers"], invited, [], [])
    questions = [
        QuestionFigures(
            label=str(question),
            counts=tuple(told[f"{name}_{mark}"] for mark in range(1, 6)),
            mean=float(told[f"mean_{name}"]),
        )
        for name, question in QUESTIONS.items()
    ]
    words = answers.exclude(words="").order_by("pk").values_list("words", flat=True)
    return SurveyFigures(told["answers"], invited, questions, list(words[:SHOWN_WORDS]))


# ------------------------------------------------------------------ who may answer


def participants(group: ClassGroup) -> QuerySet[Participation]:
    """Those who took part in the room; a course's learners are asked about the course."""
    return Participation.objects.filter(class_group=group).exclude(source=ONLINE_SOURCE)


def is_open(group: ClassGroup) -> bool:
    """From its last day on, for OPEN_FOR: a trainer shows the code before people leave."""
    return group.ends_on <= timezone.localdate() <= group.ends_on + OPEN_FOR


def open_surveys(person: Person) -> list[ClassGroup]:
    """Classes that the person took part in and has not said anything about, once the last session
    is over: nobody is asked on arriving. One query."""
    today = timezone.localdate()
    took_part = Participation.objects.filter(class_group=OuterRef("pk"), person=person)
    answered = SurveyTicket.objects.filter(class_group=OuterRef("pk"), person=person)
    ahead = ClassSession.objects.filter(class_group=OuterRef("pk"), ends_at__gt=timezone.now())
    found = ClassGroup.objects.filter(
        Exists(took_part.exclude(source=ONLINE_SOURCE)),
        ~Exists(answered),
        ~Exists(ahead),
        ends_on__range=(today - OPEN_FOR, today),
    )
    return list(found.order_by("-ends_on", "code"))


def has_answered(person_id: int, course_id: int) -> bool:
    return SurveyTicket.objects.filter(person=person_id, course=course_id).exists()
