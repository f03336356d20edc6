"""How statuses and their groups are called on every page and in every workbook."""

from django.utils.translation import gettext as _

from learners.choices import Status
from learners.reports.assignments import DONE, LEARNING, LEFT, NOT_BEGUN
from learners.reports.course_matrix import NOT_ASKED


def status_label(name: str) -> str:
    """The label of a status or of a group of statuses."""
    groups = {"all": _("All staff"), "reached": _("Reached"), "missing": _("Not reached yet")}
    return groups.get(name) or str(Status(name).label)


def state_labels() -> dict[str, str]:
    """How far people are with a course, by the names in addresses."""
    return {
        "": _("Everybody it was given to"),
        LEFT: _("Still to do"),
        NOT_BEGUN: _("Not begun"),
        LEARNING: _("Under way"),
        DONE: _("Done"),
    }


def mark_label(state: str) -> str:
    """How far one person is with one course."""
    return _("Not counted here") if state == NOT_ASKED else state_labels()[state]
