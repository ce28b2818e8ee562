"""Plans and subscriptions in the console: finance changes plans; what is done with subscriptions has its buttons."""

from functools import partial

from django import forms
from django.contrib import admin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.shortcuts import get_object_or_404
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from commerce.actions.plans import save_plan
from commerce.actions.subscriptions import ending, refunding, renewing
from commerce.admin.shared import ReadOnlyInline
from commerce.exceptions import CommerceError
from commerce.models import Plan, Subscription, SubscriptionPeriod
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from core.desk import EVERYTHING, ConsoleAdmin
from core.templatetags.core_tags import money_text

STATE_COLOURS = {
    "Active": "success",
    "Trial": "info",
    "Waiting for its first payment": "info",
    "Payment overdue": "danger",
    "Cancelled, runs to its end": "warning",
    "Ended": "warning",
}
PERIOD_COLOURS = {"Paid": "success", "Waiting": "info", "Failed": "danger", "Taken back": "warning"}
LIMITS = ["max_upload_bytes", "storage_bytes", "private_models", "analytics_days", "hold_days"]
MOST_DAYS = 366


@admin.register(Plan)
class PlanAdmin(ConsoleAdmin):
    """Never deleted: who had one has it in their history. What is not to be offered any more is switched off."""

    recorded_by_actions = EVERYTHING
    list_display = ["name", "rank", "month", "year", "trial_days", "subscribers", "is_active"]
    ordering = ["rank"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "tagline", "features", "rank", "is_active"]}),
        ("Price", {"fields": ["price_monthly", "price_yearly", "trial_days"]}),
        (
            "What it gives",
            {
                "fields": LIMITS,
                "description": "The free plan has none of its own: it gives what the settings say.",
            },
        ),
    ]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        """Addresses stay what they are; what is free stays free, and what is not does not become so."""
        if obj is None:
            return []
        return ["slug", "price_monthly", "price_yearly", "trial_days", *LIMITS] if obj.is_free else ["slug"]

    def save_model(self, request, obj, form, change):
        save_plan(plan=obj, by=request.user)

    @display(description="A month", ordering="price_monthly")
    def month(self, plan):
        return money_text(plan.price_monthly)

    @display(description="A year", ordering="price_yearly")
    def year(self, plan):
        return money_text(plan.price_yearly)

    @display(description="Have it")
    def subscribers(self, plan):
        return plan.having

    def get_queryset(self, request):
        return super().get_queryset(request).with_subscribers()


class PeriodInline(ReadOnlyInline):
    model = SubscriptionPeriod
    fields = ["kind", "plan", "interval", "start", "end", "amount", "tax_amount", "state", "paid_at"]


class ExtendForm(BaseDialogForm):
    days = forms.IntegerField(
        label="How many days",
        initial=30,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        widget=UnfoldAdminIntegerFieldWidget,
    )


class RefundForm(BaseDialogForm):
    part = forms.ChoiceField(
        label="How much",
        choices=[
            ("unused", "For the days that are left"),
            ("all", "All that was paid and has not gone back"),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    then = forms.ChoiceField(
        label="What becomes of the plan",
        choices=[("ends", "It ends when the money has gone back"), ("stays", "It goes on")],
        widget=UnfoldAdminSelectWidget,
    )
    text = forms.CharField(label="Why? Who paid reads it.", max_length=500, widget=UnfoldAdminTextareaWidget)


@admin.register(Subscription)
class SubscriptionAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["user", "plan", "interval", "cost", "status", "period_end", "attempts", "created_at"]
    list_filter = ["state", "plan", "interval"]
    list_select_related = ["user", "plan"]
    search_fields = ["public_id", "user__username", "user__email", "periods__payment__public_id"]
    search_help_text = "The person's name or e-mail address, or the id of a subscription or payment"
    ordering = ["-created_at", "-pk"]
    inlines = [PeriodInline]
    actions_detail = ["extend", "cancel", "retry", "refund"]

    @display(description="Price", ordering="price")
    def cost(self, subscription):
        return money_text(subscription.price)

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def status(self, subscription):
        return subscription.get_state_display()

    def has_manage_permission(self, request, obj=None):
        return request.user.has_perm("commerce.manage_subscription")

    def has_refund_permission(self, request, obj=None):
        """Support decides about refunds, finance about plans."""
        return request.user.has_perm("commerce.decide_refund") or self.has_manage_permission(request)

    def useless_actions(self, subscription):
        useless = set()
        if not subscription.is_live or subscription.state == subscription.State.PAST_DUE:
            useless.add("extend")
        if not subscription.renews:
            useless.add("cancel")
        if subscription.state != subscription.State.PAST_DUE:
            useless.add("retry")
        if refunding.refundable_period(subscription) is None:
            useless.add("refund")
        return useless

    @action(
        description="Give days",
        permissions=["manage"],
        icon="event",
        dialog={
            "title": "Give this person days?",
            "description": "The time that runs ends later, and nothing is charged for it. They are told.",
            "form_class": ExtendForm,
            "form_submit_text": "Give",
        },
    )
    def extend(self, request, form, object_id):
        days = form.cleaned_data["days"]
        return self._do(
            request,
            object_id,
            lambda one: ending.extend(subscription=one, days=days, by=request.user),
            "The days are added.",
        )

    @action(
        description="Cancel",
        permissions=["manage"],
        icon="cancel",
        dialog={
            "title": "Cancel this subscription?",
            "description": "It runs to the end of what is paid; one that is overdue ends at once. They are told.",
            "form_class": None,
            "form_submit_text": "Cancel it",
        },
    )
    def cancel(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda one: ending.cancel(user=one.user, by=request.user),
            "It is cancelled.",
        )

    @action(
        description="Try the payment now",
        permissions=["manage"],
        icon="sync",
        dialog={
            "title": "Try the overdue payment now?",
            "description": "The card that the person has chosen is charged. A failure counts as one of the tries.",
            "form_class": None,
            "form_submit_text": "Try",
        },
    )
    def retry(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda one: renewing.retry(subscription=one, by=request.user),
            "It was tried: see the state.",
        )

    @action(
        description="Refund",
        permissions=["refund"],
        icon="undo",
        dialog={
            "title": "Refund the time that runs?",
            "description": (
                "It goes back the way it was paid, and cannot be taken back once it has been sent. Where the time was a"
                " change to more, what was paid for before goes on. They are told."
            ),
            "form_class": RefundForm,
            "form_submit_text": "Refund",
        },
    )
    def refund(self, request, form, object_id):
        chosen = form.cleaned_data
        return self._do(
            request,
            object_id,
            lambda one: refunding.refund_period(
                subscription=one,
                by=request.user,
                text=chosen["text"],
                only_unused=chosen["part"] == "unused",
                ends=chosen["then"] == "ends",
            ),
            "The money is on its way.",
        )

    def _do(self, request, object_id, call, done):
        act = partial(call, get_object_or_404(Subscription.objects.select_related("user"), pk=object_id))
        return do_and_say(request, self.opts, object_id, act, done, refused=CommerceError)


@admin.register(SubscriptionPeriod)
class SubscriptionPeriodAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "person", "plan", "kind", "start", "end", "paid", "status", "paid_at"]
    list_filter = ["state", "kind", "plan"]
    list_select_related = ["subscription__user", "plan"]
    search_fields = ["public_id", "subscription__user__username", "payment__public_id"]
    ordering = ["-created_at", "-pk"]

    @display(description="Person")
    def person(self, period):
        return period.subscription.user

    @display(description="Amount with tax", ordering="amount")
    def paid(self, period):
        return money_text(period.total)

    @display(description="State", ordering="state", label=PERIOD_COLOURS)
    def status(self, period):
        return period.get_state_display()
