"""Stripe's signed events."""

import json
from collections.abc import Mapping

import stripe
from django.conf import settings

from commerce.exceptions import SignatureInvalid
from commerce.gateways.base import Event
from commerce.gateways.stripe.reading import dispute_news_of, id_of, refund_news_of, state_of

TOLERANCE_SECONDS = 300


def parse(headers: Mapping[str, str], body: bytes) -> Event:
    """
    Raises:
        SignatureInvalid: Stripe did not sign it for us, or long ago, or it is nothing that Stripe sends.
    """
    if not settings.STRIPE_WEBHOOK_SECRET:
        raise SignatureInvalid("Without a secret nothing can be checked.")
    try:
        stripe.WebhookSignature.verify_header(
            body.decode(),
            headers.get("Stripe-Signature", ""),
            settings.STRIPE_WEBHOOK_SECRET,
            tolerance=TOLERANCE_SECONDS,
        )
        return _event(json.loads(body))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SignatureInvalid("The event is not one that Stripe signed for us.") from error


def _event(payload: dict) -> Event:
    subject, kind = payload["data"]["object"], payload["type"]
    about = subject.get("object")
    event = {"event_id": payload["id"], "kind": kind, "payload": _without_secret(payload)}
    if about == "payment_intent":
        reference = (subject.get("metadata") or {}).get("payment", "")
        return Event(**event, provider_id=subject["id"], reference=reference, state=state_of(subject))
    if about == "refund":
        return Event(**event, **_whose(subject), refund=refund_news_of(subject))
    if about == "dispute" and kind in ("charge.dispute.created", "charge.dispute.closed"):
        return Event(**event, **_whose(subject), dispute=dispute_news_of(subject))
    return Event(**event)


def _whose(subject: dict) -> dict:
    return {"provider_id": id_of(subject.get("payment_intent")), "charge_id": id_of(subject.get("charge"))}


def _without_secret(payload: dict) -> dict:
    """The event without what would let somebody act on the payment in the buyer's place."""
    kept = {key: value for key, value in payload["data"]["object"].items() if key != "client_secret"}
    return {**payload, "data": {**payload["data"], "object": kept}}
