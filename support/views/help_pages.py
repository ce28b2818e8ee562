"""The help: questions by category, one answer, and whether it helped."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.search.forms import clean_text
from support.actions import votes
from support.article_page import ArticlePage
from support.board import Board
from support.models import HelpArticle
from support.search import articles_matching, articles_nearly_titled
from support.structured_data import faq_json_ld
from support.voting import voter_of

OFFERED = 6
ANSWERS = {"yes": True, "no": False}


@require_safe
def index(request):
    """All questions; the address narrows them to a category, or to what a search finds."""
    return render(request, "support/help_index.html", {"board": Board(request.GET)})


@require_safe
def article(request, slug: str):
    """One question with its answer; a draft for who works on it."""
    found = _visible_article(request, slug)
    shown = ArticlePage(found, voter=voter_of(request))
    structured = faq_json_ld(found, shown.text, request=request) if found.is_published else None
    context = {"article": found, "shown": shown, "structured": structured}
    return render(request, "support/help_article.html", context)


@require_http_methods(["POST", "DELETE"])
@rate_limited("help-vote", limit=60, seconds=3600, methods=("POST", "DELETE"))
def vote(request, slug: str):
    """POST says whether it helped, DELETE takes it back; answers with the buttons where a script asks."""
    found = _visible_article(request, slug)
    if not found.is_published:
        raise Http404
    voter = voter_of(request, makes_known=not wants_deletion(request))
    if wants_deletion(request):
        votes.take_back(article=found, voter=voter)
    elif (answer := request.POST.get("helpful")) in ANSWERS:
        votes.vote(article=found, voter=voter, is_helpful=ANSWERS[answer])
    if request.htmx:
        found.refresh_from_db(fields=["helpful", "unhelpful"])
        shown = ArticlePage(found, voter=voter)
        return render(request, "support/_vote.html", {"article": found, "shown": shown})
    return redirect(f"{found.get_absolute_url()}#helpful")


@require_safe
@rate_limited("help-suggestions", limit=120, seconds=60, methods=("GET", "HEAD"))
@cache_control(private=True, max_age=60)
def suggestions(request):
    """The options of a listbox while somebody types a question; none for an empty field."""
    text = clean_text(request.GET.get("q", ""))
    found = list(articles_matching(text).for_lists()[:OFFERED]) if text else []
    if text and not found:
        found = list(articles_nearly_titled(text).for_lists()[:OFFERED])
    return render(request, "support/_suggestions.html", {"articles": found, "text": text})


def _visible_article(request, slug: str) -> HelpArticle:
    return get_object_or_404(
        HelpArticle.objects.visible_to(request.user).select_related("category"), slug=slug
    )
