"""Looking a bounty up is asking whether one may see it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers

from commerce.models import Bounty


def visible_bounty(request, pk: int) -> Bounty:
    return get_object_or_404(Bounty.objects.visible_to(request.user).with_page_data(), pk=pk)


def own_bounty(request, pk: int) -> Bounty:
    return get_object_or_404(Bounty.objects.of_poster(request.user).with_page_data(), pk=pk)


def kept_private(response: HttpResponse, bounty: Bounty) -> HttpResponse:
    """No cache keeps a page about a bounty that only some may see."""
    if not bounty.is_open_to_all:
        add_never_cache_headers(response)
    return response
