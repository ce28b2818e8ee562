"""What moderators do about people: buttons of their page in the console, and actions of the list."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.actions import standing
from accounts.exceptions import ModerationRefused
from accounts.models import User
from core.admin import UsefulActionsMixin, back_to

DAYS = [
    ("1", "1 day"),
    ("3", "3 days"),
    ("7", "7 days"),
    ("30", "30 days"),
    ("90", "90 days"),
    ("", "Until somebody lifts it"),
]


class SuspensionForm(BaseDialogForm):
    reason = forms.CharField(
        label="Reason, as the person will read it",
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    days = forms.ChoiceField(
        label="For how long", choices=DAYS, required=False, widget=UnfoldAdminSelectWidget
    )

    @property
    def until(self):
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None


class StandingMixin(UsefulActionsMixin):
    """Nobody decides about themselves, and only administrators about staff: see `accounts.actions.standing`."""

    actions = ["verify_selected", "unverify_selected", "restore_selected"]
    actions_detail = [
        *("all_of_person", "suspend_person", "restore_person", "verify_person", "unverify_person"),
        *("make_creator", "make_buyer"),
    ]

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm("accounts.moderate_user")

    @action(description="Give the creator’s badge", permissions=["moderate"])
    def verify_selected(self, request, queryset):
        self._each(request, queryset, "got the badge", standing.set_verified, verified=True)

    @action(description="Take the creator’s badge", permissions=["moderate"])
    def unverify_selected(self, request, queryset):
        self._each(request, queryset, "lost the badge", standing.set_verified, verified=False)

    @action(description="Restore suspended accounts", permissions=["moderate"])
    def restore_selected(self, request, queryset):
        self._each(request, queryset.filter(is_active=False), "restored", standing.restore)

    @action(
        description="Suspend",
        permissions=["moderate"],
        icon="block",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Suspend this account?",
            "description": "The person is logged out, cannot log in, and what they published is hidden.",
            "form_class": SuspensionForm,
            "form_submit_text": "Suspend",
        },
    )
    def suspend_person(self, request, form, object_id):
        why = {"reason": form.cleaned_data["reason"], "until": form.until}
        return self._one(request, object_id, "suspended", standing.suspend, **why)

    @action(
        description="Restore",
        permissions=["moderate"],
        icon="lock_open",
        dialog={
            "title": "Restore this account?",
            "description": "The person can log in again and what they published is shown.",
            "form_class": None,
            "form_submit_text": "Restore",
        },
    )
    def restore_person(self, request, form, object_id):
        return self._one(request, object_id, "restored", standing.restore)

    @action(
        description="Give the badge",
        permissions=["moderate"],
        icon="verified",
        dialog={
            "title": "Give the creator’s badge?",
            "description": "It is shown beside the name on every model.",
            "form_class": None,
            "form_submit_text": "Give the badge",
        },
    )
    def verify_person(self, request, form, object_id):
        return self._one(request, object_id, "verified", standing.set_verified, verified=True)

    @action(
        description="Take the badge",
        permissions=["moderate"],
        icon="remove_moderator",
        dialog={
            "title": "Take the creator’s badge?",
            "description": "It is no longer shown beside the name.",
            "form_class": None,
            "form_submit_text": "Take the badge",
        },
    )
    def unverify_person(self, request, form, object_id):
        return self._one(request, object_id, "unverified", standing.set_verified, verified=False)

    @action(
        description="Make a creator",
        permissions=["moderate"],
        icon="brush",
        dialog={
            "title": "Make this buyer a creator?",
            "description": "They can upload models, and sell them once they have said how they are paid.",
            "form_class": None,
            "form_submit_text": "Make a creator",
        },
    )
    def make_creator(self, request, form, object_id):
        creator = User.UserType.CREATOR
        return self._one(request, object_id, "a creator now", standing.set_type, user_type=creator)

    @action(
        description="Make a buyer",
        permissions=["moderate"],
        icon="shopping_bag",
        dialog={
            "title": "Make this creator a buyer?",
            "description": "Only where they have no models here, drafts included, and sold nothing. The badge goes"
            " with it.",
            "form_class": None,
            "form_submit_text": "Make a buyer",
        },
    )
    def make_buyer(self, request, form, object_id):
        buyer = User.UserType.BUYER
        return self._one(request, object_id, "a buyer now", standing.set_type, user_type=buyer)

    @action(description="All about them", icon="history")
    def all_of_person(self, request, object_id):
        return redirect("console_person", object_id)

    def useless_actions(self, person):
        useless = {"restore_person"} if person.is_active else {"suspend_person"}
        if person.is_deleted:
            useless |= {"restore_person", "make_creator", "make_buyer"}
        useless.add("make_creator" if person.is_creator else "make_buyer")
        if person.is_verified or not person.is_creator:
            useless.add("verify_person")
        if not person.is_verified:
            useless.add("unverify_person")
        return useless

    def _one(self, request, object_id, done, transition, **details):
        person = self.get_object(request, object_id)
        if person is None:
            raise Http404
        try:
            transition(user=person, by=request.user, **details)
        except ModerationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person.username}: {done}.")
        return back_to(request, reverse("admin:accounts_user_change", args=[object_id]))

    def _each(self, request, queryset, done, transition, **details):
        count = 0
        for person in queryset:
            try:
                transition(user=person, by=request.user, **details)
            except ModerationRefused as refusal:
                messages.error(request, str(refusal))
            else:
                count += 1
        if count:
            messages.success(request, f"{count} {done}.")
