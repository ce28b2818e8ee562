"""Commerce in the console, by topic."""

from commerce.admin import (
    ledger,
    orders,
    papers,
    payments,
    payout_batches,
    payouts,
    plans,
    pricing,
    purchases,
    reviews,
)

__all__ = [
    "ledger",
    "orders",
    "papers",
    "payments",
    "payout_batches",
    "payouts",
    "plans",
    "pricing",
    "purchases",
    "reviews",
]
