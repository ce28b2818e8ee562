from django.urls import path

from support.views import docs, help_pages

app_name = "support"

urlpatterns = [
    path("help/", help_pages.index, name="help"),
    # Before the articles: their slugs are kept free of this word.
    path("help/suggestions/", help_pages.suggestions, name="help_suggestions"),
    path("help/<slug:slug>/", help_pages.article, name="help_article"),
    path("help/<slug:slug>/vote/", help_pages.vote, name="help_vote"),
    path("docs/", docs.index, name="docs"),
    path("docs/<slug:slug>/", docs.section, name="docs_section"),
]
