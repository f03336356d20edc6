"""Decisions in Wagtail's administration. Registers and papers have no form: never edited."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.viewsets.model import ModelViewSet

from certificates.design_admin import DesignViewSet
from certificates.models import Decision


class DecisionViewSet(ModelViewSet):
    model = Decision
    icon = "doc-full-inverse"
    menu_label = _("Decisions")
    menu_order = 260
    add_to_admin_menu = True
    add_to_reference_index = False
    list_display = ["number", "signed_on", "issuing_body", "signer_name", "is_standing"]
    search_fields = ["number", "signer_name"]
    panels = [
        FieldRowPanel([FieldPanel("number"), FieldPanel("signed_on")]),
        FieldPanel("governing_body"),
        FieldPanel("issuing_body"),
        FieldRowPanel([FieldPanel("signer_title"), FieldPanel("signer_name")]),
        FieldPanel("place"),
        FieldRowPanel([FieldPanel("is_standing"), FieldPanel("valid_to")]),
    ]


class RegisterItem(MenuItem):
    """Shown to whoever keeps the register."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("certificates.change_certificate"))


@hooks.register("register_admin_menu_item")
def register_item() -> MenuItem:
    return RegisterItem(
        _("Register of papers"), reverse("certificates:register"), icon_name="list-ol", order=265
    )


@hooks.register("register_admin_viewset")
def decisions() -> ModelViewSet:
    return DecisionViewSet("decisions")


@hooks.register("register_admin_viewset")
def designs() -> ModelViewSet:
    return DesignViewSet("designs")
