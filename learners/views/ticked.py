"""Rows that were ticked on a page."""

from django.http import HttpRequest

MOST_DIGITS = 18
"""No key has more; a longer number could not even be asked for."""


def ticked_keys(request: HttpRequest, name: str) -> list[int]:
    """The keys that the form sends under a name; nonsense is left out."""
    typed = request.POST.getlist(name)
    return [int(key) for key in typed if _is_key(key)]


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
