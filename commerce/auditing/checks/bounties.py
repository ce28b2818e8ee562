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
                JOIN commerce_bounty bounty ON bounty.id = back.bounty_id WHERE back.status <> 'sent'
        ) rows GROUP BY owner_id HAVING sum(held) <> sum(owed)
        """,
    ),
    Check(
        "A bounty that was paid ends with its winner or with its money going back, never both or neither.",
        """
        SELECT 'bounty ' || bounty.id,
            'is ' || bounty.status || CASE WHEN work.id IS NULL THEN ' without' ELSE ' with' END
            || ' an award and ' || CASE WHEN back.id IS NULL THEN 'without' ELSE 'with' END || ' a return'
        FROM commerce_bounty bounty
        LEFT JOIN commerce_bountysubmission work ON work.bounty_id = bounty.id AND work.status = 'awarded'
        LEFT JOIN commerce_escrowreturn back ON back.bounty_id = bounty.id
        WHERE bounty.opened_at IS NOT NULL AND (
            (work.id IS NOT NULL) <> (bounty.status = 'awarded')
            OR (back.id IS NOT NULL) <> (bounty.status IN ('cancelled', 'expired')))
        """,
    ),
]
