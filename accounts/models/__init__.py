from accounts.models.notification import Notification
from accounts.models.user import User, UserProfile

__all__ = ["Notification", "User", "UserProfile"]
