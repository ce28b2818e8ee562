"""Payments, and what they paid for."""

from commerce.auditing.check import Check

CHECKS = [
    Check(
        "Every payment received is posted, to its last cent, and none that was not.",
        """
        SELECT 'payment ' || payment.public_id, 'is ' || payment.status || ' with ' || payment.amount || ', posted are '
            || coalesce(posted.amount, 0)
        FROM commerce_payment payment LEFT JOIN (
            SELECT movement.payment_id, -sum(entry.amount) AS amount
            FROM commerce_ledgermovement movement JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            WHERE entry.account = 'buyer' AND movement.kind = ANY(%(pays)s) GROUP BY movement.payment_id
        ) posted ON posted.payment_id = payment.id
        WHERE coalesce(posted.amount, 0)
            <> CASE WHEN payment.status = ANY(%(received)s) THEN payment.amount ELSE 0 END
        """,
    ),
    Check(
        "Only who pays is posted as the buyer.",
        """
        SELECT DISTINCT movement.key, 'was paid by ' || payment.payer_id || ', posted to ' || entry.owner_id
        FROM commerce_ledgerentry entry
        JOIN commerce_ledgermovement movement ON movement.id = entry.movement_id
        JOIN commerce_payment payment ON payment.id = movement.payment_id
        WHERE entry.account IN ('buyer', 'due') AND entry.owner_id <> payment.payer_id
        """,
    ),
    Check(
        "Nobody got back more than they paid.",
        """
        SELECT 'payment ' || payment.public_id, 'brought ' || payment.amount || ', given back are '
            || payment.amount + sum(entry.amount)
        FROM commerce_ledgerentry entry
        JOIN commerce_ledgermovement movement ON movement.id = entry.movement_id
        JOIN commerce_payment payment ON payment.id = movement.payment_id
        WHERE entry.account = 'buyer' GROUP BY payment.id HAVING sum(entry.amount) > 0
        """,
    ),
    Check(
        "What bought nothing is due until it has been sent back.",
        """
        SELECT 'payment ' || payment.public_id, 'owes ' || payment.refund_due_amount || ', posted are '
            || coalesce(posted.amount, 0)
        FROM commerce_payment payment LEFT JOIN (
            SELECT movement.payment_id, sum(entry.amount) AS amount
            FROM commerce_ledgermovement movement JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            WHERE entry.account = 'due' GROUP BY movement.payment_id
        ) posted ON posted.payment_id = payment.id
        WHERE coalesce(posted.amount, 0) <> payment.refund_due_amount
        """,
    ),
    Check(
        "Every order that is completed was paid, or free, or awarded.",
        """
        SELECT 'order ' || orders.public_id, 'is completed for ' || orders.total || ' without a payment of as much'
        FROM commerce_order orders
        WHERE orders.status = 'completed' AND orders.total > 0 AND NOT EXISTS (
            SELECT FROM commerce_payment payment WHERE payment.order_id = orders.id AND payment.amount = orders.total
                AND payment.status IN ('completed', 'partially_refunded', 'refunded'))
            AND NOT EXISTS (
                SELECT FROM commerce_bountysubmission work
                JOIN commerce_transaction line ON line.id = work.transaction_id WHERE line.order_id = orders.id)
        """,
    ),
    Check(
        "Every order whose payment arrived is completed.",
        """
        SELECT 'order ' || orders.public_id, 'is ' || orders.status || ', but its payment is ' || payment.status
        FROM commerce_payment payment JOIN commerce_order orders ON orders.id = payment.order_id
        WHERE payment.status IN ('completed', 'partially_refunded') AND orders.status <> 'completed'
        """,
    ),
]
