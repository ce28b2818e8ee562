"""Commerce in the console, by topic."""

from commerce.admin import orders, payments, purchases

__all__ = ["orders", "payments", "purchases"]
