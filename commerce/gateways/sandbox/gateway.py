"""The sandbox as the shop sees it: the same interface as every other provider's."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from commerce.exceptions import ProviderRefused
from commerce.gateways.base import (
    Event,
    Gateway,
    KeptCard,
    NextStep,
    ProviderState,
    RefundState,
    Started,
    Wording,
)
from commerce.gateways.recording import recorded
from commerce.gateways.sandbox import afterwards, charges, events
from commerce.gateways.sandbox.sources import source
from commerce.models import Payment, SandboxCard, SandboxCharge, SandboxRefund, SavedPaymentMethod
from commerce.money import to_minor_units


class SandboxGateway(Gateway):
    name = "sandbox"
    wordings = {
        Payment.Method.CARD: Wording("Card", "Sandbox: you choose a test card on the next page."),
        Payment.Method.PAYPAL: Wording("PayPal", "Sandbox: you choose a test account on the next page."),
        Payment.Method.CRYPTO: Wording("Crypto", "Sandbox: you choose a test wallet on the next page."),
    }
    keeps_cards = True

    def is_set_up(self) -> bool:
        return self.name in (settings.PAYMENT_CARD, settings.PAYMENT_PAYPAL, settings.PAYMENT_CRYPTO)

    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, save_for: User | None = None
    ) -> Started:
        with self._recorded("start", payment, f"start-{payment.public_id}") as call:
            charge = self._charge(payment, return_url, cancel_url, save_for)
            call.answer = events.describe(charge)
        return Started(str(charge.charge_id), self._pay_page(charge.charge_id))

    def next_step(self, payment: Payment) -> NextStep:
        return self._pay_page(payment.provider_id)

    def fetch(self, payment: Payment) -> ProviderState:
        charge = _find(payment.provider_id)
        if charge.status == SandboxCharge.Status.PROCESSING and charge.arrives_at <= timezone.now():
            charge = charges.arrive(charge.charge_id)
        with self._recorded("fetch", payment, reads=True) as call:
            call.answer = events.describe(charge)
        return events.state_of(call.answer)

    def cancel(self, payment: Payment) -> ProviderState:
        _find(payment.provider_id)
        with self._recorded("cancel", payment) as call:
            charge = charges.finish(
                payment.provider_id, SandboxCharge.Status.CANCELLED, "Cancelled by the shop."
            )
            call.answer = events.describe(charge)
        return events.state_of(call.answer)

    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        _find(payment.provider_id)
        question = {"amount": str(amount)}
        with self._recorded("refund", payment, f"refund-{key}", question) as call:
            units = to_minor_units(amount, payment.currency)
            made = afterwards.refund(payment.provider_id, units, key=key)
            call.answer = events.describe_refund(made)
        return events.refund_state_of(call.answer)

    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        try:
            refunds = SandboxRefund.objects.filter(charge__charge_id=payment.provider_id)
            made = refunds.get(refund_id=uuid.UUID(provider_refund_id))
        except (ValueError, SandboxRefund.DoesNotExist) as error:
            raise ProviderRefused("The sandbox knows no such refund.") from error
        with self._recorded("fetch_refund", payment, reads=True) as call:
            call.answer = events.describe_refund(made)
        return events.refund_state_of(call.answer)

    def charge_saved(
        self,
        payment: Payment,
        saved: SavedPaymentMethod,
        *,
        return_url: str,
        cancel_url: str,
        payer_is_there: bool = False,
    ) -> ProviderState:
        key = f"start-{payment.public_id}"
        with self._recorded("charge_saved", payment, key) as call, transaction.atomic():
            charge_id = self._charge(payment, return_url, cancel_url).charge_id
            with charges.locked(charge_id) as charge:
                if charge.status == SandboxCharge.Status.CREATED and not charge.source:
                    charges.charge_kept(charge, _find_card(saved))
            call.answer = events.describe(charge)
        return replace(events.state_of(call.answer), provider_id=str(charge_id))

    def fetch_kept(self, payment: Payment) -> KeptCard | None:
        card = charges.kept_card(_find(payment.provider_id))
        if card is None:
            return None
        kind = source(card.number)
        return KeptCard(card.customer, str(card.card_id), kind.brand, kind.last4, kind.expires)

    def forget(self, saved: SavedPaymentMethod) -> None:
        with self._recorded("forget", None, f"forget-{saved.public_id}"):
            cards = SandboxCard.objects.filter(card_id=saved.method_id, detached_at=None)
            cards.update(detached_at=timezone.now())

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        return events.parse(headers, body)

    def _charge(
        self, payment: Payment, return_url: str, cancel_url: str, save_for: User | None = None
    ) -> SandboxCharge:
        charge = SandboxCharge(
            reference=str(payment.public_id),
            method=payment.method,
            amount=to_minor_units(payment.amount, payment.currency),
            currency=payment.currency,
            customer=f"customer-{save_for.pk}" if save_for else "",
            return_url=return_url,
            cancel_url=cancel_url,
        )
        if charge.insert_unless_there():
            return charge
        return SandboxCharge.objects.get(reference=charge.reference, double_of=None)

    def _pay_page(self, charge_id) -> NextStep:
        return NextStep(redirect_url=reverse("commerce:sandbox_pay", args=[charge_id]))

    def _recorded(
        self, operation: str, payment: Payment | None, key: str = "", question=None, *, reads=False
    ):
        return recorded(
            self.name, operation, payment=payment, key=key, question=question, reads=reads, ahead=False
        )


def _find(charge_id: str) -> SandboxCharge:
    try:
        charge = charges.find(uuid.UUID(charge_id))
    except ValueError as error:
        raise ProviderRefused("The sandbox knows no such payment.") from error
    if charge is None:
        raise ProviderRefused("The sandbox knows no such payment.")
    return charge


def _find_card(saved: SavedPaymentMethod) -> SandboxCard:
    card = SandboxCard.objects.filter(card_id=saved.method_id, detached_at=None).first()
    if card is None:
        raise ProviderRefused("The sandbox does not keep this card any more.")
    return card
