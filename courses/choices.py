"""The fixed vocabularies of the plan, importable from anywhere."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Audience(TextChoices):
    """The seven groups whose e-commerce participations the plan counts."""

    ENTERPRISE = "enterprise", _("Enterprise")
    COOPERATIVE = "cooperative", _("Cooperative")
    CRAFT_VILLAGE = "craft_village", _("Craft village")
    HOUSEHOLD_BUSINESS = "household_business", _("Household business")
    OFFICIAL = "official", _("Cadre, civil servant or public employee")
    STUDENT = "student", _("Student")
    STARTUP_YOUTH = "startup_youth", _("Start-up youth")


class Topic(TextChoices):
    """What a course is about; the first two count towards the 3,000 participations."""

    ECOMMERCE_LAW = "ecommerce_law", _("E-commerce law")
    ECOMMERCE_SKILLS = "ecommerce_skills", _("E-commerce skills")
    DIGITAL_SKILLS = "digital_skills", _("Digital skills")


ECOMMERCE_TOPICS = (Topic.ECOMMERCE_LAW, Topic.ECOMMERCE_SKILLS)


class PlanTask(TextChoices):
    """The ten tasks of the plan, in its order. What trains for one says so."""

    AWARENESS = "awareness", _("Digital awareness")
    INSTITUTIONS = "institutions", _("Digital institutions")
    INFRASTRUCTURE = "infrastructure", _("Digital infrastructure")
    DATA = "data", _("Digital data")
    PLATFORMS = "platforms", _("Digital platforms")
    HUMAN_RESOURCES = "human_resources", _("Digital human resources")
    SECURITY = "security", _("Network information security")
    GOVERNMENT = "government", _("Digital government")
    ECONOMY = "economy", _("Digital economy")
    SOCIETY = "society", _("Digital society")


class PlanSolution(TextChoices):
    """The five solutions of the plan, in its order."""

    COMMUNICATIONS = (
        "communications",
        _("Communications, awareness, digital skills, interaction with people and enterprises"),
    )
    MODELS = "models", _("Models that join the State and enterprises")
    RESEARCH = "research", _("Research and cooperation to master technology")
    RESOURCES = "resources", _("Attracting resources for information technology")
    COOPERATION = "cooperation", _("International cooperation")


class CityField(TextChoices):
    """Where the plan wants smart cities to serve people."""

    HEALTH = "health", _("Health care")
    EDUCATION = "education", _("Education")
    TRANSPORT = "transport", _("Transport")
    ORDER = "order", _("Security and public order")
    TOURISM = "tourism", _("Tourism")


PLAN_VOCABULARIES: dict[str, type[TextChoices]] = {
    "tasks": PlanTask,
    "solutions": PlanSolution,
    "city_fields": CityField,
}
"""By the field of a course or a class that holds its codes."""


class ItemKind(TextChoices):
    LESSON = "lesson", _("Lesson")
    QUIZ = "quiz", _("Quiz")


class Completion(TextChoices):
    """What a learner has to do of a course. Empty on a draft: the author has not decided."""

    EVERYTHING = "everything", _("Every lesson read and every quiz passed")
    QUIZZES = "quizzes", _("Every quiz passed; the lessons are free to read")


class PackageKind(TextChoices):
    SCORM12 = "scorm12", _("SCORM 1.2")
    SCORM2004 = "scorm2004", _("SCORM 2004")
    H5P = "h5p", _("H5P")


class PackageRule(TextChoices):
    """When a lesson that holds a package is finished."""

    SAID = "said", _("The package says that it is finished")
    PASSED = "passed", _("The package says that it was passed")
    SCORE = "score", _("The score below is reached")
    READER = "reader", _("The learner says so, with a button below the package")


class ClassMode(TextChoices):
    ONSITE = "onsite", _("In a room")
    ONLINE = "online", _("Online")


class QuestionKind(TextChoices):
    """What a question asks of its reader; the shapes are in courses.questions."""

    CHOICE = "choice", _("One right choice")
    MULTIPLE = "multiple", _("Several right choices")
    TRUE_FALSE = "true_false", _("True or false")
    SHORT_ANSWER = "short_answer", _("Short answer")
    NUMERICAL = "numerical", _("Number")
    MATCHING = "matching", _("Matching")
    ORDERING = "ordering", _("Putting in order")
    GAP_FILL = "gap_fill", _("Filling gaps")
    ESSAY = "essay", _("Essay, marked by hand")


class Difficulty(TextChoices):
    EASY = "easy", _("Easy")
    MEDIUM = "medium", _("Medium")
    HARD = "hard", _("Hard")


class KeyShown(TextChoices):
    """When a learner sees the right answers."""

    AUTO = "auto", _("After passing, or after the last attempt")
    PASSED = "passed", _("After passing")
    LAST = "last", _("After the last attempt")
    ALWAYS = "always", _("After every attempt")
    NEVER = "never", _("Never")


class ActState(TextChoices):
    """Where a legal act stands on a day."""

    NOT_YET = "not_yet", _("Not in force yet")
    IN_FORCE = "in_force", _("In force")
    ENDING = "ending", _("Ends within 90 days")
    ENDED = "ended", _("No longer in force")
