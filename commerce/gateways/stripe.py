"""Stripe by PaymentIntents: the card form is Stripe's own (Elements), so no card number passes through this site."""

import json
import logging
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings

from commerce.exceptions import ProviderRefused, ProviderUnavailable, SignatureInvalid
from commerce.gateways.base import (
    Event,
    Gateway,
    NextStep,
    PaymentState,
    ProviderState,
    RefundProgress,
    RefundState,
    Started,
    Wording,
)
from commerce.models import Payment
from commerce.money import from_minor_units, to_minor_units

# A failed attempt is not the end of a PaymentIntent: the buyer may try another card until it is cancelled.
_STATES = {"succeeded": PaymentState.SUCCEEDED, "canceled": PaymentState.CANCELLED}
_REFUNDS = {
    "succeeded": RefundProgress.SUCCEEDED,
    "failed": RefundProgress.FAILED,
    "canceled": RefundProgress.FAILED,
}
_REFUSED = (stripe.InvalidRequestError, stripe.IdempotencyError)

logger = logging.getLogger(__name__)


class StripeGateway(Gateway):
    name = "stripe"
    wordings = {
        Payment.Method.CARD: Wording("Card", "Paid by card through Stripe; we never see the card's number.")
    }
    required_settings = ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET")

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:
        intent = _call(
            lambda intents: intents.create(
                {
                    "amount": to_minor_units(payment.amount, payment.currency),
                    "currency": payment.currency.lower(),
                    "payment_method_types": ["card"],
                    "metadata": {"payment": str(payment.public_id), "purpose": payment.purpose},
                },
                {"idempotency_key": f"start-{payment.public_id}"},
            )
        )
        return Started(intent["id"], NextStep(client_secret=intent["client_secret"]))

    def next_step(self, payment: Payment) -> NextStep:
        intent = _call(lambda intents: intents.retrieve(payment.provider_id))
        return NextStep(client_secret=intent["client_secret"])

    def fetch(self, payment: Payment) -> ProviderState:
        return _state_of(_call(lambda intents: intents.retrieve(payment.provider_id)))

    def cancel(self, payment: Payment) -> ProviderState:
        try:
            intent = _call(lambda intents: intents.cancel(payment.provider_id))
        except ProviderRefused:
            # It has succeeded or was cancelled before: what counts is its state.
            return self.fetch(payment)
        return _state_of(intent)

    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        units = to_minor_units(amount, payment.currency)
        made = _call_client(
            lambda client: client.v1.refunds.create(
                {"payment_intent": payment.provider_id, "amount": units, "metadata": {"key": key}},
                {"idempotency_key": f"refund-{key}"},
            )
        )
        # The same key again brings the first answer: how far it is by now is asked for.
        return self.fetch_refund(payment, made["id"])

    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        return _refund_state(_call_client(lambda client: client.v1.refunds.retrieve(provider_refund_id)))

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        if not settings.STRIPE_WEBHOOK_SECRET:
            raise SignatureInvalid("Without a secret nothing can be checked.")
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(),
                headers.get("Stripe-Signature", ""),
                settings.STRIPE_WEBHOOK_SECRET,
                tolerance=300,
            )
            payload = json.loads(body)
            subject = payload["data"]["object"]
            is_intent = subject.get("object") == "payment_intent"
            return Event(
                event_id=payload["id"],
                kind=payload["type"],
                provider_id=subject["id"] if is_intent else "",
                reference=(subject.get("metadata") or {}).get("payment", "") if is_intent else "",
                state=_state_of(subject) if is_intent else None,
                payload=_without_secret(payload) if is_intent else payload,
            )
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SignatureInvalid("The event is not one that Stripe signed for us.") from error


def _client() -> stripe.StripeClient:
    addresses = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {}
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=addresses,
        http_client=stripe.RequestsClient(timeout=Gateway.TIMEOUT_SECONDS),
        max_network_retries=0,
    )


def _call(ask: Callable[[Any], Any]) -> dict:
    return _call_client(lambda client: ask(client.v1.payment_intents))


def _call_client(ask: Callable[[stripe.StripeClient], Any]) -> dict:
    """What Stripe answered, as a plain dictionary."""
    try:
        return ask(_client()).to_dict()
    except stripe.CardError as error:
        raise ProviderRefused(error.user_message or "The card was declined.") from error
    except _REFUSED as error:
        logger.warning("Stripe refused a request: %s", error)
        raise ProviderRefused("The card payment service refused this payment.") from error
    except stripe.StripeError as error:
        # No connection, too many requests, its own failure, or our keys: nothing that the buyer can mend.
        logger.error("Stripe did not do as asked: %s", error)
        raise ProviderUnavailable("The card payment service does not answer at the moment.") from error


def _state_of(intent: dict) -> ProviderState:
    state = _STATES.get(intent["status"], PaymentState.PENDING)
    received = intent.get("amount_received") if state == PaymentState.SUCCEEDED else None
    return ProviderState(
        state=state,
        amount=from_minor_units(intent["amount"] if received is None else received, intent["currency"]),
        currency=intent["currency"].upper(),
        message=(intent.get("last_payment_error") or {}).get("message") or "",
    )


def _refund_state(refund: dict) -> RefundState:
    progress = _REFUNDS.get(refund.get("status") or "", RefundProgress.PENDING)
    return RefundState(progress, refund["id"], (refund.get("failure_reason") or "").replace("_", " "))


def _without_secret(payload: dict) -> dict:
    """The event without what would let somebody act on the payment in the buyer's place."""
    kept = {key: value for key, value in payload["data"]["object"].items() if key != "client_secret"}
    return {**payload, "data": {**payload["data"], "object": kept}}
