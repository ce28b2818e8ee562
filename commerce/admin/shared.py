"""What several pages of commerce's console share."""

from core.admin import ReadOnlyInline, back_to

__all__ = ["STATE_COLOURS", "ReadOnlyInline", "back_to"]

STATE_COLOURS = {
    "Paid": "success",
    "Completed": "success",
    "Waiting for payment": "info",
    "Pending": "info",
    "Payment failed": "danger",
    "Failed": "danger",
    "Cancelled": "warning",
    "Partially refunded": "warning",
    "Refunded": "warning",
    "To be refunded": "danger",
}
