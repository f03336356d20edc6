"""Answering a survey once, without leaving a trace to who answered what."""

from django.db import IntegrityError, transaction

from courses.models import ClassGroup, CoursePage
from learners.models import Person, SurveyAnswer, SurveyTicket


@transaction.atomic
def answer_survey(*, person: Person, about: ClassGroup | CoursePage, answer: SurveyAnswer) -> bool:
    """Keep an answer about a class or a course; False when the person had answered before.

    Two presses at once leave one: the database holds person and subject unique.
    """
    subject = {"class_group": about} if isinstance(about, ClassGroup) else {"course": about}
    try:
        with transaction.atomic():
            SurveyTicket.objects.create(person=person, **subject)
    except IntegrityError:
        return False
    for name, value in subject.items():
        setattr(answer, name, value)
    answer.save(force_insert=True)
    return True
