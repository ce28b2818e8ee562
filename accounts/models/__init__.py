from accounts.models.activity import Activity
from accounts.models.entitlements import Entitlements
from accounts.models.notification import Notification, NotificationActor, NotificationPreference
from accounts.models.personal_data import AccountDeletion, DataExport
from accounts.models.relation import Follow, UserBlock
from accounts.models.report import Report
from accounts.models.suspension import Suspension
from accounts.models.user import User, UserProfile

__all__ = [
    "AccountDeletion",
    "Activity",
    "DataExport",
    "Entitlements",
    "Follow",
    "Notification",
    "NotificationActor",
    "NotificationPreference",
    "Report",
    "Suspension",
    "User",
    "UserBlock",
    "UserProfile",
]
