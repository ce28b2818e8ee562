"""Payouts in the console: finance approves, declines, gathers batches, and takes back what a bank returned."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from commerce.actions import payout_batches, payouts
from commerce.actions.payout_details import reveal_details
from commerce.admin.shared import back_to
from commerce.exceptions import CommerceError
from commerce.models import Payout
from commerce.sealing import SealBroken
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from core.templatetags.core_tags import money_text

PAYOUT_COLOURS = {
    "Requested": "info",
    "Approved": "warning",
    "Paid": "success",
    "Returned": "danger",
    "Declined": "danger",
    "Cancelled": "default",
    "To be sent": "warning",
    "Discarded": "default",
}
NOT_OPENED = "The details cannot be opened: the key that sealed them is not in PAYOUT_ENCRYPTION_KEYS."


class ReasonForm(BaseDialogForm):
    reason = forms.CharField(
        label="Reason, as the seller will read it",
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class WaitingFilter(admin.SimpleListFilter):
    """What there is to do."""

    title = "to do"
    parameter_name = "todo"

    def lookups(self, request, model_admin):
        return [("mine", "Waits for my approval"), ("batch", "To be put into a batch")]

    def queryset(self, request, queryset):
        if self.value() == "mine":
            waiting = queryset.filter(status=Payout.Status.REQUESTED)
            return waiting.exclude(first_approver=request.user).exclude(seller=request.user)
        return queryset.to_batch() if self.value() == "batch" else queryset


@admin.register(Payout)
class PayoutAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["number", "seller", "money", "destination", "state", "approvals", "created_at", "paid_at"]
    list_filter = [WaitingFilter, "status", "method"]
    list_select_related = ["seller"]
    search_fields = ["public_id", "seller__username", "seller__email", "batch__public_id", "batch__reference"]
    search_help_text = "Number of payout or batch, the seller's name or e-mail address, the bank's reference"
    ordering = ["-created_at", "-pk"]
    exclude = ["details"]
    # That page is its seller's alone.
    view_on_site = False
    actions = ["put_into_batches"]
    actions_detail = ["approve", "decline", "take_back", "reveal"]

    @display(description="Payout")
    def number(self, payout):
        return payout.number

    @display(description="Amount", ordering="amount")
    def money(self, payout):
        return money_text(payout.amount)

    @display(description="State", ordering="status", label=PAYOUT_COLOURS)
    def state(self, payout):
        return payout.get_status_display()

    @display(description="Approvals")
    def approvals(self, payout):
        return f"{payout.approvals_given} of {payout.approvals_needed}"

    def has_approve_permission(self, request, obj=None):
        return request.user.has_perm("commerce.approve_payout")

    def has_pay_permission(self, request, obj=None):
        return request.user.has_perm("commerce.pay_payout")

    def has_reveal_permission(self, request, obj=None):
        return request.user.has_perm("commerce.reveal_payoutdetails")

    def useless_actions(self, payout):
        useless = set()
        if payout.status != Payout.Status.REQUESTED:
            useless.add("approve")
        if not payout.can_be_declined:
            useless.add("decline")
        if not payout.is_settled:
            useless.add("take_back")
        if payout.details_id is None:
            useless.add("reveal")
        return useless

    @action(
        description="Approve",
        permissions=["approve"],
        icon="check",
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": "Approve this payout?",
            "description": "It can be put into a batch then. Above the limit a second person has to approve it too.",
            "form_class": None,
            "form_submit_text": "Approve",
        },
    )
    def approve(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda payout: payouts.approve_payout(payout, by=request.user),
            "Your approval was recorded.",
        )

    @action(
        description="Decline",
        permissions=["approve"],
        icon="block",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Decline this payout?",
            "description": "The money goes back into the seller's balance, and they read why.",
            "form_class": ReasonForm,
            "form_submit_text": "Decline",
        },
    )
    def decline(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda payout: payouts.decline_payout(
                payout, by=request.user, reason=form.cleaned_data["reason"]
            ),
            "The payout was declined.",
        )

    @action(
        description="The bank returned it",
        permissions=["pay"],
        icon="undo",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Has the money come back?",
            "description": "The payout counts as returned, and the money is in the seller's balance again.",
            "form_class": ReasonForm,
            "form_submit_text": "It came back",
        },
    )
    def take_back(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda payout: payouts.return_payout(payout, by=request.user, reason=form.cleaned_data["reason"]),
            "The payout was returned.",
        )

    @action(
        description="Show the details in full",
        permissions=["reveal"],
        icon="visibility",
        dialog={
            "title": "Show where this payout goes to?",
            "description": "That you looked at it is recorded.",
            "form_class": None,
            "form_submit_text": "Show",
        },
    )
    def reveal(self, request, form, object_id):
        payout = get_object_or_404(Payout.objects.select_related("details"), pk=object_id)
        try:
            values = reveal_details(payout.details, by=request.user) if payout.details else {}
        except SealBroken:
            messages.error(request, NOT_OPENED)
            return back_to(request, reverse("admin:commerce_payout_change", args=[object_id]))
        labels = [(name.replace("_", " ").capitalize(), value) for name, value in values.items()]
        context = {**self.admin_site.each_context(request), "payout": payout, "values": labels}
        # The dialog takes out of the page what it shows; without scripts it is a page.
        return TemplateResponse(request, "admin/commerce/payout/revealed.html", context)

    @admin.action(description="Put into batches", permissions=["pay"])
    def put_into_batches(self, request, queryset):
        try:
            made, left_out = payout_batches.make_batches(
                queryset.values_list("pk", flat=True), by=request.user
            )
        except CommerceError as error:
            messages.error(request, error.message)
            return None
        for sentence in left_out:
            messages.warning(request, sentence)
        for batch in made:
            messages.success(request, f"{batch} ({batch.get_method_display()}) was made.")
        if len(made) == 1:
            return HttpResponseRedirect(reverse("admin:commerce_payoutbatch_change", args=[made[0].pk]))
        return HttpResponseRedirect(reverse("admin:commerce_payoutbatch_changelist")) if made else None

    def _do(self, request, object_id, call, done):
        act = partial(call, get_object_or_404(Payout, pk=object_id))
        return do_and_say(request, self.opts, object_id, act, done, refused=CommerceError)
