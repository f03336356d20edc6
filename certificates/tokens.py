"""A key that never leaves its token or HSM, reached through PKCS#11.

Import it late: it needs the package python-pkcs11.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from pkcs11 import PKCS11Error
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from certificates.signing import CannotSign

REFUSED_FOR = 30 * 24 * 3600


class TokenSigner(PKCS11Signer):
    """A session that broke, as when the token is pulled out, is closed: the next signer opens
    another."""

    async def async_sign_raw(self, *args: Any, **options: Any) -> bytes:
        try:
            signature: bytes = await super().async_sign_raw(*args, **options)
        except PKCS11Error as error:
            with suppress(PKCS11Error):
                self.pkcs11_session.close()
            raise SigningError("the token does not sign") from error
        return signature


def open_token() -> TokenSigner:
    """The key and certificate called SIGNING_TOKEN_KEY on the token called SIGNING_TOKEN_LABEL.

    A PIN that the token refused is not tried again, by no process, until another is set: tokens
    lock themselves after few wrong ones. Raises CannotSign, which says what to mend.
    """
    library = settings.SIGNING_TOKEN_LIBRARY
    if not Path(library).is_file():
        raise CannotSign(
            _("The library of the token, %(file)s, is not there: correct SIGNING_TOKEN_LIBRARY.")
            % {"file": library or "?"}
        )
    signer = TokenSigner(_session(library), cert_label=settings.SIGNING_TOKEN_KEY)
    try:
        _certificate = signer.signing_cert  # reads the key as well
    except (PKCS11Error, SigningError) as error:
        signer.pkcs11_session.close()
        raise CannotSign(
            _("The token has no key with a certificate called %(label)s: see SIGNING_TOKEN_KEY.")
            % {"label": settings.SIGNING_TOKEN_KEY or "?"}
        ) from error
    return signer


def _session(library: str) -> Any:
    if cache.get(_refusal()):
        raise CannotSign(_pin_was_refused())
    label = settings.SIGNING_TOKEN_LABEL
    try:
        return open_pkcs11_session(
            library,
            token_criteria=TokenCriteria(label=label),
            user_pin=settings.SIGNING_TOKEN_PIN or None,
        )
    except (PinIncorrect, PinInvalid, PinLenRange, PinLocked) as error:
        cache.set(_refusal(), True, REFUSED_FOR)
        raise CannotSign(_pin_was_refused()) from error
    except PKCS11Error as error:
        raise CannotSign(
            _("The token %(label)s does not answer: is it plugged in, and is it called so?")
            % {"label": label or "?"}
        ) from error


def _pin_was_refused() -> str:
    return _(
        "The token refused the PIN. It is not tried again, so that the token does not lock "
        "itself: correct SIGNING_TOKEN_PIN and start the site anew."
    )


def _refusal() -> str:
    """What the cache calls the refusal of this PIN by this token."""
    tried = (settings.SIGNING_TOKEN_LABEL, settings.SIGNING_TOKEN_PIN, settings.SECRET_KEY)
    return f"token-pin-refused:{sha256(repr(tried).encode()).hexdigest()}"
