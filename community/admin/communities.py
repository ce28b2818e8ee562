"""Communities in the console: the queue of new ones, and those that are taken off the site."""

from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.models import Report
from community.actions import founding
from community.models import Community, CommunityDecision
from core.admin import ReadOnlyAdmin, ReadOnlyInline, UsefulActionsMixin, back_to

COLOURS = {"Waits for review": "info", "Active": "success", "Suspended": "danger"}


class NoteForm(BaseDialogForm):
    note = forms.CharField(max_length=500, label="What its owner reads", widget=UnfoldAdminTextareaWidget)


class DecisionInline(ReadOnlyInline):
    model = CommunityDecision
    fields = ["outcome", "note", "by", "created_at"]
    readonly_fields = ["created_at"]
    ordering = ["-created_at", "-pk"]
    show_change_link = False
    per_page = 20

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("community.view_community")


@admin.register(Community)
class CommunityAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = [
        "name",
        "owner",
        "shown_state",
        "policy",
        "category",
        "members_count",
        "posts_count",
        "created_at",
    ]
    list_filter = ["state", "policy", "category"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__username", "owner__email"]
    ordering = ["-created_at", "-pk"]
    fields = [
        *("name", "owner", "shown_state", "policy", "category", "description", "shown_rules"),
        *("members_count", "posts_count", "last_post_at", "created_at", "reported", "on_site"),
    ]
    readonly_fields = ["shown_state", "shown_rules", "reported", "on_site"]
    inlines = [DecisionInline]
    actions_detail = ["approve", "decline", "suspend", "restore"]

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, community):
        return community.get_state_display()

    @display(description="Rules")
    def shown_rules(self, community):
        return "\n".join(community.rules) or "-"

    @display(description="Reports")
    def reported(self, community):
        """How many are open about the community itself, with the way to them."""
        content_type = ContentType.objects.get_for_model(Community)
        about = Report.objects.open().filter(content_type=content_type, object_id=str(community.pk))
        address = f"{reverse('admin:accounts_report_changelist')}?{urlencode({'q': community.name})}"
        return format_html('<a href="{}">{} open</a>', address, about.count())

    @display(description="On the site")
    def on_site(self, community):
        return format_html('<a href="{}">Look at it</a>', community.get_absolute_url())

    def useless_actions(self, community):
        useful = {
            Community.State.PENDING: {"approve", "decline"},
            Community.State.ACTIVE: {"suspend"},
            Community.State.SUSPENDED: {"restore"},
        }[community.state]
        return {"approve", "decline", "suspend", "restore"} - useful

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm("community.moderate_community")

    @action(
        description="Approve",
        permissions=["moderate"],
        icon="check",
        dialog={
            "title": "Open this community?",
            "description": "Its owner is told, and whoever may see it does from now on.",
            "form_class": None,
            "form_submit_text": "Approve",
        },
    )
    def approve(self, request, form, object_id):
        return self._do(request, object_id, founding.approve, "The community is open.")

    @action(
        description="Decline",
        permissions=["moderate"],
        icon="close",
        dialog={
            "title": "Decline this community as it is?",
            "description": "Its owner may change it and send it again.",
            "form_class": NoteForm,
            "form_submit_text": "Decline",
        },
    )
    def decline(self, request, form, object_id):
        note = form.cleaned_data["note"]
        return self._do(request, object_id, founding.decline, "The community was declined.", note=note)

    @action(
        description="Suspend",
        permissions=["moderate"],
        icon="visibility_off",
        dialog={
            "title": "Take this community off the site?",
            "description": "Nobody but its owner sees it. What is in it stays, and comes back when it is restored.",
            "form_class": NoteForm,
            "form_submit_text": "Suspend",
        },
    )
    def suspend(self, request, form, object_id):
        note = form.cleaned_data["note"]
        return self._do(request, object_id, founding.suspend, "The community is suspended.", note=note)

    @action(
        description="Restore",
        permissions=["moderate"],
        icon="visibility",
        dialog={
            "title": "Open this community again?",
            "description": "Everything in it is as it was.",
            "form_class": None,
            "form_submit_text": "Restore",
        },
    )
    def restore(self, request, form, object_id):
        return self._do(request, object_id, founding.restore, "The community is open again.")

    def _do(self, request, object_id, call, done: str, **arguments):
        community = get_object_or_404(Community, pk=object_id)
        if call(community=community, by=request.user, **arguments):
            messages.success(request, done)
        else:
            messages.warning(request, "Somebody else has decided meanwhile.")
        return back_to(request, reverse("admin:community_community_change", args=[object_id]))
