"""What PayPal's objects say, in the words of the gateways."""

from decimal import Decimal

from commerce.gateways.base import (
    DisputeNews,
    DisputeProgress,
    PaymentState,
    ProviderState,
    RefundNews,
    RefundProgress,
    RefundState,
)
from commerce.models import Payment
from commerce.money import exponent, to_minor_units

_CAPTURES = {
    "COMPLETED": PaymentState.SUCCEEDED,
    "PARTIALLY_REFUNDED": PaymentState.SUCCEEDED,
    "REFUNDED": PaymentState.SUCCEEDED,
    "DECLINED": PaymentState.FAILED,
    "FAILED": PaymentState.FAILED,
}
_MESSAGES = {"DECLINED": "PayPal declined the payment.", "FAILED": "PayPal could not carry out the payment."}
_REFUNDS = {
    "COMPLETED": RefundProgress.SUCCEEDED,
    "FAILED": RefundProgress.FAILED,
    "CANCELLED": RefundProgress.FAILED,
}
_WON = ("RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "CANCELED_BY_BUYER", "DENIED", "NONE")


def money(amount: Decimal, currency: str) -> dict:
    """
    Raises:
        ValueError: `amount` has a fraction of the currency's smallest unit.
    """
    to_minor_units(amount, currency)
    return {"currency_code": currency.upper(), "value": f"{amount:.{exponent(currency)}f}"}


def amount_of(said: dict) -> Decimal:
    return Decimal(said["value"]).quantize(Decimal("0.01"))


def capture_of(order: dict) -> dict | None:
    """The last try to take the money of an order."""
    captures = [
        capture
        for unit in order.get("purchase_units") or []
        for capture in (unit.get("payments") or {}).get("captures") or []
    ]
    return captures[-1] if captures else None


def state_of_order(order: dict, payment: Payment) -> ProviderState:
    capture = capture_of(order)
    if capture is not None:
        return state_of_capture(capture)
    state = PaymentState.CANCELLED if order["status"] == "VOIDED" else PaymentState.PENDING
    return ProviderState(state, payment.amount, payment.currency)


def state_of_capture(capture: dict) -> ProviderState:
    status = capture["status"]
    message = _MESSAGES.get(status, "")
    if status == "PENDING":
        message = "PayPal looks at the payment first."
    fee = (capture.get("seller_receivable_breakdown") or {}).get("paypal_fee")
    same = fee is not None and fee["currency_code"] == capture["amount"]["currency_code"]
    return ProviderState(
        state=_CAPTURES.get(status, PaymentState.PENDING),
        amount=amount_of(capture["amount"]),
        currency=capture["amount"]["currency_code"],
        message=message,
        charge_id=capture["id"],
        cost=amount_of(fee) if same else None,
    )


def refund_state_of(refund: dict) -> RefundState:
    details = (refund.get("status_details") or {}).get("reason", "")
    progress = _REFUNDS.get(refund.get("status", ""), RefundProgress.PENDING)
    return RefundState(progress, refund["id"], details.replace("_", " ").capitalize())


def refund_news_of(refund: dict) -> RefundNews:
    return RefundNews(
        refund["id"], refund.get("custom_id", ""), refund_state_of(refund), amount_of(refund["amount"])
    )


def refunded_capture(refund: dict) -> str:
    """Of which capture a refund is: PayPal says so by a link alone."""
    up = next((link["href"] for link in refund.get("links") or [] if link.get("rel") == "up"), "")
    return up.rpartition("/captures/")[2]


def dispute_news_of(dispute: dict) -> DisputeNews:
    outcome = (dispute.get("dispute_outcome") or {}).get("outcome_code", "")
    state = DisputeProgress.OPENED
    if dispute.get("status") == "RESOLVED":
        state = DisputeProgress.WON if outcome in _WON else DisputeProgress.LOST
    reason = dispute.get("reason", "").replace("_", " ").capitalize()
    return DisputeNews(dispute["dispute_id"], state, amount_of(dispute["dispute_amount"]), reason)
