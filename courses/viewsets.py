"""Providers, classes and legal acts in Wagtail's administration."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from courses.course_import_views import CourseImportViewSet
from courses.models import ClassGroup, LegalAct, Provider
from courses.package_admin import PackageViewSet


class ProviderViewSet(ModelViewSet):
    model = Provider
    icon = "group"
    menu_label = _("Providers")
    # A record, not content: reference counting would cost five queries a save.
    add_to_reference_index = False
    list_display = ["name", "is_educational_institution", "may_issue_certificates"]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("is_educational_institution"),
        FieldPanel("may_issue_certificates"),
        FieldPanel("legal_act"),
    ]


SESSION_PANELS = [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])]


class ClassGroupViewSet(ModelViewSet):
    model = ClassGroup
    icon = "calendar-alt"
    menu_label = _("Classes")
    add_to_reference_index = False
    list_display = ["code", "title", "provider", "topic", "mode", "starts_on", "ends_on"]
    list_filter = ["topic", "mode", "provider"]
    search_fields = ["code", "title"]
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("mode")]),
        FieldPanel("title"),
        FieldPanel("provider"),
        FieldPanel("course"),
        FieldRowPanel([FieldPanel("topic"), FieldPanel("hours")]),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldRowPanel([FieldPanel("venue"), FieldPanel("commune_code"), FieldPanel("capacity")]),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("for_whom"), FieldPanel("trainers")]),
        MultiFieldPanel(
            [FieldPanel("tasks"), FieldPanel("solutions"), FieldPanel("city_fields")],
            heading=_("What it serves in the plan"),
            help_text=_("Leave all empty for what its course serves."),
        ),
        InlinePanel("sessions", heading=_("sessions"), label=_("session"), panels=SESSION_PANELS),
        FieldRowPanel([FieldPanel("completion_percent"), FieldPanel("is_open")]),
    ]


class DeleteUnlessNamed(DeleteView):
    """Refuses, with a sentence, to delete an act on which something rests."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _(
                    "“%(act)s” cannot be deleted: courses or lessons rest on it. Give it an"
                    " end date, or the act that replaces it."
                )
                % {"act": self.object},
            )
            return redirect(self.get_success_url())


class LegalActViewSet(ModelViewSet):
    model = LegalAct
    icon = "doc-full-inverse"
    menu_label = _("Legal acts")
    delete_view_class = DeleteUnlessNamed
    list_display = ["title", "number", "valid_from", "valid_to", "replaced_by"]
    search_fields = ["title", "number"]
    panels = [
        FieldPanel("title"),
        FieldPanel("number"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        FieldPanel("replaced_by"),
    ]


class LegalActChooser(ChooserViewSet):
    """Acts are chosen, or entered on the spot, from the forms of courses and lessons."""

    model = LegalAct
    icon = "doc-full-inverse"
    choose_one_text = _("Choose an act")
    choose_another_text = _("Choose another act")
    edit_item_text = _("Edit this act")
    form_fields = ["title", "number", "valid_from", "valid_to"]


class TrainingGroup(ViewSetGroup):
    menu_label = _("Training")
    menu_icon = "calendar"
    menu_order = 250
    items = (
        ProviderViewSet,
        ClassGroupViewSet,
        LegalActViewSet,
        PackageViewSet,
        CourseImportViewSet("courses_import"),
    )
