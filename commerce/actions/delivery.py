"""Handing over what was bought: purchases and counters; only inside the transaction that settles the order.

Whoever is to hear of it is told by a worker, afterwards: see `commerce.actions.telling`.
"""

import uuid
from collections import Counter

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from commerce.actions.counting import count_for_people
from commerce.actions.course_delivery import deliver_course
from commerce.actions.holds import hold_new_sales
from commerce.actions.telling import tell_later
from commerce.documents import print_later
from commerce.emails import tell_buyer
from commerce.ledger.sales import post_sales
from commerce.models import Order, Payment, Purchase, SoldListing, Transaction
from commerce.models.listing import SAID
from commerce.statistics import count_sales
from core.database.prepared import Prepared
from marketplace.models import Model3D, Tag

_LINE = [field.name for field in Transaction._meta.concrete_fields]
# Lines with their models, which are locked in the order of their ids; a course is none of them. `is_owned`: the buyer,
# who is locked, has the model from elsewhere.
_LOCKED_LINES = Prepared(
    lambda order, buyer: (
        Transaction.objects.filter(order=order, model__title__isnull=False)
        .select_related("model")
        .only(*_LINE, *(f"model__{name}" for name in SAID))
        .annotate(is_owned=Exists(Purchase.objects.of_user(buyer).active().filter(model=OuterRef("model"))))
        .order_by("model_id")
        .select_for_update(no_key=True, of=("model",))
    ),
    order=int,
    buyer=int,
)
# What belongs to locked models: read once nobody changes it any more.
_SHOWN = Prepared(
    lambda models: (
        Model3D.objects.filter(pk__among=models)
        .annotate(words=ArraySubquery(Tag.objects.filter(models=OuterRef("pk")).values("name")))
        .values_list("pk", "current_file__version", "words")
    ),
    models=list,
)
_HAND_OVER = """
WITH line AS (
    SELECT * FROM unnest(
        %(lines)s::bigint[], %(models)s::bigint[], %(methods)s::text[], %(listings)s::bigint[],
        %(versions)s::integer[], %(names)s::uuid[]
    ) AS line (id, model_id, method, listing_id, version, public_id)
), completed AS (
    UPDATE "commerce_transaction" sale
    SET payment_method = line.method, payment_status = %(completed)s, completed_at = %(at)s,
        listing_id = line.listing_id, updated_at = %(at)s
    FROM line WHERE sale.id = line.id
), out_of_cart AS (
    DELETE FROM "commerce_cartitem" WHERE user_id = %(buyer)s AND model_id = ANY(%(models)s::bigint[])
)
INSERT INTO "commerce_purchase" (public_id, user_id, model_id, transaction_id, file_version, download_count,
    download_limit, created_at)
SELECT public_id, %(buyer)s, model_id, id, version, 0, %(limit)s, %(at)s FROM line ORDER BY model_id
"""


def deliver(order: Order, payment: Payment | None = None) -> list[Transaction]:
    """Complete an order: a purchase for every model that the buyer does not have yet, the movement of its price in the
    ledger, and whatever counts it. `payment` has paid for it; None where it is free.

    The caller holds the locks of buyer and order (see docs/decisions on locking). Returns the transactions that
    could not be delivered since the buyer has the model from elsewhere; when that is all of them, the order is not
    completed.
    """
    now = timezone.now()
    lines = _LOCKED_LINES(order=order.pk, buyer=order.buyer_id)
    if not lines:
        return deliver_course(order, order.transactions.get(), payment)
    delivered = [line for line in lines if not line.is_owned]
    refused = [line for line in lines if line.is_owned]
    if not delivered:
        return refused
    for line in delivered:
        if payment is not None and line.gross_amount:
            # Where the first try failed, what pays may be another than what the order was placed with.
            line.payment_method = payment.method
    _hand_over(delivered, order.buyer_id, now)
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
    line = order.transactions.select_related("model", "seller").get()
    _hand_over([line], order.buyer_id, now)
    order.complete(now, told_at=now)
    _count(order.buyer_id, [line], now)
    tell_buyer(order, [line])
    print_later(order)
    return line


def _hand_over(lines: list[Transaction], buyer_id: int, now) -> None:
    """A purchase for each line, which is completed; and its model leaves the cart. By one statement."""
    shown = {
        pk: (version or 1, words) for pk, version, words in _SHOWN(models=[line.model_id for line in lines])
    }
    listings = SoldListing.of({line.model: shown[line.model_id][1] for line in lines if line.amount})
    for line in lines:
        line.payment_status = Transaction.PaymentStatus.COMPLETED
        line.completed_at = line.updated_at = now
        line.listing = listings.get(line.model_id)
    given = {
        "buyer": buyer_id,
        "lines": [line.pk for line in lines],
        "models": [line.model_id for line in lines],
        "methods": [str(line.payment_method) for line in lines],
        "listings": [line.listing_id for line in lines],
        "versions": [shown[line.model_id][0] for line in lines],
        "names": [uuid.uuid4() for _ in lines],
        "completed": Transaction.PaymentStatus.COMPLETED,
        "limit": settings.DOWNLOAD_LIMIT,
        "at": now,
    }
    with connection.prepared_cursor() as cursor:
        cursor.execute(_HAND_OVER, given)


def _count(buyer_id: int, lines: list[Transaction], now) -> None:
    """A sale is a model paid for; a free one counts as a download when it is downloaded."""
    sold = [line for line in lines if line.amount]
    if sold:
        count_sales({line.model_id: line.amount for line in sold}, now)
    sales = Counter(line.seller_id for line in sold)
    count_for_people(buyer_id, len(lines), sales)
