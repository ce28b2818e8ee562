"""Bounties, and what is held for them."""

from commerce.auditing.check import Check

CHECKS = [
    Check(
        "What is held is the budgets of all bounties that run, and those not sent back yet.",
        """
        SELECT 'escrow of ' || owner_id, 'is ' || sum(held) || ', its bounties have ' || sum(owed) FROM (
            SELECT owner_id, amount AS held, 0 AS owed FROM commerce_ledgerentry WHERE account = 'escrow'
            UNION ALL SELECT creator_id, 0, budget FROM commerce_bounty WHERE status IN ('open', 'judging')
            UNION ALL SELECT bounty.creator_id, 0, back.amount FROM commerce_escrowreturn back
                JOIN commerce_bounty bounty ON bounty.id = back.bounty_id WHERE back.status NOT IN ('sent', 'lost')
        ) rows GROUP BY owner_id HAVING sum(held) <> sum(owed)
        """,
    ),
    Check(
        "A bounty that was paid ends with its winner, or all of its money goes back or was taken by a bank.",
        """
        SELECT 'bounty ' || bounty.id,
            'is ' || bounty.status || CASE WHEN work.id IS NULL THEN ' without' ELSE ' with' END
            || ' an award, and of its ' || bounty.budget || ' go back ' || coalesce(back.amount, 0)
            || ', and a bank has taken ' || taken.amount
        FROM commerce_bounty bounty
        LEFT JOIN commerce_bountysubmission work ON work.bounty_id = bounty.id AND work.status = 'awarded'
        LEFT JOIN commerce_escrowreturn back ON back.bounty_id = bounty.id AND back.status <> 'lost'
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(share.amount), 0) AS amount FROM commerce_refund share
            WHERE share.payment_id = bounty.payment_id AND share.kind = 'chargeback' AND share.status = 'completed'
                AND share.transaction_id IS NULL
        ) taken
        WHERE bounty.opened_at IS NOT NULL AND (
            (work.id IS NOT NULL) <> (bounty.status = 'awarded')
            OR coalesce(back.amount, 0) + taken.amount
                <> CASE WHEN bounty.status IN ('cancelled', 'expired') THEN bounty.budget ELSE 0 END)
        """,
    ),
    Check(
        "Nothing is held of a budget that a bank has taken back.",
        """
        SELECT 'dispute ' || dispute.public_id, 'is lost over ' || dispute.amount || ', '
            || coalesce(taken.amount, 0) || ' of it were taken, and escrow still holds ' || held.amount
        FROM commerce_dispute dispute JOIN commerce_bounty bounty ON bounty.payment_id = dispute.payment_id
        CROSS JOIN LATERAL (
            SELECT sum(share.amount + share.tax_amount) AS amount FROM commerce_refund share
            WHERE share.dispute_id = dispute.id AND share.status = 'completed'
        ) taken CROSS JOIN LATERAL (
            SELECT bounty.budget AS amount WHERE bounty.status IN ('open', 'judging')
            UNION ALL SELECT back.amount FROM commerce_escrowreturn back WHERE back.bounty_id = bounty.id
                AND (back.status = 'failed' OR (back.status = 'waiting' AND back.tries = 0))
        ) held
        WHERE dispute.status = 'lost' AND coalesce(taken.amount, 0) < dispute.amount
        """,
    ),
    Check(
        "What banks have taken of budgets is posted against what was held, and nothing else is.",
        """
        SELECT 'payment ' || payment.public_id, 'lost ' || coalesce(taken.amount, 0) || ' of its budget, posted are '
            || coalesce(posted.amount, 0)
        FROM commerce_payment payment LEFT JOIN (
            SELECT payment_id, sum(amount) AS amount FROM commerce_refund
            WHERE kind = 'chargeback' AND status = 'completed' AND transaction_id IS NULL GROUP BY payment_id
        ) taken ON taken.payment_id = payment.id LEFT JOIN (
            SELECT movement.payment_id, -sum(entry.amount) AS amount
            FROM commerce_ledgermovement movement JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            WHERE movement.kind = 'dispute_lost' AND entry.account = 'escrow' GROUP BY movement.payment_id
        ) posted ON posted.payment_id = payment.id
        WHERE payment.purpose = 'bounty' AND coalesce(taken.amount, 0) <> coalesce(posted.amount, 0)
        """,
    ),
]
