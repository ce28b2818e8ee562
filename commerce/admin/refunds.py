"""Refunds in the console: support decides and gives back unasked, finance sends again what failed."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import action, display

from commerce.actions import refunds
from commerce.admin.refund_forms import DecideForm, GiveForm, StopForm
from commerce.admin.shared import back_to
from commerce.exceptions import CommerceError
from commerce.models import Refund, Transaction
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from core.desk import NEWEST_FIRST
from core.models import AuditEntry
from core.templatetags.core_tags import money_text

STATES = {
    "Waits for support": "danger",
    "Waits for the seller": "info",
    "Approved": "info",
    "On its way": "info",
    "Refunded": "success",
    "Could not be sent": "danger",
    "Taken back": "warning",
    "Declined": "warning",
}


class QueueFilter(admin.SimpleListFilter):
    """What somebody has to do something about."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [
            ("support", "Support decides"),
            ("seller", "The seller answers"),
            ("failed", "Could not be sent"),
            ("way", "On its way"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "support":
                return queryset.awaiting_support().order_by("decide_by", "pk")
            case "seller":
                return queryset.awaiting_seller().order_by("answer_by", "pk")
            case "failed":
                return queryset.failed()
            case "way":
                return queryset.filter(status__in=[Refund.Status.APPROVED, Refund.Status.SENDING])
        return queryset


@admin.register(Refund)
class RefundAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["number", "what", "payer", "money", "state", "due", "created_at"]
    list_filter = [QueueFilter, "status", "kind", "reason"]
    list_select_related = ["payment__payer", "transaction"]
    search_fields = [
        *("public_id", "provider_id", "payment__public_id", "payment__payer__username"),
        *("transaction__title", "transaction__seller__username", "transaction__order__public_id"),
    ]
    search_help_text = "Refund, payment or order id, buyer's or seller's name, the model's title"
    ordering = NEWEST_FIRST
    # Its pages are its buyer's and its seller's alone.
    view_on_site = False
    readonly_fields = ["claim_url", "facts", "trail"]
    exclude = ["evidence"]
    actions_detail = ["decide", "send_again", "stop"]

    @display(description="Refund")
    def number(self, refund):
        return refund.number

    @display(description="Of")
    def what(self, refund):
        return refund.transaction.title if refund.transaction else refund.get_kind_display()

    @display(description="Buyer")
    def payer(self, refund):
        return refund.payment.payer

    @display(description="Amount, with tax")
    def money(self, refund):
        return money_text(refund.gross)

    @display(description="State", ordering="status", label=STATES)
    def state(self, refund):
        if refund.status == Refund.Status.REQUESTED:
            return "Waits for support" if refund.awaits_support else "Waits for the seller"
        return refund.get_status_display()

    @display(description="Due")
    def due(self, refund):
        if refund.status != Refund.Status.REQUESTED:
            return None
        return refund.decide_by if refund.awaits_support else refund.answer_by

    @display(description="What was measured")
    def facts(self, refund):
        rows = ((fact["claimed"], fact["measured"]) for fact in refund.evidence)
        return format_html_join("", "<p>{} {}</p>", rows) or "-"

    @display(description="What was done")
    def trail(self, refund):
        entries = AuditEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(refund), object_id=str(refund.pk)
        ).select_related("actor")
        rows = (
            (
                entry.created_at.strftime("%Y-%m-%d %H:%M"),
                entry.action,
                entry.actor or "the site",
                _said(entry),
            )
            for entry in entries.order_by("created_at", "pk")
        )
        return format_html_join("", "<p>{} {} by {} {}</p>", rows) or "-"

    def has_decide_permission(self, request, obj=None):
        return request.user.has_perm("commerce.decide_refund")

    def has_restart_permission(self, request, obj=None):
        return request.user.has_perm("commerce.restart_refund")

    def has_stop_permission(self, request, obj=None):
        return self.has_decide_permission(request) or self.has_restart_permission(request)

    def useless_actions(self, refund):
        useless = set()
        if refund.status != Refund.Status.REQUESTED:
            useless.add("decide")
        if refund.status != Refund.Status.FAILED:
            useless.add("send_again")
        if not refund.can_be_stopped or refund.status == Refund.Status.REQUESTED:
            useless.add("stop")
        return useless

    @action(
        description="Decide",
        permissions=["decide"],
        icon="gavel",
        dialog={
            "title": "Decide on this refund",
            "description": "It is carried out at once, and cannot be taken back once it has been sent.",
            "form_class": DecideForm,
            "form_submit_text": "Decide",
        },
    )
    def decide(self, request, form, object_id):
        def call(refund):
            amount = form.given(refund.asked_amount)
            refunds.decide(refund=refund, by=request.user, amount=amount, text=form.cleaned_data["text"])

        return self._do(request, object_id, call, "It is decided.")

    @action(
        description="Send again",
        permissions=["restart"],
        icon="replay",
        dialog={
            "title": "Send this refund again?",
            "description": "Where the provider never answered, look at its own pages first: it may have sent it.",
            "form_class": None,
            "form_submit_text": "Send again",
        },
    )
    def send_again(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda refund: refunds.restart(refund=refund, by=request.user),
            "It is on its way.",
        )

    @action(
        description="Take back",
        permissions=["stop"],
        icon="block",
        dialog={
            "title": "Take this refund back?",
            "description": "It stays to be seen, and nothing is sent. The buyer keeps what was bought.",
            "form_class": StopForm,
            "form_submit_text": "Take back",
        },
    )
    def stop(self, request, form, object_id):
        def call(refund):
            refunds.stop(refund=refund, by=request.user, text=form.cleaned_data["text"])

        return self._do(request, object_id, call, "It was taken back.")

    def _do(self, request, object_id, call, done):
        related = Refund.objects.select_related("payment", "transaction__order")
        act = partial(call, get_object_or_404(related, pk=object_id))
        return do_and_say(request, self.opts, object_id, act, done, refused=CommerceError)


def _said(entry: AuditEntry) -> str:
    said = {name: value for name, value in entry.data.items() if value}
    return format_html("({})", "; ".join(f"{name}: {value}" for name, value in said.items())) if said else ""


class GiveBackMixin(UsefulActionsMixin):
    """On a sale's page: support gives money back without anybody having asked."""

    actions_detail = ["give_back"]

    def has_give_permission(self, request, obj=None):
        return request.user.has_perm("commerce.decide_refund")

    def useless_actions(self, line):
        is_sold = line.is_completed and line.gross_amount > 0
        return set() if is_sold and not line.refunds.open().exists() else {"give_back"}

    @action(
        description="Give money back",
        permissions=["give"],
        icon="undo",
        dialog={
            "title": "Give money back for this sale",
            "description": "Nobody is asked. With all of it the buyer loses the model.",
            "form_class": GiveForm,
            "form_submit_text": "Give back",
        },
    )
    def give_back(self, request, form, object_id):
        line = get_object_or_404(Transaction.objects.select_related("order"), pk=object_id)
        left = (line.sold_parts - line.refunds.live().parts()).gross
        try:
            refunds.refund(
                transaction=line, amount=form.given(left), by=request.user, text=form.cleaned_data["text"]
            )
        except CommerceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "It is on its way.")
        return back_to(request, reverse("admin:commerce_transaction_change", args=[object_id]))
