"""Movements for what was sold, and for what came and bought nothing, before there was a ledger."""

from datetime import timedelta

from django.conf import settings
from django.db import migrations

# Each by its key, so that nothing is posted twice, whenever this runs.
SALES = """
WITH made AS (
    INSERT INTO commerce_ledgermovement (key, kind, payment_id, transaction_id, note, created_at)
    SELECT 'sale:' || line.id, 'sale', payment.id, line.id, '', line.completed_at
    FROM commerce_transaction line
    JOIN commerce_payment payment ON payment.order_id = line.order_id
        AND payment.status IN ('completed', 'partially_refunded', 'refunded')
    WHERE line.payment_status = 'completed' AND line.amount + line.tax_amount > 0
    ORDER BY line.id
    ON CONFLICT (key) DO NOTHING
    RETURNING id, transaction_id, payment_id, created_at
)
INSERT INTO commerce_ledgerentry (movement_id, account, owner_id, amount, currency, available_at, created_at)
SELECT made.id, part.account, part.owner_id, part.amount, payment.currency, part.available_at, made.created_at
FROM made
JOIN commerce_transaction line ON line.id = made.transaction_id
JOIN commerce_payment payment ON payment.id = made.payment_id
CROSS JOIN LATERAL (VALUES
    ('buyer', line.buyer_id, -line.amount - line.tax_amount, NULL::timestamptz),
    ('fee', NULL, line.platform_fee, NULL),
    ('seller', line.seller_id, line.seller_amount, made.created_at + %(hold)s),
    ('tax', NULL, line.tax_amount, NULL)
) part (account, owner_id, amount, available_at)
WHERE part.amount <> 0
ORDER BY made.id
"""
# Whatever of a payment paid for no line, and how much of that has been sent back.
DUE = """
WITH received AS (
    SELECT payment.id, payment.payer_id, payment.currency, payment.completed_at, payment.refund_due_reason,
        payment.refund_due_amount, payment.amount - CASE
            WHEN payment.status IN ('completed', 'partially_refunded') THEN (
                SELECT coalesce(sum(line.amount + line.tax_amount), 0) FROM commerce_transaction line
                WHERE line.order_id = payment.order_id AND line.payment_status = 'completed')
            ELSE 0 END AS due
    FROM commerce_payment payment
    WHERE payment.status IN ('completed', 'partially_refunded', 'refunded', 'refund_due')
), wanted AS (
    SELECT 'due:' || id AS key, 'due' AS kind, 'buyer' AS source, 'due' AS target, due AS amount, refund_due_reason AS note,
        id AS payment_id, payer_id, currency, completed_at
    FROM received WHERE due > 0
    UNION ALL
    SELECT 'due-refund:' || id, 'due_refund', 'due', 'buyer', due - refund_due_amount, '', id, payer_id, currency,
        completed_at
    FROM received WHERE due > refund_due_amount
), made AS (
    INSERT INTO commerce_ledgermovement (key, kind, payment_id, note, created_at)
    SELECT key, kind, payment_id, note, completed_at FROM wanted ORDER BY payment_id, kind
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
)
INSERT INTO commerce_ledgerentry (movement_id, account, owner_id, amount, currency, created_at)
SELECT made.id, part.account, wanted.payer_id, part.amount, wanted.currency, wanted.completed_at
FROM made
JOIN wanted ON wanted.key = made.key
CROSS JOIN LATERAL (VALUES (wanted.source, -wanted.amount), (wanted.target, wanted.amount)) part (account, amount)
ORDER BY made.id
"""


def post_past(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SALES, {"hold": timedelta(days=settings.PAYOUT_HOLD_DAYS)})
        cursor.execute(DUE)


class Migration(migrations.Migration):
    dependencies = [("commerce", "0008_ledger")]

    # Backwards they stay until the tables go.
    operations = [migrations.RunPython(post_past, migrations.RunPython.noop)]
