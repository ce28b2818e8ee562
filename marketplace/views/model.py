"""The page of one model."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.ratelimit import rate_limited
from core.robots import tell_robots
from core.verbs import wants_deletion
from marketplace.actions import likes
from marketplace.conversation import Conversation
from marketplace.embedding import DEFAULT_HEIGHT, DEFAULT_WIDTH, embed_html
from marketplace.forms.comment import CommentForm
from marketplace.models import Model3D
from marketplace.oembed import discovery_url
from marketplace.showcase import Showcase
from marketplace.statistics import record_view
from marketplace.structured_data import product_json_ld


@require_safe
def model(request, pk: int):
    shown = get_object_or_404(Model3D.objects.visible_to(request.user).with_page_data(), pk=pk)
    record_view(shown, request)
    showcase = Showcase(shown, viewer=request.user)
    context = {
        "model": shown,
        "showcase": showcase,
        "oembed_url": discovery_url(shown, request=request) if shown.is_open_to_all else "",
        "embed_code": _embed_code(showcase, request),
        "conversation": Conversation(shown, viewer=request.user),
        "comment_form": CommentForm(),
        "json_ld_data": product_json_ld(showcase, request=request),
    }
    response = render(request, "marketplace/model.html", context)
    return tell_robots(response, is_indexed=shown.is_indexed, may_train=shown.ai_training_allowed)


def _embed_code(showcase: Showcase, request) -> str:
    """Only of what everybody may open and turn."""
    if not (showcase.is_public and showcase.preview_url):
        return ""
    return embed_html(showcase.model, width=DEFAULT_WIDTH, height=DEFAULT_HEIGHT, request=request)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("like", limit=300, seconds=600)
def like(request, pk: int):
    """POST likes, DELETE takes it back; answers with the button where a script asks, else leads back."""
    found = get_object_or_404(
        Model3D.objects.visible_to(request.user).select_related("creator", "category", "current_file"), pk=pk
    )
    is_liked = not wants_deletion(request)
    if is_liked:
        likes.like(model=found, by=request.user)
    else:
        likes.unlike(model=found, by=request.user)
    if request.htmx:
        found.refresh_from_db(fields=["likes"])
        return render(request, "marketplace/_like.html", {"model": found, "is_liked": is_liked})
    return redirect(found)
