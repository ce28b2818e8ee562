"""Held proceeds whose buyers get their money back."""

from django.db import transaction

from accounts.models import User
from commerce.actions.holds import let_go, locked
from commerce.actions.refunds import refund
from commerce.exceptions import HoldRefused, RefundNotPossible
from commerce.hold_objections import objection_to_giving_back
from commerce.models import ProceedsHold, Transaction
from core.models import AuditEntry


def give_back(*, hold: ProceedsHold, by: User, text: str) -> list[Transaction]:
    """The buyers whose sales are held get their money back; returns the sales of which nothing could be given back,
    since it is on its way or back already, or since a bounty was awarded, which is never refunded.

    The hold ends when every sale has been seen to: cut short, it is open, and this can be asked for once more.

    Raises:
        HoldRefused: it is decided already, it is their own model, or it may still turn out to be the seller's.
    """
    seen, left_out = set(), []
    while lines := _next_lines(hold, by, text, seen):
        for line in lines:
            seen.add(line.pk)
            # Each by itself: refunds take the locks of their buyer first.
            try:
                refund(transaction=line, by=by, text=text)
            except RefundNotPossible:
                left_out.append(line)
    return left_out


def _next_lines(hold: ProceedsHold, by: User, text: str, seen: set[int]) -> list[Transaction]:
    """Sales that came to it meanwhile too; where there are no more, the hold is at its end."""
    with transaction.atomic():
        if objection := objection_to_giving_back(hold):
            raise HoldRefused(objection)
        hold = locked(hold)
        if not hold.is_open:
            raise HoldRefused("It is decided already.")
        if hold.seller_id == by.pk:
            raise HoldRefused("Nobody decides about the proceeds of their own model.")
        shares = hold.shares.exclude(transaction__in=seen).select_related("transaction__order").order_by("pk")
        lines = [share.transaction for share in shares]
        if not lines:
            let_go(hold, ProceedsHold.Outcome.RETURNED)
            AuditEntry.record(
                actor=by, action="proceeds.return", target=hold.model, hold=hold.pk, reason=text
            )
    return lines
