"""Looking for people: what is typed comes by POST, so that no number of a person gets into an
address, and with it into histories, bookmarks and the logs of proxies."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from learners.models import PersonalNumber
from learners.normalise import phone_number, staff_number
from learners.permissions import Viewer, records_for
from learners.personal_numbers import holds_number, typed_number

View = Callable[..., HttpResponse]
Finder = Callable[[Viewer, str], list[str]]
"""The addresses of whatever has a number, among what the viewer sees."""

WORDS = "q"
SENT = "tim"
"""What tells a search from whatever else a page takes by POST."""
NO_FILTERS = ("csrfmiddlewaretoken", SENT, WORDS, "trang", "sau", "truoc")
"""What a search begins anew: it leads to the first page."""


def people_by_number(viewer: Viewer, words: str) -> list[str]:
    """Whoever has this personal number, or else this phone, or else this staff number."""
    people, number, phone = records_for(viewer), typed_number(words), phone_number(words)
    holders = PersonalNumber.objects.of([number]).values("person")
    for wanted in (
        people.filter(pk__in=holders) if number else people.none(),
        people.filter(phone=phone, merged_into__isnull=True) if phone else people.none(),
        people.filter(staff_number=staff_number(words)),
    ):
        if found := list(wanted.values_list("pk", flat=True)[:9]):
            return [reverse("reports:person", args=[pk]) for pk in found]
    return []


def search_box(find: Finder) -> Callable[[View], View]:
    """For lists with a search box. A number leads to what has it; words become part of the
    address, as every filter is.

    An address that holds a personal number all the same is answered by one without it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def searching(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and SENT in request.POST:
                return _led(request, find)
            words = request.GET.get(WORDS, "")
            if holds_number(words) and not phone_number(words):
                messages.warning(
                    request,
                    _("A personal number must not stand in an address: use the search box."),
                )
                return _list(request, request.GET.lists())
            return view(request, *args, **kwargs)

        return searching

    return decorate


searched = search_box(people_by_number)


def _led(request: HttpRequest, find: Finder) -> HttpResponse:
    words = request.POST.get(WORDS, "").strip()
    if not (holds_number(words) or phone_number(words)):
        return _list(request, request.POST.lists(), words)
    found = find(request.user, words)
    if len(found) == 1:
        return redirect(found[0])
    if found:
        text = _("%(n)d people share this phone: look for them by name.") % {"n": len(found)}
    else:
        text = _("Nobody whom you see has this number.")
    messages.warning(request, text)
    return _list(request, request.POST.lists())


def _list(
    request: HttpRequest, fields: Iterable[tuple[str, Iterable[Any]]], words: str = ""
) -> HttpResponse:
    """The same list with its filters, on its first page."""
    kept = [(name, value) for name, values in fields if name not in NO_FILTERS for value in values]
    query = urlencode([(name, value) for name, value in [*kept, (WORDS, words)] if value])
    return redirect(f"{request.path}?{query}" if query else request.path)
