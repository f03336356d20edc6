"""Learning packages in Wagtail's administration: brought in, tried, named."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.generic import CreateView
from wagtail.admin.views.generic.models import InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from courses.choices import PackageKind, PackageRule
from courses.import_report import ImportRefused
from courses.imports.library import read_package, store_package
from courses.models import Package
from courses.package_rules import is_done, score_of
from courses.package_views import frame_address

FIRST_WORDS: dict[str, dict[str, Any]] = {
    PackageKind.SCORM12: {"core": {"entry": "ab-initio", "student_id": "0"}},
    PackageKind.SCORM2004: {"entry": "ab-initio", "learner_id": "0"},
}
FRAMING_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none';"
    " base-uri 'self'; form-action 'self'; frame-ancestors 'self'; frame-src "
)
"""What the administration's pages may do, and one address that this one may frame."""


class PackageForm(WagtailAdminModelForm):
    """Takes the zip apart while it is checked: what is wrong is said beside the field."""

    class Meta:
        model = Package
        fields = ["title", "file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        if self.instance.pk:
            del self.fields["file"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        self.data_of_zip = file.read()
        try:
            read_package(self.data_of_zip)
        except ImportRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file

    instance: Package

    def save(self, commit: bool = True) -> Package:
        if self.instance.pk:
            return super().save(commit)
        package, _is_new = store_package(self.data_of_zip)
        if title := self.cleaned_data.get("title"):
            package.title = title
            package.save(update_fields=["title"])
        self.instance = package
        return package


class PackageCreateView(CreateView):
    """Leads on to the trial: what a package says is known once it was tried."""

    def get_success_url(self) -> str:
        return reverse("package:inspect", args=[self.object.pk])


class PackageTrial(InspectView):
    """The package as a learner meets it, and what each rule makes of it. Keeps nothing."""

    template_name = "courses/admin/package_trial.html"
    page_title = _("Try it")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("part", "")
        number = int(asked) if asked.isascii() and asked.isdigit() else 0
        part = self.object.part(number) or self.object.parts[0]
        start = {"href": part["href"], "cmi": FIRST_WORDS.get(self.object.kind, {})}
        return {
            **super().get_context_data(**kwargs),
            "package": self.object,
            "part": part,
            "start": start,
            "rules": PackageRule.choices,
            "frame": frame_address(self.object) if settings.PACKAGES_URL else "",
            "packages_url": settings.PACKAGES_URL,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if settings.PACKAGES_URL:
            response["Content-Security-Policy"] = FRAMING_POLICY + settings.PACKAGES_URL
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """What the rules make of {"cmi", "mastery"}; 400 for what cannot be read."""
        try:
            sent = json.loads(request.body)
            cmi, mastery = sent["cmi"], str(sent["mastery"])
            if not isinstance(cmi, dict):
                raise TypeError
        except (ValueError, TypeError, KeyError):
            return JsonResponse({"error": "unreadable"}, status=400)
        kind = self.object.kind
        score = score_of(kind, cmi)
        met = {
            rule: is_done(kind, cmi, score, mastery=mastery, rule=rule)
            for rule in (PackageRule.SAID, PackageRule.PASSED)
        }
        return JsonResponse({"score": score, "met": met})


class PackageViewSet(ModelViewSet):
    model = Package
    add_view_class = PackageCreateView
    inspect_view_class = PackageTrial
    inspect_view_enabled = True
    copy_view_enabled = False
    icon = "folder-inverse"
    menu_label = _("Learning packages")
    add_to_reference_index = False
    list_display = ["title", "kind", "added_at"]
    search_fields = ["title"]
    panels = [
        FieldPanel("title", help_text=_("Left empty, the package's own title is taken.")),
        FieldPanel("file"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return PackageForm
