"""How statuses and their groups are called on every page and in every workbook."""

from django.utils.translation import gettext as _

from learners.choices import Status


def status_label(name: str) -> str:
    """The label of a status or of a group of statuses."""
    groups = {"all": _("All staff"), "reached": _("Reached"), "missing": _("Not reached yet")}
    return groups.get(name) or str(Status(name).label)
