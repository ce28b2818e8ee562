"""The gateway to PayPal."""

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings

from accounts.models import User
from commerce.exceptions import ProviderRefused
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
from commerce.gateways.http import Refusal
from commerce.gateways.paypal import webhooks
from commerce.gateways.paypal.api import PROVIDER, ask, issues
from commerce.gateways.paypal.reading import capture_of, money, refund_state_of, state_of_order
from commerce.models import Payment

# The buyer cannot pay in this way: nothing is taken, and another payment may be begun.
_DECLINED = {
    "INSTRUMENT_DECLINED",
    "TRANSACTION_REFUSED",
    "PAYER_CANNOT_PAY",
    "PAYER_ACCOUNT_RESTRICTED",
    "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
    "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED",
}
_NOT_YET = {"ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"}
_APPROVAL = ("payer-action", "approve")


class PayPalGateway(Gateway):
    name = PROVIDER
    wordings = {Payment.Method.PAYPAL: Wording("PayPal", "You log in at PayPal and confirm there.")}
    tells_cost = True
    required_settings = ("PAYPAL_CLIENT_ID", "PAYPAL_CLIENT_SECRET", "PAYPAL_WEBHOOK_ID")

    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, save_for: User | None = None
    ) -> Started:
        order = ask(
            "orders.create",
            "POST",
            "/v2/checkout/orders",
            json={
                "intent": "CAPTURE",
                "purchase_units": [
                    {
                        "reference_id": "payment",
                        "custom_id": str(payment.public_id),
                        "description": f"Payment to {settings.SITE_NAME}"[:127],
                        "amount": money(payment.amount, payment.currency),
                    }
                ],
                "payment_source": {
                    "paypal": {
                        "experience_context": {
                            "brand_name": settings.SITE_NAME[:127],
                            "shipping_preference": "NO_SHIPPING",
                            "user_action": "PAY_NOW",
                            "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
                            "return_url": return_url,
                            "cancel_url": cancel_url,
                        }
                    }
                },
            },
            payment=payment,
            key=f"start-{payment.public_id}",
        )
        return Started(order["id"], _approval(order))

    def next_step(self, payment: Payment) -> NextStep:
        """Nowhere where the buyer has approved it: the next look captures it."""
        order = self._order(payment)
        return NextStep() if order is None else _approval(order)

    def fetch(self, payment: Payment) -> ProviderState:
        """Asking takes the money of an order that its buyer has approved: PayPal waits for us to do it."""
        order = self._order(payment)
        if order is None:
            return _ended(payment, "The payment was not made in time.")
        if order["status"] == "APPROVED" and capture_of(order) is None:
            return self._capture(payment)
        return state_of_order(order, payment)

    def cancel(self, payment: Payment) -> ProviderState:
        """PayPal forgets by itself what is not captured, and nobody but us captures."""
        order = self._order(payment)
        if order is None or capture_of(order) is None:
            return _ended(payment, "The payment was cancelled.")
        return state_of_order(order, payment)

    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        refund = ask(
            "captures.refund",
            "POST",
            f"/v2/payments/captures/{self._charge_id(payment)}/refund",
            json={"amount": money(amount, payment.currency), "custom_id": key},
            payment=payment,
            key=f"refund-{key}",
        )
        state = refund_state_of(refund)
        if state.progress == RefundProgress.PENDING:
            # The same key again may bring the first answer: how far it is by now is asked for.
            return self.fetch_refund(payment, state.provider_refund_id)
        return state

    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        refund = ask(
            "refunds.get", "GET", f"/v2/payments/refunds/{provider_refund_id}", payment=payment, reads=True
        )
        return refund_state_of(refund)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        return webhooks.parse(headers, body)

    def _order(self, payment: Payment) -> dict | None:
        """None where PayPal has forgotten it, which it does with orders that nobody paid."""
        try:
            return ask(
                "orders.get", "GET", f"/v2/checkout/orders/{payment.provider_id}", payment=payment, reads=True
            )
        except Refusal as error:
            if error.status == 404:
                return None
            raise

    def _capture(self, payment: Payment) -> ProviderState:
        try:
            order = ask(
                "orders.capture",
                "POST",
                f"/v2/checkout/orders/{payment.provider_id}/capture",
                json={},
                payment=payment,
                key=f"capture-{payment.public_id}",
            )
        except Refusal as error:
            found = issues(error)
            if found & _DECLINED:
                return ProviderState(
                    PaymentState.FAILED, payment.amount, payment.currency, "PayPal declined the payment."
                )
            if "ORDER_ALREADY_CAPTURED" not in found and not found & _NOT_YET:
                raise
            order = self._order(payment)
            if order is None:
                raise
        return state_of_order(order, payment)

    def _charge_id(self, payment: Payment) -> str:
        if payment.provider_charge_id:
            return payment.provider_charge_id
        capture = capture_of(self._order(payment) or {})
        if capture is None:
            raise ProviderRefused("PayPal has taken no money for this payment.")
        return capture["id"]


def _approval(order: dict) -> NextStep:
    links = {link["rel"]: link["href"] for link in order.get("links") or []}
    return NextStep(redirect_url=next((links[rel] for rel in _APPROVAL if rel in links), ""))


def _ended(payment: Payment, message: str) -> ProviderState:
    return ProviderState(PaymentState.CANCELLED, payment.amount, payment.currency, message)
