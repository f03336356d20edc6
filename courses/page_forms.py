"""Forms of the page editor that ask more than their fields do."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from courses.readiness import LEGAL_BASES, OUTLINE


class CourseForm(WagtailAdminPageForm):
    """Refuses to publish, schedule or hand in a course while something is missing.

    Wagtail defers required fields when a draft is saved, and only then; the same mark
    decides here, so a draft can always be saved.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.is_deferred_validation:
            self._refuse_what_no_field_can_tell(cleaned)
        return cleaned

    def _refuse_what_no_field_can_tell(self, cleaned: dict[str, Any]) -> None:
        # The fields' values are put on the instance after this; it still holds the stored ones.
        course = self.instance
        course.completion = cleaned.get("completion") or ""
        acts = self._acts()
        for requirement in course.requirements():
            if requirement.field == LEGAL_BASES and not acts:
                self.add_error(None, str(requirement.remedy))
            if requirement.field == OUTLINE and not requirement.met:
                self.add_error(None, str(requirement.remedy))

    def _acts(self) -> int:
        """Acts handed in with the form and not marked for deletion."""
        formset = self.formsets.get(LEGAL_BASES)
        if formset is None:
            return len(self.instance.legal_bases.all())
        formset.is_valid()
        return sum(
            bool(form.cleaned_data.get("act")) and not form.cleaned_data.get("DELETE")
            for form in formset.forms
            if hasattr(form, "cleaned_data")
        )
