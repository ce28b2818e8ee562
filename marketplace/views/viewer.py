"""The 3D inspector in the whole window, the view that other pages embed, and the code that opens it on a phone."""

import io

import segno
from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from core.addresses import absolute_url
from core.robots import tell_robots
from marketplace.embedding import (
    DEFAULT_HEIGHT,
    DEFAULT_WIDTH,
    SIZES,
    EmbedOptions,
    EmbedTheme,
    embed_html,
    embed_url,
    is_embed,
)
from marketplace.inspector import inspector_facts
from marketplace.models import Model3D
from marketplace.oembed import discovery_url
from marketplace.showcase import Showcase

# Seconds: pages around may keep an embedded view for as long as its preview's address works in any case.
EMBED_AGE = 300


@require_safe
def viewer(request, pk: int):
    if is_embed(request.GET):
        return embed(request, pk)
    shown = get_object_or_404(Model3D.objects.visible_to(request.user).with_page_data(), pk=pk)
    showcase = Showcase(shown, viewer=request.user)
    context = {
        "model": shown,
        "showcase": showcase,
        "facts": inspector_facts(showcase),
        "embed_url": embed_url(shown, request=request),
        "embed_code": embed_html(shown, width=DEFAULT_WIDTH, height=DEFAULT_HEIGHT, request=request),
        "oembed_url": discovery_url(shown, request=request) if shown.is_open_to_all else "",
        "sizes": SIZES,
        "themes": EmbedTheme,
    }
    return _told(render(request, "marketplace/viewer.html", context), shown)


def _told(response, model: Model3D):
    """The page of the model is the one to be listed, never a view of it alone."""
    return tell_robots(response, is_indexed=False, may_train=model.ai_training_allowed)


# `*` leaves the frame to everybody; a frame without forms has nothing to trick a visitor into.
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "form-action": [NONE]})
@cache_control(public=True, max_age=EMBED_AGE)
def embed(request, pk: int):
    """Open models only, whoever asks: no cookie reaches this view (CookielessMiddleware)."""
    shown = Model3D.objects.open_to_all().with_page_data().filter(pk=pk).first()
    options = EmbedOptions.of(request.GET)
    if shown is None:
        return render(request, "marketplace/embed_missing.html", {"options": options}, status=404)
    showcase = Showcase(shown, viewer=request.user)
    context = {"model": shown, "showcase": showcase, "options": options}
    return _told(render(request, "marketplace/embed.html", context), shown)


@require_safe
@cache_control(private=True, max_age=3600)
def qr_code(request, pk: int):
    """The code that opens the viewer on a phone, as a picture; black on white in every theme, or nothing reads it."""
    shown = get_object_or_404(Model3D.objects.visible_to(request.user), pk=pk)
    address = absolute_url(f"{reverse('marketplace:viewer', args=[shown.pk])}?ar=1", request=request)
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
