"""Designs of papers in Wagtail's administration: form, proofs, and no way to change the past."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from certificates.design_forms import DesignForm
from certificates.designs import look_of, proof_papers
from certificates.models import Design
from certificates.pdf import Unprintable, render_paper

MAY_SEE = "certificates.change_design"


@require_GET
@permission_required(MAY_SEE)
def proof(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One proof of a saved version as PDF; 422 with the reason when it would print wrong."""
    design = get_object_or_404(Design, pk=pk)
    try:
        papers = dict(proof_papers(design, timezone.localdate()))
        if name not in papers:
            raise Http404
        pdf = render_paper(papers[name], look_of(design))
    except Unprintable as refusal:
        return HttpResponse(refusal.reason, status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="ban-xem-thu-{pk}-{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def proofs_of(design: Design) -> str:
    """Links to the proofs, for a column of the list."""
    names = (
        ("usual", gettext("ordinary")),
        ("long", gettext("longest name")),
        ("bare", gettext("fewest lines")),
    )
    here = [(reverse("designs:proof", args=[design.pk, name]), label) for name, label in names]
    links = [format_html('<a href="{}">{}</a>', *link) for link in here]
    return format_html("{} · {} · {}", *links)


def first_day_of(design: Design) -> str:
    """As a date: Wagtail's own column would say "nine hours ago"."""
    return f"{design.valid_from:%d/%m/%Y}"


def state_of(design: Design) -> str:
    return gettext("In force, frozen") if design.in_force_since else gettext("Draft")


class DesignViewSet(ModelViewSet):
    model = Design
    icon = "image"
    menu_label = _("Designs of papers")
    menu_order = 262
    add_to_admin_menu = True
    add_to_reference_index = False
    inspect_view_enabled = True
    inspect_view_fields_exclude = ["picture_sha256"]
    list_display: list[Any] = [
        "name",
        Column("kind", label=_("Kind of paper"), accessor="get_kind_display"),
        Column("provider", label=_("Provider")),
        Column("valid_from", label=_("Papers issued from"), accessor=first_day_of),
        Column("state", label=_("State"), accessor=state_of),
        Column("proofs", label=_("Proofs"), accessor=proofs_of),
    ]
    list_filter = ["kind", "provider"]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("provider")]),
        FieldPanel("valid_from"),
        MultiFieldPanel(
            [FieldPanel("heading_vi"), FieldPanel("heading_en")], heading=_("Headings")
        ),
        MultiFieldPanel(
            [FieldPanel("issuing_body"), FieldPanel("place"), FieldPanel("signer_title")],
            heading=_("Instead of what the decision says"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("shows_birth_date"),
                FieldPanel("shows_unit"),
                FieldPanel("shows_result"),
                FieldPanel("shows_period"),
            ],
            heading=_("Lines"),
        ),
        MultiFieldPanel(
            [FieldPanel("artwork"), FieldPanel("upload"), FieldPanel("accent")],
            heading=_("Artwork and colour"),
        ),
        HelpPanel(
            content=_(
                "Save the draft, then look at its proofs in the list. A version in force stays as "
                "it is for ever; a newer one takes its place from its day on."
            )
        ),
        FieldPanel("comes_into_force"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[DesignForm]:
        return DesignForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("proof/<int:pk>/<slug:name>.pdf", proof, name="proof"),
        ]
