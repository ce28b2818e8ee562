"""Signatures of the sandbox's webhooks: HMAC over time and body, with a key made of the site's own secret."""

import hashlib
import hmac
import json
import time

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from commerce.exceptions import SignatureInvalid
from commerce.models import SandboxEvent

SIGNATURE_HEADER = "Sandbox-Signature"
TOLERANCE_SECONDS = 300


def webhook_body(event: SandboxEvent) -> bytes:
    return json.dumps({"id": str(event.event_id), "kind": event.kind, **event.payload}).encode()


def sign(body: bytes, at: int) -> str:
    """The signature header of a webhook sent at the Unix time `at`."""
    return f"t={at},v1={_digest(body, at)}"


def check(header: str, body: bytes) -> None:
    """
    Raises:
        SignatureInvalid: it is another's, of another body, or too old.
    """
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    try:
        at = int(parts.get("t", ""))
    except ValueError as error:
        raise SignatureInvalid("The signature header is missing or malformed.") from error
    if not constant_time_compare(parts.get("v1", ""), _digest(body, at)):
        raise SignatureInvalid("The signature does not match.")
    if abs(time.time() - at) > TOLERANCE_SECONDS:
        raise SignatureInvalid("The signature is too old.")


def _digest(body: bytes, at: int) -> str:
    secret = salted_hmac(
        "commerce.gateways.sandbox", "webhook", secret=settings.SECRET_KEY, algorithm="sha256"
    ).digest()
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
