"""The gateway to Stripe."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from accounts.models import User
from commerce.exceptions import ProviderRefused
from commerce.gateways.base import (
    Event,
    Gateway,
    KeptCard,
    NextStep,
    PaymentState,
    ProviderState,
    RefundState,
    Started,
    Wording,
)
from commerce.gateways.stripe import webhooks
from commerce.gateways.stripe.api import PROVIDER, CardDeclined, ask
from commerce.gateways.stripe.reading import id_of, kept_card_of, refund_state_of, state_of
from commerce.models import Payment, SavedPaymentMethod
from commerce.money import to_minor_units

_COST = {"expand": ["latest_charge.balance_transaction"]}


class StripeGateway(Gateway):
    name = PROVIDER
    wordings = {
        Payment.Method.CARD: Wording("Card", "Paid by card through Stripe; we never see the card's number.")
    }
    required_settings = ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET")
    keeps_cards = True
    tells_cost = True

    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, save_for: User | None = None
    ) -> Started:
        params = _params(payment)
        if save_for is not None:
            params |= {
                "customer": self._customer(save_for),
                "payment_method_options": {"card": {"setup_future_usage": "off_session"}},
            }
        intent = ask(
            "payment_intents.create",
            params,
            lambda api, options: api.payment_intents.create(params, options),
            payment=payment,
            key=f"start-{payment.public_id}",
        )
        return Started(intent["id"], NextStep(client_secret=intent["client_secret"]))

    def next_step(self, payment: Payment) -> NextStep:
        intent = self._intent(payment)
        confirms = state_of(intent).needs_confirmation and payment.saved_method is not None
        return NextStep(
            client_secret=intent["client_secret"],
            confirm_with=payment.saved_method.method_id if confirms else "",
        )

    def fetch(self, payment: Payment) -> ProviderState:
        return state_of(self._intent(payment))

    def cancel(self, payment: Payment) -> ProviderState:
        try:
            intent = ask(
                "payment_intents.cancel",
                {"id": payment.provider_id},
                lambda api, options: api.payment_intents.cancel(payment.provider_id),
                payment=payment,
            )
        except ProviderRefused:
            # It has succeeded or was cancelled before: what counts is its state.
            return self.fetch(payment)
        return state_of(intent)

    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        units = to_minor_units(amount, payment.currency)
        params = {"payment_intent": payment.provider_id, "amount": units, "metadata": {"key": key}}
        made = ask(
            "refunds.create",
            params,
            lambda api, options: api.refunds.create(params, options),
            payment=payment,
            key=f"refund-{key}",
        )
        # The same key again brings the first answer: how far it is by now is asked for.
        return self.fetch_refund(payment, made["id"])

    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        refund = ask(
            "refunds.retrieve",
            {"id": provider_refund_id},
            lambda api, options: api.refunds.retrieve(provider_refund_id),
            payment=payment,
            reads=True,
        )
        return refund_state_of(refund)

    def charge_saved(
        self,
        payment: Payment,
        saved: SavedPaymentMethod,
        *,
        return_url: str,
        cancel_url: str,
        payer_is_there: bool = False,
    ) -> ProviderState:
        params = {
            **_params(payment),
            "customer": saved.customer_id,
            "payment_method": saved.method_id,
            "confirm": True,
            "off_session": not payer_is_there,
        }
        try:
            intent = ask(
                "payment_intents.create",
                params,
                lambda api, options: api.payment_intents.create(params, options),
                payment=payment,
                key=f"start-{payment.public_id}",
            )
        except CardDeclined as error:
            intent = self._intent(payment, self._declined_intent(payment, error))
        state = replace(state_of(intent), provider_id=intent["id"])
        is_declined = state.state == PaymentState.PENDING and intent["status"] == "requires_payment_method"
        if is_declined and not state.needs_confirmation and not payer_is_there:
            # Nobody is there to try another card: it ends, so that it cannot be paid behind our back.
            payment.provider_id = intent["id"]
            ended = self.cancel(payment)
            message = state.message or "The card was declined."
            return replace(ended, message=ended.message or message, provider_id=intent["id"])
        return state

    def _declined_intent(self, payment: Payment, error: CardDeclined) -> str:
        """The intent that a card was declined for: Stripe names it, or the try that belongs to it."""
        if error.intent_id or not error.charge_id:
            return error.intent_id
        charge = ask(
            "charges.retrieve",
            {"id": error.charge_id},
            lambda api, options: api.charges.retrieve(error.charge_id),
            payment=payment,
            reads=True,
        )
        return id_of(charge["payment_intent"])

    def fetch_kept(self, payment: Payment) -> KeptCard | None:
        intent = self._intent(payment)
        customer_id, method_id = id_of(intent.get("customer")), id_of(intent.get("payment_method"))
        if not customer_id or not method_id:
            return None
        method = ask(
            "payment_methods.retrieve",
            {"id": method_id},
            lambda api, options: api.payment_methods.retrieve(method_id),
            payment=payment,
            reads=True,
        )
        if id_of(method.get("customer")) != customer_id or not method.get("card"):
            return None
        return kept_card_of(method, customer_id)

    def forget(self, saved: SavedPaymentMethod) -> None:
        ask(
            "payment_methods.detach",
            {"id": saved.method_id},
            lambda api, options: api.payment_methods.detach(saved.method_id),
        )

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        return webhooks.parse(headers, body)

    def _intent(self, payment: Payment, intent_id: str = "") -> dict:
        intent_id = intent_id or payment.provider_id
        if not intent_id:
            raise ProviderRefused("The card payment service does not know this payment.")
        return ask(
            "payment_intents.retrieve",
            {"id": intent_id},
            lambda api, options: api.payment_intents.retrieve(intent_id, _COST),
            payment=payment,
            reads=True,
        )

    def _customer(self, user: User) -> str:
        """Whom Stripe keeps a person's cards for; it learns no name and no address from us."""
        known = SavedPaymentMethod.objects.of_user(user).filter(provider=self.name).first()
        if known is not None:
            return known.customer_id
        params = {"metadata": {"account": str(user.pk)}}
        made = ask(
            "customers.create",
            params,
            lambda api, options: api.customers.create(params, options),
            key=f"customer-{user.pk}",
        )
        return made["id"]


def _params(payment: Payment) -> dict:
    return {
        "amount": to_minor_units(payment.amount, payment.currency),
        "currency": payment.currency.lower(),
        "payment_method_types": ["card"],
        "metadata": {"payment": str(payment.public_id), "purpose": payment.purpose},
    }
