"""Posts and courses for search engines."""

from datetime import datetime

from django.urls import reverse

from blog.models import BlogPost, Course
from core.sitemaps import Entry, KeyedSection


def _post(slug: str, changed: datetime) -> Entry:
    return Entry(reverse("blog:post", args=[slug]), changed)


def _course(slug: str, changed: datetime) -> Entry:
    return Entry(reverse("blog:course", args=[slug]), changed)


SECTIONS = [
    KeyedSection("posts", lambda: BlogPost.objects.published(), ("slug", "updated_at"), _post),
    KeyedSection("courses", lambda: Course.objects.published(), ("slug", "updated_at"), _course),
]
