"""Decisions in the console: the history, and taking one back."""

from functools import partial

from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.utils.html import format_html_join
from unfold.decorators import action, display

from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from support.actions.safety.deciding import take_back
from support.exceptions import SafetyRefused
from support.models import ModerationDecision

COLOURS = {"Stands": "warning", "No measure": "default", "Reversed": "success"}


@admin.register(ModerationDecision)
class ModerationDecisionAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_before_template = "admin/support/safety/tabs.html"
    list_display = ["title", "measure", "reason", "owner", "by", "state", "created_at"]
    list_filter = ["measure", "reason", ("reversed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["owner", "by"]
    search_fields = ["title", "owner__username", "by__username", "public_id"]
    search_help_text = "What it is about, whose it is, who decided"
    ordering = ["-created_at", "-pk"]
    fields = [
        *("title", "content_type", "owner", "measure", "reason", "note", "evidence", "measured", "snapshot"),
        *(
            "by",
            "created_at",
            "ends_at",
            "mend_by",
            "appeal_by",
            "claim",
            "state",
            "reversed_at",
            "reversed_by",
        ),
    ]
    readonly_fields = [
        "measured",
        "state",
        "created_at",
        "ends_at",
        "mend_by",
        "appeal_by",
        "reversed_at",
        "reversed_by",
    ]
    actions_detail = ["take_it_back"]
    # Its page on the site is its owner's.
    view_on_site = False

    @display(description="State", label=COLOURS)
    def state(self, decision):
        if decision.is_reversed:
            return "Reversed"
        return "Stands" if decision.is_against else "No measure"

    @display(description="What was measured")
    def measured(self, decision):
        rows = ((fact["label"], fact["value"]) for fact in decision.facts)
        return format_html_join("", "<p>{}: {}</p>", rows) or "-"

    def has_decide_permission(self, request, obj=None):
        return request.user.has_perm("support.decide_report")

    def useless_actions(self, decision):
        return {"take_it_back"} if decision.is_reversed else set()

    @action(
        description="Take back",
        permissions=["decide"],
        icon="undo",
        dialog={
            "title": "Take this decision back?",
            "description": "Everything that it changed is as it was before, and whom it concerns is told.",
            "form_class": None,
            "form_submit_text": "Take back",
        },
    )
    def take_it_back(self, request, form, object_id):
        decision = get_object_or_404(ModerationDecision, pk=object_id)
        act = partial(take_back, decision=decision, by=request.user)
        return do_and_say(
            request, self.opts, object_id, act, "The decision is taken back.", refused=SafetyRefused
        )
