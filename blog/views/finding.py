"""The post that an address is about, for who may see it."""

from django.shortcuts import get_object_or_404

from blog.models import BlogPost


def visible_post(request, slug: str) -> BlogPost:
    return get_object_or_404(BlogPost.objects.visible_to(request.user).select_related("author"), slug=slug)
