"""What many pages undergo at once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction

from courses.readiness import CannotPublish


class PublishBottomUp(PublishBulkAction):
    """Wagtail's, but lessons before their course, so that a ready course finds them live.

    All or nothing: a course that lacks something is named, and nothing was published.
    """

    @classmethod
    def execute_action(
        cls, objects: list, include_descendants: bool = False, user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        children = 0
        if include_descendants:
            drafts = {
                draft.pk: draft
                for page in objects
                for draft in page.get_descendants().not_live().specific()
                if user is None or draft.permissions_for_user(user).can_publish()
            }
            for chosen in objects:
                drafts.pop(chosen.pk, None)
            deepest = sorted(drafts.values(), key=lambda page: -page.depth)
            children, _none = super().execute_action(deepest, user=user)
        parents, _none = super().execute_action(
            sorted(objects, key=lambda page: -page.depth), user=user
        )
        return parents, children

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except CannotPublish as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.next_url)
