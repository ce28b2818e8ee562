"""Proceeds held for claims in the console: finance says whose they are once the claim is decided."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.db.models import Sum
from django.shortcuts import get_object_or_404
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from commerce.actions.hold_returns import give_back
from commerce.actions.holds import release
from commerce.admin.shared import ReadOnlyInline
from commerce.exceptions import CommerceError
from commerce.models import HeldShare, ProceedsHold
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from core.templatetags.core_tags import money_text

STATES = {"Held": "warning", "The seller has it": "success", "Given back to the buyers": "info"}


class HeldShareInline(ReadOnlyInline):
    model = HeldShare
    verbose_name_plural = "shares of the sales"
    fields = ["transaction", "amount", "available_at", "created_at"]
    readonly_fields = ["created_at"]
    show_change_link = False
    ordering = ["pk"]
    per_page = 20

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("commerce.view_proceedshold")


class ReturnForm(BaseDialogForm):
    text = forms.CharField(
        label="Why? Buyers and seller read this.", max_length=500, widget=UnfoldAdminTextareaWidget
    )


@admin.register(ProceedsHold)
class ProceedsHoldAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["model", "seller", "money", "state", "opened_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "outcome"]
    list_select_related = ["model", "seller"]
    search_fields = ["model__title", "seller__username"]
    ordering = ["-opened_at", "-pk"]
    fields = ["model", "seller", "reason", "money", "state", "opened_at", "closed_at"]
    readonly_fields = ["money", "state", "opened_at", "closed_at"]
    inlines = [HeldShareInline]
    actions_detail = ["release_it", "return_it"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(held=Sum("shares__amount"))

    @display(description="Held", ordering="held")
    def money(self, hold):
        return money_text(hold.held or 0)

    @display(description="State", label=STATES)
    def state(self, hold):
        return "Held" if hold.is_open else hold.get_outcome_display()

    def has_settle_permission(self, request, obj=None):
        return request.user.has_perm("commerce.settle_hold")

    def useless_actions(self, hold):
        return set() if hold.is_open else {"release_it", "return_it"}

    @action(
        description="Release to the seller",
        permissions=["settle"],
        icon="lock_open",
        dialog={
            "title": "Release these proceeds?",
            "description": "They are the seller’s again. Look first whether the claim is decided.",
            "form_class": None,
            "form_submit_text": "Release",
        },
    )
    def release_it(self, request, form, object_id):
        def call(hold):
            release(hold=hold, by=request.user)

        return self._do(request, object_id, call, "The proceeds are the seller’s again.")

    @action(
        description="Give back to the buyers",
        permissions=["settle"],
        icon="undo",
        dialog={
            "title": "Give the buyers their money back?",
            "description": "Every sale that is held is refunded in full, and its buyer loses the model. Possible once"
            " the seller can appeal no more.",
            "form_class": ReturnForm,
            "form_submit_text": "Give back",
        },
    )
    def return_it(self, request, form, object_id):
        def call(hold):
            left_out = give_back(hold=hold, by=request.user, text=form.cleaned_data["text"])
            if left_out:
                messages.warning(
                    request,
                    f"Of {len(left_out)} nothing was given back: it is on its way already, or it is the award of a"
                    " bounty. What was held of them is the seller’s again.",
                )

        return self._do(request, object_id, call, "The money is on its way to the buyers.")

    def _do(self, request, object_id, call, done: str):
        hold = get_object_or_404(ProceedsHold.objects.select_related("model", "seller"), pk=object_id)
        return do_and_say(request, self.opts, object_id, partial(call, hold), done, refused=CommerceError)
