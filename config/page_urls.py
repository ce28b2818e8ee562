"""Addresses of the pages that belong to no single app."""

from django.urls import path

from config.views import discovery, health, home, pages, search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("about/", pages.about, name="about"),
    path("terms/", pages.terms, name="terms"),
    path("creator-terms/", pages.creator_terms, name="creator_terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("licences/", pages.licences, name="licences"),
    path("licences/<slug:slug>/", pages.licence, name="licence"),
    path("contact/", pages.contact, name="contact"),
    path("status/", pages.status, name="status"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap_index, name="sitemap_index"),
    path("sitemaps/<slug:section>-<int:part>.xml", discovery.sitemap, name="sitemap"),
]
