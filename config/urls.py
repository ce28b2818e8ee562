"""All addresses of the site; each app brings its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views.sign_up import SignUpView, SocialSignUpView
from commerce.admin.analytics import analytics, analytics_csv
from config.console import views as console
from support.admin.emails import emails
from support.admin.safety import queue as safety

urlpatterns = [
    # Before the console's own, which answers everything below its address.
    path("admin/analytics/", admin.site.admin_view(analytics), name="analytics"),
    path("admin/analytics/<slug:table>.csv", admin.site.admin_view(analytics_csv), name="analytics_csv"),
    path("admin/people/<int:pk>/", admin.site.admin_view(console.console_person), name="console_person"),
    path("admin/search/", admin.site.admin_view(console.console_search), name="console_search"),
    path("admin/safety/", admin.site.admin_view(safety.queue), name="safety_queue"),
    path(
        "admin/safety/<int:content_type_id>/<str:object_id>/",
        admin.site.admin_view(safety.case),
        name="safety_case",
    ),
    path("admin/emails/", admin.site.admin_view(emails), name="emails"),
    path("admin/", admin.site.urls),
    # Before allauth's own of the same names.
    path("accounts/signup/", SignUpView.as_view(), name="account_signup"),
    path("accounts/3rdparty/signup/", SocialSignUpView.as_view(), name="socialaccount_signup"),
    path("accounts/", include("allauth.urls")),
    path("", include("config.page_urls")),
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("marketplace.urls")),
    path("", include("blog.urls")),
    path("", include("community.urls")),
    path("", include("commerce.urls")),
    path("", include("support.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("", include("config.debug_urls"))]

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
