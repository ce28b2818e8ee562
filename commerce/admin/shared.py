"""What several pages of commerce's console share."""

from unfold.admin import TabularInline

from core.admin import back_to

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


class ReadOnlyInline(TabularInline):
    extra = 0
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
