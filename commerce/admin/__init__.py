"""Commerce in the console, by topic."""

from commerce.admin import ledger, orders, payments, pricing, purchases

__all__ = ["ledger", "orders", "payments", "pricing", "purchases"]
