"""PayPal's webhooks: PayPal itself says whether it sent them."""

import json
from collections.abc import Mapping

from django.conf import settings

from commerce.exceptions import SignatureInvalid
from commerce.gateways.base import Event
from commerce.gateways.http import Refusal
from commerce.gateways.paypal.api import ask
from commerce.gateways.paypal.reading import (
    dispute_news_of,
    refund_news_of,
    refunded_capture,
    state_of_capture,
)

# What PayPal wants back of what it sent, by its name there.
_HEADERS = {
    "auth_algo": "Paypal-Auth-Algo",
    "cert_url": "Paypal-Cert-Url",
    "transmission_id": "Paypal-Transmission-Id",
    "transmission_sig": "Paypal-Transmission-Sig",
    "transmission_time": "Paypal-Transmission-Time",
}
_LONGEST_BODY = 200_000
_CAPTURES = (
    "PAYMENT.CAPTURE.COMPLETED",
    "PAYMENT.CAPTURE.PENDING",
    "PAYMENT.CAPTURE.DENIED",
    "PAYMENT.CAPTURE.DECLINED",
)
_REFUNDS = ("PAYMENT.CAPTURE.REFUNDED", "PAYMENT.REFUND.PENDING", "PAYMENT.REFUND.FAILED")
_DISPUTES = ("CUSTOMER.DISPUTE.CREATED", "CUSTOMER.DISPUTE.RESOLVED")


def parse(headers: Mapping[str, str], body: bytes) -> Event:
    """
    Raises:
        SignatureInvalid: PayPal says that it is not its own, or it cannot be.
        ProviderUnavailable: PayPal does not say.
    """
    said = {name: headers.get(header, "") for name, header in _HEADERS.items()}
    if not all(said.values()) or not settings.PAYPAL_WEBHOOK_ID or len(body) > _LONGEST_BODY:
        raise SignatureInvalid("The request does not look like one of PayPal's.")
    try:
        payload = json.loads(body)
        _verify(said, body)
        return _event(payload)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as error:
        raise SignatureInvalid("The event is not one of PayPal's.") from error


def _verify(said: dict, body: bytes) -> None:
    # The event as it came: written anew, its signature would be another's.
    head = json.dumps({**said, "webhook_id": settings.PAYPAL_WEBHOOK_ID}).encode()
    question = head[:-1] + b', "webhook_event": ' + body + b"}"
    try:
        answer = ask("verify", "POST", "/v1/notifications/verify-webhook-signature", body=question)
    except Refusal as error:
        raise SignatureInvalid("PayPal does not know the event.") from error
    if answer.get("verification_status") != "SUCCESS":
        raise SignatureInvalid("PayPal did not send the event.")


def _event(payload: dict) -> Event:
    kind, subject = payload["event_type"], payload["resource"]
    event = {"event_id": payload["id"], "kind": kind, "payload": payload}
    if kind.startswith("CHECKOUT.ORDER."):
        return Event(**event, provider_id=subject["id"], asks_to_look=True)
    if kind in _CAPTURES:
        related = (subject.get("supplementary_data") or {}).get("related_ids") or {}
        return Event(
            **event,
            provider_id=related.get("order_id", ""),
            reference=subject.get("custom_id", ""),
            charge_id=subject["id"],
            state=state_of_capture(subject),
        )
    if kind in _REFUNDS:
        return Event(**event, charge_id=refunded_capture(subject), refund=refund_news_of(subject))
    if kind in _DISPUTES:
        contested = subject["disputed_transactions"][0]["seller_transaction_id"]
        return Event(**event, charge_id=contested, dispute=dispute_news_of(subject))
    return Event(**event)
