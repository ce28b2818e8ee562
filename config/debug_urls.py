"""Addresses that exist only while DEBUG is on."""

from django.urls import include, path

from config.views import styleguide

urlpatterns = [
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/errors/<int:code>/", styleguide.error_page, name="styleguide_error"),
    path("", include("core.debug_urls")),
]
