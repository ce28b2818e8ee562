"""Orders, payments and purchases in the console: to read; support grants downloads, finance refunds what is due."""

from django import forms
from django.contrib import admin, messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from commerce.actions import payments
from commerce.actions.downloads import MAX_GRANT, grant_downloads
from commerce.exceptions import CommerceError
from commerce.models import Order, Payment, Purchase, Transaction, WebhookEvent
from core.admin import ReadOnlyAdmin, UsefulActionsMixin
from core.templatetags.core_tags import money_text

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


def _back_to(request, address: str):
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


class WebhookEventInline(ReadOnlyInline):
    model = WebhookEvent
    fields = ["kind", "event_id", "received_at", "processed_at", "error"]


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "buyer", "amount", "state", "created_at", "completed_at"]
    list_filter = ["status"]
    list_select_related = ["buyer"]
    search_fields = ["public_id", "buyer__username", "buyer__email", "billing_email", "billing_name"]
    search_help_text = "Order id, the buyer's name or e-mail address"
    ordering = ["-created_at", "-pk"]
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
class TransactionAdmin(ReadOnlyAdmin):
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
    ordering = ["-created_at", "-pk"]

    @display(description="State", ordering="payment_status", label=STATE_COLOURS)
    def state(self, line):
        return line.get_payment_status_display()


class RefundDueFilter(admin.SimpleListFilter):
    """Payments that took money for which nothing was delivered."""

    title = "refund due"
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [("yes", "Yes")]

    def queryset(self, request, queryset):
        return queryset.filter(refund_due_amount__gt=0) if self.value() == "yes" else queryset


@admin.register(Payment)
class PaymentAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["public_id", "method", "provider", "money", "state", "due", "created_at", "completed_at"]
    list_filter = ["status", RefundDueFilter, "method", "provider"]
    search_fields = ["public_id", "provider_id", "order__public_id", "order__buyer__username"]
    ordering = ["-created_at", "-pk"]
    inlines = [WebhookEventInline]
    actions_detail = ["ask_provider", "refund_due"]

    @display(description="Amount", ordering="amount")
    def money(self, payment):
        return money_text(payment.amount)

    @display(description="State", ordering="status", label=STATE_COLOURS)
    def state(self, payment):
        return payment.get_status_display()

    @display(description="Refund due", ordering="refund_due_amount")
    def due(self, payment):
        return money_text(payment.refund_due_amount) if payment.refund_due_amount else "-"

    def has_refund_permission(self, request, obj=None):
        return request.user.has_perm("commerce.refund_payment")

    def useless_actions(self, payment):
        useless = set()
        if not (payment.is_open and payment.provider_id):
            useless.add("ask_provider")
        if not payment.refund_due_amount:
            useless.add("refund_due")
        return useless

    @action(
        description="Ask the provider now",
        permissions=["refund"],
        icon="sync",
        dialog={
            "title": "Ask the provider about this payment?",
            "description": "Where the money has arrived, the order is completed.",
            "form_class": None,
            "form_submit_text": "Ask",
        },
    )
    def ask_provider(self, request, form, object_id):
        return self._do(request, object_id, payments.refresh_payment, "The provider was asked.")

    @action(
        description="Refund what is due",
        permissions=["refund"],
        icon="undo",
        dialog={
            "title": "Send back what is due?",
            "description": "The provider sends the amount to the card it came from. This cannot be undone.",
            "form_class": None,
            "form_submit_text": "Refund",
        },
    )
    def refund_due(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda payment: payments.refund_due(payment, by=request.user),
            "What was due has been refunded.",
        )

    def _do(self, request, object_id, call, done):
        try:
            call(get_object_or_404(Payment.objects.select_related("order"), pk=object_id))
        except CommerceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, done)
        return _back_to(request, reverse("admin:commerce_payment_change", args=[object_id]))


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ["event_id", "provider", "kind", "received_at", "processed_at", "error"]
    list_filter = ["provider", "kind", ("error", admin.EmptyFieldListFilter)]
    search_fields = ["event_id", "payment__public_id", "payment__provider_id"]
    ordering = ["-received_at", "-pk"]


class GrantForm(BaseDialogForm):
    more = forms.IntegerField(
        label="How many more downloads",
        initial=5,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_GRANT)],
        widget=UnfoldAdminIntegerFieldWidget,
    )


@admin.register(Purchase)
class PurchaseAdmin(ReadOnlyAdmin):
    list_display = [
        "public_id",
        "user",
        "model",
        "download_count",
        "download_limit",
        "created_at",
        "revoked_at",
    ]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "model"]
    search_fields = [
        "public_id",
        "user__username",
        "user__email",
        "model__title",
        "transaction__order__public_id",
    ]
    search_help_text = "Purchase or order id, the person's name or e-mail address, the model's title"
    ordering = ["-created_at", "-pk"]
    actions_detail = ["grant"]

    def has_grant_permission(self, request, obj=None):
        return request.user.has_perm("commerce.grant_downloads")

    @action(
        description="Grant more downloads",
        permissions=["grant"],
        icon="download",
        dialog={
            "title": "Grant more downloads?",
            "description": "They are added to what the purchase allows, and recorded.",
            "form_class": GrantForm,
            "form_submit_text": "Grant",
        },
    )
    def grant(self, request, form, object_id):
        purchase = get_object_or_404(Purchase, pk=object_id)
        grant_downloads(purchase, more=form.cleaned_data["more"], by=request.user)
        messages.success(request, f"{purchase.downloads_left} downloads are left now.")
        return _back_to(request, reverse("admin:commerce_purchase_change", args=[object_id]))
