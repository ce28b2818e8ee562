"""What lies encrypted in the database, such as where somebody's money goes to; opened only where it is needed.

`PAYOUT_ENCRYPTION_KEYS` holds the keys: the first one seals, every one opens. See docs/operations.md on changing them.
"""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SealBroken(Exception):
    """No key opens it, or it was sealed for somebody else."""


def can_seal() -> bool:
    """Whether there is a key at all: in production only where one is set."""
    return bool(settings.PAYOUT_ENCRYPTION_KEYS) or not settings.PRODUCTION


def seal(values: dict[str, str], *, owner: int) -> str:
    """`values` as a text that says nothing without the keys, and opens for the person `owner` alone."""
    content = json.dumps({"owner": owner, "values": values}, sort_keys=True)
    return _keys().encrypt(content.encode()).decode()


def unseal(sealed: str, *, owner: int) -> dict[str, str]:
    """What was sealed for `owner`.

    Raises:
        SealBroken: no key opens it, or a row of somebody else was put in its place.
    """
    try:
        content = json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise SealBroken("No key of PAYOUT_ENCRYPTION_KEYS opens it.") from error
    if content["owner"] != owner:
        raise SealBroken("It was sealed for somebody else.")
    return content["values"]


def reseal(sealed: str) -> str:
    """The same, sealed with the first key.

    Raises:
        SealBroken: no key opens it.
    """
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("No key of PAYOUT_ENCRYPTION_KEYS opens it.") from error


def is_key(text: str) -> bool:
    """Whether `text` can be one of the keys."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _keys() -> MultiFernet:
    keys = list(settings.PAYOUT_ENCRYPTION_KEYS)
    if not keys:
        if settings.PRODUCTION:
            raise ImproperlyConfigured("PAYOUT_ENCRYPTION_KEYS is not set.")
        digest = hashlib.sha256(b"commerce.sealing " + settings.SECRET_KEY.encode()).digest()
        keys = [base64.urlsafe_b64encode(digest).decode()]
    return MultiFernet([Fernet(key) for key in keys])
