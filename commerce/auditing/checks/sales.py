"""Sales, and who has access to what: no access without payment, no payment without access."""

from commerce.auditing.check import Check

CHECKS = [
    Check(
        # A bounty's winner is paid out of what was held for its poster.
        "Every sale is posted as it was made: the buyer's money, the fee, the seller's share and the tax.",
        """
        SELECT 'transaction ' || line.id, CASE
            WHEN posted.id IS NULL THEN 'was sold for ' || line.amount + line.tax_amount || ' but not posted'
            ELSE 'was sold as ' || line.amount || ' = ' || line.platform_fee || ' + ' || line.seller_amount
                || ' and tax ' || line.tax_amount || ', posted as buyer ' || posted.buyer
                || ', fee ' || posted.fee || ', seller ' || posted.seller || ', tax ' || posted.tax END
        FROM commerce_transaction line LEFT JOIN (
            SELECT movement.id, movement.transaction_id,
                coalesce(sum(entry.amount) FILTER (
                    WHERE entry.account IN ('buyer', 'escrow') AND entry.owner_id = line.buyer_id), 0) AS buyer,
                coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'fee'), 0) AS fee,
                coalesce(sum(entry.amount) FILTER (
                    WHERE entry.account = 'seller' AND entry.owner_id = line.seller_id), 0) AS seller,
                coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'tax'), 0) AS tax
            FROM commerce_ledgermovement movement
            JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            JOIN commerce_transaction line ON line.id = movement.transaction_id
            WHERE movement.kind IN ('sale', 'award') GROUP BY movement.id
        ) posted ON posted.transaction_id = line.id
        WHERE line.payment_status IN ('completed', 'refunded') AND line.amount + line.tax_amount > 0 AND (
            posted.id IS NULL OR (posted.buyer, posted.fee, posted.seller, posted.tax)
                <> (-line.amount - line.tax_amount, line.platform_fee, line.seller_amount, line.tax_amount))
        """,
    ),
    Check(
        "Only what was sold is posted as a sale, once.",
        """
        SELECT 'transaction ' || line.id, CASE WHEN count(*) > 1 THEN 'was posted ' || count(*) || ' times'
            ELSE 'was posted, but is ' || line.payment_status END
        FROM commerce_ledgermovement movement JOIN commerce_transaction line ON line.id = movement.transaction_id
        WHERE movement.kind IN ('sale', 'award') GROUP BY line.id
        HAVING count(*) > 1 OR line.payment_status NOT IN ('completed', 'refunded')
        """,
    ),
    Check(
        "Nobody has access without a completed purchase.",
        """
        SELECT 'purchase ' || purchase.public_id, 'gives access, but its transaction is ' || line.payment_status
        FROM commerce_purchase purchase JOIN commerce_transaction line ON line.id = purchase.transaction_id
        WHERE purchase.revoked_at IS NULL AND line.payment_status <> 'completed'
        """,
    ),
    Check(
        "Nobody has paid without access.",
        """
        SELECT 'transaction ' || line.id, 'is completed, but nobody has got it'
        FROM commerce_transaction line LEFT JOIN commerce_purchase purchase ON purchase.transaction_id = line.id
        WHERE line.payment_status = 'completed'
            AND (purchase.id IS NULL OR purchase.user_id <> line.buyer_id
                OR (purchase.model_id, purchase.course_id) IS DISTINCT FROM (line.model_id, line.course_id))
        """,
    ),
    Check(
        "A course that was paid for opens to its buyer, and to nobody whose money has gone back.",
        """
        SELECT 'enrollment ' || enrollment.id, CASE WHEN enrollment.closed_at IS NULL
            THEN 'is open as paid for, but no purchase holds' ELSE 'is closed, but its purchase holds' END
        FROM blog_courseenrollment enrollment
        WHERE enrollment.is_paid AND (enrollment.closed_at IS NULL) <> EXISTS (
            SELECT FROM commerce_purchase purchase
            WHERE purchase.course_id = enrollment.course_id AND purchase.user_id = enrollment.user_id
                AND purchase.revoked_at IS NULL AND purchase.paused_at IS NULL)
        UNION ALL
        SELECT 'purchase ' || purchase.public_id, 'holds, but the course does not open'
        FROM commerce_purchase purchase JOIN accounts_user buyer ON buyer.id = purchase.user_id
        WHERE purchase.course_id IS NOT NULL AND purchase.revoked_at IS NULL AND purchase.paused_at IS NULL
            AND buyer.deleted_at IS NULL AND NOT EXISTS (
                SELECT FROM blog_courseenrollment enrollment
                WHERE enrollment.course_id = purchase.course_id AND enrollment.user_id = purchase.user_id
                    AND enrollment.closed_at IS NULL)
        """,
    ),
    Check(
        "The lines of an order add up to its total.",
        """
        SELECT 'order ' || orders.public_id,
            'costs ' || orders.total || ', its lines ' || sum(line.amount + line.tax_amount)
        FROM commerce_order orders JOIN commerce_transaction line ON line.order_id = orders.id
        GROUP BY orders.id HAVING orders.total <> sum(line.amount + line.tax_amount)
        """,
    ),
]
