"""Feeds: all new models, those of one shelf, those of one creator. A reader that has the newest gets 304."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.people import find_person
from core.feeds import feed_answer
from marketplace.feeds import ModelFeed
from marketplace.models import Category, Model3D


@require_safe
def newest(request):
    feed = ModelFeed(
        title=f"New models on {settings.SITE_NAME}",
        subtitle="3D models with measured specifications, each reviewed by a person.",
        path=reverse("marketplace:feed"),
        page=reverse("marketplace:grid"),
        models=Model3D.objects.all(),
    )
    return feed_answer(request, feed)


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
    return feed_answer(request, feed)


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
    return feed_answer(request, feed)
