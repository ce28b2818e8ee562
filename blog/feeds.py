"""Feeds of posts, in Atom (RFC 4287), all of them or those of one category."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from blog.models import BlogPost
from core.addresses import absolute_url
from core.xml import xml_text

NEWEST = 30


@dataclass
class PostFeed:
    """The newest published ones of `posts`: `path` is the feed's address, `page` that of the page it stands for."""

    title: str
    subtitle: str
    path: str
    page: str
    posts: QuerySet[BlogPost]

    @cached_property
    def _newest(self) -> QuerySet[BlogPost]:
        return self.posts.published().newest_first()

    @cached_property
    def _stamps(self) -> list[tuple[int, datetime]]:
        return list(self._newest.values_list("pk", "updated_at")[:NEWEST])

    @property
    def etag(self) -> str:
        """Changes with what the feed says, also when a post is taken back; one small query."""
        said = repr([self.title, self.subtitle, self._stamps])
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'

    @property
    def last_modified(self) -> datetime | None:
        return max((changed for _, changed in self._stamps), default=None)

    def write(self) -> str:
        feed = Atom1Feed(
            title=xml_text(self.title),
            link=absolute_url(self.page),
            description=None,
            subtitle=xml_text(self.subtitle),
            language=settings.LANGUAGE_CODE,
            feed_url=absolute_url(self.path),
        )
        for post in self._newest.select_related("author").prefetch_related("tags")[:NEWEST]:
            _add(feed, post)
        return feed.writeString("utf-8")


def _add(feed: Atom1Feed, post: BlogPost) -> None:
    address = absolute_url(post.get_absolute_url())
    html = ""
    if post.picture_medium:
        html = format_html(
            '<p><img src="{}" width="960" height="540" alt="{}"></p>',
            absolute_url(post.picture_medium.url),
            post.picture_alt,
        )
    author = post.author
    feed.add_item(
        title=xml_text(post.title),
        link=address,
        unique_id=address,
        description=xml_text(format_html("{}<p>{}</p>", html, post.summary)),
        author_name=xml_text(author.display_name),
        author_link=absolute_url(author.get_absolute_url()) if author.is_active else None,
        pubdate=post.published_at,
        updateddate=post.updated_at,
        categories=[post.get_category_display(), *(xml_text(tag.name) for tag in post.tags.all())],
    )
