"""Commerce in the console, by topic."""

from commerce.admin import (
    ledger,
    orders,
    payments,
    payout_batches,
    payouts,
    pricing,
    purchases,
    reviews,
)

__all__ = ["ledger", "orders", "payments", "payout_batches", "payouts", "pricing", "purchases", "reviews"]
