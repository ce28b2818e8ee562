"""Commerce in the console, by topic."""

from commerce.admin import orders, payments, pricing, purchases

__all__ = ["orders", "payments", "pricing", "purchases"]
