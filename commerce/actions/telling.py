"""Who hears of an order that is completed: its buyer by a receipt, its sellers by a message each; and its invoice.

A worker writes all of that once the order is there. `Order.told_at` says that it has: should the worker or the broker
be away, beat comes back to it each minute, and the console shows what nobody could be told.
"""

import logging
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from commerce.emails import tell_buyer, tell_seller
from commerce.later import later
from commerce.models import Order, Transaction

logger = logging.getLogger(__name__)

# Younger ones are on their way.
LEAST_AGE = timedelta(minutes=1)


def tell_later(order: Order) -> None:
    """Inside the transaction that completes it."""
    later("finish_order", order.pk)


def tell_of(order: Order) -> bool:
    """Write the receipt and the sellers' messages, once however often this is called. False where there is nothing to
    be told, or it was.
    """
    with transaction.atomic():
        order = (
            Order.objects.select_for_update(no_key=True, of=("self",))
            .select_related("buyer")
            .get(pk=order.pk)
        )
        if not order.is_completed or order.told_at is not None:
            return False
        order.told_at = timezone.now()
        order.save(update_fields=["told_at", "updated_at"])
        lines = order.transactions.filter(completed_at__isnull=False)
        _tell(order, list(lines.select_related("model", "course", "seller", "order").order_by("model_id")))
    return True


def tell_untold(limit: int = 500, *, least_age: timedelta = LEAST_AGE) -> int:
    """Tell of what no worker has told of. Returns how many orders those were."""
    late = Order.objects.untold(timezone.now() - least_age)
    return sum(_tried(order) for order in late.order_by("completed_at", "pk")[:limit])


def _tried(order: Order) -> bool:
    try:
        return tell_of(order)
    except Exception:
        # One that cannot be told of must not keep the others waiting; the console shows it.
        logger.exception("Nobody could be told of order %s", order.public_id)
        return False


def _tell(order: Order, lines: list[Transaction]) -> None:
    tell_buyer(order, lines)
    by_seller: dict[int, list[Transaction]] = defaultdict(list)
    for line in lines:
        if line.amount:
            by_seller[line.seller_id].append(line)
    for seller_id in sorted(by_seller):
        share = sum((line.seller_amount for line in by_seller[seller_id]), Decimal("0.00"))
        tell_seller(order, by_seller[seller_id][0].seller, by_seller[seller_id], share)
