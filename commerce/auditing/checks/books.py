"""The books by themselves."""

from commerce.auditing.check import Check

CHECKS = [
    Check(
        "Every movement adds up to nothing in each currency.",
        """
        SELECT movement.key, 'is off balance by ' || sum(entry.amount) || ' ' || entry.currency
        FROM commerce_ledgerentry entry JOIN commerce_ledgermovement movement ON movement.id = entry.movement_id
        GROUP BY movement.key, entry.currency HAVING sum(entry.amount) <> 0
        """,
    ),
    Check(
        "Every movement moves something.",
        """
        SELECT movement.key, 'has no entries'
        FROM commerce_ledgermovement movement
        WHERE NOT EXISTS (SELECT FROM commerce_ledgerentry entry WHERE entry.movement_id = movement.id)
        """,
    ),
    Check(
        "Every checkpoint is the sum of its entries.",
        """
        SELECT concat_ws(' ', point.account, point.owner_id, point.currency, 'up to', point.upto),
            'says ' || point.amount || ', its entries ' || real.amount
        FROM commerce_ledgercheckpoint point CROSS JOIN LATERAL (
            SELECT coalesce(sum(entry.amount), 0) AS amount FROM commerce_ledgerentry entry
            WHERE entry.account = point.account AND entry.currency = point.currency AND entry.id <= point.upto
                AND (point.owner_id IS NULL OR entry.owner_id = point.owner_id)
        ) real
        WHERE real.amount <> point.amount
        """,
    ),
    Check(
        "What a payment moves is in its currency.",
        """
        SELECT movement.key, 'is in ' || entry.currency || ', its payment in ' || payment.currency
        FROM commerce_ledgerentry entry
        JOIN commerce_ledgermovement movement ON movement.id = entry.movement_id
        JOIN commerce_payment payment ON payment.id = movement.payment_id
        WHERE entry.currency <> payment.currency
        """,
    ),
    Check(
        "Of no sale more was given back than it brought, to anybody.",
        """
        WITH part AS (
            SELECT movement.transaction_id,
                CASE entry.account WHEN 'held' THEN 'seller' ELSE entry.account END AS account,
                sum(entry.amount) * CASE entry.account WHEN 'buyer' THEN -1 ELSE 1 END AS amount
            FROM commerce_ledgerentry entry JOIN commerce_ledgermovement movement ON movement.id = entry.movement_id
            WHERE movement.transaction_id IS NOT NULL AND entry.account IN ('buyer', 'fee', 'seller', 'held', 'tax')
            GROUP BY movement.transaction_id, entry.account
        )
        SELECT 'transaction ' || transaction_id, account || ' is ' || sum(amount)
        FROM part GROUP BY transaction_id, account HAVING sum(amount) < 0
        """,
    ),
    Check(
        "Nobody holds less than nothing where that makes no sense.",
        """
        SELECT concat_ws(' ', account, 'of', owner_id), 'is ' || sum(amount)
        FROM commerce_ledgerentry WHERE account IN ('reserved', 'held', 'escrow', 'due')
        GROUP BY account, owner_id, currency HAVING sum(amount) < 0
        """,
    ),
]
