"""Decisions in Wagtail's administration. Registers and papers have no form: never edited."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet

from certificates.decision_admin import DecisionViewSet
from certificates.design_admin import DesignViewSet


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
