"""Decisions in Wagtail's administration: once papers rest on one, only its end may be set."""

from typing import Any

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet

from certificates.models import Decision

STILL_OPEN = "valid_to"


class DecisionForm(WagtailAdminModelForm):
    """What papers say they rest on is shown, not edited; the database refuses it as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.certificates.exists():
            for name, field in self.fields.items():
                field.disabled = name != STILL_OPEN
            self.fields["number"].help_text = _(
                "Papers rest on this decision: it is not changed any more, only its end may be set."
            )


class DecisionDeleteView(DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request, gettext("Papers or a list rest on this decision: it stays.")
            )
            return redirect(self.get_success_url())
        return response


class DecisionViewSet(ModelViewSet):
    model = Decision
    icon = "doc-full-inverse"
    menu_label = _("Decisions")
    menu_order = 260
    add_to_admin_menu = True
    add_to_reference_index = False
    list_display = ["number", "signed_on", "issuing_body", "signer_name", "is_standing"]
    search_fields = ["number", "signer_name"]
    delete_view_class = DecisionDeleteView
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("number"), FieldPanel("signed_on")]),
            FieldPanel("governing_body"),
            FieldPanel("issuing_body"),
            FieldRowPanel([FieldPanel("signer_title"), FieldPanel("signer_name")]),
            FieldPanel("place"),
            FieldRowPanel([FieldPanel("is_standing"), FieldPanel("valid_to")]),
        ],
        base_form_class=DecisionForm,
    )
