"""What Stripe's objects say, in the words of the gateways."""

import calendar
from datetime import date
from decimal import Decimal

from commerce.gateways.base import (
    DisputeNews,
    DisputeProgress,
    KeptCard,
    PaymentState,
    ProviderState,
    RefundNews,
    RefundProgress,
    RefundState,
)
from commerce.money import from_minor_units

# A failed attempt is not the end of a PaymentIntent: the buyer may try another card until it is cancelled.
_STATES = {"succeeded": PaymentState.SUCCEEDED, "canceled": PaymentState.CANCELLED}
_REFUNDS = {
    "succeeded": RefundProgress.SUCCEEDED,
    "failed": RefundProgress.FAILED,
    "canceled": RefundProgress.FAILED,
}
# An inquiry that is closed has become no chargeback.
_DISPUTES = {
    "won": DisputeProgress.WON,
    "warning_closed": DisputeProgress.WON,
    "prevented": DisputeProgress.WON,
    "lost": DisputeProgress.LOST,
}


def state_of(intent: dict) -> ProviderState:
    state = _STATES.get(intent["status"], PaymentState.PENDING)
    received = intent.get("amount_received") if state == PaymentState.SUCCEEDED else None
    error = intent.get("last_payment_error") or {}
    charge = intent.get("latest_charge")
    return ProviderState(
        state=state,
        amount=from_minor_units(intent["amount"] if received is None else received, intent["currency"]),
        currency=intent["currency"].upper(),
        message=error.get("message") or "",
        needs_confirmation=intent["status"] == "requires_action"
        or error.get("code") == "authentication_required",
        charge_id=id_of(charge) if state == PaymentState.SUCCEEDED else "",
        cost=_cost(charge, intent["currency"]) if isinstance(charge, dict) else None,
    )


def _cost(charge: dict, currency: str) -> Decimal | None:
    """What Stripe kept, where the answer tells, and in the currency of the payment."""
    entry = charge.get("balance_transaction")
    if not isinstance(entry, dict) or entry["currency"] != currency:
        return None
    return from_minor_units(entry["fee"], currency)


def refund_state_of(refund: dict) -> RefundState:
    progress = _REFUNDS.get(refund.get("status") or "", RefundProgress.PENDING)
    return RefundState(progress, refund["id"], (refund.get("failure_reason") or "").replace("_", " "))


def refund_news_of(refund: dict) -> RefundNews:
    return RefundNews(
        refund["id"],
        (refund.get("metadata") or {}).get("key", ""),
        refund_state_of(refund),
        from_minor_units(refund["amount"], refund["currency"]),
    )


def dispute_news_of(dispute: dict) -> DisputeNews:
    return DisputeNews(
        dispute["id"],
        _DISPUTES.get(dispute["status"], DisputeProgress.OPENED),
        from_minor_units(dispute["amount"], dispute["currency"]),
        (dispute.get("reason") or "").replace("_", " "),
    )


def kept_card_of(method: dict, customer_id: str) -> KeptCard:
    card = method["card"]
    month, year = card["exp_month"], card["exp_year"]
    expires = date(year, month, calendar.monthrange(year, month)[1])
    return KeptCard(customer_id, method["id"], card["brand"].title(), card["last4"], expires)


def id_of(thing: dict | str | None) -> str:
    """The id of something that Stripe names, or writes out."""
    return (thing["id"] if isinstance(thing, dict) else thing) or ""
