"""How somebody wants to pay, checked against what is offered and what is theirs."""

from accounts.models import User
from commerce.exceptions import PaymentNotPossible
from commerce.gateways import is_offered, offer
from commerce.models import Payment, SavedPaymentMethod


def chosen(
    *, payer: User, method: str, saved: SavedPaymentMethod | None = None, save_method: bool = False
) -> dict:
    """The fields of a new `Payment` that say how it is paid.

    Raises:
        PaymentNotPossible: nobody takes the method, or `saved` cannot be charged for this person now.
    """
    if not is_offered(method):
        raise PaymentNotPossible("Choose how to pay.")
    taker = offer(method).gateway
    if saved is not None and not (
        saved.user_id == payer.pk
        and saved.is_usable
        and method == Payment.Method.CARD
        and saved.provider == taker.name
    ):
        raise PaymentNotPossible("This card cannot be charged any more. Choose another way to pay.")
    return {
        "payer": payer,
        "method": method,
        "provider": taker.name,
        "saved_method": saved,
        "save_method": save_method and saved is None and method == Payment.Method.CARD and taker.keeps_cards,
    }
