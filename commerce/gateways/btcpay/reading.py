"""What BTCPay's objects say, in the words of the gateways."""

from decimal import Decimal

from commerce.gateways.base import PaymentState, ProviderState, RefundProgress, RefundState

_NOTHING = Decimal("0.00")


def has_late_money(invoice: dict) -> bool:
    """Whether coins arrived for an invoice that expired: too late, or too few."""
    return invoice["status"] == "Expired" and invoice.get("additionalStatus") in ("PaidLate", "PaidPartial")


def are_confirmed(methods: list[dict]) -> bool:
    """Whether the network has confirmed all that was sent for an invoice."""
    return all(coins["status"] == "Settled" for method in methods for coins in method.get("payments") or [])


def state_of(invoice: dict, *, late_money_is_there: bool = False) -> ProviderState:
    """An invoice that is settled has the whole amount, or was marked as paid by the shop's people; what was paid above
    it is theirs to give back. One that expired with coins has as much as arrived, once the network has confirmed it.
    """
    paid = amount = _money(invoice["amount"])
    status = invoice["status"]
    state, message = PaymentState.PENDING, ""
    if status == "Settled":
        state = PaymentState.SUCCEEDED
    elif status == "Processing" or (has_late_money(invoice) and not late_money_is_there):
        message = "The network has yet to confirm the payment."
    elif has_late_money(invoice):
        state = PaymentState.SUCCEEDED
        paid = min(amount, _money(invoice.get("paidAmount") or "0"))
    elif status in ("Expired", "Invalid"):
        state = PaymentState.FAILED
        message = "The invoice was not paid in time." if status == "Expired" else "The payment was not valid."
    return ProviderState(
        state=state,
        amount=paid if state == PaymentState.SUCCEEDED else amount,
        currency=invoice["currency"].upper(),
        message=message,
    )


def refund_state_of(pull: dict, payouts: list[dict]) -> RefundState:
    sent = sum((_money(payout["amount"]) for payout in payouts if payout["state"] == "Completed"), _NOTHING)
    is_waiting = any(payout["state"] not in ("Completed", "Cancelled") for payout in payouts)
    progress, message = RefundProgress.PENDING, "The buyer has to say where the coins shall go."
    if sent >= _money(pull["amount"]):
        progress, message = RefundProgress.SUCCEEDED, ""
    elif pull.get("archived") and not is_waiting:
        progress, message = RefundProgress.FAILED, "The refund was withdrawn at BTCPay before it was fetched."
    elif is_waiting:
        message = "The payout waits to be sent in BTCPay."
    return RefundState(progress, pull["id"], message, pull.get("viewLink") or "")


def _money(text: str) -> Decimal:
    return Decimal(str(text)).quantize(Decimal("0.01"))
