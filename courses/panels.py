"""Panels of the page editor that say something and ask nothing."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from courses.readiness import LEGAL_BASES, OUTLINE, unmet


class ChecklistPanel(Panel):
    """What is still missing before a course can be published, with links to the places."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/admin/checklist_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            checklist = self.instance.requirements()
            return {
                **super().get_context_data(parent_context),
                "lines": [
                    {"requirement": requirement, "place": self._place(requirement.field)}
                    for requirement in checklist
                ],
                "missing": len(unmet(checklist)),
            }

        def _place(self, field: str) -> str:
            if field == OUTLINE:
                pk = self.instance.pk
                return reverse("wagtailadmin_explore", args=[pk]) if pk else ""
            return f"#id_{field}-FORMS" if field == LEGAL_BASES else f"#id_{field}"
