"""Appeals in the console: heard by somebody who had no part in the decision."""

from functools import partial

from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say
from support.actions.safety.appealing import hear
from support.exceptions import SafetyRefused
from support.models import Appeal

COLOURS = {"Being looked at": "info", "Granted": "success", "Declined": "warning"}


class HearingForm(BaseDialogForm):
    answer = forms.CharField(
        label="Your answer, which whoever appealed reads",
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )


@admin.register(Appeal)
class AppealAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_before_template = "admin/support/safety/tabs.html"
    list_display = ["about", "side", "by", "first_by", "state", "due_at", "created_at"]
    list_filter = ["status", "side"]
    list_select_related = ["decision", "by", "first_by"]
    search_fields = ["decision__title", "by__username"]
    # What waits comes first, by the day on which an answer was promised.
    ordering = ["-status", "due_at", "pk"]
    fields = [
        *("the_decision", "note", "side", "by", "text", "first_by", "state", "created_at", "due_at"),
        *("decided_by", "decided_at", "answer"),
    ]
    readonly_fields = ["the_decision", "note", "state", "first_by", "created_at", "due_at"]
    actions_detail = ["grant", "decline"]

    @display(description="About")
    def about(self, appeal):
        return appeal.decision.title

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, appeal):
        return appeal.get_status_display()

    @display(description="Decision")
    def the_decision(self, appeal):
        address = reverse("admin:support_moderationdecision_change", args=[appeal.decision_id])
        return format_html(
            '<a href="{}">{}</a>',
            address,
            f"{appeal.decision.get_measure_display()}: {appeal.decision.title}",
        )

    @display(description="What its owner was told")
    def note(self, appeal):
        return appeal.decision.note or "-"

    def has_hear_permission(self, request, obj=None):
        return request.user.has_perm("support.decide_appeal")

    def useless_actions(self, appeal):
        return set() if appeal.is_open else {"grant", "decline"}

    @action(
        description="Grant",
        permissions=["hear"],
        icon="check",
        dialog={
            "title": "Grant this appeal?",
            "description": "The decision is reversed: everything that it changed is as it was before.",
            "form_class": HearingForm,
            "form_submit_text": "Grant",
        },
    )
    def grant(self, request, form, object_id):
        return self._hear(request, form, object_id, "The appeal is granted.", is_granted=True)

    @action(
        description="Decline",
        permissions=["hear"],
        icon="close",
        dialog={
            "title": "Decline this appeal?",
            "description": "The decision stands, for good.",
            "form_class": HearingForm,
            "form_submit_text": "Decline",
        },
    )
    def decline(self, request, form, object_id):
        return self._hear(request, form, object_id, "The appeal is declined.", is_granted=False)

    def _hear(self, request, form, object_id, done: str, *, is_granted: bool):
        appeal = get_object_or_404(Appeal.objects.select_related("decision"), pk=object_id)
        answer = form.cleaned_data["answer"]
        act = partial(hear, appeal=appeal, by=request.user, is_granted=is_granted, answer=answer)
        return do_and_say(request, self.opts, object_id, act, done, refused=SafetyRefused)
