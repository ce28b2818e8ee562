"""The books in the console: to read."""

from django.contrib import admin
from unfold.decorators import display

from commerce.admin.shared import ReadOnlyInline
from commerce.models import LedgerEntry, LedgerMovement
from core.admin import ReadOnlyAdmin
from core.templatetags.core_tags import money_text


class EntryInline(ReadOnlyInline):
    model = LedgerEntry
    fields = ["account", "owner", "amount", "currency", "available_at"]


@admin.register(LedgerMovement)
class LedgerMovementAdmin(ReadOnlyAdmin):
    list_display = ["key", "kind", "payment", "transaction", "note", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["payment", "transaction"]
    search_fields = [
        "key",
        "payment__public_id",
        "transaction__transaction_id",
        "transaction__order__public_id",
    ]
    search_help_text = "Key of the movement, or id of a payment, a transaction or an order"
    ordering = ["-pk"]
    inlines = [EntryInline]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["movement", "account", "owner", "money", "available_at", "created_at"]
    list_filter = ["account", "movement__kind"]
    list_select_related = ["movement", "owner"]
    search_fields = ["movement__key", "owner__username", "owner__email"]
    search_help_text = "Key of the movement, or the owner's name or e-mail address"
    ordering = ["-pk"]

    @display(description="Amount", ordering="amount")
    def money(self, entry):
        return money_text(entry.amount)
