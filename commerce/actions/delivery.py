"""Handing over what was bought: purchases and counters; only inside the transaction that settles the order.

Whoever is to hear of it is told by a worker, afterwards: see `commerce.actions.telling`.
"""

from collections import Counter

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.models import User
from commerce.actions.counting import count_for_people
from commerce.actions.course_delivery import deliver_course
from commerce.actions.holds import hold_new_sales
from commerce.actions.telling import tell_later
from commerce.documents import print_later
from commerce.emails import tell_buyer
from commerce.ledger.sales import post_sales
from commerce.models import CartItem, Order, Payment, Purchase, SoldListing, Transaction
from commerce.statistics import count_sales_of_day
from marketplace.models import Model3D


def deliver(order: Order, payment: Payment | None = None) -> list[Transaction]:
    """Complete an order: a purchase for every model that the buyer does not have yet, the movement of its price in the
    ledger, and whatever counts it. `payment` has paid for it; None where it is free.

    The caller holds the locks of buyer and order (see docs/decisions on locking). Returns the transactions that
    could not be delivered since the buyer has the model from elsewhere; when that is all of them, the order is not
    completed.
    """
    now = timezone.now()
    _lock_models(order)
    owned = Purchase.objects.of_user(order.buyer).active().filter(model=OuterRef("model"))
    lines = list(_lines(order).annotate(is_owned=Exists(owned)).order_by("model_id"))
    if lines[0].course_id is not None:
        return deliver_course(order, lines[0], payment)
    delivered = [line for line in lines if not line.is_owned]
    refused = [line for line in lines if line.is_owned]
    if not delivered:
        return refused
    for line in delivered:
        if payment is not None and line.gross_amount:
            # Where the first try failed, what pays may be another than what the order was placed with.
            line.payment_method = payment.method
    _hand_over(delivered, order.buyer, now)
    if refused:
        order.transactions.filter(pk__in=[line.pk for line in refused]).update(
            payment_status=Transaction.PaymentStatus.FAILED
        )
    order.complete(now)
    if payment is not None:
        post_sales(delivered, payment, now)
        hold_new_sales(delivered, payment, now)
    _count(order.buyer_id, delivered, now)
    tell_later(order)
    return refused


def deliver_award(order: Order, now) -> Transaction:
    """Complete the order of a bounty's winning model, which what was held pays for; returns its one line.

    The caller holds the locks of buyer, bounty and model, posts to the ledger, and tells the winner.
    """
    line = _lines(order).get()
    _hand_over([line], order.buyer, now)
    order.complete(now, told_at=now)
    _count(order.buyer_id, [line], now)
    tell_buyer(order, [line])
    print_later(order)
    return line


def _lock_models(order: Order) -> None:
    models = Model3D.objects.filter(pk__in=order.transactions.values("model")).order_by("pk")
    list(models.select_for_update(no_key=True).values_list("pk"))


def _lines(order: Order):
    """With all that handing over looks at; read once the models are locked."""
    return order.transactions.select_related("model__current_file", "seller")


def _hand_over(lines: list[Transaction], buyer: User, now) -> None:
    listings = SoldListing.of(line.model for line in lines if line.amount)
    for line in lines:
        line.payment_status = Transaction.PaymentStatus.COMPLETED
        line.completed_at = now
        line.listing = listings.get(line.model_id)
        line.save(update_fields=["payment_method", "payment_status", "completed_at", "listing", "updated_at"])
    Purchase.objects.bulk_create(
        Purchase(
            user=buyer,
            model=line.model,
            transaction=line,
            file_version=line.model.current_file.version if line.model.current_file else 1,
            download_limit=settings.DOWNLOAD_LIMIT,
        )
        for line in lines
    )
    CartItem.objects.of_user(buyer).filter(model__in=[line.model_id for line in lines]).delete()


def _count(buyer_id: int, lines: list[Transaction], now) -> None:
    """A sale is a model paid for; a free one counts as a download when it is downloaded."""
    sold = [line for line in lines if line.amount]
    if sold:
        Model3D.objects.filter(pk__in=[line.model_id for line in sold]).update(
            sales_count=F("sales_count") + 1
        )
        count_sales_of_day({line.model_id: line.amount for line in sold}, now)
    sales = Counter(line.seller_id for line in sold)
    count_for_people(buyer_id, len(lines), sales)
