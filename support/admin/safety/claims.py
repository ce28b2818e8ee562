"""Copyright claims in the console: opened, then decided when both sides were heard."""

from functools import partial

from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from support.actions.safety import claims
from support.exceptions import SafetyRefused
from support.models import CopyrightClaim

Status = CopyrightClaim.Status
COLOURS = {
    "Being looked at": "info",
    "Waits for the creator’s answer": "info",
    "Answered, waits for a decision": "warning",
    "Upheld": "danger",
    "Declined": "success",
    "Withdrawn": "default",
}
USEFUL = {
    Status.FILED: {"open_it", "decline"},
    Status.OPEN: {"uphold", "decline"},
    Status.COUNTERED: {"uphold", "decline"},
}


class NoteForm(BaseDialogForm):
    note = forms.CharField(
        label="Why? Both sides read this.",
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )


@admin.register(CopyrightClaim)
class CopyrightClaimAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_before_template = "admin/support/safety/tabs.html"
    list_display = ["title", "name", "owner", "state", "due_at", "created_at"]
    list_filter = ["status"]
    list_select_related = ["owner"]
    search_fields = ["title", "name", "on_behalf_of", "email", "owner__username"]
    ordering = ["due_at", "-created_at", "-pk"]
    fields = [
        *("state", "due_at", "the_model", "owner", "name", "on_behalf_of", "email", "address", "claimant"),
        *("work", "work_url", "own_model", "explanation", "signature", "measured", "created_at"),
        *("answer", "answer_signature", "answered_at", "hold", "opened_at", "decided_at"),
    ]
    readonly_fields = [
        *("state", "due_at", "the_model", "measured", "created_at", "answered_at", "hold", "opened_at"),
        "decided_at",
    ]
    actions_detail = ["open_it", "uphold", "decline"]
    # Its page on the site is for its two sides.
    view_on_site = False

    def get_queryset(self, request):
        """Without those that nobody has confirmed: they may be anybody's."""
        return super().get_queryset(request).confirmed()

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, claim):
        return claim.get_status_display()

    @display(description="Model")
    def the_model(self, claim):
        beside = ""
        if claim.own_model_id:
            address = reverse("admin:marketplace_model3d_compare", args=[claim.model_id, claim.own_model_id])
            beside = format_html(' (<a href="{}">beside the claimant’s own</a>)', address)
        address = reverse("admin:marketplace_model3d_change", args=[claim.model_id])
        return format_html('<a href="{}">{}</a>{}', address, claim.title, beside)

    @display(description="What was measured")
    def measured(self, claim):
        rows = ((fact["label"], fact["value"]) for fact in claim.facts)
        return format_html_join("", "<p>{}: {}</p>", rows) or "-"

    def has_decide_permission(self, request, obj=None):
        return request.user.has_perm("support.decide_copyrightclaim")

    def useless_actions(self, claim):
        return {"open_it", "uphold", "decline"} - USEFUL.get(claim.status, set())

    @action(
        description="Open the claim",
        permissions=["decide"],
        icon="forward_to_inbox",
        dialog={
            "title": "Open this claim?",
            "description": "Whose model it is reads it and may answer. The model stays up; what it earns is held.",
            "form_class": None,
            "form_submit_text": "Open the claim",
        },
    )
    def open_it(self, request, form, object_id):
        return self._do(request, object_id, claims.open_claim, "The claim is open.")

    @action(
        description="Uphold",
        permissions=["decide"],
        icon="gavel",
        dialog={
            "title": "Uphold this claim?",
            "description": "The model comes down. What it earned stays held until finance has settled it.",
            "form_class": NoteForm,
            "form_submit_text": "Uphold",
        },
    )
    def uphold(self, request, form, object_id):
        note = form.cleaned_data["note"]
        return self._do(request, object_id, claims.uphold, "The claim is upheld.", note=note)

    @action(
        description="Decline",
        permissions=["decide"],
        icon="close",
        dialog={
            "title": "Decline this claim?",
            "description": "The model stays, and what is held is its creator’s again.",
            "form_class": NoteForm,
            "form_submit_text": "Decline",
        },
    )
    def decline(self, request, form, object_id):
        note = form.cleaned_data["note"]
        return self._do(request, object_id, claims.decline, "The claim is declined.", note=note)

    def _do(self, request, object_id, call, done: str, **arguments):
        claim = get_object_or_404(self.get_queryset(request).select_related("model"), pk=object_id)
        act = partial(call, claim=claim, by=request.user, **arguments)
        return do_and_say(request, self.opts, object_id, act, done, refused=SafetyRefused)
