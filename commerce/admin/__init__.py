"""Commerce in the console, by topic."""

from commerce.admin import (
    bounties,
    disputes,
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
    "bounties",
    "disputes",
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
