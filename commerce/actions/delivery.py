"""Handing over what was bought: purchases, counters, mails; only inside the transaction that settles the order."""

from collections import defaultdict
from decimal import Decimal

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from commerce.availability import owned_ids
from commerce.documents import print_later
from commerce.emails import tell_buyer, tell_seller
from commerce.ledger.sales import post_sales
from commerce.models import CartItem, Order, Payment, Purchase, SoldListing, Transaction
from commerce.statistics import count_for_day
from marketplace.models import Model3D


def deliver(order: Order, payment: Payment | None = None) -> list[Transaction]:
    """Complete an order: a purchase for every model that the buyer does not have yet, the movement of its price in the
    ledger, and whatever counts it. `payment` has paid for it; None where it is free.

    The caller holds the locks of buyer and order (see docs/decisions on locking). Returns the transactions that
    could not be delivered since the buyer has the model from elsewhere; when that is all of them, the order is not
    completed.
    """
    now = timezone.now()
    lines = list(
        order.transactions.select_related("model__creator", "model__current_file", "seller").order_by(
            "model_id"
        )
    )
    owned = owned_ids(order.buyer, [line.model_id for line in lines])
    delivered = [line for line in lines if line.model_id not in owned]
    refused = [line for line in lines if line.model_id in owned]
    if not delivered:
        return refused
    _lock_models(delivered)
    for line in delivered:
        if payment is not None and line.gross_amount:
            # Where the first try failed, what pays may be another than what the order was placed with.
            line.payment_method = payment.method
        _hand_over(line, order.buyer, now)
    order.transactions.filter(pk__in=[line.pk for line in refused]).update(
        payment_status=Transaction.PaymentStatus.FAILED
    )
    order.complete(now)
    if payment is not None:
        post_sales(delivered, payment, now)
    CartItem.objects.of_user(order.buyer).filter(model__in=[line.model_id for line in delivered]).delete()
    _count_sales(delivered, now)
    _count_for_people(order.buyer_id, delivered)
    _tell(order, delivered)
    if order.total:
        print_later(order)
    return refused


def deliver_award(order: Order, now) -> Transaction:
    """Complete the order of a bounty's winning model, which what was held pays for; returns its one line.

    The caller holds the locks of buyer, bounty and model, posts to the ledger, and tells the winner.
    """
    lines = order.transactions.select_related("model__creator", "model__current_file", "seller")
    line = lines.get()
    _hand_over(line, order.buyer, now)
    order.complete(now)
    CartItem.objects.of_user(order.buyer).filter(model=line.model).delete()
    _count_sales([line], now)
    _count_for_people(order.buyer_id, [line])
    tell_buyer(order, [line])
    print_later(order)
    return line


def _lock_models(lines: list[Transaction]) -> None:
    models = Model3D.objects.filter(pk__in=[line.model_id for line in lines]).order_by("pk")
    list(models.select_for_update(no_key=True).values_list("pk"))


def _hand_over(line: Transaction, buyer: User, now) -> None:
    line.payment_status = Transaction.PaymentStatus.COMPLETED
    line.completed_at = now
    line.listing = SoldListing.of(line.model) if line.amount else None
    line.save(update_fields=["payment_method", "payment_status", "completed_at", "listing", "updated_at"])
    file = line.model.current_file
    Purchase.objects.create(
        user=buyer,
        model=line.model,
        transaction=line,
        file_version=file.version if file else 1,
        download_limit=settings.DOWNLOAD_LIMIT,
    )


def _count_sales(lines: list[Transaction], now) -> None:
    """A sale is a model paid for; a free one counts as a download when it is downloaded."""
    for line in lines:
        if line.amount:
            Model3D.objects.filter(pk=line.model_id).update(sales_count=F("sales_count") + 1)
            count_for_day(line.model_id, now, sales=1, revenue=line.amount)


def _count_for_people(buyer_id: int, lines: list[Transaction]) -> None:
    """By ascending id, after the models: people who buy from each other at once never wait for each other."""
    sold: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.amount:
            sold[line.seller_id] += 1
    for person_id in sorted({buyer_id, *sold}):
        User.objects.filter(pk=person_id).update(
            purchases_count=F("purchases_count") + (len(lines) if person_id == buyer_id else 0),
            total_sales=F("total_sales") + sold.get(person_id, 0),
        )


def _tell(order: Order, lines: list[Transaction]) -> None:
    tell_buyer(order, lines)
    by_seller: dict[int, list[Transaction]] = defaultdict(list)
    for line in lines:
        if line.amount:
            by_seller[line.seller_id].append(line)
    for seller_id in sorted(by_seller):
        share = sum((line.seller_amount for line in by_seller[seller_id]), Decimal("0.00"))
        tell_seller(order, by_seller[seller_id][0].seller, by_seller[seller_id], share)
