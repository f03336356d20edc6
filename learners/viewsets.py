"""Rules about learners in Wagtail's administration."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from learners.models import CountingRule, Denominator, Target, TrustedSource
from learners.tasks import recount_all


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


class Recounts:
    """What is saved here decides who counts: the summaries follow, in a job of their own."""

    def save_instance(self) -> Any:
        saved = super().save_instance()  # type: ignore[misc]
        recount_all.enqueue()
        return saved


class AddAndRecount(Recounts, generic.CreateView):
    pass


class EditAndRecount(Recounts, generic.EditView):
    pass


class NeverDelete(generic.DeleteView):
    """Figures of the past rest on these rows."""

    def form_valid(self, form: Any) -> HttpResponse:
        messages.error(
            self.request,
            _("“%(title)s” stays: figures rest on it. Correct it, or give a rule its last day.")
            % {"title": self.object},
        )
        return redirect(self.get_success_url())


class PlanViewSet(ModelViewSet):
    """What the plan asks for, as data."""

    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = AddAndRecount
    edit_view_class = EditAndRecount
    delete_view_class = NeverDelete


class TargetViewSet(PlanViewSet):
    model = Target
    icon = "tick-inverse"
    menu_label = _("Targets")
    list_display = ["indicator", "year", "value", "denominator", "responsible"]
    list_filter = ["indicator", "year"]
    panels = [
        FieldRowPanel([FieldPanel("indicator"), FieldPanel("year"), FieldPanel("value")]),
        FieldPanel("legal_act"),
        FieldPanel("denominator"),
        FieldPanel("responsible"),
    ]


class CountingRuleViewSet(PlanViewSet):
    model = CountingRule
    icon = "list-ol"
    menu_label = _("Counting rules")
    list_display = ["indicator", "version", "valid_from", "valid_to", "minimum_hours"]
    list_filter = ["indicator"]
    panels = [
        FieldRowPanel([FieldPanel("indicator"), FieldPanel("version")]),
        FieldPanel("sentence"),
        FieldPanel("minimum_hours"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
    ]


class DenominatorViewSet(PlanViewSet):
    model = Denominator
    icon = "group"
    menu_label = _("Definitions of the denominator")
    list_display = ["name", "sentence"]
    panels = [
        FieldPanel("name"),
        FieldPanel("sentence"),
        FieldPanel("with_contract"),
        FieldPanel("with_part_time"),
    ]


class PlanGroup(ViewSetGroup):
    """Targets, the rules by which they are counted, and whom they are taken of."""

    menu_label = _("Targets and rules")
    menu_icon = "tick-inverse"
    items = (
        TargetViewSet("muc-tieu"),
        CountingRuleViewSet("quy-tac"),
        DenominatorViewSet("mau-so"),
    )


plan = PlanGroup()
