"""Orders and their lines in the console: to read; support gives money back."""

from django.contrib import admin
from unfold.decorators import display

from commerce.admin.refunds import GiveBackMixin
from commerce.admin.shared import STATE_COLOURS, ReadOnlyInline
from commerce.models import Order, Payment, Transaction
from core.admin import ReadOnlyAdmin
from core.desk import NEWEST_FIRST
from core.templatetags.core_tags import money_text


class TransactionInline(ReadOnlyInline):
    model = Transaction
    fields = ["title", "seller", "amount", "platform_fee", "seller_amount", "payment_status"]


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = [
        "method",
        "provider",
        "provider_id",
        "amount",
        "currency",
        "status",
        "failure_message",
        "completed_at",
    ]


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "buyer", "amount", "state", "created_at", "completed_at"]
    list_filter = ["status"]
    list_select_related = ["buyer"]
    search_fields = ["public_id", "buyer__username", "buyer__email", "billing_email", "billing_name"]
    search_help_text = "Order id, the buyer's name or e-mail address"
    ordering = NEWEST_FIRST
    exclude = ["checkout_key"]
    inlines = [TransactionInline, PaymentInline]

    @display(description="Order")
    def number(self, order):
        return order.number

    @display(description="Total", ordering="total")
    def amount(self, order):
        return money_text(order.total)

    @display(description="State", ordering="status", label=STATE_COLOURS)
    def state(self, order):
        return order.get_status_display()


@admin.register(Transaction)
class TransactionAdmin(GiveBackMixin, ReadOnlyAdmin):
    list_display = [
        "title",
        "buyer",
        "seller",
        "amount",
        "platform_fee",
        "seller_amount",
        "state",
        "created_at",
    ]
    list_filter = ["payment_status", "payment_method"]
    list_select_related = ["buyer", "seller"]
    search_fields = ["title", "transaction_id", "buyer__username", "seller__username"]
    ordering = NEWEST_FIRST

    @display(description="State", ordering="payment_status", label=STATE_COLOURS)
    def state(self, line):
        return line.get_payment_status_display()
