"""Addresses that exist only while DEBUG is on."""

from django.urls import path

from core import debug_views

urlpatterns = [
    path("dev/mail/", debug_views.mail_list, name="dev_mail"),
    path("dev/mail/<int:pk>/", debug_views.mail_detail, name="dev_mail_detail"),
    path("dev/mail/<int:pk>/html/", debug_views.mail_html, name="dev_mail_html"),
]
