"""A payment provider inside this process, for development, demonstrations and tests.

It behaves like a real one: it keeps its own records, shows its own payment page, signs its webhooks and delivers them
over HTTP from a worker, again and again until they are taken. Nothing is settled by what the browser brings back.
"""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from commerce.exceptions import ProviderRefused, SignatureInvalid
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
from commerce.models import Payment, SandboxCharge, SandboxEvent
from commerce.money import from_minor_units, to_minor_units

SIGNATURE_HEADER = "Sandbox-Signature"
TOLERANCE_SECONDS = 300


@dataclass(frozen=True)
class TestCard:
    """A card that the sandbox knows, and what happens with it."""

    __test__ = False

    number: str
    name: str
    outcome: str


CARD_SUCCEEDS = TestCard("4242424242424242", "Succeeds", "The payment goes through at once.")
CARD_CONFIRMS = TestCard(
    "4000002500003155", "Asks for confirmation", "The bank asks the cardholder first (3-D Secure)."
)
CARD_DECLINED = TestCard("4000000000000002", "Declined", "The bank says no.")
TEST_CARDS = (CARD_SUCCEEDS, CARD_CONFIRMS, CARD_DECLINED)

_STATES = {
    SandboxCharge.Status.SUCCEEDED: PaymentState.SUCCEEDED,
    SandboxCharge.Status.DECLINED: PaymentState.FAILED,
    SandboxCharge.Status.CANCELLED: PaymentState.CANCELLED,
}


class SandboxGateway(Gateway):
    name = "sandbox"
    wordings = {
        Payment.Method.CARD: Wording("Card", "Sandbox: you choose a test card on the next page."),
        Payment.Method.PAYPAL: Wording("PayPal", "Sandbox: a test account pays."),
        Payment.Method.CRYPTO: Wording("Crypto", "Sandbox: a test wallet pays."),
    }

    def is_set_up(self) -> bool:
        return self.name in (settings.PAYMENT_CARD, settings.PAYMENT_PAYPAL, settings.PAYMENT_CRYPTO)

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:
        charge, _ = SandboxCharge.objects.get_or_create(
            reference=str(payment.public_id),
            defaults={
                "amount": to_minor_units(payment.amount, payment.currency),
                "currency": payment.currency,
                "return_url": return_url,
                "cancel_url": cancel_url,
            },
        )
        return Started(str(charge.charge_id), self._pay_page(charge.charge_id))

    def next_step(self, payment: Payment) -> NextStep:
        return self._pay_page(payment.provider_id)

    def fetch(self, payment: Payment) -> ProviderState:
        return _state_of(_find(payment.provider_id))

    def cancel(self, payment: Payment) -> ProviderState:
        return _state_of(
            finish(payment.provider_id, SandboxCharge.Status.CANCELLED, "Cancelled by the shop.")
        )

    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        units = to_minor_units(amount, payment.currency)
        with transaction.atomic():
            charge = SandboxCharge.objects.select_for_update().get(charge_id=payment.provider_id)
            if charge.events.filter(kind="charge.refunded", payload__key=key).exists():
                return RefundState(RefundProgress.SUCCEEDED, key)
            if charge.status != SandboxCharge.Status.SUCCEEDED or charge.refunded + units > charge.amount:
                raise ProviderRefused("The sandbox refunds at most what it received.")
            SandboxCharge.objects.filter(pk=charge.pk).update(refunded=F("refunded") + units)
            _announce(charge, "charge.refunded", key=key, refunded=units)
        return RefundState(RefundProgress.SUCCEEDED, key)

    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        if not SandboxEvent.objects.filter(
            charge__charge_id=payment.provider_id, kind="charge.refunded", payload__key=provider_refund_id
        ).exists():
            raise ProviderRefused("The sandbox knows no such refund.")
        return RefundState(RefundProgress.SUCCEEDED, provider_refund_id)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        _check_signature(headers.get(SIGNATURE_HEADER, ""), body)
        try:
            payload = json.loads(body)
            charge = payload["charge"]
            return Event(
                event_id=payload["id"],
                kind=payload["kind"],
                provider_id=charge["id"],
                reference=charge["reference"],
                state=_parse_state(charge),
                payload=payload,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise SignatureInvalid("The event is not one of the sandbox's.") from error

    def _pay_page(self, charge_id) -> NextStep:
        return NextStep(redirect_url=reverse("commerce:sandbox_pay", args=[charge_id]))


def pay(charge_id, card: TestCard) -> SandboxCharge:
    """The cardholder sends a card; one that asks for confirmation leaves the charge waiting for it."""
    if card == CARD_CONFIRMS:
        with transaction.atomic():
            charge = SandboxCharge.objects.select_for_update().get(charge_id=charge_id)
            if charge.status == SandboxCharge.Status.CREATED:
                charge.status = SandboxCharge.Status.CONFIRMING
                charge.save(update_fields=["status", "updated_at"])
            return charge
    if card == CARD_DECLINED:
        return finish(charge_id, SandboxCharge.Status.DECLINED, "The card was declined.")
    return finish(charge_id, SandboxCharge.Status.SUCCEEDED)


def finish(charge_id, status: str, message: str = "") -> SandboxCharge:
    """Bring an open charge to its end and owe the merchant a webhook; one that has ended stays as it is."""
    with transaction.atomic():
        charge = SandboxCharge.objects.select_for_update().get(charge_id=charge_id)
        if charge.is_open:
            charge.status, charge.message = status, message
            charge.save(update_fields=["status", "message", "updated_at"])
            _announce(charge, f"charge.{status}")
        return charge


def sign(body: bytes, at: int) -> str:
    """The signature header of a webhook sent at the Unix time `at`."""
    return f"t={at},v1={_digest(body, at)}"


def webhook_body(event: SandboxEvent) -> bytes:
    return json.dumps({"id": str(event.event_id), "kind": event.kind, **event.payload}).encode()


def _announce(charge: SandboxCharge, kind: str, **details) -> None:
    event = SandboxEvent.objects.create(
        charge=charge, kind=kind, payload={"charge": _describe(charge), **details}
    )
    # By name, for the tasks know the gateways. Should the broker be away, asking the provider settles the payment.
    transaction.on_commit(
        lambda: current_app.send_task("commerce.tasks.deliver_sandbox_event", [event.pk], retry=False),
        robust=True,
    )


def _describe(charge: SandboxCharge) -> dict:
    return {
        "id": str(charge.charge_id),
        "reference": charge.reference,
        "status": charge.status,
        "amount": charge.amount,
        "currency": charge.currency,
        "message": charge.message,
    }


def _find(charge_id: str) -> SandboxCharge:
    try:
        return SandboxCharge.objects.get(charge_id=uuid.UUID(charge_id))
    except (ValueError, SandboxCharge.DoesNotExist) as error:
        raise ProviderRefused("The sandbox knows no such payment.") from error


def _state_of(charge: SandboxCharge) -> ProviderState:
    return _parse_state(_describe(charge))


def _parse_state(charge: dict) -> ProviderState:
    return ProviderState(
        state=_STATES.get(charge["status"], PaymentState.PENDING),
        amount=from_minor_units(charge["amount"], charge["currency"]),
        currency=charge["currency"],
        message=charge["message"],
    )


def _check_signature(header: str, body: bytes) -> None:
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
