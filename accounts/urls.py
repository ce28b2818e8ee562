"""Addresses of people: settings, profiles, notifications. Sign-in itself is django-allauth's, below /accounts/."""

from django.urls import path

from accounts.views import notifications, personal_data, preferences, profile, reports, settings, social

app_name = "accounts"

urlpatterns = [
    path("dashboard/settings/", settings.edit_profile, name="settings"),
    path("dashboard/settings/avatar/", settings.avatar, name="avatar"),
    path("dashboard/settings/banner/", settings.banner, name="banner"),
    path("dashboard/settings/privacy/", settings.privacy, name="settings_privacy"),
    path("dashboard/settings/blocked/", settings.blocked, name="settings_blocked"),
    path("dashboard/settings/notifications/", preferences.notifications, name="settings_notifications"),
    path("dashboard/settings/data/", personal_data.my_data, name="settings_data"),
    path("dashboard/settings/data/<uuid:public_id>/", personal_data.download_export, name="data_export"),
    path("dashboard/settings/delete/", personal_data.delete_account, name="settings_delete"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("dashboard/social/", social.social, name="social"),
    path("dashboard/settings/creator/", settings.creator, name="creator"),
    path("report/<slug:kind>/<str:object_id>/", reports.report, name="report"),
    path("profile/<str:username>/", profile.profile, name="profile"),
    path("profile/<str:username>/about/", profile.about, name="profile_about"),
    path("profile/<str:username>/followers/", profile.followers, name="followers"),
    path("profile/<str:username>/following/", profile.following, name="following"),
    path("profile/<str:username>/follow/", profile.follow, name="follow"),
    path("profile/<str:username>/block/", profile.block, name="block"),
    path("notifications/", notifications.index, name="notifications"),
    path("notifications/delete-read/", notifications.delete_read, name="notifications_delete_read"),
    path("notifications/read/", notifications.mark_all_read, name="notifications_read"),
    path("notifications/<int:pk>/", notifications.follow, name="notification"),
    path("notifications/<int:pk>/read/", notifications.mark_read, name="notification_read"),
    path("notifications/<int:pk>/delete/", notifications.delete, name="notification_delete"),
]
