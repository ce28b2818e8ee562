"""Held proceeds whose buyers get their money back."""

from django.db import transaction

from accounts.models import User
from commerce.actions.holds import let_go, locked
from commerce.actions.refunds import refund
from commerce.exceptions import HoldRefused, RefundNotPossible
from commerce.models import ProceedsHold, Transaction
from core.models import AuditEntry


def give_back(*, hold: ProceedsHold, by: User, text: str) -> list[Transaction]:
    """The buyers whose sales are held get their money back; returns the sales of which nothing could be given back,
    since it is on its way or back already.

    Raises:
        HoldRefused: it is decided already, or it is their own model.
    """
    with transaction.atomic():
        hold = locked(hold)
        if not hold.is_open:
            raise HoldRefused("It is decided already.")
        if hold.seller_id == by.pk:
            raise HoldRefused("Nobody decides about the proceeds of their own model.")
        lines = [share.transaction for share in hold.shares.select_related("transaction__order")]
        let_go(hold, ProceedsHold.Outcome.RETURNED)
        AuditEntry.record(actor=by, action="proceeds.return", target=hold.model, hold=hold.pk, reason=text)
    left_out = []
    for line in lines:
        # Each by itself: refunds take the locks of their buyer first.
        try:
            refund(transaction=line, by=by, text=text)
        except RefundNotPossible:
            left_out.append(line)
    return left_out
