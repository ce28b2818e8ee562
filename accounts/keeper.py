"""What accounts keeps about people: the account, who they know, what they were told. See `accounts.personal_data`."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet

from accounts.erasing import erase
from accounts.models import Entitlements, User, UserProfile
from accounts.personal_data import Exported, Fate, Held, Keeper, rows
from core.models import AuditEntry, OutgoingMail

OTHERS = "It is what somebody else did; their copy has it."
ROLES = "Roles belong to the work here, and nobody who has one can be deleted."
AS_AUDITED = "It is in `audit`, as everything that somebody did in the console."
TRAIL = "The trail of who did what stays whole, without the name."

HOLDS = {
    "accounts.UserProfile.user": Held("profile", Fate.DELETED),
    "accounts.Follow.follower": Held("following", Fate.DELETED),
    "accounts.Follow.followed": Held("followers", Fate.DELETED),
    "accounts.UserBlock.blocker": Held("blocked", Fate.DELETED),
    "accounts.UserBlock.blocked": Held("", Fate.DELETED, not_copied="Nobody is told who blocked them."),
    "accounts.Notification.user": Held("notifications", Fate.DELETED),
    "accounts.Notification.actor": Held("", Fate.DELETED, not_copied=OTHERS),
    "accounts.NotificationActor.actor": Held("", Fate.DELETED, not_copied=OTHERS),
    "accounts.NotificationPreference.user": Held("notification_preferences", Fate.DELETED),
    "accounts.Activity.actor": Held("activities", Fate.DELETED),
    "accounts.Report.reporter": Held("reports", Fate.DELETED),
    "accounts.Report.owner": Held("", Fate.DELETED, not_copied="Nobody is told who reported them."),
    "accounts.Suspension.user": Held("suspensions", Fate.DELETED),
    "accounts.Suspension.by": Held("", Fate.ANONYMISED, not_copied=AS_AUDITED, not_deleted=TRAIL),
    "accounts.Suspension.lifted_by": Held("", Fate.ANONYMISED, not_copied=AS_AUDITED, not_deleted=TRAIL),
    "accounts.Entitlements.user": Held("entitlements", Fate.DELETED),
    "accounts.DataExport.user": Held("", Fate.DELETED, not_copied="A copy is not in the copy."),
    "accounts.AccountDeletion.user": Held(
        "",
        Fate.KEPT,
        not_copied="Nobody asks for both at once.",
        not_deleted="It proves that it was carried out.",
    ),
    "accounts.User_groups.user": Held("", Fate.DELETED, not_copied=ROLES),
    "accounts.User_user_permissions.user": Held("", Fate.DELETED, not_copied=ROLES),
    "account.EmailAddress.user": Held("email_addresses", Fate.DELETED),
    "socialaccount.SocialAccount.user": Held("connected_accounts", Fate.DELETED),
    "mfa.Authenticator.user": Held("sign_in_methods", Fate.DELETED),
    "usersessions.UserSession.user": Held("sessions", Fate.DELETED),
    "core.OutgoingMail.recipient": Held("mails", Fate.DELETED),
    "core.AuditEntry.actor": Held("audit", Fate.ANONYMISED, not_deleted=TRAIL),
    "admin.LogEntry.user": Held(
        "", Fate.ANONYMISED, not_copied="It repeats the audit log.", not_deleted=TRAIL
    ),
}

SUSPENSION = ("reason", "started_at", "ends_at", "lifted_at")
ACCOUNT = (
    *("username", "email", "full_name", "bio", "avatar", "user_type", "is_verified", "mature_content"),
    *(
        "created_at",
        "last_login",
        "terms_accepted_at",
        "total_models",
        "total_sales",
        "rating",
        "rating_count",
    ),
    *("followers_count", "following_count", "purchases_count"),
)
PROFILE = (
    *("phone", "country", "city", "website", "twitter", "instagram", "portfolio_url", "banner"),
    *("is_indexed", "shows_likes", "shows_location", "skills", "software"),
)

ENTITLEMENTS = (
    *("label", "max_upload_bytes", "storage_bytes", "private_models", "analytics_days", "hold_days"),
    "updated_at",
)


def export(user: User) -> Exported:
    told = user.notifications.newest_first()
    tables = [
        ("account", rows(User.objects.filter(pk=user.pk), *ACCOUNT)),
        ("profile", rows(UserProfile.objects.filter(user=user), *PROFILE)),
        *_sign_in(user),
        ("following", rows(user.follows.order_by("pk"), "created_at", person=F("followed__username"))),
        ("followers", rows(user.followed_by.order_by("pk"), "created_at", person=F("follower__username"))),
        ("blocked", rows(user.blocks.order_by("pk"), "created_at", person=F("blocked__username"))),
        ("notifications", rows(told, "kind", "title", "message", "link", "is_read", "created_at")),
        ("notification_preferences", rows(user.notification_preferences, "kind", "on_site", "by_mail")),
        ("entitlements", rows(Entitlements.objects.filter(user=user), *ENTITLEMENTS)),
        ("activities", rows(user.activities.order_by("pk"), "verb", "title", "link", "created_at")),
        (
            "reports",
            rows(user.reports.order_by("pk"), "link", "title", "reason", "note", "state", "created_at"),
        ),
        ("suspensions", rows(user.suspensions.order_by("pk"), *SUSPENSION)),
        ("mails", rows(_mails(user), "kind", "to_address", "subject", "status", "created_at", "sent_at")),
        ("audit", rows(AuditEntry.objects.filter(actor=user), "action", "object_repr", "data", "created_at")),
        ("decisions_about_you", rows(_decisions(user), "action", "data", "created_at")),
    ]
    return Exported(tables=tables, files=_pictures(user))


def _sign_in(user: User):
    addresses = EmailAddress.objects.filter(user=user)
    connected = SocialAccount.objects.filter(user=user)
    methods = Authenticator.objects.filter(user=user)
    sessions = UserSession.objects.filter(user=user)
    return [
        ("email_addresses", rows(addresses, "email", "verified", "primary")),
        ("connected_accounts", rows(connected, "provider", "uid", "extra_data", "date_joined", "last_login")),
        # Without their secrets, which would let whoever finds the copy in.
        ("sign_in_methods", rows(methods, "type", "created_at", "last_used_at")),
        ("sessions", rows(sessions, "ip", "user_agent", "created_at", "last_seen_at")),
    ]


def _mails(user: User) -> QuerySet:
    """Without their texts, which hold sign-in links; the person has them in their mail box."""
    return OutgoingMail.objects.filter(recipient=user).order_by("pk")


def _decisions(user: User) -> QuerySet:
    content_type = ContentType.objects.get_for_model(User)
    return AuditEntry.objects.filter(content_type=content_type, object_id=str(user.pk)).exclude(actor=user)


def _pictures(user: User):
    if user.avatar:
        yield "avatar.webp", user.avatar
    profile = UserProfile.objects.filter(user=user).first()
    if profile is not None and profile.banner:
        yield "banner.webp", profile.banner


def veto(user: User) -> list[str]:
    if user.is_staff or user.is_superuser or user.groups.exists() or user.user_permissions.exists():
        return ["You work here: an administrator has to take your roles from you first."]
    return []


def keeper() -> Keeper:
    return Keeper(name="accounts", holds=HOLDS, export=export, erase=erase, veto=veto)
