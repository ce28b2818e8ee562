"""Commerce in the console, by topic."""

from commerce.admin import (
    analytics,
    bounties,
    bounty_comments,
    disputes,
    holds,
    ledger,
    orders,
    papers,
    payments,
    payout_batches,
    payouts,
    plans,
    pricing,
    purchases,
    refunds,
    reviews,
)

__all__ = [
    "analytics",
    "bounties",
    "bounty_comments",
    "disputes",
    "holds",
    "ledger",
    "orders",
    "papers",
    "payments",
    "payout_batches",
    "payouts",
    "plans",
    "pricing",
    "purchases",
    "refunds",
    "reviews",
]
