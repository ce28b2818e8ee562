from django.urls import include, path

from support.views import docs, help_pages
from support.views.safety import claims, decisions

app_name = "support"

urlpatterns = [
    path("", include("support.ticket_urls")),
    path("help/", help_pages.index, name="help"),
    # Before the articles: their slugs are kept free of this word.
    path("help/suggestions/", help_pages.suggestions, name="help_suggestions"),
    path("help/<slug:slug>/", help_pages.article, name="help_article"),
    path("help/<slug:slug>/vote/", help_pages.vote, name="help_vote"),
    path("docs/", docs.index, name="docs"),
    path("docs/<slug:slug>/", docs.section, name="docs_section"),
    path("decisions/", decisions.index, name="decisions"),
    path("decisions/<uuid:public_id>/", decisions.decision, name="decision"),
    path("decisions/<uuid:public_id>/appeal/", decisions.appeal, name="appeal"),
    path("decisions/enter/<str:token>/", decisions.door, name="safety_door"),
    path("copyright/", claims.new, name="new_claim"),
    path("copyright/confirm/<str:token>/", claims.confirm, name="confirm_claim"),
    path("claims/<uuid:public_id>/", claims.claim, name="claim"),
    path("claims/<uuid:public_id>/answer/", claims.answer, name="answer_claim"),
    path("claims/<uuid:public_id>/withdrawal/", claims.withdraw, name="withdraw_claim"),
]
