"""The list of posts: what is looked for in the address, and what that finds."""

from functools import cached_property
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from blog.models import BlogPost, BlogTag
from blog.search import posts_matching
from marketplace.search.forms import clean_text

PAGE_SIZE = 12
# Beyond, a search finds more than paging.
LAST_PAGE = 200
TAGS, TAGS_SECONDS = 12, 300


class Board:
    """One page of the list for an address's query; whatever it does not know is left out."""

    def __init__(self, query) -> None:
        self._query = query
        asked = query.get("category", "")
        self.category = asked if asked in BlogPost.Category.values else ""
        self.text = clean_text(query.get("q", ""))
        self.tag: BlogTag | None = BlogTag.objects.filter(slug=clean_text(query.get("tag", ""))).first()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.category or self.tag or self.text)

    @property
    def is_indexed(self) -> bool:
        """Whether search engines list it: the blog and its categories, not every search."""
        return not (self.tag or self.text)

    @property
    def title(self) -> str:
        if self.category:
            return BlogPost.Category(self.category).label
        return "Blog"

    @property
    def path(self) -> str:
        """The one address of what it shows, without pages and words."""
        base = reverse("blog:posts")
        return f"{base}?{urlencode({'category': self.category})}" if self.category else base

    @property
    def feed_path(self) -> str:
        return reverse("blog:category_feed", args=[self.category]) if self.category else reverse("blog:feed")

    @property
    def tabs(self) -> list[dict]:
        """As the component `tabs` wants them."""
        choices = [("", "All"), *BlogPost.Category.choices]
        base = reverse("blog:posts")
        return [
            {
                "label": label,
                "url": f"{base}?{urlencode({'category': value})}" if value else base,
                "count": None,
                "is_current": value == self.category,
            }
            for value, label in choices
        ]

    @cached_property
    def page(self) -> Page:
        found = self._posts().with_card_data()
        # On every page, so that none is shown twice and none is left out.
        if self._opening is not None:
            found = found.exclude(pk=self._opening.pk)
        return Paginator(found[: PAGE_SIZE * LAST_PAGE], PAGE_SIZE).get_page(self._query.get("page"))

    @property
    def featured(self) -> BlogPost | None:
        """What opens the blog, on its first page."""
        return self._opening if self.page.number == 1 else None

    @cached_property
    def _opening(self) -> BlogPost | None:
        """The newest featured post, else the newest; none where something is looked for."""
        if self.is_narrowed:
            return None
        posts = BlogPost.objects.published().with_card_data()
        return posts.order_by("-is_featured", "-published_at", "-pk").first()

    @cached_property
    def tags(self) -> list[BlogTag]:
        """What posts are most about."""
        return cache.get_or_set("blog:tags", _most_used_tags, TAGS_SECONDS)

    def _posts(self) -> QuerySet[BlogPost]:
        if self.text:
            posts = posts_matching(self.text)
        else:
            posts = BlogPost.objects.published().newest_first()
        if self.category:
            posts = posts.filter(category=self.category)
        if self.tag:
            posts = posts.filter(tags=self.tag)
        return posts


def _most_used_tags() -> list[BlogTag]:
    used = Count("posts", filter=Q(posts__status=BlogPost.Status.PUBLISHED))
    return list(BlogTag.objects.annotate(used=used).filter(used__gt=0).order_by("-used", "name")[:TAGS])
