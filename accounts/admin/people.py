"""People in the moderation console. Signing in to it is signing in to the site: same page, same second factor."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401 (what these four register is taken out again below)
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import AdminPasswordChangeForm, BaseDialogForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.actions import standing
from accounts.exceptions import ModerationRefused
from accounts.models import Notification, User
from core.admin import ReadOnlyAdmin, ReadOnlyInline, UsefulActionsMixin

admin.site.login = secure_admin_login(admin.site.login)

# Addresses stand beside their person; the rest is nobody's to edit here (providers are set up by environment).
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    pass


class SuspensionForm(BaseDialogForm):
    reason = forms.CharField(
        label="Reason, as the person will read it",
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )


class EmailAddressInline(ReadOnlyInline):
    model = EmailAddress
    fields = readonly_fields = ["email", "primary", "verified"]
    verbose_name_plural = "E-mail addresses"
    show_change_link = False


STATE_LABELS = {"Active": "success", "Suspended": "danger", "Deleted": "default"}


@admin.register(User)
class UserAdmin(UsefulActionsMixin, BaseUserAdmin, ModelAdmin):
    """Search, look at, suspend, restore, badge. Only administrators change roles, and nobody changes figures."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = [EmailAddressInline]
    list_display = ["person", "email", "type_label", "state_label", "is_verified", "is_staff", "created_at"]
    list_filter = ["user_type", "is_active", "is_verified", "is_staff", "is_demo"]
    list_filter_submit = True
    search_fields = ["username", "email", "full_name"]
    search_help_text = "Username, e-mail address or full name"
    ordering = ["-created_at", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["verify_selected", "unverify_selected", "restore_selected"]
    actions_detail = ["suspend_person", "restore_person", "verify_person", "unverify_person"]
    figures = [
        *("total_models", "total_sales", "rating", "rating_count", "followers_count", "following_count"),
        "purchases_count",
    ]
    readonly_fields = [
        *(
            "is_active",
            "is_verified",
            "last_login",
            "created_at",
            "updated_at",
            "terms_accepted_at",
            "deletion_due_at",
            "deleted_at",
            "is_demo",
        ),
        *figures,
    ]
    fieldsets = [
        ("Account", {"fields": ["username", "email", "password"], "classes": ["tab"]}),
        ("Person", {"fields": ["full_name", "bio", "user_type"], "classes": ["tab"]}),
        ("Standing", {"fields": ["is_active", "is_verified", "is_demo"], "classes": ["tab"]}),
        ("Figures", {"fields": figures, "classes": ["tab"]}),
        (
            "Roles",
            {"fields": ["is_staff", "is_superuser", "groups", "user_permissions"], "classes": ["tab"]},
        ),
        (
            "Dates",
            {
                "fields": [
                    *("last_login", "created_at", "updated_at", "terms_accepted_at"),
                    *("deletion_due_at", "deleted_at"),
                ],
                "classes": ["tab"],
            },
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "email", "usable_password", "password1", "password2"],
            },
        )
    ]

    @display(description="Person", header=True, ordering="username")
    def person(self, user):
        return [user.username, user.full_name]

    @display(description="Type", label={"Creator": "info", "Buyer": "default"}, ordering="user_type")
    def type_label(self, user):
        return user.get_user_type_display()

    @display(description="State", label=STATE_LABELS, ordering="is_active")
    def state_label(self, user):
        if user.is_deleted:
            return "Deleted"
        return "Active" if user.is_active else "Suspended"

    def get_readonly_fields(self, request, obj=None):
        """Roles are an administrator's business: whoever could give them could give themselves all."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_staff", "is_superuser", "groups", "user_permissions"]

    def has_change_permission(self, request, obj=None):
        """Staff accounts, with their passwords, are changed by administrators only."""
        if isinstance(obj, User) and (obj.is_staff or obj.is_superuser) and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """People are suspended, not deleted: orders and downloads of others hang on them."""
        return False

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
            "description": "The person cannot log in any more and what they published is hidden.",
            "form_class": SuspensionForm,
            "form_submit_text": "Suspend",
        },
    )
    def suspend_person(self, request, form, object_id):
        reason = form.cleaned_data["reason"]
        return self._one(request, object_id, "suspended", standing.suspend, reason=reason)

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

    def useless_actions(self, person):
        useless = {"restore_person"} if person.is_active else {"suspend_person"}
        if person.is_deleted:
            useless.add("restore_person")
        if person.is_verified or not person.is_creator:
            useless.add("verify_person")
        if not person.is_verified:
            useless.add("unverify_person")
        return useless

    def _one(self, request, object_id, done, transition, **details):
        person = User.objects.get(pk=object_id)
        try:
            transition(user=person, by=request.user, **details)
        except ModerationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person.username}: {done}.")
        address = reverse("admin:accounts_user_change", args=[object_id])
        return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)

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


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["title", "user", "kind", "is_read", "created_at"]
    list_filter = ["kind", "is_read"]
    search_fields = ["title", "user__username", "user__email"]
    list_select_related = ["user"]
    ordering = ["-created_at", "-pk"]
