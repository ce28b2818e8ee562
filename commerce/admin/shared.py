"""What several pages of commerce's console share."""

from django.http import HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import TabularInline

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


def back_to(request, address: str):
    """After a dialog: it is sent by htmx, which would put a followed redirect's page into the dialog."""
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


class ReadOnlyInline(TabularInline):
    extra = 0
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
