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
        WHERE coalesce(posted.plans, 0) <> CASE WHEN period.state = 'paid' THEN period.amount ELSE 0 END
            OR coalesce(posted.tax, 0) <> CASE WHEN period.state = 'paid' THEN period.tax_amount ELSE 0 END
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
