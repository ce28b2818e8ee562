"""Refunds and disputes: what went back is posted, taken off the sale, and takes access, and nothing else does."""

from commerce.auditing.check import Check

CHECKS = [
    Check(
        "Every refund that has completed is posted part by part, and none that has not.",
        """
        SELECT 'transaction ' || line.id, 'got refunds of ' || coalesce(back.tax + back.fee + back.seller, 0)
            || ', posted are ' || coalesce(posted.buyer, 0)
        FROM commerce_transaction line LEFT JOIN (
            SELECT transaction_id, sum(tax_amount) AS tax, sum(fee_amount) AS fee, sum(seller_amount) AS seller
            FROM commerce_refund WHERE kind = 'sale' AND status = 'completed' GROUP BY transaction_id
        ) back ON back.transaction_id = line.id LEFT JOIN (
            SELECT movement.transaction_id,
                coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'buyer'), 0) AS buyer,
                -coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'tax'), 0) AS tax,
                -coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'fee'), 0) AS fee,
                -coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'seller'), 0) AS seller
            FROM commerce_ledgermovement movement JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            WHERE movement.kind = 'refund' GROUP BY movement.transaction_id
        ) posted ON posted.transaction_id = line.id
        WHERE (coalesce(back.tax, 0), coalesce(back.fee, 0), coalesce(back.seller, 0))
            <> (coalesce(posted.tax, 0), coalesce(posted.fee, 0), coalesce(posted.seller, 0))
        """,
    ),
    Check(
        "Every sale knows what has gone back of it.",
        """
        SELECT 'transaction ' || line.id, 'says ' || line.refunded_amount || ' and tax ' || line.refunded_tax
            || ', its refunds ' || coalesce(back.amount, 0) || ' and ' || coalesce(back.tax, 0)
        FROM commerce_transaction line LEFT JOIN (
            SELECT transaction_id, sum(amount) AS amount, sum(tax_amount) AS tax
            FROM commerce_refund WHERE status = 'completed' GROUP BY transaction_id
        ) back ON back.transaction_id = line.id
        WHERE (line.refunded_amount, line.refunded_tax) <> (coalesce(back.amount, 0), coalesce(back.tax, 0))
        """,
    ),
    Check(
        "Every payment is as much refunded as it says.",
        """
        SELECT 'payment ' || payment.public_id,
            'is ' || payment.status || ', and ' || coalesce(back.gross, 0) || ' have gone back'
        FROM commerce_payment payment LEFT JOIN (
            SELECT payment_id, sum(gross) AS gross FROM (
                SELECT payment_id, amount + tax_amount AS gross FROM commerce_refund WHERE status = 'completed'
                UNION ALL SELECT payment_id, amount FROM commerce_escrowreturn WHERE status = 'sent'
                UNION ALL SELECT movement.payment_id, -entry.amount
                FROM commerce_ledgerentry entry
                JOIN commerce_ledgermovement movement ON movement.id = entry.movement_id
                JOIN commerce_payment paid ON paid.id = movement.payment_id
                WHERE movement.kind = 'dispute_lost' AND entry.account = 'due' AND paid.bought_nothing
            ) gone GROUP BY payment_id
        ) back ON back.payment_id = payment.id
        WHERE payment.status <> CASE
            WHEN coalesce(back.gross, 0) = 0 THEN payment.status
            WHEN back.gross < payment.amount THEN 'partially_refunded' ELSE 'refunded' END
            OR (coalesce(back.gross, 0) = 0 AND payment.status IN ('partially_refunded', 'refunded'))
        """,
    ),
    Check(
        "Nobody has lost what they paid for before all of its money had gone back.",
        """
        SELECT 'purchase ' || purchase.public_id, 'was taken back, but its transaction is ' || line.payment_status
        FROM commerce_purchase purchase JOIN commerce_transaction line ON line.id = purchase.transaction_id
        WHERE purchase.revoked_at IS NOT NULL AND line.amount + line.tax_amount > 0
            AND line.payment_status <> 'refunded'
        """,
    ),
    Check(
        "What is held is what open disputes and holds are about.",
        """
        SELECT 'seller ' || coalesce(held.owner_id, contested.seller_id),
            'has ' || coalesce(held.amount, 0) || ' held, disputed and claimed are ' || coalesce(contested.amount, 0)
        FROM (
            SELECT owner_id, sum(amount) AS amount FROM commerce_ledgerentry WHERE account = 'held' GROUP BY owner_id
        ) held FULL JOIN (
            SELECT seller_id, sum(amount) AS amount FROM (
                SELECT line.seller_id, share.seller_amount AS amount
                FROM commerce_refund share JOIN commerce_dispute dispute ON dispute.id = share.dispute_id
                JOIN commerce_transaction line ON line.id = share.transaction_id
                WHERE dispute.status = 'opened'
                UNION ALL SELECT hold.seller_id, share.amount
                FROM commerce_heldshare share JOIN commerce_proceedshold hold ON hold.id = share.hold_id
                WHERE hold.closed_at IS NULL
            ) part GROUP BY seller_id
        ) contested ON contested.seller_id = held.owner_id
        WHERE coalesce(held.amount, 0) <> coalesce(contested.amount, 0)
        """,
    ),
]
