"""Batches of payouts in the console: their file for the bank, and what became of them."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Sum
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.actions import payout_batches
from commerce.admin.payouts import NOT_OPENED, PAYOUT_COLOURS
from commerce.admin.shared import ReadOnlyInline
from commerce.exceptions import CommerceError
from commerce.models import Payout, PayoutBatch
from commerce.payout_files import batch_table
from commerce.sealing import SealBroken
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from core.csv_files import csv_response
from core.templatetags.core_tags import money_text


class ReferenceForm(BaseDialogForm):
    reference = forms.CharField(
        label="What the bank or PayPal calls it", max_length=100, widget=UnfoldAdminTextInputWidget
    )


class PayoutInline(ReadOnlyInline):
    model = Payout
    fields = ["number", "seller", "amount", "destination", "status"]
    readonly_fields = ["number"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("seller")

    def number(self, payout):
        return payout.number


@admin.register(PayoutBatch)
class PayoutBatchAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["number", "method", "payouts", "total", "state", "made_by", "created_at", "paid_at"]
    list_filter = ["status", "method"]
    list_select_related = ["made_by"]
    search_fields = ["public_id", "reference", "payouts__public_id"]
    ordering = ["-created_at", "-pk"]
    inlines = [PayoutInline]
    actions_detail = ["download", "mark_paid", "discard"]

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found.annotate(payout_count=Count("payouts"), payout_total=Sum("payouts__amount", default=0))

    @display(description="Batch")
    def number(self, batch):
        return batch.number

    @display(description="Payouts")
    def payouts(self, batch):
        return batch.payout_count

    @display(description="Total")
    def total(self, batch):
        return money_text(batch.payout_total)

    @display(description="State", ordering="status", label=PAYOUT_COLOURS)
    def state(self, batch):
        return batch.get_status_display()

    def has_pay_permission(self, request, obj=None):
        return request.user.has_perm("commerce.pay_payout")

    def useless_actions(self, batch):
        return set() if batch.is_open else {"download", "mark_paid", "discard"}

    @action(description="CSV for the bank", permissions=["pay"], icon="download")
    def download(self, request, object_id):
        batch = get_object_or_404(PayoutBatch, pk=object_id)
        address = reverse("admin:commerce_payoutbatch_change", args=[object_id])
        if not batch.is_open:
            messages.error(request, "Only a batch that is to be sent has a file.")
            return HttpResponseRedirect(address)
        try:
            header, rows = batch_table(batch, by=request.user)
        except SealBroken:
            messages.error(request, NOT_OPENED)
            return HttpResponseRedirect(address)
        return csv_response(f"payouts-{batch.number}.csv", header, rows)

    @action(
        description="Mark as paid",
        permissions=["pay"],
        icon="check",
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": "Was the whole batch sent?",
            "description": "Every payout in it counts as paid, and the sellers are told. What the bank sends back"
            " is returned one by one.",
            "form_class": ReferenceForm,
            "form_submit_text": "It was sent",
        },
    )
    def mark_paid(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda batch: payout_batches.mark_paid(
                batch, by=request.user, reference=form.cleaned_data["reference"]
            ),
            "The batch is paid.",
        )

    @action(
        description="Discard",
        permissions=["pay"],
        icon="delete",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Discard this batch?",
            "description": "Only where nothing of it was sent. Its payouts wait, approved as they are, for another.",
            "form_class": None,
            "form_submit_text": "Discard",
        },
    )
    def discard(self, request, form, object_id):
        return self._do(
            request,
            object_id,
            lambda batch: payout_batches.discard_batch(batch, by=request.user),
            "The batch was discarded.",
        )

    def _do(self, request, object_id, call, done):
        act = partial(call, get_object_or_404(PayoutBatch, pk=object_id))
        return do_and_say(request, self.opts, object_id, act, done, refused=CommerceError)
