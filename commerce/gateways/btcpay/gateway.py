"""The gateway to BTCPay Server."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings

from accounts.models import User
from commerce.gateways import http
from commerce.gateways.base import (
    Event,
    Gateway,
    NextStep,
    PaymentState,
    ProviderState,
    RefundState,
    Started,
    Wording,
)
from commerce.gateways.btcpay import webhooks
from commerce.gateways.btcpay.reading import are_confirmed, has_late_money, refund_state_of, state_of
from commerce.models import Payment
from commerce.money import to_minor_units

PROVIDER = "btcpay"
# A buyer's wallet may be slow, and our own payments are given up after a day.
_EXPIRES_MINUTES = 60


class BTCPayGateway(Gateway):
    """BTCPay knows no idempotency keys: what carries our reference is looked for before anything is made."""

    name = PROVIDER
    wordings = {
        Payment.Method.CRYPTO: Wording(
            "Crypto", "You pay an invoice in Bitcoin; a refund is fetched by you, to an address of yours."
        )
    }
    required_settings = ("BTCPAY_URL", "BTCPAY_API_KEY", "BTCPAY_STORE_ID", "BTCPAY_WEBHOOK_SECRET")

    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, save_for: User | None = None
    ) -> Started:
        invoice = self._known_invoice(payment)
        if invoice is None:
            to_minor_units(payment.amount, payment.currency)
            invoice = self._ask(
                "invoices.create",
                "POST",
                "/invoices",
                payment,
                json={
                    "amount": str(payment.amount),
                    "currency": payment.currency,
                    "metadata": {"orderId": str(payment.public_id)},
                    "checkout": {
                        "redirectURL": return_url,
                        "redirectAutomatically": True,
                        "expirationMinutes": _EXPIRES_MINUTES,
                        "paymentTolerance": 0,
                    },
                },
                key=f"start-{payment.public_id}",
            )
        return Started(invoice["id"], NextStep(redirect_url=invoice["checkoutLink"]))

    def next_step(self, payment: Payment) -> NextStep:
        return NextStep(redirect_url=self._invoice(payment)["checkoutLink"])

    def fetch(self, payment: Payment) -> ProviderState:
        invoice = self._invoice(payment)
        if not has_late_money(invoice):
            return state_of(invoice)
        path = f"/invoices/{quote(payment.provider_id, safe='')}/payment-methods"
        methods = self._ask("invoices.payment_methods", "GET", path, payment, reads=True)
        return state_of(invoice, late_money_is_there=are_confirmed(methods))

    def cancel(self, payment: Payment) -> ProviderState:
        state = self.fetch(payment)
        if state.state != PaymentState.PENDING or state.message:
            # It has ended, or coins are on their way: they are not to arrive at an invoice that is called invalid.
            return state
        try:
            path = f"/invoices/{quote(payment.provider_id, safe='')}/status"
            self._ask("invoices.mark", "POST", path, payment, json={"status": "Invalid"})
        except http.Refusal:
            # Coins came meanwhile: what counts is its state.
            return self.fetch(payment)
        state = self.fetch(payment)
        if state.state == PaymentState.FAILED:
            return ProviderState(
                PaymentState.CANCELLED, payment.amount, payment.currency, "The payment was cancelled."
            )
        return state

    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        """Coins are not called back: BTCPay makes a page on which the buyer says where they shall go."""
        to_minor_units(amount, payment.currency)
        pull = self._known_pull_payment(payment, key)
        if pull is None:
            pull = self._ask(
                "invoices.refund",
                "POST",
                f"/invoices/{quote(payment.provider_id, safe='')}/refund",
                payment,
                json={
                    "name": key,
                    "description": f"Refund of {settings.SITE_NAME}",
                    "refundVariant": "Custom",
                    "customAmount": str(amount),
                    "customCurrency": payment.currency,
                    "payoutMethodId": settings.BTCPAY_PAYOUT_METHOD,
                },
                key=f"refund-{key}",
            )
        return self._refund_state(payment, pull)

    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        path = f"/api/v1/pull-payments/{quote(provider_refund_id, safe='')}"
        pull = self._ask_server("pull_payments.get", "GET", path, payment, reads=True)
        return self._refund_state(payment, pull)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        return webhooks.parse(headers, body)

    def _refund_state(self, payment: Payment, pull: dict) -> RefundState:
        path = f"/api/v1/pull-payments/{quote(pull['id'], safe='')}/payouts?includeCancelled=true"
        payouts = self._ask_server("pull_payments.payouts", "GET", path, payment, reads=True)
        return refund_state_of(pull, payouts)

    def _invoice(self, payment: Payment) -> dict:
        path = f"/invoices/{quote(payment.provider_id, safe='')}"
        return self._ask("invoices.get", "GET", path, payment, reads=True)

    def _known_invoice(self, payment: Payment) -> dict | None:
        path = f"/invoices?orderId={payment.public_id}"
        found = self._ask("invoices.find", "GET", path, payment, reads=True)
        mine = [invoice for invoice in found if invoice["metadata"].get("orderId") == str(payment.public_id)]
        return next((invoice for invoice in mine if invoice["status"] not in ("Expired", "Invalid")), None)

    def _known_pull_payment(self, payment: Payment, key: str) -> dict | None:
        path = "/pull-payments?includeArchived=true"
        found = self._ask("pull_payments.find", "GET", path, payment, reads=True)
        return next((pull for pull in found if pull.get("name") == key), None)

    def _ask(self, operation: str, method: str, path: str, payment: Payment, **options) -> Any:
        store = f"/api/v1/stores/{quote(settings.BTCPAY_STORE_ID, safe='')}"
        return self._ask_server(operation, method, store + path, payment, **options)

    def _ask_server(self, operation: str, method: str, path: str, payment: Payment, **options) -> Any:
        return http.ask(
            PROVIDER,
            operation,
            method,
            settings.BTCPAY_URL.rstrip("/") + path,
            headers={"Authorization": f"token {settings.BTCPAY_API_KEY}"},
            payment=payment,
            **options,
        )
