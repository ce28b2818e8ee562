"""Calls to Stripe: recorded, with a time-out, and with what goes wrong in our words."""

import logging
from collections.abc import Callable
from typing import Any

import stripe
from django.conf import settings

from commerce.exceptions import ProviderRefused, ProviderUnavailable
from commerce.gateways.base import Gateway
from commerce.gateways.recording import recorded
from commerce.models import Payment

PROVIDER = "stripe"
# Not `IdempotencyError`: its key was used for another question, and what became of that is not known.
_REFUSED = (stripe.InvalidRequestError,)

logger = logging.getLogger(__name__)


class CardDeclined(ProviderRefused):
    """The card's bank said no, or wants its holder; `intent_id` is the intent, `charge_id` the try, where named."""

    def __init__(self, message: str, body: dict):
        super().__init__(message)
        error = body.get("error") or {}
        self.code = error.get("code") or ""
        self.intent_id = (error.get("payment_intent") or {}).get("id") or ""
        self.charge_id = error.get("charge") or ""


def ask(
    operation: str,
    question: dict,
    call: Callable[[Any, dict], Any],
    *,
    payment: Payment | None = None,
    key: str = "",
    reads: bool = False,
) -> dict:
    """What Stripe answers to `call(client.v1, options)`, as a plain dictionary. `question` is what the row keeps.

    Raises:
        CardDeclined, ProviderRefused, ProviderUnavailable
    """
    options = {"idempotency_key": key} if key else {}
    with recorded(PROVIDER, operation, payment=payment, key=key, question=question, reads=reads) as record:
        try:
            answer = call(_client().v1, options).to_dict()
        except stripe.StripeError as error:
            record.answer, record.http_status = error.json_body or {}, error.http_status
            raise _in_our_words(error) from error
        record.answer, record.http_status = answer, 200
        return answer


def _client() -> stripe.StripeClient:
    addresses = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {}
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=addresses,
        http_client=stripe.RequestsClient(timeout=Gateway.TIMEOUT_SECONDS),
        max_network_retries=0,
    )


def _in_our_words(error: stripe.StripeError) -> ProviderRefused | ProviderUnavailable:
    if isinstance(error, stripe.CardError):
        body = error.json_body if isinstance(error.json_body, dict) else {}
        return CardDeclined(error.user_message or "The card was declined.", body)
    if isinstance(error, _REFUSED):
        logger.warning("Stripe refused a request: %s", error)
        return ProviderRefused("The card payment service refused this payment.")
    # No connection, too many requests, its own failure, or our keys: nothing that the buyer can mend.
    logger.error("Stripe did not do as asked: %s", error)
    return ProviderUnavailable("The card payment service does not answer at the moment.")
