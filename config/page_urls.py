"""Addresses of the pages that belong to no single app."""

from django.urls import path

from config.views import pages

urlpatterns = [
    path("about/", pages.page, {"template": "pages/about.html"}, name="about"),
    path("terms/", pages.page, {"template": "pages/terms.html"}, name="terms"),
    path("creator-terms/", pages.page, {"template": "pages/creator_terms.html"}, name="creator_terms"),
    path("privacy/", pages.page, {"template": "pages/privacy.html"}, name="privacy"),
    path("licences/", pages.page, {"template": "pages/licences.html"}, name="licences"),
    path("contact/", pages.page, {"template": "pages/contact.html"}, name="contact"),
    path("status/", pages.page, {"template": "pages/status.html"}, name="status"),
]
