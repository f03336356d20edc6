"""Rules about learners in Wagtail's administration."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.viewsets.model import ModelViewSet

from learners.models import TrustedSource


class TrustedSourceViewSet(ModelViewSet):
    """Sources whose certificates approve themselves; a rule that ends gets a last day."""

    model = TrustedSource
    icon = "check"
    menu_label = _("Trusted sources")
    add_to_settings_menu = True
    add_to_reference_index = False
    list_display = ["name", "legal_act", "valid_from", "valid_to"]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("legal_act"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
    ]


trusted_sources = TrustedSourceViewSet("nguon-tin-cay")
