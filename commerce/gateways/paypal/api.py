"""Calls to PayPal with an access token, which is kept in this process until it expires."""

import base64
import time
from typing import Any

from django.conf import settings

from commerce.exceptions import ProviderUnavailable
from commerce.gateways import http
from commerce.models import Payment, ProviderCall

PROVIDER = "paypal"
# A token is not used in its last minute.
_MARGIN_SECONDS = 60

_tokens: dict[tuple[str, str], tuple[str, float]] = {}


def ask(
    operation: str,
    method: str,
    path: str,
    *,
    json: Any = None,
    body: bytes | None = None,
    payment: Payment | None = None,
    key: str = "",
    reads: bool = False,
) -> Any:
    """What PayPal answers; `key` makes the same request again bring the same answer (PayPal-Request-Id).

    Raises:
        http.Refusal, ProviderUnavailable
    """
    address = settings.PAYPAL_API_BASE + path

    def once() -> Any:
        headers = {
            "Authorization": f"Bearer {_token()}",
            "Content-Type": "application/json",
            "Prefer": "return=representation",
        }
        if key:
            headers["PayPal-Request-Id"] = key
        return http.ask(
            PROVIDER, operation, method, address, headers=headers, json=json, body=body, payment=payment, key=key,
            reads=reads,
        )  # fmt: skip

    try:
        return once()
    except ProviderUnavailable:
        if not _was_unauthorised(payment, operation):
            raise
    # The token was withdrawn before its time: one more try with a new one.
    _tokens.pop(_account(), None)
    return once()


def issues(refusal: http.Refusal) -> set[str]:
    """What PayPal says is wrong, by its own names."""
    details = refusal.body.get("details") if isinstance(refusal.body, dict) else None
    return {detail.get("issue", "") for detail in details or [] if isinstance(detail, dict)}


def _account() -> tuple[str, str]:
    return settings.PAYPAL_API_BASE, settings.PAYPAL_CLIENT_ID


def _was_unauthorised(payment: Payment | None, operation: str) -> bool:
    calls = ProviderCall.objects.filter(provider=PROVIDER, operation=operation, payment=payment)
    return calls.order_by("-pk").values_list("http_status", flat=True).first() == 401


def _token() -> str:
    token, until = _tokens.get(_account(), ("", 0.0))
    if time.monotonic() < until:
        return token
    secret = f"{settings.PAYPAL_CLIENT_ID}:{settings.PAYPAL_CLIENT_SECRET}".encode()
    answer = http.ask(
        PROVIDER,
        "token",
        "POST",
        f"{settings.PAYPAL_API_BASE}/v1/oauth2/token",
        headers={
            "Authorization": f"Basic {base64.b64encode(secret).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=b"grant_type=client_credentials",
    )
    try:
        token, seconds = answer["access_token"], float(answer["expires_in"])
    except (KeyError, TypeError, ValueError) as error:
        raise ProviderUnavailable("The payment service does not answer at the moment.") from error
    _tokens[_account()] = token, time.monotonic() + seconds - _MARGIN_SECONDS
    return token
