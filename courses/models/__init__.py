"""What can be learnt."""

from courses.models.editions import Edition, EditionItem
from courses.models.legal_acts import LegalAct
from courses.models.packages import Package
from courses.models.pages import (
    CatalogPage,
    CoursePage,
    LegalBasis,
    LessonPage,
    ModulePage,
)
from courses.models.plan_tags import PlanTagging
from courses.models.providers import Provider
from courses.models.questions import (
    Question,
    QuestionBank,
    QuestionCategory,
    QuestionTag,
    TaggedQuestion,
)
from courses.models.quizzes import QuizDraw, QuizPage
from courses.models.sessions import ClassGroup, ClassSession

__all__ = [
    "CatalogPage",
    "ClassGroup",
    "ClassSession",
    "CoursePage",
    "Edition",
    "EditionItem",
    "LegalAct",
    "LegalBasis",
    "LessonPage",
    "ModulePage",
    "Package",
    "PlanTagging",
    "Provider",
    "Question",
    "QuestionBank",
    "QuestionCategory",
    "QuestionTag",
    "QuizDraw",
    "QuizPage",
    "TaggedQuestion",
]
