"""Feeds: all new posts, and those of one category. A reader that has the newest gets 304."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from blog.feeds import PostFeed
from blog.models import BlogPost
from core.feeds import feed_answer


@require_safe
def newest(request):
    feed = PostFeed(
        title=f"{settings.SITE_NAME} blog",
        subtitle="Tutorials, news and updates.",
        path=reverse("blog:feed"),
        page=reverse("blog:posts"),
        posts=BlogPost.objects.all(),
    )
    return feed_answer(request, feed)


@require_safe
def category(request, category: str):
    if category not in BlogPost.Category.values:
        raise Http404
    label = BlogPost.Category(category).label
    feed = PostFeed(
        title=f"{label}: {settings.SITE_NAME} blog",
        subtitle=f"{label} on the blog of {settings.SITE_NAME}.",
        path=reverse("blog:category_feed", args=[category]),
        page=f"{reverse('blog:posts')}?{urlencode({'category': category})}",
        posts=BlogPost.objects.filter(category=category),
    )
    return feed_answer(request, feed)
