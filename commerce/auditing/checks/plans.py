"""Plans: what was paid for them, and who has what they give."""

from commerce.auditing.check import Check

CHECKS = [
    Check(
        "Every paid time with a plan is posted, its tax apart.",
        """
        SELECT 'plan payment ' || period.public_id, 'is ' || period.amount || ' and tax ' || period.tax_amount
            || ', posted are ' || coalesce(posted.plans, 0) || ' and ' || coalesce(posted.tax, 0)
        FROM commerce_subscriptionperiod period LEFT JOIN (
            SELECT movement.payment_id,
                sum(entry.amount) FILTER (WHERE entry.account = 'plans') AS plans,
                sum(entry.amount) FILTER (WHERE entry.account = 'tax') AS tax
            FROM commerce_ledgermovement movement JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            WHERE movement.kind = 'plan' GROUP BY movement.payment_id
        ) posted ON posted.payment_id = period.payment_id
        WHERE coalesce(posted.plans, 0) <> CASE WHEN period.state IN ('paid', 'reversed') THEN period.amount ELSE 0 END
            OR coalesce(posted.tax, 0)
                <> CASE WHEN period.state IN ('paid', 'reversed') THEN period.tax_amount ELSE 0 END
        """,
    ),
    Check(
        "What has gone back of payments for plans is posted against them, net price and tax, and nothing else is.",
        """
        SELECT 'payment ' || payment.public_id, 'gave back ' || coalesce(back.net, 0) || ' and tax '
            || coalesce(back.tax, 0) || ', posted are ' || coalesce(posted.plans, 0) || ' and '
            || coalesce(posted.tax, 0)
        FROM commerce_payment payment LEFT JOIN (
            SELECT payment_id, sum(amount) AS net, sum(tax_amount) AS tax FROM commerce_refund
            WHERE kind IN ('chargeback', 'plan') AND status = 'completed' GROUP BY payment_id
        ) back ON back.payment_id = payment.id LEFT JOIN (
            SELECT movement.payment_id,
                -coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'plans'), 0) AS plans,
                -coalesce(sum(entry.amount) FILTER (WHERE entry.account = 'tax'), 0) AS tax
            FROM commerce_ledgermovement movement JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            WHERE movement.kind IN ('refund', 'dispute_lost') GROUP BY movement.payment_id
        ) posted ON posted.payment_id = payment.id
        WHERE payment.purpose = 'subscription' AND (coalesce(back.net, 0), coalesce(back.tax, 0))
            <> (coalesce(posted.plans, 0), coalesce(posted.tax, 0))
        """,
    ),
    Check(
        "Nobody has a plan by a payment that a bank has taken back.",
        """
        SELECT 'subscription ' || subscription.public_id, 'is ' || subscription.state || ' by payment '
            || payment.public_id || ', which a bank has taken back'
        FROM commerce_subscription subscription JOIN LATERAL (
            SELECT payment_id FROM commerce_subscriptionperiod period
            WHERE period.subscription_id = subscription.id AND period.state = 'paid' ORDER BY period.id DESC LIMIT 1
        ) newest ON true JOIN commerce_payment payment ON payment.id = newest.payment_id
        WHERE subscription.state IN ('trialing', 'active', 'past_due', 'cancelled') AND payment.status = 'refunded'
            AND EXISTS (SELECT FROM commerce_dispute dispute
                WHERE dispute.payment_id = payment.id AND dispute.status = 'lost')
        """,
    ),
    Check(
        "Who has a plan has tried it or paid for it, and its payment has come.",
        """
        SELECT 'subscription ' || subscription.public_id, 'is ' || subscription.state || ' without a payment'
        FROM commerce_subscription subscription
        WHERE subscription.state IN ('trialing', 'active', 'past_due', 'cancelled')
            AND subscription.trial_ends_at IS DISTINCT FROM subscription.period_end
            AND NOT EXISTS (
                SELECT FROM commerce_subscriptionperiod period
                LEFT JOIN commerce_payment payment ON payment.id = period.payment_id
                WHERE period.subscription_id = subscription.id AND period.state = 'paid'
                    AND (period.amount = 0 OR payment.status = ANY(%(received)s))
            )
        """,
    ),
    Check(
        "People have the limits of their plan, and nobody else has any.",
        """
        SELECT 'person ' || coalesce(live.user_id, entitlements.user_id),
            'has the plan ' || coalesce(plan.name, 'of everybody') || ' and the limits of '
            || coalesce(entitlements.label, 'everybody')
        FROM (
            SELECT user_id, plan_id FROM commerce_subscription
            WHERE state IN ('trialing', 'active', 'past_due', 'cancelled')
        ) live
        FULL JOIN accounts_entitlements entitlements ON entitlements.user_id = live.user_id
        LEFT JOIN commerce_plan plan ON plan.id = live.plan_id
        WHERE (plan.max_upload_bytes, plan.storage_bytes, plan.private_models, plan.analytics_days, plan.hold_days)
            IS DISTINCT FROM (entitlements.max_upload_bytes, entitlements.storage_bytes, entitlements.private_models,
                entitlements.analytics_days, entitlements.hold_days)
        """,
    ),
]
