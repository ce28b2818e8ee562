"""Bounties in the console: moderators take them down, support decides in a poster's place, finance sends money anew."""

from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from commerce.actions.bounties import awarding, ending, moderating, returning
from commerce.admin.shared import ReadOnlyInline
from commerce.exceptions import CommerceError
from commerce.models import Bounty, BountyApplication, BountySubmission, EscrowReturn
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from core.templatetags.core_tags import money_text

COLOURS = {
    "Open": "success",
    "Being judged": "info",
    "Awarded": "success",
    "Cancelled": "warning",
    "Expired": "warning",
    "To be sent back": "info",
    "On its way": "info",
    "Sent back": "success",
    "Could not be sent back": "danger",
    "Handed in": "info",
    "Taken back by the bank": "warning",
    "Withdrawn": "warning",
}


class ReasonForm(BaseDialogForm):
    reason = forms.CharField(max_length=500, label="Reason", widget=UnfoldAdminTextareaWidget)


class Waiting(admin.SimpleListFilter):
    """Bounties whose poster has not chosen in time."""

    title = "for us"
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [
            ("decision", "Wait for a decision"),
            ("return", "Money not sent back"),
            ("bank", "Stand still: a bank decides"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "decision":
            return queryset.awaiting_decision()
        if self.value() == "return":
            return queryset.filter(escrow_return__in=EscrowReturn.objects.unsent())
        if self.value() == "bank":
            return queryset.holding_money().frozen()
        return queryset


class ApplicationInline(ReadOnlyInline):
    model = BountyApplication
    fields = ["applicant", "status", "created_at"]
    readonly_fields = ["created_at"]
    show_change_link = False
    ordering = ["created_at", "pk"]
    per_page = 20


class SubmissionInline(ReadOnlyInline):
    model = BountySubmission
    fields = ["model", "status", "submitted_at"]
    readonly_fields = ["submitted_at"]
    ordering = ["submitted_at", "pk"]
    per_page = 20


class DecidingAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    """Pages of single rows whose buttons carry out one decision."""

    def _do(self, request, call, done: str, object_id):
        return do_and_say(request, self.opts, object_id, call, done, refused=CommerceError)

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm("commerce.moderate_bounty")

    def has_decide_permission(self, request, obj=None):
        return request.user.has_perm("commerce.decide_bounty")


@admin.register(Bounty)
class BountyAdmin(DecidingAdmin):
    list_display = ["title", "creator", "amount", "state", "applicants", "deadline", "removed_at"]
    list_filter = ["status", Waiting, ("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["creator"]
    search_fields = ["title", "creator__username", "creator__email"]
    ordering = ["-created_at", "-pk"]
    inlines = [SubmissionInline, ApplicationInline]
    actions_detail = ["take_down", "put_back", "end"]

    @display(description="Budget", ordering="budget")
    def amount(self, bounty):
        return money_text(bounty.budget)

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, bounty):
        return bounty.get_status_display()

    def useless_actions(self, bounty):
        useless = {"put_back" if not bounty.is_removed else "take_down"}
        return useless if bounty.holds_money else {*useless, "end"}

    @action(
        description="Take down",
        permissions=["moderate"],
        icon="visibility_off",
        dialog={
            "title": "Take this bounty down?",
            "description": "Nobody but its poster sees it, and it takes no work. Its budget stays held.",
            "form_class": ReasonForm,
            "form_submit_text": "Take down",
        },
    )
    def take_down(self, request, form, object_id):
        bounty = get_object_or_404(Bounty, pk=object_id)
        reason = form.cleaned_data["reason"]
        return self._do(
            request,
            lambda: moderating.take_down(bounty=bounty, by=request.user, reason=reason),
            "The bounty is taken down.",
            object_id,
        )

    @action(
        description="Put back",
        permissions=["moderate"],
        icon="visibility",
        dialog={
            "title": "Put this bounty back?",
            "description": "Everybody sees it again.",
            "form_class": None,
            "form_submit_text": "Put back",
        },
    )
    def put_back(self, request, form, object_id):
        bounty = get_object_or_404(Bounty, pk=object_id)
        return self._do(
            request,
            lambda: moderating.put_back(bounty=bounty, by=request.user),
            "The bounty is there again.",
            object_id,
        )

    @action(
        description="End and return the money",
        permissions=["decide"],
        icon="undo",
        dialog={
            "title": "End this bounty without a winner?",
            "description": "The budget goes back to its poster. Everybody who applied reads the reason.",
            "form_class": ReasonForm,
            "form_submit_text": "End the bounty",
        },
    )
    def end(self, request, form, object_id):
        bounty = get_object_or_404(Bounty, pk=object_id)
        reason = form.cleaned_data["reason"]
        return self._do(
            request,
            lambda: ending.cancel(bounty=bounty, by=request.user, reason=reason),
            "The bounty has ended; the money is on its way back.",
            object_id,
        )


@admin.register(BountySubmission)
class BountySubmissionAdmin(DecidingAdmin):
    """To award what a poster did not choose in time, after looking at it on the site."""

    list_display = ["bounty", "model", "maker", "state", "submitted_at"]
    list_filter = ["status"]
    list_select_related = ["bounty", "model", "application__applicant"]
    search_fields = ["bounty__title", "model__title", "application__applicant__username"]
    ordering = ["-submitted_at", "-pk"]
    fields = ["bounty", "model", "maker", "note", "state", "transaction", "submitted_at", "preview"]
    readonly_fields = ["maker", "state", "submitted_at", "preview"]
    actions_detail = ["award"]

    @display(description="Maker")
    def maker(self, submission):
        return submission.maker

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, submission):
        return submission.get_status_display()

    @display(description="Preview")
    def preview(self, submission):
        return format_html('<a href="{}">Look at it on the site</a>', submission.get_absolute_url())

    def useless_actions(self, submission):
        is_useful = submission.bounty.holds_money and submission.can_be_awarded
        return set() if is_useful else {"award"}

    @action(
        description="Award",
        permissions=["decide"],
        icon="emoji_events",
        dialog={
            "title": "Award the bounty to this work?",
            "description": "Its maker gets the budget less our fee, its poster the model. This cannot be undone.",
            "form_class": None,
            "form_submit_text": "Award",
        },
    )
    def award(self, request, form, object_id):
        submission = get_object_or_404(BountySubmission.objects.select_related("bounty"), pk=object_id)
        return self._do(
            request,
            lambda: awarding.award(submission=submission, by=request.user),
            "The bounty is awarded.",
            object_id,
        )


@admin.register(EscrowReturn)
class EscrowReturnAdmin(DecidingAdmin):
    """Budgets on their way back to their posters."""

    list_display = ["bounty", "money", "state", "attempt", "message", "created_at", "sent_at"]
    list_filter = ["status"]
    list_select_related = ["bounty"]
    search_fields = ["bounty__title", "bounty__creator__username", "payment__public_id", "provider_id"]
    ordering = ["-created_at", "-pk"]
    actions_detail = ["try_again"]

    @display(description="Amount", ordering="amount")
    def money(self, returned):
        return money_text(returned.amount)

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, returned):
        return returned.get_status_display()

    def has_refund_permission(self, request, obj=None):
        return request.user.has_perm("commerce.refund_payment")

    def useless_actions(self, returned):
        return set() if returned.is_failed else {"try_again"}

    @action(
        description="Try again",
        permissions=["refund"],
        icon="sync",
        dialog={
            "title": "Try to send this money back again?",
            "description": "The provider is asked anew; what it refused before may be refused again.",
            "form_class": None,
            "form_submit_text": "Try again",
        },
    )
    def try_again(self, request, form, object_id):
        returned = get_object_or_404(EscrowReturn, pk=object_id)
        return self._do(
            request,
            lambda: returning.restart(returned=returned, by=request.user),
            "It is being sent again.",
            object_id,
        )
