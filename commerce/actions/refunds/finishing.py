"""What changes once money has gone back, and back again where it did not arrive; only under the locks of `locking`."""

from decimal import Decimal

from django.db.models import F

from accounts.models import User
from commerce.actions.refunds.access import update_access
from commerce.actions.refunds.locking import Held, lock_figures
from commerce.actions.subscriptions.reversing import end_time_of
from commerce.documents import print_later
from commerce.models import Payment, Refund, Transaction
from commerce.refunding.bookkeeping import post_refund, post_undone
from commerce.statistics import count_for_day
from marketplace.models import Model3D


def complete(refund: Refund, held: Held, at) -> None:
    """The money is back with the buyer: books, states, access and counts, in the caller's transaction."""
    refund.complete(at)
    post_refund(refund)
    if refund.kind == Refund.Kind.DUE:
        Payment.objects.filter(pk=held.payment.pk).update(refund_due_amount=0)
        held.payment.refund_due_amount = 0
    elif held.line is not None:
        lock_figures([held.line])
        sold = held.line.is_completed
        held.line.give_back(refund.parts)
        purchases = update_access(held, at)
        _count(held.line, -refund.amount, sales=held.line.is_completed - sold, purchases=purchases)
    held.payment.note_refunds()
    if refund.ends_plan:
        end_time_of(held.payment.subscription_period, at, reason="It was refunded.")
    print_later(refund)


def undo(refund: Refund, held: Held, at, message: str) -> None:
    """The money has come back to us: all is as it was before the refund, which has failed after all."""
    post_undone(refund)
    refund.fail(at, message, is_final=True)
    if refund.kind == Refund.Kind.DUE:
        Payment.objects.filter(pk=held.payment.pk).update(refund_due_amount=refund.amount)
        held.payment.refund_due_amount = refund.amount
    elif held.line is not None:
        lock_figures([held.line])
        sold = held.line.is_completed
        held.line.take_back(refund.parts)
        purchases = update_access(held, at)
        _count(held.line, refund.amount, sales=held.line.is_completed - sold, purchases=purchases)
    held.payment.note_refunds()
    print_later(refund)


def _count(line: Transaction, revenue: Decimal, *, sales: int, purchases: int) -> None:
    """Count on the day on which it was sold."""
    if line.model_id is not None:
        Model3D.objects.filter(pk=line.model_id).update(sales_count=F("sales_count") + sales)
        count_for_day(line.model_id, line.completed_at, sales=sales, revenue=revenue)
    changes = {line.buyer_id: {"purchases_count": purchases}, line.seller_id: {"total_sales": sales}}
    for person_id, counted in changes.items():
        User.objects.filter(pk=person_id).update(**{name: F(name) + by for name, by in counted.items()})
