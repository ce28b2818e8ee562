"""What the page of a post shows: its text, its sections, what it embeds, and what to read next."""

from collections.abc import Iterator
from functools import cached_property

from django.db.models import Count, Q

from blog.models import BlogPost, BlogTag
from blog.reading import article_of, embedded_models
from core.articles import Article, Heading, Piece
from marketplace.showcase import Showcase

RELATED = 3
# Newest posts that share a tag, among which the nearest are looked for.
LOOKED_AT = 200
# A text of fewer sections is seen whole.
FEWEST_SECTIONS = 3


class PostPage:
    """A post as `viewer` sees it; nothing is asked of the database before a template needs it."""

    def __init__(self, post: BlogPost, *, viewer):
        self.post = post
        self.viewer = viewer

    @cached_property
    def article(self) -> Article:
        return article_of(self.post)

    @property
    def contents(self) -> list[Heading]:
        """The table of contents; empty where it would say nothing."""
        found = self.article.headings
        return found if len(found) >= FEWEST_SECTIONS else []

    @cached_property
    def models(self) -> dict[str, Showcase]:
        return embedded_models(self.article, viewer=self.viewer)

    @property
    def pieces(self) -> Iterator[tuple[Piece, Showcase | None]]:
        """Each piece, with the model that it shows where it embeds one."""
        return ((piece, self.models.get(piece.embedded)) for piece in self.article.pieces)

    @cached_property
    def tags(self) -> list[BlogTag]:
        return list(self.post.tags.order_by("name"))

    @cached_property
    def is_liked(self) -> bool:
        """Whether the viewer likes it."""
        return self.viewer.is_authenticated and self.post.like_rows.filter(user=self.viewer).exists()

    @cached_property
    def related(self) -> list[BlogPost]:
        """Those that share most tags with it, then the newest of its category."""
        others = BlogPost.objects.published().exclude(pk=self.post.pk)
        tags = [tag.pk for tag in self.tags]
        found: list[BlogPost] = []
        if tags:
            sharing = others.filter(tags__in=tags).distinct().newest_first()
            recent = list(sharing.values_list("pk", flat=True)[:LOOKED_AT])
            common = Count("tags", filter=Q(tags__in=tags))
            nearest = others.filter(pk__in=recent).annotate(common=common)
            found = list(nearest.with_card_data().order_by("-common", "-published_at", "-pk")[:RELATED])
        if len(found) < RELATED:
            same = others.filter(category=self.post.category).exclude(pk__in=[post.pk for post in found])
            found += same.with_card_data().newest_first()[: RELATED - len(found)]
        return found
