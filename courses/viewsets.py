"""Providers and classes in Wagtail's administration."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from courses.models import ClassGroup, Provider


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
        FieldRowPanel([FieldPanel("venue"), FieldPanel("capacity")]),
    ]


class TrainingGroup(ViewSetGroup):
    menu_label = _("Training")
    menu_icon = "calendar"
    menu_order = 250
    items = (ProviderViewSet, ClassGroupViewSet)
