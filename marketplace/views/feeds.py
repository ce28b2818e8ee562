"""Feeds: all new models, those of one shelf, those of one creator. A reader that has the newest gets 304."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from accounts.people import find_person
from marketplace.feeds import MEDIA_TYPE, ModelFeed
from marketplace.models import Category, Model3D

KEPT_SECONDS = 300


@require_safe
def newest(request):
    feed = ModelFeed(
        title=f"New models on {settings.SITE_NAME}",
        subtitle="3D models with measured specifications, each reviewed by a person.",
        path=reverse("marketplace:feed"),
        page=reverse("marketplace:grid"),
        models=Model3D.objects.all(),
    )
    return _answer(request, feed)


@require_safe
def category(request, slug: str):
    shelf = get_object_or_404(Category.objects.enabled(), slug=slug)
    feed = ModelFeed(
        title=f"{shelf.name}: new models on {settings.SITE_NAME}",
        subtitle=shelf.description,
        path=reverse("marketplace:category_feed", args=[shelf.slug]),
        page=shelf.get_absolute_url(),
        models=Model3D.objects.filter(category=shelf),
    )
    return _answer(request, feed)


@require_safe
def creator(request, username: str):
    """A name in other letters' case leads to the one address."""
    person = find_person(username)
    if person.username != username:
        return redirect("marketplace:creator_feed", person.username, permanent=True)
    feed = ModelFeed(
        title=f"New models by {person.display_name}",
        subtitle=f"On {settings.SITE_NAME}",
        path=reverse("marketplace:creator_feed", args=[person.username]),
        page=person.get_absolute_url(),
        models=Model3D.objects.filter(creator=person),
    )
    return _answer(request, feed)


def _answer(request, feed: ModelFeed) -> HttpResponse:
    changed = int(feed.last_modified.timestamp()) if feed.last_modified else None
    response = get_conditional_response(request, etag=feed.etag, last_modified=changed)
    if response is None:
        response = HttpResponse(feed.write(), content_type=MEDIA_TYPE)
    response["ETag"] = feed.etag
    if changed:
        response["Last-Modified"] = http_date(changed)
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response
