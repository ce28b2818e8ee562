from django.conf import settings
from django.urls import path

from core import mail_views, views

urlpatterns = [
    path("webhooks/mail/<slug:provider>/", mail_views.mail_events, name="mail_events"),
    path("theme/", views.set_theme, name="set_theme"),
]
if settings.SERVE_PUBLIC_MEDIA and settings.MEDIA_URL.startswith("/"):
    urlpatterns += [
        path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", views.public_media, name="public_media")
    ]
