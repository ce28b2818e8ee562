"""Disputes in the console: what the bank was told, and what is to be handed over."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html_join
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from commerce.actions.disputes import submit_evidence
from commerce.admin.shared import ReadOnlyInline, back_to
from commerce.exceptions import CommerceError
from commerce.models import Dispute, Refund
from commerce.refunding.evidence import as_text, evidence_of
from core.admin import ReadOnlyAdmin, UsefulActionsMixin
from core.templatetags.core_tags import money_text

STATES = {"The bank decides": "danger", "Won": "success", "Lost": "warning"}


class ShareInline(ReadOnlyInline):
    model = Refund
    verbose_name_plural = "shares of the sales"
    fields = ["transaction", "amount", "tax_amount", "fee_amount", "seller_amount", "status"]


class StatementForm(BaseDialogForm):
    statement = forms.CharField(
        label="What the facts prove",
        max_length=Dispute.STATEMENT_LENGTH,
        widget=UnfoldAdminTextareaWidget,
    )


@admin.register(Dispute)
class DisputeAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["number", "payer", "money", "state", "opened_at", "submitted_at", "closed_at"]
    list_filter = ["status", "provider", ("submitted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["payment__payer"]
    search_fields = ["public_id", "provider_id", "payment__public_id", "payment__payer__username"]
    ordering = ["-opened_at", "-pk"]
    readonly_fields = ["facts"]
    exclude = ["evidence"]
    inlines = [ShareInline]
    actions_detail = ["submit", "as_file"]

    @display(description="Dispute")
    def number(self, dispute):
        return dispute.number

    @display(description="Payer")
    def payer(self, dispute):
        return dispute.payment.payer

    @display(description="Amount", ordering="amount")
    def money(self, dispute):
        return money_text(dispute.amount)

    @display(description="State", ordering="status", label=STATES)
    def state(self, dispute):
        return dispute.get_status_display()

    @display(description="Evidence")
    def facts(self, dispute):
        """As it was handed over; before that as it is now."""
        found = dispute.evidence or evidence_of(dispute)
        return format_html_join(
            "", "<p><b>{}</b>: {}</p>", ((fact["label"], fact["value"]) for fact in found)
        )

    def has_submit_permission(self, request, obj=None):
        return request.user.has_perm("commerce.answer_dispute")

    def useless_actions(self, dispute):
        is_useful = dispute.is_open and dispute.submitted_at is None
        return set() if is_useful else {"submit"}

    @action(
        description="Hand over the evidence",
        permissions=["submit"],
        icon="gavel",
        dialog={
            "title": "Hand over the evidence?",
            "description": "Facts and statement are kept as they are now; banks take evidence once.",
            "form_class": StatementForm,
            "form_submit_text": "Hand over",
        },
    )
    def submit(self, request, form, object_id):
        dispute = get_object_or_404(Dispute, pk=object_id)
        try:
            submit_evidence(dispute=dispute, by=request.user, statement=form.cleaned_data["statement"])
        except CommerceError as error:
            messages.error(request, error.message)
        else:
            messages.success(
                request, "It is kept. Where the provider takes evidence on its own pages, use the file."
            )
        return back_to(request, reverse("admin:commerce_dispute_change", args=[object_id]))

    @action(description="Evidence as a file", permissions=["submit"], icon="download")
    def as_file(self, request, object_id):
        dispute = get_object_or_404(
            Dispute.objects.select_related("payment__order", "payment__payer"), pk=object_id
        )
        response = HttpResponse(as_text(dispute), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="dispute-{dispute.number}.txt"'
        return response
