"""Payments and what providers said of them in the console: finance asks providers, and refunds what is due."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from commerce.actions import payments, refunds
from commerce.admin.shared import STATE_COLOURS, ReadOnlyInline
from commerce.exceptions import CommerceError
from commerce.gateways.sandbox import SandboxGateway
from commerce.models import Payment, ProviderCall, WebhookEvent
from commerce.stuck import SOURCES, source
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from core.desk import NEWEST_FIRST, KnownValuesFilter
from core.templatetags.core_tags import money_text

# Of each kind; those after them come up when these are done.
STUCK_SHOWN = 50


class WebhookEventInline(ReadOnlyInline):
    model = WebhookEvent
    fields = ["kind", "event_id", "received_at", "processed_at", "error"]


class ProviderCallInline(ReadOnlyInline):
    """What the provider was asked, and what it answered; the newest first."""

    model = ProviderCall
    fields = ["operation", "outcome", "http_status", "times", "asked_at", "milliseconds", "error"]
    ordering = ["-pk"]
    per_page = 20


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
    list_display = [
        "public_id",
        "payer",
        "purpose",
        "method",
        "provider",
        "money",
        "state",
        "due",
        "created_at",
        "completed_at",
    ]
    list_filter = ["status", RefundDueFilter, "purpose", "method", ("provider", KnownValuesFilter)]
    list_select_related = ["payer"]
    search_fields = ["public_id", "provider_id", "order__public_id", "payer__username"]
    ordering = NEWEST_FIRST
    inlines = [WebhookEventInline, ProviderCallInline]
    readonly_fields = ["sandbox_page"]
    actions_list = ["stuck"]
    actions_detail = ["ask_provider", "refund_due"]

    def get_urls(self):
        restart = path(
            "stuck/<slug:name>/<int:pk>/",
            self.admin_site.admin_view(require_POST(self.restart_view)),
            name="commerce_payment_restart",
        )
        return [restart, *super().get_urls()]

    @action(description="What is stuck", url_path="stuck", icon="warning", permissions=["view"])
    def stuck(self, request):
        """All that goes on only when a person has looked at it, with what starts it again."""
        found = [(source, source.count(), source.rows(STUCK_SHOWN)) for source in SOURCES]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "What is stuck",
            "found": [(source, count, rows) for source, count, rows in found if count],
            "may_restart": self.has_refund_permission(request),
        }
        return TemplateResponse(request, "admin/commerce/payment/stuck.html", context)

    def restart_view(self, request, name, pk):
        if not self.has_refund_permission(request):
            raise PermissionDenied
        try:
            found = source(name)
        except LookupError as error:
            raise Http404 from error
        if found.restart is None:
            raise Http404
        # Only what is still stuck: another tab may have done it meanwhile.
        row = found.find().filter(pk=pk).first()
        if row is None:
            messages.info(request, "That is not stuck any more.")
        else:
            self._restart(request, found, row)
        return HttpResponseRedirect(reverse("admin:commerce_payment_stuck"))

    def _restart(self, request, found, row):
        try:
            found.restart(row, request.user)
        except CommerceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"{found.describe(row).what}: done.")

    @display(description="Amount", ordering="amount")
    def money(self, payment):
        return money_text(payment.amount)

    @display(description="State", ordering="status", label=STATE_COLOURS)
    def state(self, payment):
        return payment.get_status_display()

    @display(description="Refund due", ordering="refund_due_amount")
    def due(self, payment):
        return money_text(payment.refund_due_amount) if payment.refund_due_amount else "-"

    @display(description="At the sandbox")
    def sandbox_page(self, payment):
        """Where refunds and disputes of test payments are decided."""
        if payment.provider != SandboxGateway.name or not payment.provider_id:
            return "-"
        address = reverse("commerce:sandbox_charge", args=[payment.provider_id])
        return format_html('<a href="{}">Open its page there</a>', address)

    def has_refund_permission(self, request, obj=None):
        return request.user.has_perm("commerce.refund_payment")

    def useless_actions(self, payment):
        useless = set()
        if not (payment.is_open and payment.provider_id):
            useless.add("ask_provider")
        if not payment.refund_due_amount or payment.refunds.live().exists():
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
            "description": "The provider sends it back the way it came. How far it is stands with the refunds.",
            "form_class": None,
            "form_submit_text": "Refund",
        },
    )
    def refund_due(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda payment: refunds.refund_due(payment, by=request.user),
            "It is on its way.",
        )

    def _do(self, request, object_id, call, done):
        act = partial(call, get_object_or_404(Payment.objects.select_related("order", "payer"), pk=object_id))
        return do_and_say(request, self.opts, object_id, act, done, refused=CommerceError)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ["event_id", "provider", "kind", "received_at", "processed_at", "error"]
    list_filter = [
        ("provider", KnownValuesFilter),
        ("kind", KnownValuesFilter),
        ("error", admin.EmptyFieldListFilter),
    ]
    search_fields = ["event_id", "payment__public_id", "payment__provider_id"]
    ordering = NEWEST_FIRST


@admin.register(ProviderCall)
class ProviderCallAdmin(ReadOnlyAdmin):
    list_display = ["operation", "provider", "payment", "outcome", "http_status", "asked_at", "milliseconds"]
    list_filter = [("provider", KnownValuesFilter), "outcome", ("operation", KnownValuesFilter)]
    list_select_related = ["payment"]
    search_fields = ["payment__public_id", "idempotency_key"]
    search_help_text = "The payment's id, or the idempotency key"
    ordering = NEWEST_FIRST
