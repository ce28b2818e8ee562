"""The ledger's rows of made-up sales, as `commerce.ledger.sales` posts them."""

from datetime import timedelta

from django.conf import settings
from django.db import connection

from commerce.models import LedgerEntry, LedgerMovement, Transaction
from config.scale.numbers import Numbers

_MOVEMENTS = """
    INSERT INTO commerce_ledgermovement (id, key, kind, payment_id, transaction_id, note, created_at)
    SELECT %(first)s + row_number() OVER (ORDER BY line.id) - 1, 'sale:' || line.id, 'sale', payment.id, line.id, '',
        line.completed_at
    FROM commerce_transaction line JOIN commerce_payment payment ON payment.order_id = line.order_id
    WHERE line.id >= %(first_line)s AND line.payment_status = 'completed' AND line.amount > 0
"""
_ENTRIES = """
    INSERT INTO commerce_ledgerentry
        (id, movement_id, account, owner_id, amount, currency, available_at, created_at)
    SELECT %(first)s + row_number() OVER (ORDER BY movement.id) - 1, movement.id, part.account, part.owner_id,
        part.amount, %(currency)s, part.available_at, movement.created_at
    FROM commerce_ledgermovement movement
    JOIN commerce_transaction line ON line.id = movement.transaction_id
    CROSS JOIN LATERAL (VALUES
        ('buyer', line.buyer_id, -line.amount, NULL::timestamptz),
        ('fee', NULL, line.platform_fee, NULL),
        ('seller', line.seller_id, line.seller_amount, movement.created_at + %(hold)s)
    ) part (account, owner_id, amount, available_at)
    WHERE movement.id >= %(first_movement)s AND part.amount <> 0
"""


def send(numbers: Numbers) -> None:
    """After the sales: what they say is in the database by then."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVEMENTS,
            {"first": numbers.first[LedgerMovement], "first_line": numbers.first[Transaction]},
        )
        numbers.give(LedgerMovement, cursor.rowcount)
        cursor.execute(
            _ENTRIES,
            {
                "first": numbers.first[LedgerEntry],
                "first_movement": numbers.first[LedgerMovement],
                "currency": settings.CURRENCY,
                "hold": timedelta(days=settings.PAYOUT_HOLD_DAYS),
            },
        )
        numbers.give(LedgerEntry, cursor.rowcount)
