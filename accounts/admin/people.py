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
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.utils.html import format_html
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.admin.roles import RolesMixin
from accounts.admin.standing import StandingMixin
from accounts.finding import anybody
from accounts.models import Notification, Suspension, User
from core.admin import ReadOnlyAdmin, ReadOnlyInline
from core.desk import NEWEST_FIRST, ConsoleAdmin

admin.site.login = secure_admin_login(admin.site.login)

# Addresses stand beside their person; the rest is nobody's to edit here (providers are set up by environment).
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class SuspensionInline(ReadOnlyInline):
    model = Suspension
    fk_name = "user"
    fields = ["reason", "by", "started_at", "ends_at", "lifted_at", "lifted_by"]
    readonly_fields = ["started_at", "lifted_at"]
    ordering = ["-started_at", "-pk"]
    per_page = 20
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by", "lifted_by")

    def has_view_permission(self, request, obj=None):
        """Whoever sees the person sees this of them."""
        return request.user.has_perm("accounts.view_user")


class EmailAddressInline(ReadOnlyInline):
    model = EmailAddress
    fields = readonly_fields = ["email", "primary", "verified"]
    verbose_name_plural = "E-mail addresses"
    show_change_link = False


STATE_LABELS = {"Active": "success", "Suspended": "danger", "Deleted": "default"}


@admin.register(User)
class UserAdmin(StandingMixin, RolesMixin, BaseUserAdmin, ConsoleAdmin):
    """Search, look at, suspend, restore, badge. Only administrators change roles, and nobody changes figures."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = [EmailAddressInline, SuspensionInline]
    list_display = ["person", "email", "type_label", "state_label", "is_verified", "is_staff", "created_at"]
    list_filter = ["user_type", "is_active", "is_verified", "is_staff", "is_demo"]
    list_filter_submit = True
    search_fields = ["username", "email", "full_name"]
    search_help_text = "Username, full name, or a whole e-mail address"
    ordering = NEWEST_FIRST
    figures = [
        *("total_models", "total_sales", "rating", "rating_count", "followers_count", "following_count"),
        "purchases_count",
    ]
    readonly_fields = [
        *(
            "is_active",
            "is_verified",
            "user_type",
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

    @display(description="Person", ordering="username")
    def person(self, user):
        if not user.full_name:
            return user.username
        # unfold's own way of two lines is no valid HTML.
        return format_html('{}<span class="person-name"> {}</span>', user.username, user.full_name)

    @display(description="Type", label={"Creator": "info", "Buyer": "default"}, ordering="user_type")
    def type_label(self, user):
        return user.get_user_type_display()

    @display(description="State", label=STATE_LABELS, ordering="is_active")
    def state_label(self, user):
        if user.is_deleted:
            return "Deleted"
        return "Active" if user.is_active else "Suspended"

    def get_search_results(self, request, queryset, search_term):
        """By the indexes of names and addresses, which a search for parts of any field would not use."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=anybody(search_term).order_by().values("pk")), False

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


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["title", "user", "kind", "is_read", "created_at"]
    list_filter = ["kind", "is_read"]
    search_fields = ["title", "user__username", "user__email"]
    list_select_related = ["user"]
    ordering = NEWEST_FIRST
