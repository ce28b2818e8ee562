"""What search engines read of a post: JSON-LD of schema.org."""

from django.conf import settings
from django.urls import reverse

from blog.models import BlogPost
from core.addresses import absolute_url
from core.structured_data import breadcrumbs


def post_json_ld(post: BlogPost, *, tags: list[str], request) -> dict:
    """The article and the way here."""
    page = absolute_url(post.get_absolute_url(), request=request)
    author: dict = {"@type": "Person", "name": post.author.display_name}
    if post.author.is_active:
        author["url"] = absolute_url(post.author.get_absolute_url(), request=request)
    described = {
        "@type": "BlogPosting",
        "headline": post.title,
        "description": post.summary,
        "url": page,
        "mainEntityOfPage": page,
        "articleSection": post.get_category_display(),
        "author": author,
        "publisher": {
            "@type": "Organization",
            "name": settings.SITE_NAME,
            "url": absolute_url("/", request=request),
        },
        "dateModified": post.updated_at.isoformat(),
        "timeRequired": f"PT{post.read_time}M",
        "commentCount": post.comments_count,
    }
    if post.published_at:
        described["datePublished"] = post.published_at.isoformat()
    if tags:
        described["keywords"] = tags
    if post.picture_large:
        described["image"] = absolute_url(post.picture_large.url, request=request)
    trail = [
        ("Blog", reverse("blog:posts")),
        (post.get_category_display(), post.category_url),
        (post.title, post.get_absolute_url()),
    ]
    return {"@graph": [described, breadcrumbs(trail, request=request)]}
