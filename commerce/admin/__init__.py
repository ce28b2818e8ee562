"""Commerce in the console, by topic."""

from commerce.admin import ledger, orders, payments, pricing, purchases, reviews

__all__ = ["ledger", "orders", "payments", "pricing", "purchases", "reviews"]
