"""Sign-in by another system (OpenID Connect), for accounts whose owners have linked them.

Nobody is recognised by name, phone or e-mail: who may sign in that way has first signed in with
the password and linked the account. Of the other system only a keyed hash of its name for the
person is kept, because that name may be a personal number.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from learners.actions.accounts import note_sign_in_way
from learners.choices import AccountStep
from learners.models import User
from learners.personal_numbers import digest_of

PROVIDER = "ngoai"
"""In the address of the way back, which the other system has to know: /dang-nhap/ngoai/…"""


class Adapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """One issuer, of the settings, or none."""
        asked = provider in (None, PROVIDER, "openid_connect")
        if not settings.OIDC_ISSUER or not asked:
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER,
                name=settings.OIDC_NAME,
                client_id=settings.OIDC_CLIENT_ID,
                secret=settings.OIDC_CLIENT_SECRET,
                settings={"server_url": settings.OIDC_ISSUER, "fetch_userinfo": False},
            )
        ]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Keep nothing of what the other system says about the person."""
        sociallogin.account.extra_data = {}
        sociallogin.account.uid = digest_of(sociallogin.account.uid)
        sociallogin.email_addresses = []
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whoever is not linked is told how to, and no account is made."""
        linking = sociallogin.state.get("process") == AuthProcess.CONNECT
        if not sociallogin.is_existing and not linking:
            page = render(request, "socialaccount/not_linked.html", _name(), status=403)
            raise ImmediateHttpResponse(page)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False


def note_link(request: HttpRequest, sociallogin: SocialLogin, **kwargs: object) -> None:
    """A receiver: the owner has linked the account."""
    note_sign_in_way(sociallogin.user, AccountStep.LINKED)


def note_unlink(request: HttpRequest, socialaccount: SocialAccount, **kwargs: object) -> None:
    """A receiver: the owner has taken the link off."""
    note_sign_in_way(socialaccount.user, AccountStep.UNLINKED)


def _name() -> dict[str, str]:
    return {"oidc_name": settings.OIDC_NAME}


def sign_in_elsewhere(request: HttpRequest) -> dict[str, str]:
    """For templates: how the other system is called; empty when there is none."""
    return _name() if settings.OIDC_ISSUER else {}


def origin() -> str:
    """Scheme and host of the issuer, to which the sign-in form leads; "" when there is none."""
    parts = urlsplit(settings.OIDC_ISSUER)
    return f"{parts.scheme}://{parts.netloc}" if settings.OIDC_ISSUER else ""
