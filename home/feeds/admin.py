"""API clients in Wagtail's administration. A token is shown once, to whoever made it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from home.models import ApiClient, Scope

LONGEST = timedelta(days=2 * 366)


class ClientForm(WagtailAdminModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("May read"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.DateTimeField(
        label=_("Valid until"), help_text=_("Two years from now at the latest.")
    )

    class Meta:
        model = ApiClient
        fields = ["name", "contact", "scopes", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["scopes"] = self.instance.scopes.split()

    def clean_scopes(self) -> str:
        return " ".join(self.cleaned_data["scopes"])

    def clean_expires_at(self) -> Any:
        until = self.cleaned_data["expires_at"]
        if until > timezone.now() + LONGEST:
            raise forms.ValidationError(_("Two years from now at the latest."))
        return until


class CreateClient(generic.CreateView):
    def save_instance(self) -> ApiClient:
        """The token is made here and leaves with this answer alone."""
        client = self.form.instance
        token = client.give_token()
        client.made_by = self.request.user
        saved = super().save_instance()
        _show(self.request, saved, token)
        return saved


class EditClient(generic.EditView):
    template_name = "home/admin/api_client.html"


def _show(request: HttpRequest, client: ApiClient, token: str) -> None:
    text = _("Token of “%(client)s”, shown only now: %(token)s")
    messages.warning(request, text % {"client": client.name, "token": token})


@require_POST
def new_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Another token instead of the one that got lost; the former opens nothing from now on."""
    client = _client(request, pk)
    token = client.give_token()
    client.save(update_fields=["digest", "hint"])
    log(instance=client, action="wagtail.edit", user=request.user)
    _show(request, client, token)
    return redirect(reverse("api-clients:edit", args=[pk]))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the door at once; what the client read before stays in its record."""
    client = _client(request, pk)
    ApiClient.objects.filter(pk=pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    log(instance=client, action="wagtail.edit", user=request.user)
    messages.success(request, _("“%(client)s” may read nothing any more.") % {"client": client})
    return redirect(reverse("api-clients:index"))


def _client(request: HttpRequest, pk: int) -> ApiClient:
    if not request.user.has_perm("home.change_apiclient"):
        raise PermissionDenied
    return get_object_or_404(ApiClient, pk=pk)


class ApiClientViewSet(ModelViewSet):
    model = ApiClient
    icon = "key"
    menu_label = _("API clients")
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = CreateClient
    edit_view_class = EditClient
    list_display = ["name", "hint", "scopes", "expires_at", "withdrawn_at", "last_used_at"]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return ClientForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/new-token/", new_token, name="new_token"),
            path("<int:pk>/withdraw/", withdraw, name="withdraw"),
        ]


api_clients = ApiClientViewSet("api-clients", url_prefix="may-khach-api")
