"""Addresses of people: settings, profiles, notifications. Sign-in itself is django-allauth's, below /accounts/."""

from django.urls import path

from accounts.views import notifications, profile, reports, settings

app_name = "accounts"

urlpatterns = [
    path("dashboard/settings/", settings.edit_profile, name="settings"),
    path("dashboard/settings/avatar/", settings.avatar, name="avatar"),
    path("dashboard/settings/creator/", settings.creator, name="creator"),
    path("report/<slug:kind>/<str:object_id>/", reports.report, name="report"),
    path("profile/<str:username>/", profile.profile, name="profile"),
    path("notifications/", notifications.index, name="notifications"),
    path("notifications/read/", notifications.mark_all_read, name="notifications_read"),
    path("notifications/<int:pk>/", notifications.follow, name="notification"),
    path("notifications/<int:pk>/read/", notifications.mark_read, name="notification_read"),
    path("notifications/<int:pk>/delete/", notifications.delete, name="notification_delete"),
]
